package dev.tenon.handover;

/// What is wrong between the two slots, if anything is.
enum TowerMutant {
  NONE,
  /// A slot is fenced though the strands above it go on.
  FENCES_WITHOUT_PAUSE,
  /// A slot is fenced though one above or beneath is at its own fence.
  FENCES_OUT_OF_TURN,
  /// Who waits for a slot beneath does not hear that it serves again.
  NEVER_RETRIES,
  /// An upper unit is answered before the slot beneath has answered.
  ANSWERS_BEFORE_BENEATH,
  /// A handover beneath leaves the stores of slots above behind.
  LEAVES_STORES_BEHIND,
  /// A rewind or prune beneath, while it is copied, is not in the change table.
  TELLS_NO_CHANGE,
  /// The strands above go on resting after the fence.
  NEVER_RESUMES,
  /// Stores of a location that was made anew are not cleared.
  KEEPS_STALE_STORES,
  /// The node seals from the bottom upwards.
  SEALS_UPWARDS
}
