package dev.tenon.slot.storage;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.slot.QueuedTransfer;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/// Carries the journals of one instance over to another: the change table and the position of each journal on the one
/// side, applying and comparing on the other.
///
/// The sending half is touched on the strand of the instance that serves only: by the units that change a journal, and
/// by [#export] between two batches.
final class JournalTransfer implements QueuedTransfer {
  private final TreeMap<String, CarriedJournal> journals = new TreeMap<>();
  /// Removed and not made anew, and how many sections the other side still has of each.
  private final TreeMap<String, Integer> removed = new TreeMap<>();
  /// Names of which something is to be carried over: items, or what the change table says.
  private final TreeSet<String> due = new TreeSet<>();
  /// Items of all journals that are not carried over yet.
  private long left;
  /// Sections with such items.
  private long sectionsLeft;
  /// Orders that are not carried over yet, and sections that these drop.
  private long workLeft;
  private final StandbyJournals standby = new StandbyJournals();
  private boolean inRound;
  /// Items of the round that are not carried over yet.
  private long roundLeft;
  /// The same of orders.
  private long roundWork;
  private String last = "";

  /// @param held what the instance holds now
  JournalTransfer(OpenReport held) {
    for (OpenReport.Found found : held.journals()) {
      add(found.name(), new CarriedJournal(found.name(), SectionTable.of(found)));
    }
  }

  // What units do meanwhile.

  void created(String name) {
    if (!journals.containsKey(name)) {
      CarriedJournal journal = new CarriedJournal(name, new SectionTable());
      Integer there = removed.remove(name);
      if (there != null) {
        workLeft -= work(there);
        journal.replaces(there);
      }
      add(name, journal);
    }
  }

  private void add(String name, CarriedJournal journal) {
    journals.put(name, journal);
    after(name, journal);
  }

  void removed(String name) {
    CarriedJournal gone = journals.remove(name);
    if (gone != null) {
      before(gone);
      removed.put(name, gone.there());
      workLeft += work(gone.there());
      due.add(name);
    }
  }

  /// @param there sections that a removal drops
  private static int work(int there) {
    return 1 + there;
  }

  void changed(Change change) {
    String name = change.handle.key();
    CarriedJournal journal = journals.get(name);
    if (journal != null) {
      before(journal);
      switch (change.kind) {
        case APPEND -> journal.append(change.section);
        case REWIND -> journal.rewind(change.section, change.index);
        case PRUNE -> journal.prune(change.section);
      }
      after(name, journal);
    }
  }

  /// Keeps the sums, with [#after]: what a piece costs must not grow with how many journals and sections there are.
  private void before(CarriedJournal journal) {
    left -= journal.left();
    sectionsLeft -= journal.sectionsLeft();
    workLeft -= journal.work();
  }

  private void after(String name, CarriedJournal journal) {
    left += journal.left();
    sectionsLeft += journal.sectionsLeft();
    workLeft += journal.work();
    if (journal.left() > 0 || journal.work() > 0) {
      due.add(name);
    } else {
      due.remove(name);
    }
  }

  @Override
  public Piece export(Object from) {
    JournalInstance provider = ((Tenure) from).provider();
    if (!inRound) {
      inRound = true;
      roundLeft = left;
      roundWork = workLeft;
    }
    long work = workLeft;
    Packing packing = new Packing();
    // After the journal that was read last, so that a busy one does not keep the others waiting.
    for (int turns = due.size(); turns > 0 && packing.hasRoom(); turns--) {
      String higher = due.higher(last);
      String name = higher == null ? due.first() : higher;
      if (!take(name, provider, packing)) {
        break; // the next piece begins with it
      }
      last = name;
    }
    roundLeft = Math.min(roundLeft - packing.items(), left);
    roundWork = Math.min(roundWork - (work - workLeft), workLeft);
    boolean ends = roundLeft <= 0 && roundWork <= 0;
    inRound = !ends;
    // What is left is short only where one piece takes it all: to apply, few items may be many sections and orders.
    return new Piece(packing.parcel(), packing.items(), packing.bytes(), Math.max(left, sectionsLeft + workLeft), ends);
  }

  /// The line of the change table before the items: a journal is made before it is appended to.
  ///
  /// @return false where that line does not fit in any more
  private boolean take(String name, JournalInstance provider, Packing packing) {
    CarriedJournal journal = journals.get(name);
    int work = journal == null ? work(Objects.requireNonNull(removed.get(name))) : journal.work();
    if (!packing.reserve(work)) {
      return false;
    }
    if (journal == null) {
      packing.orders().add(new Parcel.Order.Remove(name));
      removed.remove(name);
      due.remove(name);
      workLeft -= work;
    } else {
      before(journal);
      journal.orders(packing.orders());
      journal.read(provider, packing);
      after(name, journal);
    }
    return true;
  }

  @Override
  public void apply(Object to, Piece piece) {
    standby.apply(((Tenure) to).provider(), (Parcel) piece.content());
  }

  @Override
  public void verify(Object to) {
    standby.verify(((Tenure) to).provider());
  }
}
