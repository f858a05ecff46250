package dev.tenon.testkit.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.NoSpaceException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What every provider of the role journal does when the world fails: nothing acknowledged is lost, nothing wrong is
/// read.
public abstract class JournalFaultContract {
  private static final int SEEDS = Boolean.getBoolean("tenon.nightly") ? 40 : 6;
  private static final int STEPS = 40;
  private static final int PRELUDE_STEPS = 250;
  private static final int SMALL_STEPS = 14;
  private static final int DAMAGED_ITEMS = 24;
  private static final int DAMAGE_STEP = 17;
  /// What may fail and yet be survived, by a provider that can do without what it did not get. A change may not.
  private static final Set<DiskOp> READS = Set.of(DiskOp.OPEN, DiskOp.READ);

  /// Called by JUnit.
  protected JournalFaultContract() {}

  /// @return the provider under test; its pages and buffers, if it has any, are best small
  protected abstract JournalProvider provider();

  /// @return how many different workloads the tests run
  protected int seeds() {
    return SEEDS;
  }

  private JournalInstance open(OpenContext context) {
    JournalInstance instance = provider().open(context);
    instance.activate();
    return instance;
  }

  /// Runs a workload until its end, a crash or a failure.
  private Optional<RuntimeException> work(SimHost host, long seed, JournalHistory history) {
    try {
      host.attempt(context -> {
        JournalInstance instance = open(context);
        try {
          new JournalWorkload(seed, history).run(instance, STEPS);
          instance.seal();
          history.synced();
        } catch (StorageFailedException e) {
          assertThatThrownBy(instance::sync).as("a failed instance is dead").isInstanceOf(StorageFailedException.class);
          throw e;
        } finally {
          instance.close();
        }
        return true;
      });
      return Optional.empty();
    } catch (StorageFailedException e) {
      return Optional.of(e);
    }
  }

  /// Every other workload starts from what an earlier one left, so that there is a past to damage.
  private JournalHistory begin(SimHost host, long seed) {
    var history = new JournalHistory(new JournalFamily());
    if (seed % 2 == 1) {
      host.run(context -> {
        JournalInstance instance = open(context);
        new JournalWorkload(seed + 500, history).run(instance, PRELUDE_STEPS);
        if (seed % 4 == 1) {
          instance.seal();
        } else {
          instance.sync();
        }
        instance.close();
        return true;
      });
    }
    return new JournalHistory(history.now());
  }

  private JournalFamily recovered(SimHost host) {
    return host.run(context -> {
      JournalInstance instance = open(context);
      try {
        return JournalFamily.read(instance);
      } finally {
        instance.close();
      }
    });
  }

  private void mustGoOn(SimHost host, long seed, JournalFamily found) {
    var history = new JournalHistory(found.copy());
    assertThat(work(host, seed + 1_000, history)).isEmpty();
    recovered(host).mustEqual(history.now());
  }

  @Test
  void aCrashAtAnyCallLosesNothingThatWasSynced() {
    for (long seed = 0; seed < seeds(); seed++) {
      long calls = calls(seed);
      for (long call = 1; call <= calls; call++) {
        for (CrashKind kind : CrashKind.values()) {
          try (var host = new SimHost(seed * 7_919 + call)) {
            JournalHistory history = begin(host, seed);
            host.node().crashAtCall(host.node().calls() + call, kind, null);
            work(host, seed, history);
            JournalFamily found = checked(host, history, "seed " + seed + ", " + kind + " at call " + call);
            // What was found is durable: a power loss now takes nothing of it.
            host.node().crash(CrashKind.POWER_LOSS);
            recovered(host).mustEqual(found);
            if (call % 5 == 0) {
              mustGoOn(host, seed, found);
            }
          }
        }
      }
    }
  }

  private JournalFamily checked(SimHost host, JournalHistory history, String where) {
    try {
      JournalFamily found = recovered(host);
      history.mustAllow(found);
      return found;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(where + ": " + e, e);
    }
  }

