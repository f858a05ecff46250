package dev.tenon.runtime;

/// What an actor gets from its runtime. Used by that actor only, in its own turns.
///
/// @param <M> the actor's messages
public interface Context<M> {
  /// @return the actor's own mailbox
  Mailbox<M> self();

  /// @return time as this actor sees it
  Clock clock();

  /// @return this actor's own stream, split from the seed by its name; never for keys
  Chance chance();

  /// Sends one message to this actor later. It goes to the actor's own inbox, never refused, ahead of the lanes.
  ///
  /// @param delayMs from now, not negative
  /// @param message what comes
  /// @return a handle to cancel it
  Timer after(long delayMs, M message);

  /// Ends this actor after the running turn: [Actor#stopped] is called, the mailbox answers [Offer#CLOSED], timers and
  /// completions are dropped.
  void stop();
}
