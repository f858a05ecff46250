package dev.tenon.slot;

/// What becomes of a question that an actor was given and has not answered when its time ends.
public enum Asking {
  /// A unit: a seal waits for its answer; after a failure it ends with
  /// [dev.tenon.runtime.OutcomeUnknownException].
  UNIT,
  /// A unit that may be given to the next actor after a failure, as its method is annotated.
  IDEMPOTENT,
  /// A wait: belongs to the facade. No seal waits for it, and it is asked again of the next actor, or of the same one
  /// where that has answered it at rest and goes on.
  WAIT
}
