package dev.tenon.cli;

import dev.tenon.cli.HistoryCheck.Fault;
import dev.tenon.cli.HistoryCheck.Findings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What one writer was told about one journal, compared with what is there whenever it is opened. After a failure, or a
/// kill, all that was acknowledged is there, and of what was not the first so many changes in each section; after an
/// opening without a failure, all.
final class JournalHistory {
  /// In place of an item's number where there is none; a spoiled item has a number below 0 too.
  private static final long NONE = Long.MIN_VALUE;

  private sealed interface Change {
    long number();

    record Put(long number, long section, long index, long first, int count) implements Change {
      /// @return the item at an address, or [#NONE]
      long at(long of, long place) {
        return of == section && place >= index && place < index + count ? first + place - index : NONE;
      }
    }

    record Rewind(long number, long section, long index) implements Change {
      boolean covers(long of, long place) {
        return of > section || (of == section && place >= index);
      }
    }

    record Prune(long number, long floor) implements Change {
    }

    /// Of the whole journal: the next of its name begins empty.
    record Remove(long number) implements Change {
    }
  }

  /// What a journal holds: each section's items, by their numbers.
  private static final class Content {
    final TreeMap<Long, List<Long>> sections = new TreeMap<>();
    long floor;

    void apply(Change change) {
      switch (change) {
        case Change.Put(var number, var section, var index, var first, var count) -> {
          List<Long> items = sections.computeIfAbsent(section, key -> new ArrayList<>());
          for (int i = 0; i < count; i++) items.add(first + i);
        }
        case Change.Rewind(var number, var section, var index) -> {
          sections.tailMap(section, false).clear();
          List<Long> items = sections.get(section);
          if (items != null) items.subList((int) Math.min(index, items.size()), items.size()).clear();
        }
        case Change.Remove(var number) -> {
          sections.clear();
          floor = 0;
        }
        case Change.Prune(var number, var below) -> {
          floor = Math.max(floor, below);
          sections.headMap(below, false).clear();
        }
      }
    }

    List<Long> items(long section) {
      return sections.getOrDefault(section, List.of());
    }

    /// @return the item's number, or [#NONE]
    long at(long section, long index) {
      List<Long> items = items(section);
      return index >= items.size() ? NONE : items.get((int) index);
    }
  }

  private final String name;
  private final Findings findings;
  private Content durable = new Content();
  private final ArrayDeque<Change> pending = new ArrayDeque<>();
  private @Nullable Content found;
  private boolean exact;
  /// What was there when it was opened last.
  private Set<Long> known = Set.of();
  private long compared;

  JournalHistory(String name, Findings findings) {
    this.name = name;
    this.findings = findings;
  }

  /// @return how many items were acknowledged and then read back, each once: what nobody reads before it is pruned or
  ///     rewound is not among them
  long compared() {
    return compared;
  }

  /// @return how many items were acknowledged
  long line(String[] words) {
    switch (words[0]) {
      case "put" -> pending.add(
          new Change.Put(number(words[2]), number(words[3]), number(words[4]), number(words[5]),
              (int) number(words[6])));
      case "rewind" -> pending.add(new Change.Rewind(number(words[2]), number(words[3]), number(words[4])));
      case "prune" -> pending.add(new Change.Prune(number(words[2]), number(words[3])));
      case "remove" -> pending.add(new Change.Remove(number(words[2])));
      case "removed" -> {
        long unused = acked(number(words[2])); // nobody was told that what went with it was durable
      }
      case "acked" -> {
        return acked(number(words[2]));
      }
      case "open" -> {
        exact = words[2].equals("exact");
        found = new Content();
      }
      case "found" -> found(number(words[2]), number(words[3]), number(words[4]), (int) number(words[5]));
      case "floor" -> reading().floor = number(words[2]);
      case "opened" -> opened();
      default -> throw new IllegalArgumentException(words[0]);
    }
    return 0;
  }

  private static long number(String word) {
    return Long.parseLong(word);
  }

  private Content reading() {
    Content reading = found;
    if (reading == null)
      throw new IllegalStateException("journal " + name + " tells what it found before it was opened");
    return reading;
  }

  private long acked(long change) {
    long items = 0;
    while (!pending.isEmpty() && pending.getFirst().number() <= change) {
      Change next = pending.removeFirst();
      durable.apply(next);
      items += next instanceof Change.Put put ? put.count() : 0;
    }
    return items;
  }

  private void found(long section, long index, long first, int count) {
    List<Long> items = reading().sections.computeIfAbsent(section, key -> new ArrayList<>());
    if (items.size() != index) find(Fault.LOST, section, items.size(), "is missing, " + index + " is there");
    for (int i = 0; i < count; i++) items.add(first < 0 ? first : first + i);
  }

