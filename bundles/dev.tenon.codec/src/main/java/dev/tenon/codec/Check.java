package dev.tenon.codec;

/// Assertions that are always on, for programmer errors only. Input from outside is refused with a typed exception.
public final class Check {
  private Check() {}

  /// @param condition what must hold
  /// @param text the assumption, told when it does not hold
  /// @throws CheckFailed if it does not hold
  public static void that(boolean condition, String text) {
    if (!condition) {
      throw new CheckFailed(text);
    }
  }
}