  private long calls(long seed) {
    try (var host = new SimHost(seed)) {
      JournalHistory history = begin(host, seed);
      long before = host.node().calls();
      assertThat(work(host, seed, history)).isEmpty();
      return host.node().calls() - before;
    }
  }

  @Test
  void aCrashDuringRecoveryLosesNothingEither() {
    for (long seed = 0; seed < seeds(); seed++) {
      long calls = calls(seed);
      for (long call = 3; call <= calls; call += 11) {
        for (long second = 1; second < 60; second += 3) {
          try (var host = new SimHost(seed * 104_729 + call)) {
            JournalHistory history = begin(host, seed);
            host.node().crashAtCall(host.node().calls() + call, kind(call), null);
            work(host, seed, history);
            host.node().crashAtCall(host.node().calls() + second, kind(second), null);
            host.attempt(context -> {
              open(context).close();
              return true;
            });
            host.node().crashAtCall(Long.MAX_VALUE, CrashKind.POWER_LOSS, null); // if there were fewer calls: never
            checked(host, history, "seed " + seed + ", crashes at calls " + call + " and " + second);
          }
        }
      }
    }
  }

  private static CrashKind kind(long number) {
    return number % 2 == 0 ? CrashKind.POWER_LOSS : CrashKind.PROCESS_KILL;
  }

  @Test
  void aFailingCallEndsTheInstanceAndLosesNothing() {
    for (long seed = 0; seed < seeds(); seed++) {
      for (DiskOp op : DiskOp.values()) {
        for (long nth = 1; nth <= 200; nth++) {
          try (var host = new SimHost(seed * 6_151 + nth)) {
            JournalHistory history = begin(host, seed);
            long failing = host.disk().calls(op) + nth;
            host.disk().failNext(op, nth);
            Optional<RuntimeException> failure = work(host, seed, history);
            if (host.disk().calls(op) < failing) {
              break; // there are fewer such calls
            }
            String where = "seed " + seed + ", " + op + " " + nth;
            assertThat(failure.isPresent() || READS.contains(op)).as("%s is not passed over", where).isTrue();
            failure.ifPresent(cause -> assertThat(cause).as(where).isNotInstanceOf(CorruptionException.class));
            JournalFamily found = checked(host, history, where);
            host.node().crash(CrashKind.POWER_LOSS);
            recovered(host).mustEqual(found);
            mustGoOn(host, seed, found);
          }
        }
      }
    }
  }

  @Test
  void aFailingCallDuringOpenFailsTheOpenAndLosesNothing() {
    for (long seed = 0; seed < seeds(); seed++) {
      long calls = calls(seed);
      for (DiskOp op : DiskOp.values()) {
        for (long nth = 1; nth <= 60; nth++) {
          try (var host = new SimHost(seed * 3_571 + nth)) {
            JournalHistory history = begin(host, seed);
            host.node().crashAtCall(host.node().calls() + calls * 2 / 3, CrashKind.PROCESS_KILL, null);
            work(host, seed, history);
            long failing = host.disk().calls(op) + nth;
            host.disk().failNext(op, nth);
            try {
              JournalFamily survived = recovered(host);
              if (host.disk().calls(op) < failing) {
                break; // there are fewer such calls
              }
              history.mustAllow(survived);
            } catch (StorageFailedException e) {
              assertThat(e).isNotInstanceOf(CorruptionException.class);
            }
            checked(host, history, "seed " + seed + ", " + op + " " + nth + " of open");
          }
        }
      }
    }
  }

