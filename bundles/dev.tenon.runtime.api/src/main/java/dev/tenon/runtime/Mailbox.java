package dev.tenon.runtime;

/// Where messages of one actor wait: bounded lanes, emptied in order, lane 0 first, FIFO within a lane.
///
/// An actor's own timers and completions do not lie here but in its inbox, which is bounded by what it has asked for
/// itself and is emptied before the lanes. At most 64 messages are handled in one turn.
///
/// @param <M> the messages
public interface Mailbox<M> {
  /// Puts a message in. Never blocks; two messages of one sender in one lane keep their order.
  ///
  /// @param message goes to the lane that its type names
  /// @return what became of it; the sender has to look at it
  Offer offer(M message);

  /// @return how many messages wait in all lanes
  int depth();
}
