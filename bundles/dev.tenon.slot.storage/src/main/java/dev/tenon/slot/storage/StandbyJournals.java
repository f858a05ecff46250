package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.storage.CorruptionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The receiving side of a journal handover: applies parcels, and compares what the instance reads back with the
/// digests that came along. On the standby's strand only.
final class StandbyJournals {
  /// So that no force is long.
  private static final long SYNC_BYTES = 4 << 20;
  /// The same of runs, orders, and sections that these drop: each may be a file to force and read back, or to unlink.
  private static final int SYNC_PLACES = 128;
  /// What an item counts beside its bytes.
  private static final int ITEM_BYTES = 16;
  private static final int READ_ITEMS = 1_024;
  private static final int READ_BYTES = 256 << 10;

  /// What is expected of one section.
  private static final class Expected {
    final long section;
    long end;
    long digest;
    long comparedEnd;
    long comparedDigest;

    Expected(long section) {
      this.section = section;
      this.digest = RunningDigest.first(section);
      this.comparedDigest = digest;
    }

    void rewind(long index, long at) {
      end = index;
      digest = at;
      if (comparedEnd > index) {
        comparedEnd = index;
        comparedDigest = at;
      }
    }
  }

  private static final class Store {
    long floor;
    final TreeMap<Long, Expected> sections = new TreeMap<>(Long::compareUnsigned);
  }

  /// What was appended to since the last sync.
  private record Unread(String name, long section) {}

  private final Map<String, Store> stores = new TreeMap<>();
  private final List<Unread> unread = new ArrayList<>();
  /// What changed since the last round: journals, and their sections. The others were compared then.
  private final Map<String, Set<Long>> touched = new TreeMap<>();
  private boolean comparedAll;
  private long unsyncedBytes;
  private int unsyncedPlaces;

  void apply(JournalInstance to, Parcel parcel) {
    for (Parcel.Order order : parcel.orders()) {
      switch (order) {
        case Parcel.Order.Remove(var name) -> {
          to.remove(name);
          Store gone = stores.remove(name);
          if (gone != null) {
            touched(name).addAll(gone.sections.keySet());
          }
        }
        case Parcel.Order.Create(var name) -> {
          to.create(name);
          stores.computeIfAbsent(name, key -> new Store());
          touched(name);
        }
        case Parcel.Order.Rewind(var name, var section, var index, var digest) -> {
          to.rewind(name, section, index);
          Store store = store(name);
          drop(name, store.sections.tailMap(section, false));
          touched(name).add(section);
          if (index == 0) {
            store.sections.remove(section);
          } else {
            store.sections.computeIfAbsent(section, Expected::new).rewind(index, digest);
          }
        }
        case Parcel.Order.Prune(var name, var floor) -> {
          to.prune(name, floor);
          Store store = store(name);
          store.floor = floor;
          drop(name, store.sections.headMap(floor, false));
        }
      }
    }
    for (Parcel.Run run : parcel.runs()) {
      to.append(run.name(), run.section(), run.index(), run.items());
      Expected expected = store(run.name()).sections.computeIfAbsent(run.section(), Expected::new);
      expected.end = run.index() + run.items().size();
      expected.digest = run.digest();
      run.items().forEach(item -> unsyncedBytes += ITEM_BYTES + item.size());
      unread.add(new Unread(run.name(), run.section()));
      touched(run.name()).add(run.section());
    }
    unsyncedPlaces += parcel.orders().size() + parcel.runs().size();
    if (unsyncedBytes > SYNC_BYTES || unsyncedPlaces >= SYNC_PLACES) {
      syncAndCompare(to);
    }
  }

  void verify(JournalInstance to) {
    syncAndCompare(to);
    if (comparedAll) {
      compareTouched(to);
    } else {
      compareAll(to.report()); // in the first round, long before the fence
      comparedAll = true;
    }
    touched.clear();
  }

  private Set<Long> touched(String name) {
    return touched.computeIfAbsent(name, key -> new TreeSet<>(Long::compareUnsigned));
  }

