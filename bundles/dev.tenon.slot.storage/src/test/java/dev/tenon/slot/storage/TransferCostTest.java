package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.slot.QueuedTransfer;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Goal: what is done under the fence grows with what changed since the last round, never with what is there. Method:
/// two providers in memory that count their calls, with 10,000 sections between them.
class TransferCostTest {
  private static final int SECTIONS = 10_000;
  private static final int JOURNALS = 100;
  private static final int ROUNDS_MAX = 20;
  /// What one piece may cost a standby beside its bytes: sections that it appends to, and orders.
  private static final int PLACES_MAX = 64;
  /// Sections that are read back in one step.
  private static final int READ_BACK_MAX = 192;

  private final Memory from = new Memory();
  private final Memory to = new Memory();
  private final Tenure serving = new Tenure(from.instance(), 1 << 20);
  private final Tenure standby = new Tenure(to.instance(), 1 << 20);

  /// One journal in memory.
  private static final class Store {
    long floor;
    final TreeMap<Long, List<Bytes>> sections = new TreeMap<>(Long::compareUnsigned);
  }

  /// A provider that counts what is asked of it, by method.
  private static final class Memory {
    final TreeMap<String, Store> stores = new TreeMap<>();
    final TreeMap<String, Integer> calls = new TreeMap<>();

    JournalInstance instance() {
      return (JournalInstance) Proxy.newProxyInstance(JournalInstance.class.getClassLoader(),
          new Class<?>[] {JournalInstance.class}, (proxy, method, words) -> {
            calls.merge(method.getName(), 1, Integer::sum);
            return call(method.getName(), words == null ? new Object[0] : words);
          });
    }

    @SuppressWarnings("unchecked") // of append's items
    private @Nullable Object call(String method, Object[] words) {
      String name = words.length == 0 ? "" : (String) words[0];
      Store store = stores.getOrDefault(name, new Store());
      switch (method) {
        case "report" -> {
          return report();
        }
        case "create" -> stores.putIfAbsent(name, store);
        case "remove" -> stores.remove(name);
        case "append" -> {
          List<Bytes> items = store.sections.computeIfAbsent((Long) words[1], section -> new ArrayList<>());
          assertThat((long) words[2]).isEqualTo(items.size());
          items.addAll((List<Bytes>) words[3]);
        }
        case "rewind" -> {
          store.sections.tailMap((Long) words[1], false).clear();
          List<Bytes> items = store.sections.getOrDefault((Long) words[1], new ArrayList<>());
          items.subList((int) (long) words[2], items.size()).clear();
        }
        case "prune" -> {
          store.floor = (Long) words[1];
          store.sections.headMap(store.floor, false).clear();
        }
        case "read" -> {
          List<Bytes> items = store.sections.getOrDefault((Long) words[1], List.of());
          int index = (int) (long) words[2];
          return List.copyOf(items.subList(index, Math.min(items.size(), index + (Integer) words[3])));
        }
        case "floor" -> {
          return stores.containsKey(name) ? OptionalLong.of(store.floor) : OptionalLong.empty();
        }
        case "end" -> {
          return (long) store.sections.getOrDefault((Long) words[1], List.of()).size();
        }
        case "sync" -> {}
        default -> throw new AssertionError("not asked for in a handover: " + method);
      }
      return null;
    }

    private OpenReport report() {
      List<OpenReport.Found> found = new ArrayList<>();
      for (Map.Entry<String, Store> entry : stores.entrySet()) {
        List<SectionEnd> ends = new ArrayList<>();
        entry.getValue().sections.forEach((section, items) -> {
          if (!items.isEmpty()) {
            ends.add(new SectionEnd(section, items.size()));
          }
        });
        found.add(new OpenReport.Found(entry.getKey(), entry.getValue().floor, ends));
      }
      return new OpenReport(found, 0);
    }

    Store store(String name) {
      return Objects.requireNonNull(stores.get(name));
    }

    int calls() {
      return calls.values().stream().mapToInt(count -> count).sum();
    }
  }

  /// What a unit does, on the provider that serves and in the change table.
  private void change(QueuedTransfer transfer, Change.Kind kind, String name, long section, long index) {
    JournalHandle handle =
        new JournalHandle(name, null, JournalFamilyTest.PORT, new JournalFamily(JournalFamilyTest.PORT));
    Change change = new Change(handle).be(kind, section, index, 1, item(section, index));
    change.apply(serving.provider());
    ((JournalTransfer) transfer).changed(change);
  }

