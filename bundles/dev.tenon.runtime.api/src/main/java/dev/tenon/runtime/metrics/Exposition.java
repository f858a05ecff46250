package dev.tenon.runtime.metrics;

/// All series as text, for whoever serves `/metrics`.
public interface Exposition {
  /// @return the series in the Prometheus text format 0.0.4, sorted by name
  String text();
}
