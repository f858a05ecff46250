package dev.tenon.codec;

/// The one place where 64 bits are taken as an unsigned number. Java's own operators take them as signed.
public final class Unsigned {
  private Unsigned() {}

  /// @param left unsigned
  /// @param right unsigned
  /// @return negative, zero or positive as `left` is below, equal to or above `right`
  public static int compare(long left, long right) {
    return Long.compare(left ^ Long.MIN_VALUE, right ^ Long.MIN_VALUE);
  }

  /// @param left unsigned
  /// @param right unsigned
  /// @return whether `left * right` does not fit 64 unsigned bits
  public static boolean productOverflows(long left, long right) {
    return Math.unsignedMultiplyHigh(left, right) != 0;
  }

  /// @param left unsigned
  /// @param right unsigned
  /// @return whether `left + right` does not fit 64 unsigned bits
  public static boolean sumOverflows(long left, long right) {
    return compare(left + right, left) < 0;
  }

  /// @param left unsigned
  /// @param right unsigned
  /// @return `left + right`, or the largest unsigned number where that overflows
  public static long saturatingSum(long left, long right) {
    return sumOverflows(left, right) ? -1L : left + right;
  }

  /// @param left unsigned
  /// @param right unsigned
  /// @return `left - right`, or 0 where that is negative
  public static long saturatingDifference(long left, long right) {
    return compare(left, right) < 0 ? 0 : left - right;
  }
}
