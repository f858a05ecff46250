package dev.tenon.scenarios;

import dev.tenon.scenarios.Faults.Side;
import java.util.TreeMap;

/// Which generation of one scheme slot may be called, in one life of its node: none after a later one is committed, and
/// none is inside then.
final class Turns {
  private final String slot;
  private final Witness witness;
  private final TreeMap<Long, Integer> inside = new TreeMap<>();
  private long committed;

  Turns(String slot, Witness witness) {
    this.slot = slot;
    this.witness = witness;
  }

  Side side(long generation) {
    return generation > committed ? Side.STANDBY : Side.SERVING;
  }

  /// The lease on a key is taken: the record is durable.
  void committed(long generation) {
    if (generation > committed) {
      committed = generation;
      int late = inside.headMap(generation).values().stream().mapToInt(Integer::intValue).sum();
      if (late > 0) {
        witness.violated(slot + ": " + late + " calls were inside when generation " + generation + " was committed");
      }
    }
  }

  /// Only who serves is asked, and only after its record. Of that the lease tells, and not the call; but who serves
  /// first in a life may take it later, with its first signature.
  void called(long generation) {
    if (committed == 0) {
      committed(generation);
    }
    if (generation != committed) {
      witness.violated(slot + ": generation " + generation + " was called while " + committed + " was committed");
    }
  }

  void enter(long generation) {
    inside.merge(generation, 1, Integer::sum);
  }

  void leave(long generation) {
    inside.merge(generation, -1, Integer::sum);
  }
}
