package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// One journal on the sending side of a handover: what it holds, what of it was carried over, and its line of the
/// change table.
final class CarriedJournal {
  private final String name;
  /// What the journal holds now.
  private final SectionTable held;
  /// What the other side holds once it has applied all pieces and all orders taken.
  private final TreeMap<Long, RunningDigest> carried = new TreeMap<>(Long::compareUnsigned);
  /// Sections with items that are not carried over yet.
  private final TreeSet<Long> lagging = new TreeSet<>(Long::compareUnsigned);
  /// How many items these are.
  private long left;
  private boolean removedBefore;
  private boolean created = true;
  private boolean rewound;
  private long lowSection;
  private boolean pruned;
  /// Sections of the other side that its line of the change table drops.
  private int dropped;

  CarriedJournal(String name, SectionTable held) {
    this.name = name;
    this.held = held;
    this.pruned = held.floor() != 0;
    for (int place = 0; place < held.count(); place++) {
      left += held.endAt(place);
      lagging.add(held.section(place));
    }
  }

  /// The other side may hold one of the same name, which was removed.
  ///
  /// @param sections that it has of it
  void replaces(int sections) {
    removedBefore = true;
    dropped = sections;
  }

  // What happens to it.

  void append(long section) {
    if (Long.compareUnsigned(section, held.floor()) >= 0) {
      held.append(section, 1);
      left++;
      lagging.add(section);
    }
  }

  void rewind(long section, long index) {
    forget(lagging.tailSet(section, true));
    held.rewind(section, index);
    drop(section, index);
    long lag = lag(section);
    if (lag > 0) {
      left += lag;
      lagging.add(section);
    }
  }

  /// What was carried over of what is gone.
  private void drop(long section, long index) {
    boolean later = !carried.tailMap(section, false).isEmpty();
    RunningDigest last = carried.get(section);
    boolean inside = last != null && last.end() > index;
    if (!later && !inside) {
      return;
    }
    int before = carried.size();
    carried.tailMap(section, false).clear();
    if (last != null) {
      last.rewind(section, index);
      if (last.end() == 0) {
        carried.remove(section);
      }
    }
    dropped += before - carried.size();
    // A later rewind to a higher section leaves nothing there to drop: the lowest one says it all.
    if (!rewound || Long.compareUnsigned(section, lowSection) < 0) {
      rewound = true;
      lowSection = section;
    }
  }

  void prune(long section) {
    if (Long.compareUnsigned(section, held.floor()) > 0) {
      forget(lagging.headSet(section, false));
      held.prune(section);
      int before = carried.size();
      carried.headMap(section, false).clear();
      dropped += before - carried.size();
      pruned = true;
    }
  }

  // What goes over.

  /// Takes its line out of the change table.
  void orders(List<Parcel.Order> into) {
    if (removedBefore) {
      into.add(new Parcel.Order.Remove(name));
      removedBefore = false;
    }
    if (created) {
      into.add(new Parcel.Order.Create(name));
      created = false;
    }
    if (rewound) {
      // Nothing of it is carried over before its line, so what was carried of the lowest section is what remains there.
      RunningDigest last = carried.get(lowSection);
      into.add(last == null
          ? new Parcel.Order.Rewind(name, lowSection, 0, RunningDigest.first(lowSection))
          : new Parcel.Order.Rewind(name, lowSection, last.end(), last.value()));
      rewound = false;
    }
    if (pruned) {
      into.add(new Parcel.Order.Prune(name, held.floor()));
      pruned = false;
    }
    dropped = 0;
  }

  /// What its line of the change table makes the other side do: orders, and the sections that these drop.
  ///
  /// @return 0 where it says nothing
  int work() {
    return dropped + (removedBefore ? 1 : 0) + (created ? 1 : 0) + (rewound ? 1 : 0) + (pruned ? 1 : 0);
  }

  /// Sections that the other side has of it until its line of the change table is applied.
  int there() {
    return dropped + carried.size();
  }

  /// How many items are still to be carried over.
  long left() {
    return left;
  }

  /// How many sections these are in.
  int sectionsLeft() {
    return lagging.size();
  }

  private void forget(SortedSet<Long> gone) {
    for (long section : gone) {
      left -= lag(section);
    }
    gone.clear();
  }

  private long lag(long section) {
    RunningDigest there = carried.get(section);
    return held.end(section) - (there == null ? 0 : there.end());
  }

  /// Reads on where the last piece ended: what it costs is what it reads, however many sections there are.
  void read(JournalInstance from, Packing into) {
    while (!lagging.isEmpty() && into.hasRoom()) {
      long section = lagging.first();
      RunningDigest digest = carried.computeIfAbsent(section, RunningDigest::new);
      long begin = digest.end();
      long wanted = Math.min(lag(section), into.itemsFree());
      List<Bytes> found = from.read(name, section, begin, (int) wanted, into.bytesFree());
      if (found.isEmpty()) {
        throw new IllegalStateException("journal " + name + " ends in section " + Long.toUnsignedString(section)
            + " at " + begin + ", not at " + held.end(section));
      }
      found.forEach(digest::add);
      left -= found.size();
      into.add(new Parcel.Run(name, section, begin, List.copyOf(found), digest.value()));
      if (lag(section) == 0) {
        lagging.remove(section);
      }
      if (found.size() < wanted) {
        break; // the bytes of one piece are full
      }
    }
  }
}
