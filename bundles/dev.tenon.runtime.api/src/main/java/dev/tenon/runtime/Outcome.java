package dev.tenon.runtime;

/// How a slow call ended.
///
/// @param <T> the value
public sealed interface Outcome<T> {
  /// It did what was asked.
  ///
  /// @param <T> the value
  /// @param value the answer
  record Done<T>(T value) implements Outcome<T> {}

  /// It did not.
  ///
  /// @param <T> the value
  /// @param cause a Tenon exception, or what a task threw
  record Failed<T>(RuntimeException cause) implements Outcome<T> {}
}
