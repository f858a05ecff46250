package dev.tenon.handover;

/// What a slot's machine wants done. Steps end with an event that carries their number.
sealed interface SlotEffect {
  /// Desk: read record and locations.
  record Load(long step) implements SlotEffect {}

  /// Strand: take the service and ask what it is.
  record Take(long step, Candidate candidate) implements SlotEffect {}

  /// Desk: the record's file, then the first location with its owner file `preparing`.
  record Locate(long step, String writes) implements SlotEffect {}

  /// Desk: record, forced; then the owner file `owned`.
  record Commit(long step, Fact fact) implements SlotEffect {}

  /// Strand: open the location.
  record Open(long step, long generation, String location) implements SlotEffect {}

  /// Strand: activate, apply again what is not durable.
  record Resume(long step) implements SlotEffect {}

  /// Strand: one batch.
  record Batch(long step) implements SlotEffect {}

  /// Strand: seal.
  record Seal(long step) implements SlotEffect {}

  /// Desk: owner file `closed`.
  record Mark(long step, Fact fact) implements SlotEffect {}

  /// Desk: end the storage view.
  record Revoke(long step) implements SlotEffect {}

  /// Strand: close the instance, give the service back.
  record Close(long step) implements SlotEffect {}

  /// The strand ends with what hangs on it; a new one takes its place.
  record GiveUp() implements SlotEffect {}

  /// After so long the event [SlotEvent.Late] comes; the timer before is dropped.
  record Arm(long timer, long delayMs) implements SlotEffect {}

  /// Drops the timer.
  record Disarm() implements SlotEffect {}

  /// The slot serves: the facade is registered, those who wait for it are told.
  record Serve() implements SlotEffect {}

  /// A handover or a recovery begins or ends here, for the log.
  record Tell(String text) implements SlotEffect {}
}
