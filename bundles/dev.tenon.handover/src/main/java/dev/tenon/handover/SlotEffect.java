package dev.tenon.handover;

import dev.tenon.slot.HandoverOutcome;
import org.jspecify.annotations.Nullable;

/// What a slot's machine wants done. Steps end with an event that carries their number.
sealed interface SlotEffect {
  /// Done on the strand of who serves.
  sealed interface OfServing extends SlotEffect {}

  /// Done on the strand of who is being filled.
  sealed interface OfStandby extends SlotEffect {}

  /// Desk: read record and locations.
  record Load(long step) implements SlotEffect {}

  /// Strand: take the service and ask what it is.
  record Take(long step, Candidate candidate) implements OfServing {}

  /// Desk: the record's file, then the first location with its owner file `preparing`.
  record Locate(long step, String writes) implements SlotEffect {}

  /// Desk: record, forced; then the owner file `owned`.
  record Commit(long step, Fact fact) implements SlotEffect {}

  /// Desk: record, forced, that acknowledged items are gone. The location stays as it is.
  record Note(long step, Fact fact) implements SlotEffect {}

  /// Strand: open the location.
  record Open(long step, long generation, String location) implements OfServing {}

  /// Strand: activate, apply again what is not durable.
  record Resume(long step) implements OfServing {}

  /// Strand: one batch.
  record Batch(long step) implements OfServing {}

  /// Strand: seal.
  record Seal(long step) implements OfServing {}

  /// Desk: owner file `closed`.
  record Mark(long step, Fact fact) implements SlotEffect {}

  /// Desk: end the storage view.
  record Revoke(long step) implements SlotEffect {}

  /// Strand: close the instance, give the service back.
  record Close(long step) implements OfServing {}

  /// The strand ends with what hangs on it; a new one takes its place.
  record GiveUp() implements SlotEffect {}

  /// A call that does not end was left behind by [GiveUp], because its provider has to let go: for metrics and the log.
  record Evicted(String provider) implements SlotEffect {}

  /// Standby's strand: take the service of the next provider and ask what it is.
  record TakeNext(long step, Candidate candidate) implements OfStandby {}

  /// Desk: how much lies in the location, and how much is free.
  record Measure(long step, String location) implements SlotEffect {}

  /// The one who asked for a look is told.
  ///
  /// @param ask as in [SlotEvent.Look]
  record Answer(long ask, HandoverOutcome outcome) implements SlotEffect {}

  /// A handover has ended: for metrics and the log.
  record SwapEnded(HandoverOutcome outcome) implements SlotEffect {}

  /// Desk: the next location with its owner file `preparing`; what is in its way is moved aside.
  record LocateNext(long step, String location, long generation, String writes) implements SlotEffect {}

  /// Standby's strand: open the next location.
  record OpenNext(long step, long generation, String location) implements OfStandby {}

  /// Strand: read a piece from the instance that serves.
  record Export(long step) implements OfServing {}

  /// Standby's strand: apply the piece that was read.
  ///
  /// @param verify whether to sync and compare then
  record Apply(long step, boolean verify) implements OfStandby {}

  /// May it fence, and have the slots above paused? The answer is the step's end, or [SlotEvent.Refused].
  record AskTurn(long step) implements SlotEffect {}

  /// Desk: end the standby's storage view; nothing is noted for it any more.
  record RevokeNext(long step) implements SlotEffect {}

  /// Standby's strand: close its instance, give its service back.
  record CloseNext(long step) implements OfStandby {}

  /// Desk: delete a location that no record names or may name, whenever it comes to that.
  record Forget(String location) implements SlotEffect {}

  /// Desk: delete the location that was being filled.
  record DropNext(long step, String location) implements SlotEffect {}

  /// The standby's strand ends with what hangs on it.
  record GiveUpNext() implements SlotEffect {}

  /// The standby takes the place of the instance that serves; that one waits to be retired.
  record Promote() implements SlotEffect {}

  /// Desk: the record of a handover, forced.
  record HandOver(long step, Fact fact) implements SlotEffect {}

  /// Desk: the owner file of what was handed over to, `owned`. Before the first sync of the new provider is told.
  record Own(Fact fact) implements SlotEffect {}

  /// Its own strand: close what was handed over from, give its service back.
  record Retire(long step) implements SlotEffect {}

  /// Desk: the location that was handed over from is `sealed`, and kept for a while.
  ///
  /// @param before what the record said of it; null where it is still in charge
  record Retain(@Nullable Fact before) implements SlotEffect {}

  /// The strand of what is retired ends with what hangs on it.
  record GiveUpRetired() implements SlotEffect {}

  /// Whose deadline it is.
  enum Lane {
    /// Of the instance that serves.
    SERVING,
    /// Of the one in standby.
    STANDBY,
    /// Of the one that is retired.
    RETIRED
  }

  /// After so long the event [SlotEvent.Late] comes; the lane's timer before is dropped.
  record Arm(Lane lane, long timer, long delayMs) implements SlotEffect {}

  /// Drops the lane's timer.
  record Disarm(Lane lane) implements SlotEffect {}

  /// The slot serves: the facade is registered, those who wait for it are told.
  record Serve() implements SlotEffect {}

  /// A handover or a recovery begins or ends here, for the log.
  record Tell(String text) implements SlotEffect {}
}
