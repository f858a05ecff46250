package dev.tenon.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.NoSpaceException;
import dev.tenon.runtime.storage.ShortReadException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimDiskTest {
  private static final byte[] NAME = {7};
  private static final int PIECES = 4;
  private static final int BYTES = PIECES * SimFile.PIECE_BYTES;

  private static ByteBuffer filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return ByteBuffer.wrap(bytes);
  }

  private static boolean onDisk(Simulation sim, SimNode node, Consumer<Storage> task) {
    return sim.blocking(node, () -> {
      task.accept(node.runtime().volume().scope("x"));
      return true;
    });
  }

  private static SimNode empty(Simulation sim) {
    return sim.node("v0", node -> {});
  }

  /// @return which pieces hold the second value, as bits, after a synced first and an unsynced second write
  private static int survivors(long seed, Consumer<SimNode> end) {
    try (Simulation sim = Simulation.seeded(seed)) {
      SimNode node = empty(sim);
      onDisk(sim, node, storage -> {
        Blob blob = storage.open("p", NAME);
        blob.write(0, filled(BYTES, 1));
        blob.sync();
        blob.write(0, filled(BYTES, 2));
      });
      end.accept(node);
      node.start();
      Bytes left = node.disk().bytes("x", "p", NAME);
      assertThat(left.size()).isEqualTo(BYTES);
      int bits = 0;
      for (int piece = 0; piece < PIECES; piece++) {
        int first = left.get(piece * SimFile.PIECE_BYTES);
        for (int i = 0; i < SimFile.PIECE_BYTES; i++) {
          assertThat(left.get(piece * SimFile.PIECE_BYTES + i)).isEqualTo((byte) first);
        }
        bits |= (first - 1) << piece;
      }
      return bits;
    }
  }

  @Test
  void powerLossLeavesAnySubsetOfUnsyncedPiecesNotOnlyAPrefix() {
    var seen = new TreeSet<Integer>();
    for (long seed = 0; seed < 1_000; seed++) {
      seen.add(survivors(seed, node -> node.crash(CrashKind.POWER_LOSS)));
    }
    assertThat(seen).hasSize(1 << PIECES);
  }

  @Test
  void processKillLeavesAllThatWasWrittenAndStillUnsynced() {
    var seen = new TreeSet<Integer>();
    for (long seed = 0; seed < 100; seed++) {
      assertThat(survivors(seed, node -> node.crash(CrashKind.PROCESS_KILL))).isEqualTo((1 << PIECES) - 1);
      seen.add(survivors(seed, node -> {
        node.crash(CrashKind.PROCESS_KILL);
        node.start();
        node.crash(CrashKind.POWER_LOSS);
      }));
    }
    assertThat(seen).hasSizeGreaterThan(4);
  }

  @Test
  void powerLossLeavesAnyLengthBetweenTheDurableAndTheWrittenOne() {
    var seen = new TreeSet<Integer>();
    for (long seed = 0; seed < 300; seed++) {
      try (Simulation sim = Simulation.seeded(seed)) {
        SimNode node = empty(sim);
        onDisk(sim, node, storage -> {
          Blob blob = storage.open("p", NAME);
          blob.write(0, filled(100, 1));
          blob.sync();
          blob.write(100, filled(900, 2));
        });
        node.crash(CrashKind.POWER_LOSS);
        seen.add(node.disk().bytes("x", "p", NAME).size());
      }
    }
    assertThat(seen.first()).isEqualTo(100);
    assertThat(seen.last()).isEqualTo(1_000);
    assertThat(seen).hasSizeGreaterThan(20);
  }

  @Test
  void whatWasSyncedSurvivesEveryCrash() {
    for (long seed = 0; seed < 100; seed++) {
      try (Simulation sim = Simulation.seeded(seed)) {
        SimNode node = empty(sim);
        onDisk(sim, node, storage -> {
          Blob blob = storage.open("p", NAME);
          blob.write(0, filled(BYTES, 3));
          storage.syncAll(List.of(blob));
        });
        node.crash(CrashKind.POWER_LOSS);
        assertThat(node.disk().bytes("x", "p", NAME)).isEqualTo(Bytes.of(filled(BYTES, 3)));
        assertThat(node.disk().unsyncedBytes()).isZero();
      }
    }
  }

  @Test
  void aBlobThatWasNeverSyncedMayBeGone() {
    int gone = 0;
    for (long seed = 0; seed < 100; seed++) {
      try (Simulation sim = Simulation.seeded(seed)) {
        SimNode node = empty(sim);
        onDisk(sim, node, storage -> storage.open("p", NAME));
        node.crash(CrashKind.POWER_LOSS);
        gone += node.disk().blobs("x", "p").isEmpty() ? 1 : 0;
      }
    }
    assertThat(gone).isBetween(10, 90);
  }

  /// Goal: remove and replace are all or nothing, undone only until they returned. Method: a crash at each call.
  @Test
  void removeAndReplaceAreUndoneOnlyUntilTheyReturned() {
    var seen = new TreeSet<String>();
    for (long seed = 0; seed < 40; seed++) {
      for (int call = 1; call <= 8; call++) {
        try (Simulation sim = Simulation.seeded(seed)) {
          SimNode node = empty(sim);
          onDisk(sim, node, storage -> {
            storage.replace("p", new byte[] {1}, filled(10, 1));
            storage.replace("p", new byte[] {2}, filled(10, 1));
          });
          int[] returned = {0};
          var strand = node.runtime().strand("s");
          node.crashAtCall(node.calls() + call);
          node.runtime().spawn("a", dev.tenon.runtime.MailboxSpec.<Integer>oneLane(2), context -> message -> {});
          sim.after(Duration.ZERO, () -> strand.run("change", () -> {
            Storage storage = node.runtime().volume().scope("x");
            storage.replace("p", new byte[] {1}, filled(20, 2));
            returned[0] = 1;
            storage.remove("p", new byte[] {2});
            returned[0] = 2;
            return true;
          }));
          sim.run(Duration.ofSeconds(1));
          Bytes first = node.disk().bytes("x", "p", new byte[] {1});
          boolean second = node.disk().blobs("x", "p").size() == 2;
          assertThat(first).isIn(Bytes.of(filled(10, 1)), Bytes.of(filled(20, 2)));
          assertThat(returned[0] >= 1 && first.size() == 10).as("a replace that returned stays").isFalse();
          assertThat(returned[0] >= 2 && second).as("a remove that returned stays").isFalse();
          seen.add(returned[0] + " " + first.size() + " " + second);
        }
      }
    }
    assertThat(seen).contains("0 10 true", "0 20 true", "1 20 true", "1 20 false", "2 20 false");
  }

  @Test
  void fullDiskTakesNothingMoreAndHealsWithRoom() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim);
      onDisk(sim, node, storage -> {
        Blob blob = storage.open("p", NAME);
        node.disk().full(1_000);
        assertThat(storage.usableBytes()).isEqualTo(1_000);
        blob.write(0, filled(900, 1));
        assertThatThrownBy(() -> blob.write(900, filled(200, 1))).isInstanceOf(NoSpaceException.class);
        assertThatThrownBy(blob::sync).isInstanceOf(StorageFailedException.class);
        assertThatThrownBy(() -> storage.replace("p", new byte[] {1}, filled(200, 1)))
            .isInstanceOf(NoSpaceException.class);
        node.disk().roomAgain();
        blob.close();
        Blob again = storage.open("p", NAME);
        assertThat(again.size()).isBetween(900L, 1_000L);
        again.write(900, filled(200, 1));
        again.sync();
        assertThat(again.size()).isEqualTo(1_100);
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachKindOfCallFailsWhenTold(DiskOp op) {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim);
      var volume = node.runtime().volume();
      boolean failed = sim.blocking(node, () -> {
        node.disk().failNext(op, 1);
        try {
          Storage storage = volume.scope("x");
          Blob blob = storage.open("p", NAME);
          blob.write(0, filled(10, 1));
          blob.resize(5);
          blob.sync();
          blob.read(0, ByteBuffer.allocate(5));
          blob.close();
          storage.scan("p");
          storage.replace("p", NAME, filled(3, 3));
          storage.remove("p", NAME);
          volume.rename("x", "y");
          volume.delete("y");
          return false;
        } catch (StorageFailedException expected) {
          return true;
        }
      });
      assertThat(failed).isTrue();
      assertThat(node.disk().calls(op)).isEqualTo(1);
    }
  }

  @Test
  void afterAFailedSyncOnlyANewHandleWorksAndSeesWhatTheDiskKept() {
    var kept = new TreeSet<Integer>();
    for (long seed = 0; seed < 100; seed++) {
      try (Simulation sim = Simulation.seeded(seed)) {
        SimNode node = empty(sim);
        onDisk(sim, node, storage -> {
          Blob blob = storage.open("p", NAME);
          blob.sync();
          blob.write(0, filled(BYTES, 1));
          node.disk().failNext(DiskOp.SYNC, 1);
          assertThatThrownBy(blob::sync).isInstanceOf(StorageFailedException.class);
          assertThatThrownBy(blob::sync).isInstanceOf(StorageFailedException.class);
          blob.close();
          kept.add((int) storage.open("p", NAME).size());
        });
      }
    }
    assertThat(kept).contains(0, BYTES);
  }

  @Test
  void whatIsSeenAfterAFailedSyncIsDurableWithTheNextOne() {
    var shares = new TreeSet<Integer>();
    for (long seed = 0; seed < 60; seed++) {
      try (Simulation sim = Simulation.seeded(seed)) {
        SimNode node = empty(sim);
        onDisk(sim, node, storage -> {
          Blob blob = storage.open("p", NAME);
          blob.sync();
          blob.write(0, filled(BYTES, 1));
          node.disk().failNext(DiskOp.SYNC, 1);
          assertThatThrownBy(blob::sync).isInstanceOf(StorageFailedException.class);
        });
        if (seed % 2 == 0) { // the next one may be another process's
          node.crash(CrashKind.PROCESS_KILL);
          node.start();
        }
        var seen = new ArrayList<Bytes>();
        onDisk(sim, node, storage -> {
          try (Blob blob = storage.open("p", NAME)) {
            seen.add(node.disk().bytes("x", "p", NAME));
            blob.sync();
          }
        });
        node.crash(CrashKind.POWER_LOSS);
        assertThat(node.disk().bytes("x", "p", NAME)).isEqualTo(seen.getFirst());
        shares.add(seen.getFirst().size());
      }
    }
    assertThat(shares).contains(0, BYTES);
  }

  private static boolean replaceFails(SimNode node, Storage storage, int value) {
    node.disk().failNext(DiskOp.REPLACE, 1);
    assertThatThrownBy(() -> storage.replace("p", NAME, filled(1, value))).isInstanceOf(StorageFailedException.class);
    return node.disk().bytes("x", "p", NAME).get(0) == value;
  }

  @Test
  void whatLastsOutlastsAnEarlierChangeOfTheNameThatFailed() {
    for (long seed = 0; seed < 100; seed++) {
      try (Simulation sim = Simulation.seeded(seed)) {
        SimNode node = empty(sim);
        onDisk(sim, node, storage -> {
          storage.replace("p", NAME, filled(1, 1));
          replaceFails(node, storage, 2);
          storage.replace("p", NAME, filled(1, 3));
        });
        node.crash(CrashKind.POWER_LOSS);
        assertThat(node.disk().bytes("x", "p", NAME)).isEqualTo(Bytes.of(filled(1, 3)));
        node.start();
        onDisk(sim, node, storage -> {
          replaceFails(node, storage, 4);
          storage.remove("p", NAME);
        });
        node.crash(CrashKind.POWER_LOSS);
        assertThat(node.disk().blobs("x", "p")).isEmpty();
      }
    }
  }

  @Test
  void aRemovalThatFailedIsNotUndoneOverWhatWasSyncedUnderTheName() {
    for (long seed = 0; seed < 100; seed++) {
      try (Simulation sim = Simulation.seeded(seed)) {
        SimNode node = empty(sim);
        onDisk(sim, node, storage -> {
          storage.replace("p", NAME, filled(1, 1));
          node.disk().failNext(DiskOp.REMOVE, 1);
          assertThatThrownBy(() -> storage.remove("p", NAME)).isInstanceOf(StorageFailedException.class);
          Blob blob = storage.open("p", NAME);
          blob.write(0, filled(1, 2));
          blob.sync();
        });
        node.crash(CrashKind.POWER_LOSS);
        assertThat(node.disk().bytes("x", "p", NAME)).isEqualTo(Bytes.of(filled(1, 2)));
      }
    }
  }

  @Test
  void aReplacementThatFailedMayBeSeenAndUndoneUntilItIsSynced() {
    int undone = 0;
    int kept = 0;
    for (long seed = 0; seed < 100; seed++) {
      for (boolean syncs : new boolean[] {false, true}) {
        try (Simulation sim = Simulation.seeded(seed)) {
          SimNode node = empty(sim);
          boolean seen = sim.blocking(node, () -> {
            Storage storage = node.runtime().volume().scope("x");
            storage.replace("p", NAME, filled(1, 1));
            boolean replaced = replaceFails(node, storage, 2);
            try (Blob blob = storage.open("p", NAME)) {
              if (syncs) {
                blob.sync();
              }
            }
            return replaced;
          });
          node.crash(CrashKind.POWER_LOSS);
          boolean left = node.disk().bytes("x", "p", NAME).get(0) == 2;
          if (syncs || !seen) {
            assertThat(left).isEqualTo(seen);
          } else if (left) {
            kept++;
          } else {
            undone++;
          }
        }
      }
    }
    assertThat(undone).isPositive();
    assertThat(kept).isPositive();
  }

  /// Goal: a change of names in which the process was killed may be seen by the next one and be undone by a power loss,
  /// until the next one makes it last. Method: kill in the call, look, sync or remove once more or not, lose power.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChangeOfNamesThatAKillCutOffMayBeSeenAndUndoneUntilItIsSettled(boolean settles) {
    byte[] other = {9};
    var seen = new TreeSet<String>();
    for (long seed = 0; seed < 200; seed++) {
      for (boolean replaces : new boolean[] {false, true}) {
        try (Simulation sim = Simulation.seeded(seed)) {
          SimNode node = empty(sim);
          onDisk(sim, node, storage -> storage.replace("p", NAME, filled(1, 1)));
          node.crashAtCall(node.calls() + 2, CrashKind.PROCESS_KILL, null);
          var strand = node.runtime().strand("s");
          sim.after(Duration.ZERO, () -> strand.run("change", () -> {
            Storage storage = node.runtime().volume().scope("x");
            if (replaces) {
              storage.replace("p", NAME, filled(1, 2));
            } else {
              storage.remove("p", NAME);
            }
            return true;
          }));
          sim.run(Duration.ofSeconds(1));
          assertThat(node.isUp()).isFalse();
          node.crashAtCall(Long.MAX_VALUE, CrashKind.POWER_LOSS, null);
          boolean before = changed(node, replaces);
          node.start();
          if (settles) {
            onDisk(sim, node, storage -> {
              if (replaces) {
                storage.open("p", NAME).sync();
              } else {
                storage.remove("p", other);
              }
            });
          }
          node.crash(CrashKind.POWER_LOSS);
          seen.add(replaces + " " + before + " " + changed(node, replaces));
        }
      }
    }
    assertThat(seen).contains("true true true", "true false false", "false true true", "false false false");
    if (settles) {
      assertThat(seen).hasSize(4);
    } else {
      assertThat(seen).contains("true true false", "false true false").hasSize(6);
    }
  }

  private static boolean changed(SimNode node, boolean replaces) {
    return replaces ? node.disk().bytes("x", "p", NAME).get(0) == 2 : node.disk().blobs("x", "p").isEmpty();
  }

  @Test
  void flippedBitIsRead() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim);
      onDisk(sim, node, storage -> {
        Blob blob = storage.open("p", NAME);
        blob.write(0, filled(10, 0));
        blob.sync();
        node.disk().flipBit("x", "p", NAME, 4);
        ByteBuffer read = ByteBuffer.allocate(10);
        blob.read(0, read);
        assertThat(Integer.bitCount(read.get(4) & 0xFF)).isEqualTo(1);
        assertThat(read.get(3)).isZero();
      });
    }
  }

  @Test
  void slowDiskTakesLonger() {
    Duration usual = timeToSync(1);
    assertThat(timeToSync(100)).isGreaterThan(usual.multipliedBy(20));
  }

  private static Duration timeToSync(int factor) {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim);
      node.disk().slow(factor);
      onDisk(sim, node, storage -> storage.open("p", NAME).sync());
      return sim.now();
    }
  }

  @Test
  void refusesMisuse() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim);
      onDisk(sim, node, storage -> {
        Blob blob = storage.open("p", NAME);
        assertThatThrownBy(() -> storage.open("p", NAME)).isInstanceOf(CheckFailed.class);
        assertThatThrownBy(() -> storage.open("p/q", NAME)).isInstanceOf(CheckFailed.class);
        assertThatThrownBy(() -> storage.open("p", new byte[0])).isInstanceOf(CheckFailed.class);
        assertThatThrownBy(() -> storage.open("p", new byte[121])).isInstanceOf(CheckFailed.class);
        assertThatThrownBy(() -> blob.read(0, ByteBuffer.allocate(1))).isInstanceOf(ShortReadException.class);
      });
      assertThatThrownBy(() -> sim.turn(node, () -> node.runtime().volume().scope("x").open("p", NAME)))
          .hasStackTraceContaining("storage is used from tasks of strands");
    }
  }

  @Test
  void aRenameIsDoneOrNotDone() {
    var seen = new TreeSet<String>();
    for (long seed = 0; seed < 60; seed++) {
      try (Simulation sim = Simulation.seeded(seed)) {
        SimNode node = empty(sim);
        onDisk(sim, node, storage -> {
          Blob blob = storage.open("p", NAME);
          blob.sync();
        });
        node.disk().cost(DiskOp.RENAME, Duration.ofMillis(10), Duration.ofMillis(10));
        var strand = node.runtime().strand("s");
        sim.after(Duration.ZERO, () -> strand.run("rename", () -> {
          node.runtime().volume().rename("x", "y/z");
          return true;
        }));
        sim.run(Duration.ofMillis(5));
        node.crash(CrashKind.POWER_LOSS);
        seen.add(node.disk().blobs("x", "p").size() + " " + node.disk().blobs("y/z", "p").size());
      }
    }
    assertThat(seen).containsExactly("0 1", "1 0");
  }

  @Test
  void aHealedDiskHasRoomAndNoFailureLeft() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim);
      node.disk().full(0).slow(100).failNext(DiskOp.SYNC, 1).failNext(DiskOp.WRITE, 1).heal();
      boolean written = onDisk(sim, node, storage -> {
        Blob blob = storage.open("p", NAME);
        blob.write(0, filled(BYTES, 1));
        blob.sync();
      });
      assertThat(written).isTrue();
      assertThat(sim.now()).isLessThan(Duration.ofMillis(50));
    }
  }
}
