package dev.tenon.handover;

import java.util.List;

/// What a slot's machine hears. Ends of steps carry the step's number, so that a late one is known.
sealed interface SlotEvent {
  /// The slot was configured.
  record Begin() implements SlotEvent {}

  /// Record and locations were read.
  record Loaded(long step, StartTable.Verdict verdict) implements SlotEvent {}

  /// The provider said what it reads and writes.
  record Taken(long step, String writes, List<String> reads) implements SlotEvent {}

  /// A step without an answer has ended well.
  record Done(long step) implements SlotEvent {}

  /// A batch has ended well.
  ///
  /// @param ran how many units
  /// @param more whether others wait
  record Batched(long step, int ran, boolean more) implements SlotEvent {}

  /// A step has failed.
  record Broke(long step, Failure failure) implements SlotEvent {}

  /// A limit has passed.
  ///
  /// @param timer its number
  record Late(long timer) implements SlotEvent {}

  /// A batch has run for longer than the operation deadline.
  ///
  /// @param step its number
  record Overdue(long step) implements SlotEvent {}

  /// A unit came into an empty queue.
  record Work() implements SlotEvent {}

  /// These providers are registered now.
  ///
  /// @param present sorted by `ref`
  record Present(List<Candidate> present) implements SlotEvent {}

  /// Which provider is asked for.
  ///
  /// @param provider short name, or empty for any
  record Wished(String provider) implements SlotEvent {}

  /// The node stops, or the slot's configuration is gone.
  record Stop() implements SlotEvent {}
}
