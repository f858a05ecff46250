package dev.tenon.handover;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.runtime.storage.Volume;
import dev.tenon.slot.SlotName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures and deletes a slot's locations, and keeps those that were handed over from for a while. Both may take long,
/// so each has a strand of its own: no handover waits behind the deletion of what an earlier one left. The conductor's.
final class Sweeper {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  /// After so long a deletion that failed is tried again.
  private static final long AGAIN_NS = 60_000_000_000L;

  private final SlotName name;
  private final Volume volume;
  private final Lowers lowers;
  private final Strand strand;
  private final Strand meter;
  private final Supplier<SlotLimits> limits;
  private final Retention retention;
  /// What is to be retained: put in at the desk, once nothing of it is written any more.
  private final Queue<String> retiring = new ConcurrentLinkedQueue<>();
  /// What was retained and is deleted: slots beneath hear of it then.
  private final Queue<String> gone = new ConcurrentLinkedQueue<>();
  /// What could not be deleted.
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  /// When that is to be tried again.
  private final Map<String, Long> again = new TreeMap<>();
  /// Deletions that were asked for and have not ended.
  private final AtomicInteger deletions = new AtomicInteger();
  /// Whether what is retained may go: an operator may choose it where the slot does not serve.
  private volatile boolean serves;
  private volatile long retainedBytes;
  private volatile boolean measures;

  Sweeper(Runtime runtime, SlotName name, Supplier<SlotLimits> limits, Lowers lowers) {
    this.name = name;
    this.volume = runtime.volume();
    this.lowers = lowers;
    this.strand = runtime.strand("sweep:" + name);
    this.meter = runtime.strand("measure:" + name);
    this.limits = limits;
    this.retention = new Retention(() -> limits.get().swap(), this::forgetRetained);
  }

  /// What lies in a location, and what is free.
  record Room(long heldBytes, long usableBytes) {}

  /// Where that is too little what is kept of earlier handovers goes, the oldest first; nothing, where all of it would
  /// not be enough.
  ///
  /// @param tailBytes what the facade holds beside it
  /// @param look whether somebody only wants to know: then what is kept counts as free
  Completion<Room> measure(String location, long tailBytes, boolean look) {
    List<String> kept = retention.locations();
    measures = true;
    return meter.run("measure", () -> {
      try {
        return room(location, tailBytes, look, kept);
      } finally {
        measures = false;
      }
    });
  }

  private Room room(String location, long tailBytes, boolean look, List<String> kept) {
    long held = volume.usedBytes(location);
    long needed = Preflight.neededBytes(held, tailBytes);
    long usable = volume.usableBytes();
    List<String> going = new ArrayList<>();
    for (String each : kept) {
      if (needed <= usable) {
        break;
      }
      usable += volume.usedBytes(each);
      going.add(each);
    }
    if (look) {
      return new Room(held, usable);
    }
    if (needed <= usable && serves) { // where it would not do, an operator may still need it
      for (String each : going) {
        if (needed <= volume.usableBytes()) {
          break; // a file may take more of the disk than its length
        }
        makeRoom(each);
      }
    }
    return new Room(held, volume.usableBytes());
  }

  private void makeRoom(String retained) {
    try {
      if (!meter.await(delete(retained, true), limits.get().operationDeadlineMs())) {
        throw new StorageFailedException("location " + retained + " could not be deleted");
      }
    } catch (TimeoutException e) {
      throw new StorageFailedException("location " + retained + " is not deleted in time");
    }
  }

  /// @param retained whether it is one that an operator may choose for a recovery: it stays where the slot serves no
  ///     more
  /// @return whether that went well
  private Completion<Boolean> delete(String location, boolean retained) {
    deletions.incrementAndGet();
    return strand.run("drop", () -> {
      try {
        if (retained && !serves) {
          retire(location);
        } else {
          volume.delete(location);
          if (retained) {
            gone.add(location);
          }
        }
        return true;
      } catch (StorageFailedException e) {
        log.atWarn().addKeyValue("slot", name).addKeyValue("location", location)
            .addKeyValue("reason", e.getMessage()).log("location not deleted");
        if (retained) {
          failed.add(location); // what was to be filled is found by the next handover, or the next start
        }
        return false;
      } finally {
        deletions.decrementAndGet();
      }
    });
  }

  /// Whether a measuring has not ended: one that was given up, since no other is asked for until its end.
  boolean isMeasuring() { return measures; }

  /// Deletes what nobody waits for.
  void forget(String location) {
    Completion<Boolean> unused = drop(location);
  }

  Completion<Boolean> drop(String location) {
    lowers.deleted(location);
    return delete(location, false);
  }

  private void forgetRetained(String location) {
    Completion<Boolean> unused = delete(location, true);
  }

  /// Whether a location may be about to go.
  boolean isDeleting() { return measures || deletions.get() > 0; }

  /// A location is not in charge any more. Any thread.
  void retire(String location) {
    retiring.add(location);
  }

  /// @param may whether what is retained may go: while the slot serves
  void mayDelete(boolean may) {
    serves = may;
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
    boolean changed = !found.isEmpty() || !gone.isEmpty() || !failed.isEmpty();
    for (String each = gone.poll(); each != null; each = gone.poll()) {
      lowers.deleted(each);
      retention.remove(each);
    }
    tryAgain(nowNs);
    retention.keep(found, nowNs);
    if (retention.forget(nowNs) || changed) {
      measureRetained();
    }
  }

  private void tryAgain(long nowNs) {
    for (String each = failed.poll(); each != null; each = failed.poll()) {
      again.put(each, nowNs);
    }
    again.entrySet().removeIf(each -> {
      boolean due = nowNs - each.getValue() > AGAIN_NS;
      if (due) {
        forgetRetained(each.getKey());
      }
      return due;
    });
  }

  /// What is kept does not change, so it is measured whenever something else is. What could not be renamed for its
  /// deletion is still there.
  private void measureRetained() {
    List<String> kept = Stream.concat(retention.locations().stream(), again.keySet().stream()).distinct().toList();
    Completion<Boolean> unused = meter.run("measure", () -> {
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
    meter.giveUp();
  }
}
