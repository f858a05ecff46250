package dev.tenon.handover;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.storage.Volume;
import dev.tenon.slot.SlotName;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Measures and deletes a slot's locations, and keeps those that were handed over from for a while. Both may take long,
/// so it has a strand of its own: nothing that a handover waits for stands behind it. The conductor's.
final class Sweeper {
  private final Volume volume;
  private final Lowers lowers;
  private final Strand strand;
  private final Retention retention;
  /// What is to be retained: put in at the desk, once nothing of it is written any more.
  private final Queue<String> retiring = new ConcurrentLinkedQueue<>();
  /// Measured on the strand.
  private volatile long retainedBytes;
  private volatile boolean measures;

  /// @param retentionMs how long a location is kept
  Sweeper(Runtime runtime, SlotName name, long retentionMs, Lowers lowers) {
    this.volume = runtime.volume();
    this.lowers = lowers;
    this.strand = runtime.strand("sweep:" + name);
    this.retention = new Retention(retentionMs, this::forget);
  }

  /// What lies in a location, and what is free.
  record Room(long heldBytes, long usableBytes) {}

  /// Where that is too little what is kept of earlier handovers goes, the oldest first.
  ///
  /// @param tailBytes what the facade holds beside it
  /// @param look whether somebody only wants to know: then what is kept counts as free
  Completion<Room> measure(String location, long tailBytes, boolean look) {
    List<String> kept = retention.locations();
    measures = true;
    return strand.run("measure", () -> {
      try {
        return room(location, tailBytes, look, kept);
      } finally {
        measures = false;
      }
    });
  }

  private Room room(String location, long tailBytes, boolean look, List<String> kept) {
    long held = volume.usedBytes(location);
    long usable = volume.usableBytes();
    for (String each : kept) {
      if (Preflight.neededBytes(held, tailBytes) <= usable) {
        break;
      }
      if (look) {
        usable += volume.usedBytes(each);
      } else {
        volume.delete(each);
        usable = volume.usableBytes();
      }
    }
    return new Room(held, usable);
  }

  /// Whether a measuring has not ended: one that was given up, since no other is asked for until its end.
  boolean isMeasuring() { return measures; }

  /// Deletes what nobody waits for.
  void forget(String location) {
    Completion<Boolean> unused = drop(location);
  }

  Completion<Boolean> drop(String location) {
    lowers.deleted(location);
    return strand.run("drop", () -> {
      volume.delete(location);
      return true;
    });
  }

  /// A location is not in charge any more. Any thread.
  void retire(String location) {
    retiring.add(location);
  }

  /// The slot has come to serve: from here on it counts how long something is kept.
  void serves(long nowNs) {
    retention.serves(nowNs);
  }

  /// Deletes what was kept for long enough. Only while the slot serves.
  void sweep(long nowNs) {
    List<String> found = new ArrayList<>();
    for (String each = retiring.poll(); each != null; each = retiring.poll()) {
      found.add(each);
    }
    found.forEach(lowers::sealed); // of some of them they have heard
    retention.keep(found, nowNs);
    if (retention.forget(nowNs) || !found.isEmpty()) {
      measureRetained();
    }
  }

  /// What is kept does not change, so it is measured whenever something else is.
  private void measureRetained() {
    List<String> kept = retention.locations();
    Completion<Boolean> unused = strand.run("measure", () -> {
      retainedBytes = kept.stream().mapToLong(volume::usedBytes).sum();
      return true;
    });
  }

  long retainedBytes() {
    return retainedBytes;
  }

  /// What it deletes has lost its name already; what it has not come to is found by the next start.
  void free() {
    strand.giveUp();
  }
}