  @Test
  void aFullDiskLosesNothingAndThereIsAWayOn() {
    for (long seed = 0; seed < seeds(); seed++) {
      for (long free = 0; free < 40_000; free += 487) {
        try (var host = new SimHost(seed * 2_161 + free)) {
          JournalHistory history = begin(host, seed);
          host.disk().full(free);
          Optional<RuntimeException> failure = work(host, seed, history);
          host.disk().roomAgain();
          JournalFamily found = checked(host, history, "seed " + seed + ", " + free + " bytes free");
          if (failure.isEmpty()) {
            found.mustEqual(history.now());
            break;
          }
          assertThat(failure.get()).isInstanceOf(NoSpaceException.class);
          mustGoOn(host, seed, found);
        }
      }
    }
  }

  @Test
  void aFileCutAnywhereIsRefusedOrHoldsAPrefix() {
    damageEverywhere((whole, at) -> whole.slice(0, at));
  }

  @Test
  void aFlippedBitAnywhereIsRefusedOrHoldsAPrefix() {
    damageEverywhere((whole, at) -> {
      byte[] bytes = whole.toArray();
      bytes[at] ^= (byte) (1 << (at % Byte.SIZE));
      return Bytes.wrap(bytes);
    });
  }

  @Test
  void aByteAtTheEndOfAnyFileIsRefusedOrHoldsAPrefix() {
    damageEverywhere((whole, at) -> whole.concat(whole.slice(at, whole.size())));
  }

  /// Goal: whoever reads what is damaged is told so, and the instance serves on. Method: a bit turns over in each file
  /// of a living instance that has been read from.
  @Test
  void damageThatAReadFindsEndsNothing() {
    int told = 0;
    for (boolean sealed : new boolean[] {true, false}) {
      for (Map.Entry<String, Map<Bytes, Bytes>> partition : twoJournals(sealed).entrySet()) {
        for (Map.Entry<Bytes, Bytes> file : partition.getValue().entrySet()) {
          for (int at = 0; at < file.getValue().size(); at += DAMAGE_STEP) {
            told += damageIsTold(sealed, partition.getKey(), file.getKey(), at) ? 1 : 0;
          }
        }
      }
    }
    assertThat(told).as("reads that were told of damage").isGreaterThan(10);
  }

  private Map<String, Map<Bytes, Bytes>> twoJournals(boolean sealed) {
    try (var host = new SimHost(7)) {
      fillTwo(host, sealed);
      return host.run(context -> files(context.storage()));
    }
  }

  private void fillTwo(SimHost host, boolean sealed) {
    host.run(context -> {
      JournalInstance instance = open(context);
      for (String name : List.of("first", "second")) {
        instance.create(name);
        for (int index = 0; index < DAMAGED_ITEMS; index++) {
          instance.append(name, index / 8, index % 8, List.of(counted(index)));
          instance.sync();
        }
      }
      if (sealed) {
        instance.seal();
      }
      instance.close();
      return true;
    });
  }

  private static Bytes counted(int number) {
    byte[] bytes = new byte[50];
    java.util.Arrays.fill(bytes, (byte) number);
    return Bytes.wrap(bytes);
  }

  /// @return whether a read was told of damage
  private boolean damageIsTold(boolean sealed, String partition, Bytes name, int at) {
    try (var host = new SimHost(at)) {
      fillTwo(host, sealed);
      return host.run(context -> {
        JournalInstance instance = open(context);
        assertThat(instance.read("second", 0, 0, 1, 1)).containsExactly(counted(0));
        host.disk().flipBit(SimHost.LOCATION, partition, name.toArray(), at);
        boolean told = false;
        for (String journal : List.of("first", "second")) {
          for (int index = 0; index < DAMAGED_ITEMS; index++) {
            try {
              assertThat(instance.read(journal, index / 8, index % 8, 1, 1)).containsExactly(counted(index));
            } catch (CorruptionException e) {
              told = true;
            }
          }
        }
        instance.create("third");
        instance.append("third", 0, 0, List.of(counted(1), counted(2)));
        assertThat(instance.read("third", 0, 0, 9, 999)).containsExactly(counted(1), counted(2));
        assertThat(instance.report().journals()).hasSize(3);
        instance.close();
        return told;
      });
    }
  }

  private interface Damage {
    Bytes damaged(Bytes whole, int at);
  }