  private void opened() {
    Content there = reading();
    count(there);
    if (exact) {
      pending.forEach(durable::apply);
      pending.clear();
    }
    List<Long> floors = floors();
    if (!floors.contains(there.floor)) {
      find(Fault.LOST, there.floor, 0, "is the floor, not one of " + floors);
    }
    Set<Long> faulty = new HashSet<>();
    missing(there, faulty);
    wrong(there, faulty);
    mixed(there, faulty);
    durable = there;
    pending.clear();
    found = null;
  }

  private void count(Content there) {
    Set<Long> now = new HashSet<>();
    there.sections.forEach((section, items) -> {
      for (int index = 0; index < items.size(); index++) {
        long item = items.get(index);
        if (now.add(item) && !known.contains(item) && durable.at(section, index) == item) compared++;
      }
    });
    known = now;
  }

  /// What the floor was before the pending changes and after each.
  private List<Long> floors() {
    List<Long> floors = new ArrayList<>(List.of(durable.floor));
    for (Change change : pending) {
      switch (change) {
        case Change.Prune(var number, var floor) -> floors.add(Math.max(floors.getLast(), floor));
        case Change.Remove removal -> floors.add(0L);
        case Change.Put put -> {
        }
        case Change.Rewind rewind -> {
        }
      }
    }
    return floors;
  }

  /// What was acknowledged and is not there.
  private void missing(Content there, Set<Long> faulty) {
    durable.sections.forEach((section, items) -> {
      for (int index = 0; index < items.size(); index++) {
        if (there.at(section, index) == NONE && section >= there.floor && !mayBeGone(section, index)) {
          faulty.add(section);
          find(Fault.LOST, section, index, "was acknowledged and is not there");
          return; // with all that follow in this section
        }
      }
    });
  }

  /// What is there and is not what was written there.
  private void wrong(Content there, Set<Long> faulty) {
    Set<Long> seen = new HashSet<>();
    there.sections.forEach((section, items) -> {
      for (int index = 0; index < items.size(); index++) {
        long item = items.get(index);
        if (!seen.add(item)) {
          faulty.add(section);
          find(Fault.DUPLICATED, section, index, "is item " + item + " once more");
        } else if (durable.at(section, index) != item && !mayBePut(section, index, item)) {
          faulty.add(section);
          find(Fault.REORDERED, section, index, "is item " + item + ", not " + durable.at(section, index));
        }
      }
    });
  }

  /// What is there item by item, and never was there at one time.
  private void mixed(Content there, Set<Long> faulty) {
    Set<Long> sections = new TreeSet<>(durable.sections.keySet());
    sections.addAll(there.sections.keySet());
    for (long section : sections) {
      if (section >= there.floor && !faulty.contains(section) && !everWas(section, there.items(section))) {
        find(Fault.REORDERED, section, 0, "and what follows is as it was after none of its changes");
      }
    }
  }

  /// Whether a section was so before the pending changes or after some of them. A put is as many changes as it has
  /// items, and a rewind as many as it drops.
  private boolean everWas(long section, List<Long> found) {
    List<Long> state = new ArrayList<>(durable.items(section));
    boolean was = state.equals(found);
    for (Change change : pending) {
      switch (change) {
        case Change.Put put when put.section() == section -> {
          for (int i = 0; i < put.count(); i++) {
            state.add(put.first() + i);
            was |= state.size() == found.size() && state.equals(found);
          }
        }
        case Change.Rewind rewind when rewind.covers(section, state.size() - 1) -> {
          List<Long> dropped = state.subList(rewind.section() < section ? 0 : (int) rewind.index(), state.size());
          was |= found.size() >= state.size() - dropped.size() && found.size() <= state.size()
              && state.subList(0, found.size()).equals(found);
          dropped.clear();
        }
        case Change.Remove removal -> {
          state.clear();
          was |= found.isEmpty();
        }
        case Change.Put elsewhere -> {
        }
        case Change.Rewind behind -> {
        }
        case Change.Prune prune -> {
        }
      }
    }
    return was;
  }

  private boolean mayBeGone(long section, long index) {
    return pending.stream().anyMatch(change -> change instanceof Change.Remove
        || (change instanceof Change.Rewind rewind && rewind.covers(section, index)));
  }

  private boolean mayBePut(long section, long index, long item) {
    return pending.stream().anyMatch(change -> change instanceof Change.Put put && put.at(section, index) == item);
  }

  private void find(Fault fault, long section, long index, String text) {
    findings.find(fault, "journal " + name + ", section " + section + ", index " + index + " " + text);
  }
}
