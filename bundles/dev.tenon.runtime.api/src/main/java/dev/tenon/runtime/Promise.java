package dev.tenon.runtime;

/// The giving side of a [Completion].
///
/// @param <T> the value
public interface Promise<T> {
  /// @return what the asker gets, always the same
  Completion<T> completion();

  /// Ends it. The first end counts, later ones do nothing.
  ///
  /// @param outcome the end
  /// @return whether this was the first end
  boolean end(Outcome<T> outcome);

  /// @param value ends it with [Outcome.Done]
  /// @return whether this was the first end
  default boolean done(T value) {
    return end(new Outcome.Done<>(value));
  }

  /// @param cause ends it with [Outcome.Failed]
  /// @return whether this was the first end
  default boolean failed(RuntimeException cause) {
    return end(new Outcome.Failed<>(cause));
  }

  /// Whoever drops work because of it ends the promise all the same: a slot counts what is under way.
  ///
  /// @return whether the asker has called [Completion#cancel] before the end
  boolean cancelled();

  /// @param action runs once if the asker cancels before the end, within that call; must not block
  void onCancel(Runnable action);
}
