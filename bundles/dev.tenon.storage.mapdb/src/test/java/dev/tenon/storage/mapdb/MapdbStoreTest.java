package dev.tenon.storage.mapdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.DiskOp;
import dev.tenon.testkit.journal.SimHost;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is this provider's own: checkpoints, their checks, seals, bounds.
class MapdbStoreTest {
  private static final StoreConfig CONFIG = new StoreConfig(1_024, 256, 1 << 20, 512, 2);
  private static final int ALL = 1 << 20;

  private static MapdbJournalProvider provider() {
    return new MapdbJournalProvider(CONFIG);
  }

  /// Appends to a journal in small batches, each synced.
  private static void fill(JournalInstance instance, String journal, int count) {
    instance.create(journal);
    for (int index = 0; index < count; index++) {
      instance.append(journal, 0, index, List.of(Family.item(journal, 0, index, 100)));
      instance.sync();
    }
  }

  private static void mustHold(SimHost host, String journal, int count) {
    Family.opened(host, provider(), instance -> {
      assertThat(instance.report().journals()).contains(
          new OpenReport.Found(journal, 0, List.of(new SectionEnd(0, count))));
      assertThat(instance.read(journal, 0, 0, ALL, ALL)).isEqualTo(Family.items(journal, 0, 0, count, 100));
    });
  }

  private static Map.Entry<Bytes, Bytes> last(Map<Bytes, Bytes> files) {
    return List.copyOf(files.entrySet()).getLast();
  }

  @Test
  void readsNoHistoryAfterASeal() {
    for (int count = 480; count < 500; count++) { // some of them end right after a checkpoint
      int items = count;
      try (var host = new SimHost(1)) {
        Family.opened(host, provider(), instance -> {
          fill(instance, "j", items);
          instance.seal();
        });
        long before = host.disk().calls(DiskOp.READ);
        Family.opened(host, provider(), instance -> assertThat(instance.report()).isEqualTo(
            new OpenReport(List.of(new OpenReport.Found("j", 0, List.of(new SectionEnd(0, items)))), 0)));
        assertThat(host.disk().calls(DiskOp.READ) - before).as("mark and base").isEqualTo(2);
        mustHold(host, "j", items);
      }
    }
  }

  /// A seal, no journal, a checkpoint that makes no run, and a log that is empty again.
  @Test
  void anOlderSealSaysNothingOfALaterSegment() {
    try (var host = new SimHost(1)) {
      Family.opened(host, provider(), instance -> {
        fill(instance, "j", 3);
        instance.seal();
      });
      Family.opened(host, provider(), instance -> {
        instance.remove("j");
        for (int i = 0; i < 200; i++) {
          instance.create("k" + i);
          instance.remove("k" + i);
        }
      });
      Family.opened(host, provider(), instance -> assertThat(instance.report().journals()).isEmpty());
    }
  }

  @Test
  void makesTheNewestRunAgainWhereverItIsDamaged() {
    try (var host = new SimHost(1)) {
      Family.opened(host, provider(), instance -> fill(instance, "j", 40));
      Bytes base = Family.files(host, Names.OWN).get(Names.BASE);
      Map.Entry<Bytes, Bytes> newest = last(Family.files(host, Names.VIEW));
      for (int at = 0; at < newest.getValue().size(); at += 7) {
        Family.put(host, Names.OWN, Names.BASE, Objects.requireNonNull(base));
        Family.put(host, Names.VIEW, newest.getKey(), Family.flipped(newest.getValue(), at));
        mustHold(host, "j", 40);
      }
      Family.put(host, Names.OWN, Names.BASE, Objects.requireNonNull(base));
      Family.put(host, Names.VIEW, newest.getKey(), Bytes.EMPTY);
      mustHold(host, "j", 40);
    }
  }

