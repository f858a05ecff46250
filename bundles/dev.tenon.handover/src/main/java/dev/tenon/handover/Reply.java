package dev.tenon.handover;

import java.util.List;

/// What an operator is answered.
///
/// @param kind how it went
/// @param lines in words; of what was refused one
public record Reply(Kind kind, List<String> lines) {
  /// How it went.
  public enum Kind {
    /// It was done, or there was nothing to do.
    DONE,
    /// Only told: nothing was changed.
    SHOWN,
    /// It was not done.
    REFUSED
  }

  /// Copies the list.
  public Reply {
    lines = List.copyOf(lines);
  }

  static Reply done(String line) {
    return new Reply(Kind.DONE, List.of(line));
  }

  static Reply shown(List<String> lines) {
    return new Reply(Kind.SHOWN, lines);
  }

  static Reply refused(String line) {
    return new Reply(Kind.REFUSED, List.of(line));
  }

  /// @return the lines
  /// @throws IllegalArgumentException with the line, if it was refused
  List<String> orRefused() {
    if (kind == Kind.REFUSED) {
      throw new IllegalArgumentException(lines.getFirst());
    }
    return lines;
  }
}
