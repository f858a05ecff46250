package dev.tenon.codec;

import java.util.Comparator;

/// Ranges of ordered values: `start ‖ end`. Inverted ones are refused.
///
/// A range with one bound is written as that bound, one without any as [Containers#UNIT].
public final class Ranges {
  private Ranges() {}

  /// A range that may be empty: half-open or closed, the bytes are the same.
  ///
  /// @param <T> the type of a bound
  /// @param bound of each bound
  /// @param order of the bounds
  /// @return `start ‖ end`, start not above end
  public static <T> Codec<Interval<T>> range(Codec<T> bound, Comparator<? super T> order) {
    return new Checked<>(bounds(bound), "Range", "starts above its end",
        range -> order.compare(range.start(), range.end()) <= 0);
  }

  /// A half-open range that holds a value.
  ///
  /// @param <T> the type of a bound
  /// @param bound of each bound
  /// @param order of the bounds
  /// @return `start ‖ end`, start below end
  public static <T> Codec<Interval<T>> nonEmpty(Codec<T> bound, Comparator<? super T> order) {
    return new Checked<>(bounds(bound), "NonEmptyRange", "is empty",
        range -> order.compare(range.start(), range.end()) < 0);
  }

  private static <T> Codec<Interval<T>> bounds(Codec<T> bound) {
    return Containers.pair(bound, bound).as(pair -> new Interval<>(pair.first(), pair.second()),
        range -> new Pair<>(range.start(), range.end()));
  }
}
