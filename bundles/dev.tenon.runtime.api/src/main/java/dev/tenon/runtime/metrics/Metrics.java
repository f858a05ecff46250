package dev.tenon.runtime.metrics;

/// Makes series. The same name and labels give the same series again, so that a swapped bundle goes on counting.
///
/// Names are `tenon_<room>_<thing>_<unit>`, counters end in `_total`; units are base units. Labels come as key, value,
/// key, value; their values are a small closed set.
public interface Metrics {
  /// @param name ends in `_total`
  /// @param help one sentence
  /// @param labels key, value, …
  /// @return a count that only grows
  Counter counter(String name, String help, String... labels);

  /// @param name with its unit
  /// @param help one sentence
  /// @param labels key, value, …
  /// @return a value that may rise and fall
  Gauge gauge(String name, String help, String... labels);

  /// @param name with its unit
  /// @param help one sentence
  /// @param upperBounds of the buckets, ascending, without infinity
  /// @param labels key, value, …
  /// @return a distribution
  Histogram histogram(String name, String help, double[] upperBounds, String... labels);
}
