package dev.tenon.handover;

import dev.tenon.handover.ModelJournal.Kind;
import dev.tenon.handover.ModelJournal.Op;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What lies on disk: the record's file and the locations, each with what is durable of it. Immutable.
///
/// @param slots both versions of the record; null where a record slot holds none that is valid
/// @param next the record slot that the next version goes to; what is in memory of the record ends with a crash
/// @param sequence of the last version
/// @param loose a version that was written and not forced; null for none
/// @param looseAt its record slot
/// @param places the locations, by number
record ModelFiles(List<@Nullable Fact> slots, int next, long sequence, @Nullable Fact loose, int looseAt,
    List<Place> places) {
  /// One location.
  ///
  /// @param number its name
  /// @param state of its owner file, which is replaced in one step
  /// @param generation of its owner file
  /// @param durable what each journal holds for sure
  /// @param written what was done to each since and may be lost from any change on
  record Place(int number, Owner.State state, long generation, List<ModelJournal> durable, List<List<Op>> written) {
    ModelJournal content(int journal) {
      return content(journal, written.get(journal).size());
    }

    private ModelJournal content(int journal, int changes) {
      ModelJournal now = durable.get(journal);
      for (Op op : written.get(journal).subList(0, changes)) {
        now = now.with(op);
      }
      return now;
    }

    Place with(int journal, Op op) {
      List<ModelJournal> sure = new ArrayList<>(durable);
      List<List<Op>> open = new ArrayList<>(written);
      if (op.kind() == Kind.REMOVE) { // durable on return
        sure.set(journal, ModelJournal.ABSENT);
        open.set(journal, List.of());
      } else {
        List<Op> more = new ArrayList<>(open.get(journal));
        more.add(op);
        open.set(journal, List.copyOf(more));
      }
      Place next = new Place(number, state, generation, List.copyOf(sure), List.copyOf(open));
      next.content(journal); // does it fit?
      return next;
    }

    Place synced() {
      return cut(written.stream().mapToInt(List::size).toArray());
    }

    /// What is left when only so many changes of each journal arrived.
    Place cut(int[] arrived) {
      List<ModelJournal> sure = new ArrayList<>();
      for (int journal = 0; journal < arrived.length; journal++) {
        sure.add(content(journal, arrived[journal]));
      }
      return new Place(number, state, generation, List.copyOf(sure),
          written.stream().map(each -> List.<Op>of()).toList());
    }

    Place owned(Owner.State nextState, long nextGeneration) {
      return new Place(number, nextState, nextGeneration, durable, written);
    }

    /// All that a crash may leave.
    List<Place> crashes() {
      List<Place> all = new ArrayList<>();
      int[] arrived = new int[written.size()];
      while (true) {
        all.add(cut(arrived));
        int journal = 0;
        while (journal < arrived.length && arrived[journal] == written.get(journal).size()) {
          arrived[journal++] = 0;
        }
        if (journal == arrived.length) {
          return all;
        }
        arrived[journal]++;
      }
    }
  }

  // The record.

  ModelFiles record(Fact fact) {
    return new ModelFiles(slots, next, sequence + 1, fact.numbered(sequence + 1), next, places);
  }

  /// @param really false for a force that does nothing
  ModelFiles forced(boolean really) {
    Fact written = loose;
    if (written == null || !really) {
      return new ModelFiles(slots, 1 - next, sequence, loose, looseAt, places);
    }
    return new ModelFiles(with(looseAt, written), 1 - next, sequence, null, 0, places);
  }

  ModelFiles over(int slot) {
    return new ModelFiles(slots, slot, sequence, loose, looseAt, places);
  }

  private List<@Nullable Fact> with(int at, @Nullable Fact fact) {
    List<@Nullable Fact> both = new ArrayList<>(slots);
    both.set(at, fact);
    return java.util.Collections.unmodifiableList(both);
  }

  /// What a start reads; it forces the file first.
  ModelFiles read(boolean forces) {
    List<@Nullable Fact> seen = loose == null ? slots : with(looseAt, loose);
    ModelFiles now = forces ? new ModelFiles(seen, 0, 0, null, 0, places) : this;
    Fact first = seen.get(0);
    Fact second = seen.get(1);
    long last = Math.max(first == null ? 0 : first.sequence(), second == null ? 0 : second.sequence());
    int free = first != null && (second == null || first.sequence() > second.sequence()) ? 1 : 0;
    return new ModelFiles(now.slots, free, last, now.loose, now.looseAt, places);
  }

  /// The newest valid version that can be read now.
  @Nullable
  Fact newest() {
    List<@Nullable Fact> seen = loose == null ? slots : with(looseAt, loose);
    return newest(seen);
  }

  /// The newest that nothing takes away any more.
  @Nullable
  Fact newestDurable() {
    return newest(slots);
  }

  private static @Nullable Fact newest(List<@Nullable Fact> seen) {
    Fact first = seen.get(0);
    Fact second = seen.get(1);
    return first == null || (second != null && second.sequence() > first.sequence()) ? second : first;
  }

  /// Whether a start could find a record that names a location.
  boolean mayName(int number) {
    boolean named = loose != null && number(loose) == number;
    Fact durable = newestDurable();
    return named || (durable != null && number(durable) == number);
  }

  static int number(Fact fact) {
    return number(fact.location());
  }

  static int number(String location) {
    return Integer.parseInt(location.substring(location.lastIndexOf('/') + 1));
  }

  // Locations.

  @Nullable
  Place place(int number) {
    for (Place place : places) {
      if (place.number() == number) {
        return place;
      }
    }
    return null;
  }

  ModelFiles with(Place place) {
    List<Place> all = new ArrayList<>(without(place.number()).places());
    all.add(place);
    all.sort(java.util.Comparator.comparingInt(Place::number));
    return new ModelFiles(slots, next, sequence, loose, looseAt, List.copyOf(all));
  }

  ModelFiles without(int number) {
    return new ModelFiles(slots, next, sequence, loose, looseAt,
        places.stream().filter(each -> each.number() != number).toList());
  }

  /// All that a kill or a power loss may leave. A location that no record can name is left with what is durable.
  List<ModelFiles> crashes() {
    List<ModelFiles> all = new ArrayList<>();
    all.add(this); // killed: what was written stays in the page cache
    if (loose != null) {
      all.add(new ModelFiles(slots, 0, 0, null, 0, places));
      all.add(new ModelFiles(with(looseAt, loose), 0, 0, null, 0, places));
      all.add(new ModelFiles(with(looseAt, null), 0, 0, null, 0, places));
    }
    for (Place place : places) {
      List<Place> left =
          mayName(place.number()) ? place.crashes() : List.of(place.cut(new int[place.durable().size()]));
      if (left.size() > 1 || !left.getFirst().equals(place)) {
        List<ModelFiles> more = new ArrayList<>();
        for (ModelFiles each : all) {
          left.forEach(one -> more.add(each.with(one)));
        }
        all = more;
      }
    }
    return all;
  }

  /// Sequence numbers only grow: what matters is their order.
  ModelFiles canonical() {
    List<Long> live = new ArrayList<>();
    for (Fact fact : new @Nullable Fact[] {slots.get(0), slots.get(1), loose}) {
      if (fact != null) {
        live.add(fact.sequence());
      }
    }
    live.sort(null);
    List<@Nullable Fact> both = new ArrayList<>();
    slots.forEach(each -> both.add(each == null ? null : each.numbered(live.indexOf(each.sequence()) + 1L)));
    return new ModelFiles(java.util.Collections.unmodifiableList(both), next, live.size(),
        loose == null ? null : loose.numbered(live.indexOf(loose.sequence()) + 1L), looseAt, places);
  }
}
