package dev.tenon.runtime;

/// What a full lane does with one more message of a type.
public enum WhenFull {
  /// Refuses it: [Offer#REJECTED].
  REJECT,
  /// Drops the oldest message of its lane and takes the new one: the newest counts.
  REPLACE_OLDEST,
  /// Drops the new one and answers [Offer#OK]: what waits already serves its purpose.
  SATISFIED
}