  private static Bytes item(long section, long index) {
    return Bytes.of((section + "/" + index).getBytes(StandardCharsets.US_ASCII));
  }

  private static String journal(int number) {
    return "j" + number % JOURNALS;
  }

  /// 10,000 sections of one item in 100 journals, all carried over and compared.
  private QueuedTransfer copied() {
    for (int i = 0; i < SECTIONS; i++) {
      from.stores.computeIfAbsent(journal(i), name -> new Store()).sections.put((long) i,
          new ArrayList<>(List.of(item(i, 0))));
    }
    QueuedTransfer transfer = new JournalTransfer(from.report());
    assertThat(carryAll(transfer)).isEqualTo(SECTIONS);
    return transfer;
  }

  private int carryAll(QueuedTransfer transfer) {
    int items = 0;
    for (int rounds = 0; rounds < ROUNDS_MAX;) {
      QueuedTransfer.Piece piece = transfer.export(serving);
      transfer.apply(standby, piece);
      items += piece.items();
      if (piece.endsRound()) {
        rounds++;
        transfer.verify(standby);
        if (piece.itemsLeft() == 0) {
          return items;
        }
      }
    }
    throw new AssertionError("rounds do not end");
  }

  private void countAnew() {
    from.calls.clear();
    to.calls.clear();
  }

  @Test
  void aTailCostsWhatItHolds() {
    QueuedTransfer transfer = copied();
    for (int i = 0; i < 64; i++) {
      change(transfer, Change.Kind.APPEND, journal(i % 3), i % 3, 1 + i / 3);
    }
    countAnew();
    QueuedTransfer.Piece tail = transfer.export(serving);
    transfer.apply(standby, tail);
    transfer.verify(standby);
    assertThat(tail.items()).isEqualTo(64);
    assertThat(tail.itemsLeft()).isZero();
    assertThat(from.calls).containsExactly(Map.entry("read", 3));
    assertThat(to.calls).as("what the tail costs").containsExactly(Map.entry("append", 3), Map.entry("end", 3),
        Map.entry("floor", 3), Map.entry("read", 3), Map.entry("sync", 1));
    assertThat(to.report()).isEqualTo(from.report());
  }

  @Test
  void anEmptyTailCostsOneSync() {
    QueuedTransfer transfer = copied();
    countAnew();
    QueuedTransfer.Piece tail = transfer.export(serving);
    transfer.apply(standby, tail);
    transfer.verify(standby);
    assertThat(from.calls()).isZero();
    assertThat(to.calls).containsExactly(Map.entry("sync", 1));
  }

  @Test
  void rewindsPrunesAndRemovalsCostWhatTheyTouch() {
    QueuedTransfer transfer = copied();
    change(transfer, Change.Kind.REWIND, journal(1), SECTIONS - 99, 0);
    change(transfer, Change.Kind.PRUNE, journal(2), 102, 0);
    removeJournal(transfer, journal(3));
    createJournal(transfer, "new");
    change(transfer, Change.Kind.APPEND, "new", 7, 0);
    countAnew();
    assertThat(carryAll(transfer)).isEqualTo(1);
    assertThat(from.calls()).isEqualTo(1);
    // One section rewound, one pruned, one appended to, and the hundred of the journal that is gone.
    assertThat(to.calls).containsEntry("end", 103).containsEntry("floor", 4).doesNotContainKey("report");
    assertThat(to.report()).isEqualTo(from.report());
  }

  @Test
  void whatDiffersUnderTheFenceIsFound() {
    QueuedTransfer transfer = copied();
    change(transfer, Change.Kind.APPEND, journal(1), 1, 1);
    transfer.apply(standby, transfer.export(serving));
    Objects.requireNonNull(to.store(journal(1)).sections.get(1L)).add(item(1, 2)); // one more than was carried over
    assertThatThrownBy(() -> transfer.verify(standby)).isInstanceOf(CorruptionException.class)
        .hasMessageContaining("end 2").hasMessageContaining("end 3");
  }

