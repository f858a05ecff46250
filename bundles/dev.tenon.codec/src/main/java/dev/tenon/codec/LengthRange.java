package dev.tenon.codec;

/// The lengths that a reader accepts for a container from outside. It never changes the bytes.
///
/// @param min the smallest length, inclusive
/// @param max the largest length, inclusive; at most [#LENGTH_MAX]
public record LengthRange(long min, long max) {
  /// No length is larger: lengths are varints of 32 bits.
  public static final long LENGTH_MAX = 0xffff_ffffL;

  /// Every length. For data that this node wrote itself.
  public static final LengthRange ANY = new LengthRange(0, LENGTH_MAX);

  /// Checks that there is such a length.
  public LengthRange {
    Check.that(min >= 0 && min <= max && max <= LENGTH_MAX, "a range of lengths is 0 <= min <= max < 2^32");
  }

  /// @param max inclusive
  /// @return 0 to `max`
  public static LengthRange atMost(long max) {
    return new LengthRange(0, max);
  }

  /// For data that this node wrote itself: there is no upper bound.
  ///
  /// @param min inclusive
  /// @return `min` or more
  public static LengthRange atLeast(long min) {
    return new LengthRange(min, LENGTH_MAX);
  }

  /// @param min inclusive
  /// @param max inclusive
  /// @return `min` to `max`
  public static LengthRange between(long min, long max) {
    return new LengthRange(min, max);
  }

  /// @param length the only one
  /// @return `length`
  public static LengthRange exactly(long length) {
    return new LengthRange(length, length);
  }

  /// @param length 0 or more
  /// @return whether it is accepted
  public boolean contains(long length) {
    return length >= min && length <= max;
  }
}
