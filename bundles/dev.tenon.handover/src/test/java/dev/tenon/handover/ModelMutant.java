package dev.tenon.handover;

/// What is wrong around the machine, if anything is.
enum ModelMutant {
  NONE,
  /// Answers before the sync.
  ACKNOWLEDGES_BEFORE_SYNC,
  /// The record is written, not forced.
  RECORD_NOT_FORCED,
  /// A failed write of the record goes on in the other record slot.
  RECORD_OVER_LAST_GOOD,
  /// What was read at the start is not forced.
  START_NOT_FORCED,
  /// A storage view goes on after its revoke.
  VIEW_NOT_REVOKED,
  /// The change table has no rewinds.
  COPY_WITHOUT_REWIND,
  /// What was run and is applied again by the facade is dispatched a second time too.
  UNITS_RETRIED,
  /// The start deletes what it does not know.
  START_DELETES,
  /// After a record that could not be written the one before goes on as if nothing were written.
  COMMIT_UNKNOWN_IGNORED,
  /// The new provider answers before the owner file says that it is in charge.
  OWNER_NOT_AWAITED,
  /// That acknowledged items are gone is shown before it is written.
  LOSS_NOT_NOTED,
  /// What a batch has taken and not begun is not seen by who gives its strand up.
  TAKEN_UNSEEN
}
