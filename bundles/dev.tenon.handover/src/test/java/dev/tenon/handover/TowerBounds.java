package dev.tenon.handover;

import java.util.List;

/// How far the model of two slots goes.
///
/// @param lowerItems what the caller of the slot beneath appends; `r` rewinds its last item, `p` prunes its first;
///     each waits for its answer
/// @param upperItems what the caller of the slot above appends
/// @param lowerWishes what is wished for beneath, one after the other; the first at the start
/// @param upperWishes likewise, above
/// @param crashes kills and power losses
/// @param faults calls that fail, hang or are slow
/// @param departures of the provider beneath, which comes back
/// @param stops of the node, each followed by a start
record TowerBounds(String lowerItems, String upperItems, List<String> lowerWishes, List<String> upperWishes,
    int crashes,
    int faults, int departures, int stops) {
  /// Of the format f; `other` writes another one, `alike` the same.
  static final List<Candidate> PROVIDERS = List.of(new Candidate(1, "plain", "b", "1.0.0"),
      new Candidate(3, "other", "c", "1.0.0"), new Candidate(4, "alike", "d", "1.0.0"));
}