  @Test
  void aPruneThatWasNotFollowedIsFound() {
    QueuedTransfer pruned = copied();
    change(pruned, Change.Kind.PRUNE, journal(2), 102, 0);
    pruned.apply(standby, pruned.export(serving));
    to.store(journal(2)).floor = 0;
    assertThatThrownBy(() -> pruned.verify(standby)).isInstanceOf(CorruptionException.class)
        .hasMessageContaining("floor 102");
  }

  @Test
  void aRemovalThatWasNotFollowedIsFound() {
    QueuedTransfer transfer = copied();
    Store left = to.store(journal(3));
    removeJournal(transfer, journal(3));
    transfer.apply(standby, transfer.export(serving));
    assertThat(to.stores).doesNotContainKey(journal(3));
    to.stores.put(journal(3), left);
    assertThatThrownBy(() -> transfer.verify(standby)).isInstanceOf(CorruptionException.class)
        .hasMessageContaining("expected no such journal");
  }

  @Test
  void theSumOfWhatIsLeftFollowsEveryChange() {
    QueuedTransfer transfer = copied();
    change(transfer, Change.Kind.APPEND, journal(1), SECTIONS - 99, 1);
    change(transfer, Change.Kind.APPEND, journal(1), SECTIONS - 99, 2);
    change(transfer, Change.Kind.REWIND, journal(1), SECTIONS - 99, 2);
    change(transfer, Change.Kind.APPEND, journal(2), 2, 1);
    change(transfer, Change.Kind.PRUNE, journal(2), 102, 0);
    change(transfer, Change.Kind.APPEND, journal(3), 3, 1);
    removeJournal(transfer, journal(3));
    QueuedTransfer.Piece tail = transfer.export(serving);
    assertThat(tail.items()).isEqualTo(1);
    assertThat(tail.itemsLeft()).as("the removal, and the sections that it drops").isEqualTo(101);
    transfer.apply(standby, tail);
    QueuedTransfer.Piece removal = transfer.export(serving);
    assertThat(removal.items()).isZero();
    assertThat(removal.itemsLeft()).isZero();
    transfer.apply(standby, removal);
    transfer.verify(standby);
    assertThat(to.report()).isEqualTo(from.report());
  }

  /// What one piece makes of a standby: appends, each to a section of its own here, and orders.
  private int places() {
    return calls("append") + calls("create") + calls("remove") + calls("rewind") + calls("prune");
  }

  private int calls(String method) {
    return to.calls.getOrDefault(method, 0);
  }

  /// Carries over one piece after the other until a round ends, and holds each against what one may cost.
  ///
  /// @return how many pieces
  private int carryRound(QueuedTransfer transfer) {
    for (int pieces = 1; pieces <= SECTIONS; pieces++) {
      countAnew();
      QueuedTransfer.Piece piece = transfer.export(serving);
      transfer.apply(standby, piece);
      assertThat(places()).isBetween(1, PLACES_MAX);
      assertThat(from.calls.getOrDefault("read", 0)).isLessThanOrEqualTo(PLACES_MAX);
      assertThat(calls("read")).as("read back at once").isLessThanOrEqualTo(READ_BACK_MAX);
      if (piece.endsRound()) {
        transfer.verify(standby);
        assertThat(calls("read")).as("read back at once").isLessThanOrEqualTo(READ_BACK_MAX);
        assertThat(piece.itemsLeft()).isZero();
        assertThat(to.report()).isEqualTo(from.report());
        return pieces;
      }
      assertThat(piece.itemsLeft()).isPositive();
    }
    throw new AssertionError("the round does not end");
  }

  private void put(String name, int sections) {
    Store store = from.stores.computeIfAbsent(name, key -> new Store());
    for (int i = 0; i < sections; i++) {
      store.sections.put((long) i, new ArrayList<>(List.of(item(i, 0))));
    }
  }

  private void removeJournal(QueuedTransfer transfer, String name) {
    from.stores.remove(name);
    ((JournalTransfer) transfer).removed(name);
  }

  private void createJournal(QueuedTransfer transfer, String name) {
    from.stores.put(name, new Store());
    ((JournalTransfer) transfer).created(name);
  }

  @Test
  void aPieceBeginsFewSections() {
    put("many", 1_000);
    assertThat(carryRound(new JournalTransfer(from.report()))).isBetween(1_000 / PLACES_MAX, 40);
  }