  /// A run is folded into its successor, and the successor is lost: what it was made from is still there.
  @Test
  void makesTheNewestRunAgainFromTheRunsThatWereFoldedIntoIt() {
    try (var host = new SimHost(1)) {
      Family.opened(host, provider(), instance -> {
        fill(instance, "a", 12);
        fill(instance, "b", 12);
        instance.rewind("a", 0, 5);
        instance.prune("b", 1);
        instance.append("a", 0, 5, Family.items("a", 0, 5, 25, 100));
        instance.sync();
      });
      Contents contents = host.run(context -> Recovery.load(context.storage(), CONFIG, context.byteBudget(),
          Optional.empty()).contents());
      assertThat(contents.runs.retired()).as("the test folds a run").isNotEmpty();
      long newest = contents.newest;
      host.run(context -> {
        contents.close();
        context.storage().remove(Names.VIEW, Names.numbered(newest));
        return true;
      });
      mustHold(host, "a", 30);
      assertThat(Family.files(host, Names.VIEW).keySet()).doesNotContain(Bytes.of(Names.numbered(newest)));
    }
  }

  @Test
  void rebuildsWithThePagesThatTheRunHad() {
    try (var host = new SimHost(1)) {
      Family.opened(host, provider(), instance -> fill(instance, "j", 40));
      Map.Entry<Bytes, Bytes> newest = last(Family.files(host, Names.VIEW));
      Family.put(host, Names.VIEW, newest.getKey(), Family.flipped(newest.getValue(), 100));
      Family.opened(host, new MapdbJournalProvider(new StoreConfig(4_096, 256, 1 << 20, 4_096, 2)),
          instance -> assertThat(instance.read("j", 0, 0, ALL, ALL)).isEqualTo(Family.items("j", 0, 0, 40, 100)));
    }
  }

  @Test
  void refusesDamageInAnOlderRun() {
    try (var host = new SimHost(1)) {
      Family.opened(host, provider(), instance -> fill(instance, "j", 200));
      Map.Entry<Bytes, Bytes> oldest = Family.files(host, Names.VIEW).entrySet().iterator().next();
      Family.put(host, Names.VIEW, oldest.getKey(), Family.flipped(oldest.getValue(), 600));
      Family.opened(host, provider(), instance -> {
        var damage = catchThrowableOfType(CorruptionException.class,
            () -> instance.read("j", 0, 0, ALL, ALL));
        assertThat(damage.partition()).isEqualTo(Names.VIEW);
        assertThat(damage.blob()).isEqualTo(oldest.getKey().hex());
        assertThat(damage.offset()).isZero();
      });
    }
  }

  @Test
  void tellsDamageInTheLogFromATornEnd() {
    try (var host = new SimHost(1)) {
      var large = new MapdbJournalProvider(new StoreConfig(1 << 20, 256, 1 << 20, 512, 2));
      Family.opened(host, large, instance -> fill(instance, "j", 30));
      Map.Entry<Bytes, Bytes> log = last(Family.files(host, Names.LOG));
      Bytes whole = log.getValue();
      for (int at = 100; at < whole.size() - 400; at += 31) {
        Family.put(host, Names.LOG, log.getKey(), Family.flipped(whole, at));
        int damaged = at;
        var damage = catchThrowableOfType(CorruptionException.class,
            () -> Family.opened(host, large, instance -> instance.report()));
        assertThat(damage).as("damage at %d", at).isNotNull();
        assertThat(damage.partition()).isEqualTo(Names.LOG);
        assertThat(damage.blob()).isEqualTo(log.getKey().hex());
        assertThat(damage.offset()).isBetween(damaged - 200L, (long) damaged);
        assertThat(Family.files(host, Names.LOG).get(log.getKey())).as("nothing was changed")
            .isEqualTo(Family.flipped(whole, at));
      }
      Family.put(host, Names.LOG, log.getKey(), whole.slice(0, whole.size() - 1));
      Family.opened(host, large, instance -> {
        assertThat(instance.report().bytesDropped()).isPositive();
        assertThat(instance.report().journals().getFirst().sections()).containsExactly(new SectionEnd(0, 29));
      });
      Family.put(host, Names.LOG, log.getKey(), whole.slice(0, 500));
      assertThatThrownBy(() -> Family.opened(host, large, instance -> instance.report()))
          .as("the open has marked how far the log went").isInstanceOf(CorruptionException.class);
    }
  }

