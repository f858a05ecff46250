package dev.tenon.journal.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import dev.tenon.testkit.journal.SimHost;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is this provider's own: marks, seals, folders of others, configuration.
class SegmentedStoreTest {
  private static final StoreConfig CONFIG = new StoreConfig(64, 256, 0, 1 << 20, 4);
  private static final byte[] FIRST = new byte[8];

  private static Bytes item(int number) {
    byte[] bytes = new byte[50];
    java.util.Arrays.fill(bytes, (byte) number);
    return Bytes.wrap(bytes);
  }

  private static List<Bytes> items(int from, int count) {
    var items = new ArrayList<Bytes>();
    for (int i = 0; i < count; i++) {
      items.add(item(from + i));
    }
    return items;
  }

  private static void fill(Disk disk, int count, boolean seal) {
    disk.withStore(CONFIG, instance -> {
      instance.create("j");
      instance.append("j", 0, 0, items(0, count));
      instance.sync();
      if (seal) {
        instance.seal();
      }
      return true;
    });
  }

  private static OpenReport report(Disk disk) {
    return disk.withStore(CONFIG, instance -> instance.report());
  }

  /// The floor's replacement fails, is seen by the next open, which removes files below it, and is undone by a power
  /// loss: the marks still ask for those files.
  @Test
  void removesNothingBelowAFloorThatAPowerLossMayUndo() {
    var floors = new TreeSet<Long>();
    for (long seed = 0; seed < 40; seed++) {
      try (var disk = new Disk(seed)) {
        fill(disk, 5, false);
        report(disk); // writes the marks
        disk.withStore(CONFIG, instance -> {
          instance.append("j", 1, 0, items(5, 5));
          instance.sync();
          instance.prune("j", 1);
          disk.node().disk().failNext(DiskOp.REPLACE, 1);
          assertThatThrownBy(instance::sync).isInstanceOf(StorageFailedException.class);
          return true;
        });
        long seen = report(disk).journals().getFirst().floor();
        floors.add(seen);
        disk.node().crash(CrashKind.POWER_LOSS);
        disk.node().start();
        OpenReport.Found found = report(disk).journals().getFirst();
        assertThat(found.floor()).isEqualTo(seen);
        assertThat(found.sections()).contains(new SectionEnd(1, 5)).hasSize(seen == 0 ? 2 : 1);
      }
    }
    assertThat(floors).containsExactly(0L, 1L);
  }

  /// Goal: what an open found after a kill in a rewind stays, though a power loss follows at once. Method: both at each
  /// call, for a rewind to nothing and one to where a mark stands.
  @Test
  void whatAnOpenFindsAfterAKillInARewindStays() {
    for (long index : new long[] {0, 3}) {
      for (int call = 1; call <= 40; call++) {
        for (long seed = 0; seed < 10; seed++) {
          try (var host = new SimHost(seed)) {
            use(host, instance -> {
              instance.create("j");
              instance.append("j", 0, 0, items(0, 3));
              instance.sync();
            });
            use(host, instance -> { // the open has marked three items
              instance.append("j", 0, 3, items(3, 2));
              instance.append("j", 1, 0, items(5, 2));
              instance.sync();
            });
            host.node().crashAtCall(host.node().calls() + call, CrashKind.PROCESS_KILL, null);
            use(host, instance -> instance.rewind("j", 0, index));
            host.node().crashAtCall(Long.MAX_VALUE, CrashKind.POWER_LOSS, null);
            OpenReport found = reported(host);
            host.node().crash(CrashKind.POWER_LOSS);
            assertThat(reported(host).journals()).as("index %s, call %s, seed %s", index, call, seed)
                .isEqualTo(found.journals());
          }
        }
      }
    }
  }

  private static void use(SimHost host, Consumer<JournalInstance> body) {
    host.attempt(context -> {
      JournalInstance instance = new SegmentedJournalProvider(CONFIG).open(context);
      instance.activate();
      body.accept(instance);
      instance.close();
      return true;
    });
  }

  private static OpenReport reported(SimHost host) {
    return host.run(context -> {
      JournalInstance instance = new SegmentedJournalProvider(CONFIG).open(context);
      OpenReport report = instance.report();
      instance.close();
      return report;
    });
  }

  private static long calls(Disk disk, DiskOp op, Runnable body) {
    long before = disk.node().disk().calls(op);
    body.run();
    return disk.node().disk().calls(op) - before;
  }

