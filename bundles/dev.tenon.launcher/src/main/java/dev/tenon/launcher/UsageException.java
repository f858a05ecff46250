package dev.tenon.launcher;

/// What the caller asked for cannot be done: one line for a person, exit code 2.
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param message what is wrong and what is accepted, in one line
  public UsageException(String message) {
    super(message);
  }
}