  /// A family whose one journal has 30 items in the log and was sealed; a bit of the log has turned over since.
  private static MapdbJournalProvider sealedAndDamaged(SimHost host) {
    var large = new MapdbJournalProvider(new StoreConfig(1 << 20, 256, 1 << 20, 512, 2));
    Family.opened(host, large, instance -> {
      fill(instance, "j", 30);
      instance.seal();
    });
    Map.Entry<Bytes, Bytes> log = last(Family.files(host, Names.LOG));
    Family.put(host, Names.LOG, log.getKey(), Family.flipped(log.getValue(), log.getValue().size() / 2));
    return large;
  }

  private static void mustBeDamaged(ThrowingCallable call, String partition) {
    var damage = catchThrowableOfType(CorruptionException.class, call);
    assertThat(damage).isNotNull();
    assertThat(damage.partition()).isEqualTo(partition);
  }

  /// Goal: what an open puts off does not keep it from failing where it lasts. Method: whichever call finds the damage,
  /// the opens after it find it too.
  @Test
  void damageBehindASealFailsEachOpenAfterTheCallThatFoundIt() {
    List<Consumer<JournalInstance>> calls = List.of(instance -> instance.create("k"), instance -> instance.remove("j"),
        instance -> instance.read("j", 0, 0, 1, ALL));
    for (Consumer<JournalInstance> call : calls) {
      try (var host = new SimHost(1)) {
        MapdbJournalProvider large = sealedAndDamaged(host);
        Family.opened(host, large, instance -> {
          mustBeDamaged(() -> call.accept(instance), Names.LOG);
          assertThatThrownBy(instance::sync).hasMessageContaining("has ended");
        });
        for (int times = 0; times < 2; times++) {
          mustBeDamaged(() -> Family.opened(host, large, JournalInstance::report), Names.LOG);
        }
      }
    }
  }

  @Test
  void damageBehindASealIsToldThoughTheSealCannotBeTakenAway() {
    try (var host = new SimHost(1)) {
      MapdbJournalProvider large = sealedAndDamaged(host);
      Family.opened(host, large, instance -> {
        host.disk().failNext(DiskOp.REPLACE, 1);
        mustBeDamaged(() -> instance.create("k"), Names.LOG);
      });
      // A replacement that failed may be seen all the same, and then this open finds the damage.
      mustBeDamaged(() -> Family.opened(host, large, instance -> instance.create("k")), Names.LOG);
      mustBeDamaged(() -> Family.opened(host, large, JournalInstance::report), Names.LOG);
    }
  }

  /// Without it an open would take what is there for all that was sealed.
  @Test
  void aSealThatTellsOfMoreThanThereIsStays() {
    try (var host = new SimHost(1)) {
      Family.opened(host, provider(), instance -> {
        fill(instance, "j", 3);
        instance.seal();
      });
      Mark told = Mark.decode(Objects.requireNonNull(Family.files(host, Names.OWN).get(Names.MARK))).orElseThrow();
      var more = new Mark(told.segment(), told.bytes(), true,
          List.of(new OpenReport.Found("j", 0, List.of(new SectionEnd(0, 4)))));
      host.run(context -> {
        Names.replace(context.storage(), Names.MARK, more.encode(), Mark.BYTES_MAX);
        return true;
      });
      for (int times = 0; times < 2; times++) {
        Family.opened(host, provider(), instance -> {
          assertThat(instance.report().journals()).isEqualTo(more.found());
          mustBeDamaged(() -> instance.create("k"), Names.OWN);
        });
      }
    }
  }

  @Test
  void writesNoSmallBlobThatItWouldNotRead() {
    try (var host = new SimHost(1)) {
      host.run(context -> {
        Bytes before = new Mark(1, 7, false, List.of()).encode();
        Bytes after = new Mark(1, 8, false, List.of()).encode();
        long size = (long) before.size() + Integer.BYTES;
        Names.replace(context.storage(), Names.MARK, before, size);
        assertThatThrownBy(() -> Names.replace(context.storage(), Names.MARK, after, size - 1))
            .isExactlyInstanceOf(StorageFailedException.class).hasMessageContaining("at most " + (size - 1));
        assertThat(Names.small(context.storage(), Names.MARK, size).flatMap(Mark::decode).orElseThrow().bytes())
            .isEqualTo(7);
        return true;
      });
    }
  }