  /// Sections of which each takes a read of its own.
  private static void append(JournalInstance instance) {
    instance.create("j");
    for (long section = 0; section < 60; section++) {
      instance.append("j", section, 0, items(0, 50));
    }
  }

  private static void mustReadNoHistory(Disk disk) {
    assertThat(calls(disk, DiskOp.READ, () -> {
      OpenReport.Found found = report(disk).journals().getFirst();
      assertThat(found.sections()).hasSize(60).allMatch(section -> section.end() == 50);
    })).isLessThanOrEqualTo(8);
  }

  @Test
  void readsNoHistoryAfterASeal() {
    try (var disk = new Disk(1)) {
      disk.withStore(CONFIG, instance -> {
        append(instance);
        instance.seal();
        return true;
      });
      mustReadNoHistory(disk);
    }
  }

  @Test
  void readsNoHistoryAfterASealAlsoOnceAJournalWasRemoved() {
    try (var disk = new Disk(1)) {
      disk.withStore(CONFIG, instance -> {
        append(instance);
        instance.create("gone");
        instance.append("gone", 0, 0, items(0, 3));
        instance.remove("gone");
        instance.seal();
        return true;
      });
      mustReadNoHistory(disk);
    }
  }

  @Test
  void readsNoHistoryAfterASealAlsoBesideAPartitionOfSomethingElse() {
    try (var disk = new Disk(1)) {
      disk.put("metadata", Bytes.ofHex("6c656674").toArray(), Bytes.ofHex("4357494300000000"));
      disk.put("records", FIRST, Bytes.wrap(new byte[500]));
      disk.withStore(CONFIG, instance -> {
        append(instance);
        instance.seal();
        return true;
      });
      mustReadNoHistory(disk);
    }
  }

