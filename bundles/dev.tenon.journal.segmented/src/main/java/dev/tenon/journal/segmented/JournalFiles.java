package dev.tenon.journal.segmented;

import java.util.TreeMap;

/// One journal of the family, in memory.
final class JournalFiles {
  final String name;
  final TreeMap<Long, Section> sections = new TreeMap<>(Long::compareUnsigned);
  long floor;
  /// What `floors` says, or would say if it named the journal.
  long floorStored;
  /// False for a partition that `floors` does not name: it may belong to something else, so nothing in it is repaired
  /// or removed before somebody uses it as a journal.
  boolean adopted;
  /// Whether `floors` names it. No file of a new journal is made before.
  boolean stored;

  JournalFiles(String name, long floor, boolean adopted) {
    this.name = name;
    this.floor = floor;
    this.floorStored = floor;
    this.adopted = adopted;
  }
}
