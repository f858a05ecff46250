package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.slot.QueuedTransfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/// Carries the journals of one instance over to another: the change table and the position of each journal on the one
/// side, applying and comparing on the other.
///
/// The sending half is touched on the strand of the instance that serves only: by the units that change a journal, and
/// by [#export] between two batches.
final class JournalTransfer implements QueuedTransfer {
  private static final int PIECE_ITEMS = 1_024;
  private static final long PIECE_BYTES = 256 << 10;

  private final TreeMap<String, CarriedJournal> journals = new TreeMap<>();
  /// Journals with items that are not carried over yet.
  private final TreeSet<String> lagging = new TreeSet<>();
  /// Journals of which the change table says something.
  private final TreeSet<String> lined = new TreeSet<>();
  /// Items of all journals that are not carried over yet.
  private long left;
  /// Removed and not made anew since the last piece.
  private final TreeSet<String> removed = new TreeSet<>();
  private final StandbyJournals standby = new StandbyJournals();
  /// Items of the round that are not carried over yet.
  private long roundLeft = -1;
  private String last = "";

  /// @param held what the instance holds now
  JournalTransfer(OpenReport held) {
    for (OpenReport.Found found : held.journals()) {
      add(found.name(), new CarriedJournal(found.name(), SectionTable.of(found), false));
    }
  }

  // What units do meanwhile.

  void created(String name) {
    if (!journals.containsKey(name)) {
      add(name, new CarriedJournal(name, new SectionTable(), removed.remove(name)));
    }
  }

  private void add(String name, CarriedJournal journal) {
    journals.put(name, journal);
    moved(name, journal, 0);
  }

  void removed(String name) {
    CarriedJournal gone = journals.remove(name);
    if (gone != null) {
      left -= gone.left();
      lagging.remove(name);
      lined.remove(name);
      removed.add(name);
    }
  }

  void changed(Change change) {
    String name = change.handle.key();
    CarriedJournal journal = journals.get(name);
    if (journal != null) {
      long before = journal.left();
      switch (change.kind) {
        case APPEND -> journal.append(change.section);
        case REWIND -> journal.rewind(change.section, change.index);
        case PRUNE -> journal.prune(change.section);
      }
      moved(name, journal, before);
    }
  }

  /// Keeps the sums: what a piece costs must not grow with how many journals and sections there are.
  private void moved(String name, CarriedJournal journal, long before) {
    left += journal.left() - before;
    if (journal.left() > 0) {
      lagging.add(name);
    } else {
      lagging.remove(name);
    }
    if (journal.hasOrders()) {
      lined.add(name);
    }
  }

  @Override
  public Piece export(Object from) {
    JournalInstance provider = ((Tenure) from).provider();
    List<Parcel.Order> orders = new ArrayList<>();
    removed.forEach(name -> orders.add(new Parcel.Order.Remove(name)));
    removed.clear();
    lined.forEach(name -> Objects.requireNonNull(journals.get(name)).orders(orders));
    lined.clear();
    if (roundLeft < 0) {
      roundLeft = left;
    }
    List<Parcel.Run> runs = new ArrayList<>();
    int items = 0;
    long bytes = 0;
    // After the journal that was read last, so that a busy one does not keep the others waiting.
    for (int turns = lagging.size(); turns > 0 && items < PIECE_ITEMS && bytes < PIECE_BYTES; turns--) {
      String higher = lagging.higher(last);
      last = higher == null ? lagging.first() : higher;
      CarriedJournal journal = Objects.requireNonNull(journals.get(last));
      long before = journal.left();
      int first = runs.size();
      items += journal.read(provider, PIECE_ITEMS - items, PIECE_BYTES - bytes, runs);
      for (Parcel.Run run : runs.subList(first, runs.size())) {
        bytes += run.items().stream().mapToLong(Bytes::size).sum();
      }
      moved(last, journal, before);
    }
    roundLeft = Math.min(roundLeft - items, left);
    boolean ends = roundLeft <= 0;
    if (ends) {
      roundLeft = -1;
    }
    return new Piece(new Parcel(List.copyOf(orders), List.copyOf(runs)), items, bytes, left, ends);
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
