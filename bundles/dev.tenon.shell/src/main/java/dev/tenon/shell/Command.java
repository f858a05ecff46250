package dev.tenon.shell;

import java.util.List;
import java.util.function.Function;

/// One thing an operator can ask.
///
/// @param name its name
/// @param help one sentence
/// @param run makes the answer from the words after the name
record Command(String name, String help, Function<List<String>, Answer> run) {
}
