package dev.tenon.handover;

import dev.tenon.slot.SlotState;

/// Where a slot stands, finer than [SlotState]: each phase but the resting ones waits for one step's end.
enum Phase {
  /// Record and locations are read.
  LOADING,
  /// No record, no provider: rests.
  VACANT,
  /// A record, no provider: rests.
  EMPTY,
  /// The provider is taken and asked what it reads.
  TAKING,
  /// The first location is made.
  LOCATING,
  /// Record, then owner file are written.
  COMMITTING,
  /// The provider opens its location.
  OPENING,
  /// The facade applies again what is not durable.
  RESUMING,
  /// Serves; no batch runs: rests.
  ACTIVE,
  /// Serves; a batch runs.
  RUNNING,
  /// Admission has stopped; the batch in flight ends.
  FENCED,
  /// Admission has stopped for a handover: the tail is copied.
  HELD,
  /// The storage view of what is handed over from is revoked: from here on only the record decides.
  YIELDING,
  /// The record of a handover is written.
  HANDING,
  /// The provider seals.
  SEALING,
  /// The owner file is marked closed.
  MARKING,
  /// The storage view is revoked.
  REVOKING,
  /// The instance is closed.
  CLOSING,
  /// The record is written anew: acknowledged items are gone.
  NOTING,
  /// Back-off before the next attempt: rests.
  WAITING,
  /// A slot beneath does not serve: rests.
  BENEATH,
  /// For the operator: rests.
  FAILED,
  /// The node stops: rests.
  SEALED;

  SlotState state(boolean recovering) {
    return switch (this) {
      case VACANT -> SlotState.VACANT;
      case EMPTY -> SlotState.EMPTY;
      case LOADING, TAKING, LOCATING, COMMITTING, OPENING, RESUMING, BENEATH -> recovering
          ? SlotState.RECOVERING
          : SlotState.OPENING;
      case ACTIVE, RUNNING -> SlotState.ACTIVE;
      case FENCED, HELD, SEALING, MARKING -> SlotState.FENCED;
      case YIELDING, HANDING -> SlotState.COMMITTING;
      case REVOKING, CLOSING -> recovering ? SlotState.RECOVERING : SlotState.FENCED;
      case NOTING, WAITING -> SlotState.RECOVERING;
      case FAILED -> SlotState.FAILED;
      case SEALED -> SlotState.SEALED;
    };
  }

  /// Whether nothing runs for the slot.
  boolean rests() {
    return switch (this) {
      case VACANT, EMPTY, ACTIVE, WAITING, BENEATH, FAILED, SEALED -> true;
      case LOADING, TAKING, LOCATING, COMMITTING, OPENING, RESUMING, RUNNING, FENCED, HELD, YIELDING, HANDING, SEALING,
          MARKING, REVOKING, CLOSING, NOTING -> false;
    };
  }
}
