package dev.tenon.handover;

/// What a slot's machine knows of the slots around it.
///
/// @param alone whether none stands beneath or above it
/// @param missing which slot beneath does not serve, in one phrase; empty where all do
/// @param cycle how it would stand on itself, in one phrase; empty where it does not
/// @param stopping whether the node stops: those above seal first, and nothing is handed over any more
record Footing(boolean alone, String missing, String cycle, boolean stopping) {
  /// Of a slot that has none around it.
  static final Footing ALONE = new Footing(true, "", "", false);
}
