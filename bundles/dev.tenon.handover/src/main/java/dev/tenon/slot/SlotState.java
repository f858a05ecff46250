package dev.tenon.slot;

/// Where a slot stands. In every state but [#ACTIVE] and [#PREPARING] units park.
public enum SlotState {
  /// No record: nothing was ever acknowledged.
  VACANT,
  /// A record, but no provider that reads its format.
  EMPTY,
  /// A provider opens the location.
  OPENING,
  /// A provider serves.
  ACTIVE,
  /// A provider serves while another is filled.
  PREPARING,
  /// Admission has stopped; the tail moves.
  FENCED,
  /// The record is being written.
  COMMITTING,
  /// The provider failed and is opened again, with back-off.
  RECOVERING,
  /// Waits for the operator; see the reason.
  FAILED,
  /// The node stops.
  SEALED;

  /// Whether units are served.
  ///
  /// @return false where they park
  public boolean isServing() { return this == ACTIVE || this == PREPARING; }
}
