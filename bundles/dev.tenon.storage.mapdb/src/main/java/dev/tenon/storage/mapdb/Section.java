package dev.tenon.storage.mapdb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// Where the items of one section lie: from 0 to `base` in runs, from there on in the active log.
final class Section {
  /// Items from an index on, up to the next extent, are in one run.
  ///
  /// @param from index of the first
  /// @param run its number
  /// @param bytes of the items in the run, about
  record Extent(long from, long run, long bytes) {}

  /// Told of items that a run holds for nothing.
  @FunctionalInterface
  interface Dropped {
    /// @param run its number
    /// @param items how many
    /// @param bytes of them, about
    void items(long run, long items, long bytes);
  }

  /// What an item needs beside its bytes.
  private static final long ENTRY_BYTES = 40;

  private final List<Extent> extents;
  private long base;
  private long[] offsets = {};
  private int[] lengths = {};
  private int[] crcs = {};
  private int logged;

  Section(List<Extent> extents, long base) {
    this.extents = new ArrayList<>(extents);
    this.base = base;
  }

  long end() {
    return base + logged;
  }

  long base() {
    return base;
  }

  /// As they are now: a view, for there may be thousands.
  List<Extent> extents() {
    return Collections.unmodifiableList(extents);
  }

  /// @return the end of an extent
  long endOf(int extent) {
    return extent + 1 < extents.size() ? extents.get(extent + 1).from() : base;
  }

  /// @return the position of the extent that holds an item below the base
  int extentOf(long index) {
    int at = extents.size() - 1;
    while (extents.get(at).from() > index) {
      at--;
    }
    return at;
  }

  /// Takes the next item of the log.
  void add(long offset, int length, int crc) {
    if (logged == offsets.length) {
      int room = Math.max(4, 2 * logged);
      offsets = Arrays.copyOf(offsets, room);
      lengths = Arrays.copyOf(lengths, room);
      crcs = Arrays.copyOf(crcs, room);
    }
    offsets[logged] = offset;
    lengths[logged] = length;
    crcs[logged++] = crc;
  }

  long offset(long index) {
    return offsets[(int) (index - base)];
  }

  int length(long index) {
    return lengths[(int) (index - base)];
  }

  int crc(long index) {
    return crcs[(int) (index - base)];
  }

  /// Drops the items from an index on.
  void cut(long index, Dropped dropped) {
    if (index >= base) {
      logged = (int) Math.min(logged, index - base);
      return;
    }
    logged = 0;
    while (!extents.isEmpty() && base > index) {
      Extent last = extents.getLast();
      long from = Math.max(last.from(), index);
      long bytes = (long) ((double) last.bytes() * (base - from) / (base - last.from()));
      dropped.items(last.run(), base - from, bytes);
      base = from;
      extents.removeLast();
      if (last.from() < index) {
        extents.add(new Extent(last.from(), last.run(), last.bytes() - bytes));
      }
    }
  }

  /// The items of the log, and those of some runs, are now in a new run.
  void moved(Set<Long> folded, long run) {
    long end = end();
    long bytes = logged * ENTRY_BYTES;
    for (int i = 0; i < logged; i++) {
      bytes += lengths[i];
    }
    var before = List.copyOf(extents);
    extents.clear();
    for (Extent extent : before) {
      add(new Extent(extent.from(), folded.contains(extent.run()) ? run : extent.run(), extent.bytes()));
    }
    if (logged > 0) {
      add(new Extent(base, run, bytes));
    }
    base = end;
    logged = 0;
    offsets = new long[0];
    lengths = new int[0];
    crcs = new int[0];
  }

  private void add(Extent extent) {
    if (extents.isEmpty() || extents.getLast().run() != extent.run()) {
      extents.add(extent);
    } else {
      Extent last = extents.removeLast();
      extents.add(new Extent(last.from(), last.run(), last.bytes() + extent.bytes()));
    }
  }
}