  private void damageEverywhere(Damage damage) {
    for (boolean sealed : new boolean[] {true, false}) {
      try (var host = new SimHost(5)) {
        var history = new JournalHistory(new JournalFamily());
        host.run(context -> {
          JournalInstance instance = open(context);
          new JournalWorkload(11, history).run(instance, SMALL_STEPS);
          instance.sync();
          if (sealed) {
            instance.seal();
          }
          instance.close();
          return true;
        });
        Map<String, Map<Bytes, Bytes>> files = host.run(context -> files(context.storage()));
        files.forEach((partition, blobs) -> blobs.forEach((name, whole) -> {
          for (int at = 0; at < whole.size(); at++) {
            Bytes damaged = damage.damaged(whole, at);
            String where = partition + "/" + name.hex() + (sealed ? ", sealed," : "") + " damaged at " + at;
            recoveredWith(files, partition, name, damaged)
                .ifPresent(found -> mustBeAllowed(found, history.now(), sealed, where));
          }
        }));
      }
    }
  }

  /// @return what is found where one file is damaged; nothing where it is refused
  private Optional<JournalFamily> recoveredWith(Map<String, Map<Bytes, Bytes>> files, String partition, Bytes name,
      Bytes damaged) {
    try (var host = new SimHost(6)) {
      host.run(context -> {
        files.forEach((each, blobs) -> blobs.forEach((blob, whole) -> put(context.storage(), each, blob,
            each.equals(partition) && blob.equals(name) ? damaged : whole)));
        return true;
      });
      try {
        return Optional.of(recovered(host));
      } catch (CorruptionException e) {
        String where = partition + "/" + name.hex() + ": " + e;
        assertThat(e.partition()).as(where).isNotBlank();
        assertThat(e.blob()).as(where).matches("[0-9a-f]+");
        assertThat(e.offset()).as(where).isNotNegative();
        return Optional.empty();
      }
    }
  }

  /// A seal says how far everything went: what is less is damage. Without one an end may never have been forced.
  private static void mustBeAllowed(JournalFamily found, JournalFamily expected, boolean sealed, String where) {
    try {
      if (sealed) {
        found.mustEqual(expected);
      }
      mustBePrefix(found, expected);
    } catch (AssertionError e) {
      throw new AssertionError(where + ": " + e, e);
    }
  }

  private static void mustBePrefix(JournalFamily found, JournalFamily expected) {
    assertThat(found.journals.keySet()).isEqualTo(expected.journals.keySet());
    found.journals.forEach((journal, content) -> {
      JournalFamily.Content all = expected.journals.getOrDefault(journal, new JournalFamily.Content(0));
      assertThat(Long.compareUnsigned(content.floor, all.floor)).as("floor of %s", journal).isNotPositive();
      content.sections.forEach((section, items) -> {
        List<Bytes> whole = all.items(section);
        assertThat(items.size()).isLessThanOrEqualTo(whole.size());
        assertThat(items).isEqualTo(new ArrayList<>(whole.subList(0, items.size())));
      });
    });
  }

  private static Map<String, Map<Bytes, Bytes>> files(Storage storage) {
    var files = new TreeMap<String, Map<Bytes, Bytes>>();
    for (String partition : storage.partitions()) {
      var blobs = new TreeMap<Bytes, Bytes>();
      for (byte[] name : storage.scan(partition)) {
        try (Blob blob = storage.open(partition, name)) {
          var whole = java.nio.ByteBuffer.allocate((int) blob.size());
          blob.read(0, whole);
          blobs.put(Bytes.of(name), Bytes.wrap(whole.array()));
        }
      }
      files.put(partition, blobs);
    }
    return files;
  }

  private static void put(Storage storage, String partition, Bytes name, Bytes whole) {
    try (Blob blob = storage.open(partition, name.toArray())) {
      blob.write(0, whole.buffer());
      blob.sync();
    }
  }
}
