package dev.tenon.runtime;

import java.util.function.Function;

/// How a slow call ended.
///
/// @param <T> the value
public sealed interface Outcome<T> {
  /// The same end with another value.
  ///
  /// @param <U> the other value
  /// @param pure makes it of a value; not called for a failure
  /// @return done with the new value, or failed with the same cause
  default <U> Outcome<U> map(Function<? super T, ? extends U> pure) {
    return switch (this) {
      case Done<T>(var value) -> new Done<>(pure.apply(value));
      case Failed<T>(var cause) -> new Failed<>(cause);
    };
  }

  /// As [#map], where what `pure` throws has no other way out.
  ///
  /// @param <U> the other value
  /// @param pure makes it of a value
  /// @return failed also if `pure` threw, of an error with [OutcomeUnknownException]
  default <U> Outcome<U> attempt(Function<? super T, ? extends U> pure) {
    try {
      return map(pure);
    } catch (RuntimeException thrown) {
      return new Failed<>(thrown);
    } catch (Stopped ended) {
      throw ended;
    } catch (Error thrown) { // else whoever waits for the end of it would never hear of it
      return new Failed<>(OutcomeUnknownException.of(thrown));
    }
  }

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
