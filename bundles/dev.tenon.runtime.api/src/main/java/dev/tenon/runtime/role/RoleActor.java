package dev.tenon.runtime.role;

import org.osgi.annotation.versioning.ConsumerType;

/// What a provider of an actor role serves with for one generation of its slot: state that one handler owns. All
/// methods run one at a time, never two at once, with happens-before between them, and never block.
///
/// The mailbox belongs to the slot and outlives the actor: only messages of the role's contract lie in it. What the
/// actor asks for itself, by its context's timers or by completions, comes back by [#own], ahead of the mailbox, and
/// ends with the actor. It begins with [#start]; what it throws ends it, and the slot opens its provider again.
///
/// @param <M> messages of the contract
/// @param <O> its own messages, of its own classes
/// @param <S> what it answers a seal with, a class of the contract
@ConsumerType
public interface RoleActor<M, O, S> {
  /// Runs once, before the first message. Its generation is in charge by now.
  default void start() {}

  /// Handles one message of the contract.
  ///
  /// @param message the next one
  void handle(M message);

  /// Handles what it has asked for itself.
  ///
  /// @param message of a timer or a completion
  void own(O message);

  /// Asked to come to rest, ahead of all that waits. No message of the contract comes any more; its own ones do, as
  /// long as it has not answered. It finishes what it owes: the answers to all messages but to those that wait for the
  /// world (`@Wait`), and begins nothing. From its answer on nothing it says counts.
  ///
  /// @param summary what its successor needs; to be given within the slot's `drainDeadlineMs`
  void seal(Reply<S> summary);

  /// The seal was taken back, whether or not it was answered: goes on as if it had not come. Its own messages that came
  /// meanwhile follow, and so do waits that it has answered since its answer to the seal, for those do not count.
  void resume();

  /// The last call, in order or after a failure.
  default void stopped() {}
}
