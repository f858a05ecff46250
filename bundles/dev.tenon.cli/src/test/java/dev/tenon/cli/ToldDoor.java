package dev.tenon.cli;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Answers what a test has said beforehand: to each line one answer after the other, and the last one again and again.
final class ToldDoor implements SoakDoor {
  private static final int ASKED_MAX = 3;
  private static final String ERROR = "error ";

  final List<String> asked = new ArrayList<>();
  private final Map<String, ArrayDeque<String>> answers = new HashMap<>();

  /// @param told `error ...` for what a node refuses
  ToldDoor answers(String line, String... told) {
    answers.put(line, new ArrayDeque<>(List.of(told)));
    return this;
  }

  @Override
  public String ask(String line) throws IOException {
    asked.add(line);
    ArrayDeque<String> told = answers.get(line);
    if (told == null) throw new IOException("nobody knows " + line);
    String answer = told.size() > 1 ? told.remove() : told.element();
    if (answer.startsWith(ERROR)) throw new Refused(answer.substring(ERROR.length()));
    return answer;
  }

  @Override
  public boolean isAlive() { return true; }

  @Override
  public void await(String what, Condition condition) throws IOException {
    String last = "";
    for (int i = 0; i < ASKED_MAX; i++) {
      try {
        if (condition.holds()) return;
      } catch (IOException e) {
        last = ", " + e.getMessage();
      }
    }
    throw new IOException("not in time: " + what + last);
  }

  @Override
  public String seen() {
    return "seen";
  }
}
