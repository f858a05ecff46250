package dev.tenon.runtime;

import java.util.function.Consumer;
import java.util.function.Function;

/// What a slow call will answer. Ends exactly once, as a message of the actor that asked; there is no `get`.
///
/// @param <T> the value
public interface Completion<T> {
  /// Names the message. Called at most once, by the handler of an actor: that actor gets the message, in its inbox. If
  /// it has ended already the message comes all the same, later, never within this call.
  ///
  /// @param <M> the actor's messages
  /// @param message makes the message from the outcome; runs in the turn that handles it
  <M> void then(Function<Outcome<T>, M> message);

  /// The asker has given up: no message will come, even if the end is on its way. What was not yet dispatched may be
  /// dropped. Once the message was made it does nothing.
  void cancel();

  /// For facades, which stand between engines and providers: told of the end before its asker is, also of an end after
  /// [#cancel], and whether or not anybody has called [#then]. At most once a completion.
  ///
  /// @param told runs on whatever thread ends it, within the end, or at once if it has ended; must not block or throw
  void onEnd(Consumer<Outcome<T>> told);

  /// The same, with another value. It stands in for this one: of the two only one gets a [#then] or is cancelled, and
  /// [Strand#await] takes neither.
  ///
  /// @param <U> the other value
  /// @param pure makes it; runs in the turn that handles the message, and once more for [#onEnd]
  /// @return ends as this one does
  default <U> Completion<U> map(Function<? super T, ? extends U> pure) {
    Completion<T> original = this;
    return new Completion<>() {
      @Override
      public <M> void then(Function<Outcome<U>, M> message) {
        original.then(outcome -> message.apply(outcome.map(pure)));
      }

      @Override
      public void onEnd(Consumer<Outcome<U>> told) {
        original.onEnd(outcome -> told.accept(outcome.attempt(pure)));
      }

      @Override
      public void cancel() {
        original.cancel();
      }
    };
  }
}