  @Test
  void manyJournalsAreNotMadeInOnePiece() {
    for (int i = 0; i < 500; i++) {
      put("j" + i, 0);
    }
    assertThat(carryRound(new JournalTransfer(from.report()))).isBetween(500 / PLACES_MAX, 40);
  }

  @Test
  void hundredsOfRemovalsAndPrunesAreNoShortTail() {
    for (int i = 0; i < 400; i++) {
      put("j" + i, 3);
    }
    QueuedTransfer transfer = new JournalTransfer(from.report());
    carryRound(transfer);
    for (int i = 0; i < 300; i++) {
      if (i % 3 == 0) {
        change(transfer, Change.Kind.REWIND, "j" + i, 1, 0);
      } else if (i % 3 == 1) {
        change(transfer, Change.Kind.PRUNE, "j" + i, 2, 0);
      } else {
        removeJournal(transfer, "j" + i);
      }
    }
    change(transfer, Change.Kind.APPEND, "j0", 1, 0);
    QueuedTransfer.Piece first = transfer.export(serving);
    transfer.apply(standby, first);
    assertThat(first.itemsLeft()).as("no fence with so many").isGreaterThan(PLACES_MAX);
    assertThat(first.endsRound()).isFalse();
    carryRound(transfer);
  }

  @Test
  void aJournalThatWasRemovedAndMadeAnewGoesOverInThatOrder() {
    for (int i = 0; i < 200; i++) {
      put("j" + i, 2);
    }
    QueuedTransfer transfer = new JournalTransfer(from.report());
    carryRound(transfer);
    for (int i = 0; i < 200; i++) {
      removeJournal(transfer, "j" + i);
      createJournal(transfer, "j" + i);
      change(transfer, Change.Kind.APPEND, "j" + i, 7, 0);
      if (i % 2 == 0) { // and once more, of which the other side knows nothing
        removeJournal(transfer, "j" + i);
        createJournal(transfer, "j" + i);
        change(transfer, Change.Kind.PRUNE, "j" + i, 8, 0);
        change(transfer, Change.Kind.APPEND, "j" + i, 8, 0);
      }
    }
    carryRound(transfer);
  }

  /// It cannot be cut: it goes over with nothing beside it, and counts for what it drops.
  @Test
  void anOrderThatDropsMuchGoesAlone() {
    put("a", 3);
    put("large", 500);
    put("z", 3);
    QueuedTransfer transfer = new JournalTransfer(from.report());
    carryRound(transfer);
    change(transfer, Change.Kind.PRUNE, "a", 2, 0);
    removeJournal(transfer, "large");
    change(transfer, Change.Kind.PRUNE, "z", 2, 0);
    List<Integer> orders = new ArrayList<>();
    for (long left = Long.MAX_VALUE; left > 0;) {
      QueuedTransfer.Piece piece = transfer.export(serving);
      transfer.apply(standby, piece);
      orders.add(((Parcel) piece.content()).orders().size());
      assertThat(piece.itemsLeft()).isLessThan(left);
      left = piece.itemsLeft();
    }
    transfer.verify(standby);
    assertThat(orders).as("the prunes together, then the removal").containsExactly(2, 1);
    assertThat(to.report()).isEqualTo(from.report());
  }

  /// More orders than a piece takes come in between any two, all of them lower by name.
  @Test
  void busyJournalsDoNotKeepTheOthersWaiting() {
    for (int i = 0; i < 2 * PLACES_MAX; i++) {
      put("busy" + i, 100);
    }
    put("quiet", 2);
    QueuedTransfer transfer = new JournalTransfer(from.report());
    carryAll(transfer);
    change(transfer, Change.Kind.PRUNE, "quiet", 1, 0);
    change(transfer, Change.Kind.APPEND, "quiet", 5, 0);
    int rounds = 0;
    for (int pieces = 1; pieces < 10; pieces++) {
      for (int i = 0; i < 2 * PLACES_MAX; i++) {
        change(transfer, Change.Kind.PRUNE, "busy" + i, pieces, 0);
      }
      QueuedTransfer.Piece piece = transfer.export(serving);
      transfer.apply(standby, piece);
      if (piece.endsRound()) {
        rounds++;
        transfer.verify(standby);
      }
    }
    assertThat(to.store("quiet").sections.keySet()).containsExactly(1L, 5L);
    assertThat(rounds).as("rounds end all the same").isPositive();
  }
}
