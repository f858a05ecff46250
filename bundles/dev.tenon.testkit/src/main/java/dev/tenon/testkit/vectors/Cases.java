package dev.tenon.testkit.vectors;

import dev.tenon.codec.CheckFailed;
import java.io.PrintStream;

/// Counts the cases of one file and prints those that fail.
final class Cases {
  /// One case. It throws, or gives text that says what is wrong, or an empty text.
  @FunctionalInterface
  interface Case {
    String run() throws Exception;
  }

  private static final int LINE_MAX = 400; // characters: a line of a terminal or two, whatever a file holds

  private final String file;
  private final PrintStream out;
  private int passed;
  private int failed;

  Cases(String file, PrintStream out) {
    this.file = file;
    this.out = out;
  }

  /// Runs a case.
  void check(String name, Case body) {
    String fault;
    try {
      fault = body.run();
    } catch (Exception | CheckFailed e) {
      fault = e.getClass().getSimpleName() + ": " + e.getMessage();
    }
    if (fault.isEmpty()) {
      passed++;
    } else {
      failed(name, fault);
    }
  }

  /// Compares two texts.
  void same(String name, String expected, String found) {
    check(name, () -> expected.equals(found) ? "" : "expected " + expected + ", found " + found);
  }

  /// A case that failed, or could not be run.
  void failed(String name, String fault) {
    failed++;
    String line = (name.isEmpty() ? file : file.isEmpty() ? name : file + " " + name) + ": " + fault;
    String oneLine = line.replaceAll("\\p{Cntrl}+", " ");
    out.println(oneLine.length() > LINE_MAX ? oneLine.substring(0, LINE_MAX) + "…" : oneLine);
  }

  void add(Cases other) {
    passed += other.passed;
    failed += other.failed;
  }

  int passed() {
    return passed;
  }

  int failed() {
    return failed;
  }
}