  @Test
  void aSealAndTheOpenAfterItTouchNoFileThatNobodyUses() {
    try (var disk = new Disk(1)) {
      disk.withStore(CONFIG, instance -> {
        instance.create("j");
        for (long section = 0; section < 200; section++) {
          instance.append("j", section, 0, items(0, 5));
          instance.sync();
        }
        assertThat(calls(disk, DiskOp.OPEN, instance::seal)).as("of the seal").isZero();
        return true;
      });
      assertThat(calls(disk, DiskOp.OPEN, () -> report(disk))).as("of the open: floors, marks, the last file")
          .isLessThanOrEqualTo(3);
      disk.withStore(CONFIG, instance -> {
        instance.append("j", 7, 5, items(5, 1));
        assertThat(calls(disk, DiskOp.OPEN, instance::seal)).isZero();
        return true;
      });
      assertThat(calls(disk, DiskOp.OPEN, () -> disk.withStore(CONFIG, instance -> {
        assertThat(instance.read("j", 7, 4, 9, 999)).isEqualTo(items(4, 2));
        assertThat(instance.report().journals().getFirst().sections()).hasSize(200);
        return true;
      }))).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void tellsOfAFileThatIsNotAsItWasSealedWhenItIsUsed() {
    for (int how = 0; how < 3; how++) {
      try (var disk = new Disk(1)) {
        disk.withStore(CONFIG, instance -> {
          instance.create("j");
          instance.append("j", 0, 0, items(0, 5));
          instance.append("j", 1, 0, items(0, 5));
          instance.seal();
          return true;
        });
        Bytes whole = disk.file("j", FIRST);
        disk.put("j", FIRST, switch (how) {
          case 0 -> whole.slice(0, whole.size() - 76);
          case 1 -> whole.concat(whole.slice(8, 8 + 76));
          default -> whole.slice(0, whole.size() - 1).concat(Bytes.of((byte) 77)); // in a record that is not used
        });
        disk.withStore(CONFIG, instance -> {
          for (int times = 0; times < 2; times++) {
            assertThatThrownBy(() -> instance.read("j", 0, 0, 9, 999)).isInstanceOf(CorruptionException.class)
                .hasMessageContaining("0000000000000000");
          }
          assertThat(instance.read("j", 1, 0, 9, 999)).isEqualTo(items(0, 5));
          return true;
        });
      }
    }
  }

  @Test
  void aJournalAmongOtherFilesIsRefusedAndTheFamilyGoesOn() {
    try (var disk = new Disk(1)) {
      disk.put("records", FIRST, Bytes.wrap(new byte[500]));
      disk.withStore(CONFIG, instance -> {
        instance.create("j");
        assertThatThrownBy(() -> instance.create("records")).isInstanceOf(CorruptionException.class);
        instance.append("j", 0, 0, items(0, 3));
        instance.sync();
        return true;
      });
      assertThat(report(disk).journals()).extracting(OpenReport.Found::name).containsExactly("j");
    }
  }

  @Test
  void holdsAsManyJournalsAsItsFloorsCanName() {
    try (var disk = new Disk(1)) {
      disk.withStore(CONFIG, instance -> {
        String prefix = "x".repeat(195);
        for (int i = 0; i < Family.JOURNALS_MAX; i++) {
          instance.create(prefix + Integer.toHexString(0x10000 + i));
        }
        assertThatThrownBy(() -> instance.create("more")).isInstanceOf(IllegalArgumentException.class);
        instance.seal();
        return true;
      });
      assertThat(report(disk).journals()).hasSize(Family.JOURNALS_MAX);
    }
  }

  @Test
  void whatIsPrunedBeforeItWasSyncedHoldsNoFileOpen() {
    try (var disk = new Disk(1)) {
      disk.withStore(CONFIG, instance -> {
        instance.create("j");
        for (long section = 0; section < 40; section++) {
          instance.append("j", section, 0, items(0, 2));
          instance.prune("j", section + 1);
          assertThat(((SegmentedStore) instance).openFiles()).isLessThanOrEqualTo(4);
        }
        instance.append("j", 40, 0, items(0, 2));
        instance.sync();
        return true;
      });
      assertThat(report(disk).journals())
          .containsExactly(new OpenReport.Found("j", 40, List.of(new SectionEnd(40, 2))));
    }
  }

  @Test
  void recoversFullyWhereTheIndexIsGoneOrDamaged() {
    for (int how = 0; how < 3; how++) {
      int kind = how;
      try (var disk = new Disk(1)) {
        fill(disk, 30, true);
        byte[] index = Marks.BLOB.toArray();
        switch (kind) {
          case 0 -> disk.run(storage -> storage.remove(Family.PARTITION, index));
          case 1 -> disk.node().disk().flipBit(Disk.LOCATION, Family.PARTITION, index, 9);
          default -> disk.put(Family.PARTITION, index, Bytes.EMPTY);
        }
        assertThat(report(disk).journals().getFirst().sections()).containsExactly(new SectionEnd(0, 30));
      }
    }
  }

  @Test
  void recoversFullyWhereAReferenceNodeHasAppendedAfterTheSeal() {
    try (var disk = new Disk(1)) {
      fill(disk, 30, true);
      Bytes index = disk.file(Family.PARTITION, Marks.BLOB.toArray());
      disk.withStore(CONFIG, instance -> {
        instance.append("j", 0, 30, items(30, 30));
        instance.append("j", 5, 0, items(0, 1));
        instance.sync();
        return true;
      });
      disk.put(Family.PARTITION, Marks.BLOB.toArray(), index);
      assertThat(report(disk).journals().getFirst().sections()).containsExactly(new SectionEnd(0, 60),
          new SectionEnd(5, 1));
    }
  }

  @Test
  void reportsEveryDamagedByteOfWhatWasSealed() {
    try (var pristine = new Disk(1)) {
      fill(pristine, 6, true);
      Bytes whole = pristine.file("j", FIRST);
      int pages = (whole.size() - 8) / 76;
      long content = 6 * 51;
      for (int at = 0; at < whole.size(); at++) {
        int within = (at - 8) % 76;
        boolean padding = at >= 8 && (at - 8) / 76 == pages - 1 && within < 64 && within >= content % 64;
        boolean slot = at >= 8 && within >= 64; // an unused or older record may change without harm
        int offset = at;
        pristine.node().disk().flipBit(Disk.LOCATION, "j", FIRST, at);
        try {
          var read = pristine.withStore(CONFIG, instance -> instance.read("j", 0, 0, 100, 1 << 20));
          assertThat(padding || slot).as("a flip at %d is told", offset).isTrue();
          assertThat(read).isEqualTo(items(0, 6));
        } catch (CorruptionException e) {
          assertThat(e.partition()).isEqualTo("j");
          assertThat(e.blob()).isEqualTo("0000000000000000");
        }
        pristine.put("j", FIRST, whole);
      }
    }
  }

  @Test
  void refusesDamageBelowAMarkAndChangesNothing() {
    try (var disk = new Disk(1)) {
      fill(disk, 30, false);
      report(disk); // opens and marks
      disk.node().disk().flipBit(Disk.LOCATION, "j", FIRST, 8 + 2 * 76 + 5);
      Bytes damaged = disk.file("j", FIRST);
      var thrown = catchThrowableOfType(CorruptionException.class, () -> report(disk));
      assertThat(thrown.partition()).isEqualTo("j");
      assertThat(thrown.blob()).isEqualTo("0000000000000000");
      assertThat(thrown.offset()).isBetween(8L + 76, 8L + 3 * 76);
      assertThat(disk.file("j", FIRST)).isEqualTo(damaged);
    }
  }

  @Test
  void aPageThatWasSyncedTwiceProvesThatThoseBeforeWereDurable() {
    try (var disk = new Disk(1)) {
      disk.withStore(CONFIG, instance -> {
        instance.create("j");
        for (int i = 0; i < 20; i++) {
          instance.append("j", 0, i, List.of(item(i)));
          instance.sync();
        }
        return true;
      });
      disk.run(storage -> storage.remove(Family.PARTITION, Marks.BLOB.toArray()));
      disk.node().disk().flipBit(Disk.LOCATION, "j", FIRST, 8 + 5);
      var thrown = catchThrowableOfType(CorruptionException.class, () -> report(disk));
      assertThat(thrown.offset()).isEqualTo(8);
    }
  }

  @Test
  void onlyLooksAtPartitionsThatItDoesNotKnow() {
    try (var disk = new Disk(1)) {
      byte[] torn = disk.call(storage -> {
        var files = new BlobFiles(storage, 4, () -> {});
        var blob = new PagedBlob("reference", FIRST, CONFIG, files, new PageWindow(64));
        blob.append(new byte[] {2, 7, 7, 9, 1}); // one item, and another without its end
        blob.flush().sync();
        files.closeAll();
        return disk.file("reference", FIRST).toArray();
      });
      disk.put("metadata", Bytes.ofHex("6c656674").toArray(), Bytes.ofHex("4357494300000000"));
      disk.put("records", FIRST, Bytes.wrap(new byte[500]));
      fill(disk, 3, false);
      OpenReport report = report(disk);
      assertThat(report.journals()).extracting(OpenReport.Found::name).containsExactly("j", "reference");
      assertThat(report.bytesDropped()).isEqualTo(2);
      assertThat(disk.file("reference", FIRST)).isEqualTo(Bytes.of(torn));
      disk.withStore(CONFIG, instance -> {
        instance.create("reference");
        assertThat(instance.read("reference", 0, 0, 9, 99)).containsExactly(Bytes.of((byte) 7, (byte) 7));
        instance.append("reference", 0, 1, items(1, 1));
        instance.sync();
        return true;
      });
      assertThat(report(disk).journals().get(1).sections()).containsExactly(new SectionEnd(0, 2));
      assertThat(disk.file("records", FIRST)).isEqualTo(Bytes.wrap(new byte[500]));
    }
  }

  @Test
  void refusesAnotherPageSizeAndCompressionSwitched() {
    try (var disk = new Disk(1)) {
      fill(disk, 3, true);
      var otherPages = new StoreConfig(128, 256, 0, 1 << 20, 4);
      var compressed = new StoreConfig(64, 256, 1, 1 << 20, 4);
      assertThatThrownBy(() -> disk.withStore(otherPages, instance -> true)).isInstanceOf(ConfigException.class)
          .hasMessageContaining("pageBytes");
      assertThatThrownBy(() -> disk.withStore(compressed, instance -> true)).isInstanceOf(ConfigException.class)
          .hasMessageContaining("compressionLevel");
      assertThat(report(disk).journals().getFirst().sections()).containsExactly(new SectionEnd(0, 3));
    }
  }

  @ParameterizedTest
  @CsvSource({"7,256,0,1,4,pageBytes", "65536,256,0,1,4,pageBytes", "64,255,0,1,4,writeBufferBytes",
      "64,16777217,0,1,4,writeBufferBytes", "64,256,-1,1,4,compressionLevel", "64,256,23,1,4,compressionLevel",
      "64,256,0,0,4,itemBytesMax", "64,256,0,67108865,4,itemBytesMax", "64,256,0,1,3,openBlobsMax",
      "64,256,0,1,4097,openBlobsMax"})
  void refusesConfigurationOutOfRange(int page, int buffer, int level, int item, int blobs, String key) {
    assertThatThrownBy(() -> new StoreConfig(page, buffer, level, item, blobs)).isInstanceOfSatisfying(
        ConfigException.class, e -> assertThat(e.key()).isEqualTo(key));
  }

  @Test
  void keepsNoMoreFilesOpenThanConfigured() {
    try (var disk = new Disk(1)) {
      disk.withStore(CONFIG, instance -> {
        instance.create("j");
        for (long section = 0; section < 40; section++) {
          instance.append("j", section, 0, items(0, 2));
        }
        for (long section = 0; section < 40; section++) {
          assertThat(instance.read("j", section, 0, 9, 999)).hasSize(2);
        }
        instance.sync();
        assertThat(disk.node().metrics().value("tenon_journal_open_blobs", "slot", "v0/journal/test"))
            .isLessThanOrEqualTo(4);
        return true;
      });
      assertThat(report(disk).journals().getFirst().sections()).hasSize(40);
    }
  }

  /// Each open file may fill a write buffer.
  @Test
  void keepsNoMoreFilesOpenThanItsBudgetHasBuffersFor() {
    var config = new StoreConfig(64, 4_096, 0, 1 << 20, 128);
    for (int buffers : new int[] {0, 6, 500}) {
      try (var disk = new Disk(1)) {
        disk.run(storage -> {
          var whole = disk.context(storage);
          var instance = new SegmentedJournalProvider(config).open(new OpenContext(whole.slot(), whole.location(),
              whole.generation(), storage, whole.clock(), whole.metrics(), 2L * 4_096 * buffers));
          instance.create("j");
          for (long section = 0; section < 40; section++) {
            instance.append("j", section, 0, items(0, 2));
          }
          instance.sync();
          assertThat(disk.node().metrics().value("tenon_journal_open_blobs", "slot", "v0/journal/test"))
              .isEqualTo(Math.clamp(buffers, 4, 40));
          instance.close();
        });
      }
    }
  }

  @Test
  void aFrameThatGrowsBeyondTheLimitIsRefused() {
    var small = new StoreConfig(64, 256, 3, 1_000, 4);
    var large = new StoreConfig(64, 256, 3, 1 << 20, 4);
    try (var disk = new Disk(1)) {
      disk.withStore(large, instance -> {
        instance.create("j");
        instance.append("j", 0, 0, List.of(Bytes.wrap(new byte[1 << 20])));
        instance.seal();
        return true;
      });
      assertThatThrownBy(() -> disk.withStore(small, instance -> instance.read("j", 0, 0, 1, 1)))
          .isInstanceOf(CorruptionException.class);
    }
  }

  @Test
  void anyBytesAsFilesEndInATypedErrorOrInItems() {
    for (int seed = 0; seed < 600; seed++) {
      var random = new SplittableRandom(seed);
      try (var disk = new Disk(seed)) {
        for (int blob = 0; blob < 3; blob++) {
          disk.put("j", ByteBuffer.allocate(8).putLong(blob).array(), garbage(random));
        }
        if (seed % 3 == 0) {
          disk.put(Family.PARTITION, Family.BLOB.toArray(), garbage(random));
        }
        disk.put(Family.PARTITION, Marks.BLOB.toArray(), garbage(random));
        try {
          disk.withStore(CONFIG, instance -> {
            for (var journal : instance.report().journals()) {
              instance.create(journal.name());
              for (SectionEnd section : journal.sections()) {
                instance.read(journal.name(), section.section(), 0, 100, 1 << 20);
              }
            }
            return true;
          });
        } catch (CorruptionException e) {
          assertThat(e.partition()).isNotBlank();
        }
      }
    }
  }

  /// Half of it pages with valid checksums, so that the layers above see it.
  private static Bytes garbage(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(600)];
    random.nextBytes(bytes);
    byte[] header = Bytes.ofHex("4357494300000000").toArray();
    System.arraycopy(header, 0, bytes, 0, Math.min(8, bytes.length));
    if (random.nextBoolean()) {
      for (int page = 8; page + 76 <= bytes.length; page += 76) {
        PageRecord.put(bytes, page, 64, 0, 64);
        bytes[page + 70] = 0;
        bytes[page + 71] = 0;
      }
    }
    return Bytes.wrap(bytes);
  }
}