  private void drop(String name, SortedMap<Long, Expected> gone) {
    touched(name).addAll(gone.keySet());
    unsyncedPlaces += gone.size();
    gone.clear();
  }

  /// Never more than one sync's worth is read back at once: a step ends in time however much a round copies.
  private void syncAndCompare(JournalInstance to) {
    to.sync();
    unsyncedBytes = 0;
    for (Unread place : unread) {
      Store store = stores.get(place.name());
      Expected expected = store == null ? null : store.sections.get(place.section());
      if (expected != null) { // else removed, rewound or pruned since
        compare(to, place.name(), expected);
      }
    }
    unread.clear();
    unsyncedPlaces = 0;
  }

  private static void compare(JournalInstance to, String name, Expected expected) {
    long value = expected.comparedDigest;
    long at = expected.comparedEnd;
    if (at == expected.end) {
      return;
    }
    while (at < expected.end) {
      int wanted = (int) Math.min(READ_ITEMS, expected.end - at);
      List<Bytes> items = to.read(name, expected.section, at, wanted, READ_BYTES);
      if (items.isEmpty()) {
        throw differs(name, expected.section, "end " + expected.end, "end " + at);
      }
      for (Bytes item : items) {
        value = RunningDigest.next(value, at, item);
        at++;
      }
    }
    if (value != expected.digest) {
      throw differs(name, expected.section, "digest " + Long.toHexString(expected.digest), Long.toHexString(value));
    }
    expected.comparedEnd = expected.end;
    expected.comparedDigest = expected.digest;
  }

  /// Names, floors and ends of what changed: under the fence nothing else is asked for.
  private void compareTouched(JournalInstance to) {
    touched.forEach((name, sections) -> {
      Store store = stores.get(name);
      OptionalLong floor = to.floor(name);
      OptionalLong expectedFloor = store == null ? OptionalLong.empty() : OptionalLong.of(store.floor);
      if (!floor.equals(expectedFloor)) {
        throw differs(name, 0, floorText(expectedFloor), floorText(floor));
      }
      for (long section : sections) {
        Expected expected = store == null ? null : store.sections.get(section);
        long expectedEnd = expected == null ? 0 : expected.end;
        long end = to.end(name, section);
        if (end != expectedEnd) {
          throw differs(name, section, "end " + expectedEnd, "end " + end);
        }
      }
    });
  }

  private static String floorText(OptionalLong floor) {
    return floor.isPresent() ? "floor " + Long.toUnsignedString(floor.getAsLong()) : "no such journal";
  }

  /// Names, floors and ends of all that is there.
  private void compareAll(OpenReport report) {
    if (report.journals().size() != stores.size()) {
      throw differs("", 0, stores.size() + " journals", report.journals().size() + " journals");
    }
    for (OpenReport.Found found : report.journals()) {
      Store store = stores.get(found.name());
      if (store == null) {
        throw differs(found.name(), 0, "no such journal", "one");
      }
      if (store.floor != found.floor()) {
        throw differs(found.name(), found.floor(), "floor " + Long.toUnsignedString(store.floor),
            "floor " + Long.toUnsignedString(found.floor()));
      }
      if (store.sections.size() != found.sections().size()) {
        throw differs(found.name(), 0, store.sections.size() + " sections", found.sections().size() + " sections");
      }
      for (SectionEnd end : found.sections()) {
        Expected expected = store.sections.get(end.section());
        if (expected == null || expected.end != end.end()) {
          throw differs(found.name(), end.section(), "end " + (expected == null ? 0 : expected.end),
              "end " + end.end());
        }
      }
    }
  }

  private Store store(String name) {
    Store store = stores.get(name);
    if (store == null) {
      throw differs(name, 0, "a journal that was carried over", "none");
    }
    return store;
  }

  private static CorruptionException differs(String name, long section, String expected, String found) {
    return new CorruptionException(name, Long.toUnsignedString(section), 0, expected,
        found + " after it was carried over");
  }
}
