package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.slot.QueuedTransfer;
import java.util.ArrayList;
import java.util.List;
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
  /// Removed and not made anew since the last piece.
  private final TreeSet<String> removed = new TreeSet<>();
  private final StandbyJournals standby = new StandbyJournals();
  /// Items of the round that are not carried over yet.
  private long roundLeft = -1;
  private String last = "";

  /// @param held what the instance holds now
  JournalTransfer(OpenReport held) {
    for (OpenReport.Found found : held.journals()) {
      journals.put(found.name(), new CarriedJournal(found.name(), SectionTable.of(found), false));
    }
  }

  // What units do meanwhile.

  void created(String name) {
    if (!journals.containsKey(name)) {
      journals.put(name, new CarriedJournal(name, new SectionTable(), removed.remove(name)));
    }
  }

  void removed(String name) {
    if (journals.remove(name) != null) {
      removed.add(name);
    }
  }

  void changed(Change change) {
    CarriedJournal journal = journals.get(change.handle.name());
    if (journal != null) {
      switch (change.kind) {
        case APPEND -> journal.append(change.section);
        case REWIND -> journal.rewind(change.section, change.index);
        case PRUNE -> journal.prune(change.section);
      }
    }
  }

  @Override
  public Piece export(Object from) {
    JournalInstance provider = ((Tenure) from).provider();
    List<Parcel.Order> orders = new ArrayList<>();
    removed.forEach(name -> orders.add(new Parcel.Order.Remove(name)));
    removed.clear();
    journals.values().forEach(journal -> journal.orders(orders));
    if (roundLeft < 0) {
      roundLeft = left();
    }
    List<Parcel.Run> runs = new ArrayList<>();
    int items = 0;
    long bytes = 0;
    // After the journal that was read last, so that a busy one does not keep the others waiting.
    for (CarriedJournal journal : inTurn()) {
      if (items < PIECE_ITEMS && bytes < PIECE_BYTES) {
        int before = runs.size();
        items += journal.read(provider, PIECE_ITEMS - items, PIECE_BYTES - bytes, runs);
        for (Parcel.Run run : runs.subList(before, runs.size())) {
          bytes += run.items().stream().mapToLong(Bytes::size).sum();
          last = run.name();
        }
      }
    }
    long left = left();
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

  private List<CarriedJournal> inTurn() {
    List<CarriedJournal> turned = new ArrayList<>(journals.tailMap(last, false).values());
    turned.addAll(journals.headMap(last, true).values());
    return turned;
  }

  private long left() {
    return journals.values().stream().mapToLong(CarriedJournal::left).sum();
  }
}