  @Test
  void refusesALocationWithoutItsBase() {
    try (var host = new SimHost(1)) {
      Family.opened(host, provider(), instance -> fill(instance, "j", 3));
      host.run(context -> {
        context.storage().remove(Names.OWN, Names.BASE.toArray());
        return true;
      });
      assertThatThrownBy(() -> Family.opened(host, provider(), instance -> instance.report()))
          .isInstanceOf(CorruptionException.class);
    }
  }

  /// One journal keeps a little of every run, the other one is pruned all the time.
  @Test
  void theDiskStaysBoundedByWhatCounts() {
    try (var host = new SimHost(1)) {
      Family.opened(host, provider(), instance -> {
        instance.create("slow");
        instance.create("fast");
        for (int round = 0; round < 300; round++) {
          instance.append("slow", 0, round, List.of(Family.item("slow", 0, round, 8)));
          instance.append("fast", round, 0, Family.items("fast", round, 0, 12, 100));
          instance.prune("fast", round);
          instance.sync();
        }
        assertThat(instance.read("slow", 0, 0, ALL, ALL)).isEqualTo(Family.items("slow", 0, 0, 300, 8));
      });
      long bytes = Family.files(host, Names.VIEW).values().stream().mapToLong(Bytes::size).sum();
      long log = Family.files(host, Names.LOG).values().stream().mapToLong(Bytes::size).sum();
      long appended = 300L * 12 * 50;
      assertThat(bytes).isLessThan(appended / 4).isLessThan(50L * CONFIG.logBytes());
      assertThat(log).isLessThan(8L * CONFIG.logBytes());
      mustHoldSlow(host);
    }
  }

  private static void mustHoldSlow(SimHost host) {
    Family.opened(host, provider(), instance -> assertThat(instance.read("slow", 0, 0, ALL, ALL))
        .isEqualTo(Family.items("slow", 0, 0, 300, 8)));
  }

  @Test
  void givesTheDiskBackWhereAJournalIsRemoved() {
    try (var host = new SimHost(1)) {
      Family.opened(host, provider(), instance -> {
        fill(instance, "j", 300);
        instance.remove("j");
        instance.sync();
      });
      assertThat(Family.files(host, Names.VIEW)).isEmpty();
    }
  }

  @Test
  void aRevokedViewEndsTheInstance() {
    try (var host = new SimHost(1)) {
      host.run(context -> {
        JournalInstance instance = provider().open(context);
        fill(instance, "j", 50);
        host.node().runtime().volume().revoke(context.storage());
        instance.append("j", 0, 50, List.of(Bytes.EMPTY));
        assertThatThrownBy(instance::sync).isInstanceOf(FencedException.class);
        instance.close();
        return true;
      });
      mustHold(host, "j", 50);
    }
  }

  @Test
  void holdsNoMoreBlocksThanItsBudgetAllows() {
    var cache = new BlockCache(3L * BlobVolume.BLOCK_BYTES);
    for (int block = 0; block < 10; block++) {
      cache.put(new BlockCache.Key(1, block), new byte[BlobVolume.BLOCK_BYTES]);
      assertThat(cache.get(new BlockCache.Key(1, 0))).as("the one that is used stays").isNotNull();
    }
    assertThat(cache.get(new BlockCache.Key(1, 7))).isNull();
    assertThat(cache.get(new BlockCache.Key(1, 8))).isNotNull();
    assertThat(CONFIG.logBytes(64L << 20)).isEqualTo(1_024);
    assertThat(new StoreConfig(64 << 20, 256, 1 << 20, 512, 2).logBytes(64L << 20)).isEqualTo(4L << 20);
  }

  @ParameterizedTest
  @CsvSource({"logBytes, 1, 256, 1024, 512, 2", "writeBufferBytes, 1024, 1, 1024, 512, 2",
      "itemBytesMax, 1024, 256, 0, 512, 2", "pageBytes, 1024, 256, 1024, 511, 2", "pageBytes, 1024, 256, 1024, 600, 2",
      "openRunsMax, 1024, 256, 1024, 512, 1"})
  void refusesAValueOutOfItsRange(String key, int log, int buffer, int item, int page, int open) {
    assertThat(catchThrowableOfType(ConfigException.class, () -> new StoreConfig(log, buffer, item, page, open)).key())
        .isEqualTo(key);
  }
}
