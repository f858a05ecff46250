package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SwapLimits;
import dev.tenon.handover.Terms;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.segmented.SegmentedJournalConfig;
import dev.tenon.journal.segmented.SegmentedJournalProvider;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import dev.tenon.slot.SlotState;
import dev.tenon.testkit.journal.JournalWriter;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: whatever becomes of provider, disk and node, nothing acknowledged is lost, each change takes effect once and
/// in its caller's order, and in the end everybody is served again. Method: writers that compare what they read with
/// what they did, under a script of one seed.
class JournalSlotSimTest {
  private static final int SEEDS =
      Integer.getInteger("tenon.slot.seeds", Boolean.getBoolean("tenon.nightly") ? 500 : 20);
  private static final SwapLimits QUICK = new SwapLimits(20, 3_600_000, 2_000, 1_000, 500, 5_000);
  private static final SlotLimits SMALL =
      new SlotLimits(256, 1 << 20, 10_000, 5_000, 600_000, 2_000, 100, 10_000, QUICK);

  private static final List<Trouble> SINGLE = Arrays.stream(Trouble.values()).filter(kind -> kind !=
      Trouble.ALL).toList();

  /// What the script does beside the load.
  enum Trouble {
    UPDATES, SWAPS, OTHER_FAILS, OTHER_HANGS, PROVIDER_FAILS, DISK_FAILS, DISK_FULL, POWER_LOSS, PROCESS_KILL,
    /// Each of the others, in turn.
    ALL
  }

  /// One run of a seed.
  static final class Run implements AutoCloseable {
    final SlotWorld world;
    final List<JournalWriter> writers = new ArrayList<>();
    final Random random;

    Run(long seed) {
      this(seed, Optional.empty());
    }

    Run(long seed, Optional<Supplier<JournalProvider>> makes) {
      random = new Random(seed);
      world = new SlotWorld(seed, seed % 2 == 0 ? SMALL : SlotLimits.DEFAULT);
      // In every third run the other one reads and writes the same format: the location is opened, not copied.
      String format = seed % 3 == 1 ? "plain-1" : "other-1";
      world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), format, false, false);
      world.registerOther();
      world.onGone = seed % 4 < 2 ? Terms.OnGone.PARK : Terms.OnGone.MIGRATE;
      world.wish(world.wish);
      makes.ifPresent(made -> {
        world.withdraw(() -> {});
        world.makes = made;
        world.register();
      });
      for (int i = 0; i < 3; i++) {
        writers.add(new JournalWriter("w" + i));
      }
      world.onPublish = () -> writers.forEach(writer -> writer.start(world.node.runtime(), world.store()));
    }

    void trouble(Trouble kind) {
      Trouble now = kind == Trouble.ALL ? SINGLE.get(random.nextInt(SINGLE.size())) : kind;
      switch (now) {
        case UPDATES -> {
          if (world.node.isUp() && world.isRegistered()) {
            world.withdraw(() -> {});
            world.provides = random.nextInt(4) > 0;
            world.simulation.after(Duration.ofMillis(random.nextInt(2_000)), this::comeBack);
          }
        }
        case SWAPS -> swap();
        case OTHER_FAILS -> {
          int[] in = {random.nextInt(60)};
          world.otherFault = call -> {
            if (in[0]-- == 0) {
              throw random.nextBoolean() ? new StorageFailedException("planted") : new IllegalStateException(call);
            }
          };
          swap();
        }
        case OTHER_HANGS -> {
          int[] in = {random.nextInt(60)};
          world.otherFault = call -> {
            if (in[0]-- == 0) {
              world.node.runtime().waiter().sleepUntil(Long.MAX_VALUE);
            }
          };
          swap();
        }
        case PROVIDER_FAILS -> {
          int[] in = {random.nextInt(20)};
          world.fault = call -> {
            if (in[0]-- == 0) {
              throw random.nextBoolean() ? new StorageFailedException("planted") : new IllegalStateException(call);
            }
          };
        }
        case DISK_FAILS -> {
          DiskOp[] ops = {DiskOp.OPEN, DiskOp.READ, DiskOp.WRITE, DiskOp.SYNC, DiskOp.SCAN, DiskOp.REPLACE};
          world.node.disk().failNext(ops[random.nextInt(ops.length)], 1 + random.nextInt(5));
        }
        case DISK_FULL -> {
          world.node.disk().full(random.nextInt(4_000));
          world.simulation.after(Duration.ofMillis(random.nextInt(3_000)), () -> world.node.disk().roomAgain());
        }
        case POWER_LOSS -> {
          swap();
          world.node.crash(CrashKind.POWER_LOSS, Duration.ofMillis(50));
        }
        case PROCESS_KILL -> {
          swap();
          world.node.crash(CrashKind.PROCESS_KILL, Duration.ofMillis(50));
        }
        case ALL -> throw new AssertionError("drawn above");
      }
    }

    /// The other provider is wished for, or the first one again; now and then one of them vanishes meanwhile.
    private void swap() {
      if (!world.node.isUp()) {
        return;
      }
      world.wish(world.wish.equals("plain") ? "other" : "plain");
      if (random.nextInt(6) == 0 && world.isOtherRegistered()) {
        world.simulation.after(Duration.ofMillis(random.nextInt(600)), () -> {
          if (world.node.isUp() && world.isOtherRegistered()) {
            world.withdrawOther();
          }
        });
        world.simulation.after(Duration.ofMillis(600 + random.nextInt(1_000)), this::comeBack);
      }
    }

    private void comeBack() {
      world.provides = true;
      if (world.node.isUp() && !world.isOtherRegistered()) {
        world.registerOther();
      }
      if (world.node.isUp() && !world.isRegistered()) {
        world.register();
      }
    }

    void run(Trouble kind, Duration time) {
      Duration until = world.simulation.now().plus(time);
      while (world.simulation.now().compareTo(until) < 0) {
        world.simulation.run(Duration.ofMillis(random.nextInt(300)));
        trouble(kind);
      }
    }

    /// The world is well again: everybody has to be served within a bounded time.
    void heal() {
      world.fault = call -> {};
      world.otherFault = call -> {};
      world.node.disk().roomAgain();
      if (!world.node.isUp()) {
        world.simulation.runUntil(world.node::isUp, Duration.ofSeconds(5));
      }
      world.simulation.run(Duration.ofSeconds(3));
      comeBack();
      int[] before = writers.stream().mapToInt(writer -> writer.commits()).toArray();
      writers.forEach(writer -> writer.calm());
      // Planted faults that are left may each cost an attempt, and each attempt up to ten seconds.
      served("commits", i -> writers.get(i).commits() > before[i]);
      answered();
      // One more start, and everything is compared once more.
      int[] loads = writers.stream().mapToInt(writer -> writer.loads()).toArray();
      world.node.crash(CrashKind.POWER_LOSS, Duration.ofMillis(50));
      served("loads", i -> writers.get(i).loads() > loads[i]);
    }

    /// Once somebody serves again, each question is answered before what is asked now would expire.
    private void answered() {
      boolean all = world.simulation.runUntil(() -> writers.stream().allMatch(writer -> writer.owed() == 0),
          Duration.ofMillis(world.limits.parkTimeoutMs()));
      assertThat(all).as("answers are owed to writers: %s, %s",
          writers.stream().map(JournalWriter::owed).toList(), world.slots.slots()).isTrue();
    }

    private void served(String what, IntPredicate each) {
      boolean all = world.simulation.runUntil(() -> IntStream.range(0, writers.size()).allMatch(each),
          Duration.ofMinutes(10));
      assertThat(all).as(what + ": " + world.slots.slots()).isTrue();
    }

    @Override
    public void close() {
      world.close();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void nothingAcknowledgedIsLost(Trouble kind) {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Run run = new Run(seed)) {
        run.run(kind, Duration.ofSeconds(4));
        run.heal();
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError("seed " + seed + ", " + kind + ": " + failed.getMessage(), failed);
      }
    }
  }

  /// The checks above can fail: a provider that says durable without a sync is found by power losses.
  @Test
  void findsAProviderThatForgetsToSync() {
    int found = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Run run = new Run(seed)) {
        run.world.forgetsToSync = true;
        run.world.withdraw(() -> {});
        run.world.register();
        run.run(Trouble.POWER_LOSS, Duration.ofSeconds(4));
        run.heal();
      } catch (AssertionError lost) {
        found++;
      }
    }
    assertThat(found).isGreaterThan(SEEDS / 2);
  }

  /// The same load over the provider that ships.
  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"UPDATES", "SWAPS", "DISK_FAILS", "DISK_FULL", "POWER_LOSS", "PROCESS_KILL"})
  void segmentedLosesNothingEither(Trouble kind) {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Run run = new Run(seed, Optional.of(() -> new SegmentedJournalProvider(segmentedDefaults())))) {
        run.run(kind, Duration.ofSeconds(3));
        run.heal();
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError("seed " + seed + ", " + kind + ": " + failed.getMessage(), failed);
      }
    }
  }

  static SegmentedJournalConfig segmentedDefaults() {
    return (SegmentedJournalConfig) Proxy.newProxyInstance(SegmentedJournalConfig.class.getClassLoader(),
        new Class<?>[] {SegmentedJournalConfig.class}, (proxy, method, args) -> method.getDefaultValue());
  }

  /// A short run with an update and a failed sync, counted; then once more for each of its runtime calls, with the node
  /// crashing in it.
  @ParameterizedTest
  @EnumSource
  void aCrashAtEachRuntimeCallLosesNothing(CrashKind kind) {
    long calls = crashed(kind, Long.MAX_VALUE);
    assertThat(calls).isGreaterThan(200);
    for (long call = 1; call <= calls; call++) {
      try {
        crashed(kind, call);
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError("call " + call + ": " + failed.getMessage(), failed);
      }
    }
  }

  /// The same over the provider that ships, and with a power loss soon after: what the next start saw of records, owner
  /// files and journals may have been in the page cache only.
  @Test
  void aKillAtEachRuntimeCallAndAPowerLossSoonAfterLoseNothing() {
    for (long call = 1; call <= 400; call++) {
      try (Run run = new Run(3, Optional.of(() -> new SegmentedJournalProvider(segmentedDefaults())))) {
        SlotWorld world = run.world;
        world.node.crashAtCall(world.node.calls() + call, CrashKind.PROCESS_KILL, Duration.ofMillis(50));
        world.simulation.after(Duration.ofMillis(100), () -> run.trouble(Trouble.UPDATES));
        world.simulation.run(Duration.ofMillis(500));
        world.node.crashAtCall(world.node.calls() + 1 + call % 97, CrashKind.POWER_LOSS, Duration.ofMillis(50));
        world.simulation.run(Duration.ofMillis(500));
        world.node.crashAtCall(Long.MAX_VALUE, CrashKind.POWER_LOSS, null);
        run.heal();
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError("call " + call + ": " + failed.getMessage(), failed);
      }
    }
  }

  private static long crashed(CrashKind kind, long call) {
    try (Run run = new Run(3)) {
      SlotWorld world = run.world;
      if (call > world.node.calls()) {
        world.node.crashAtCall(call, kind, Duration.ofMillis(50));
      }
      int[] syncs = {3};
      world.fault = at -> {
        if (at.equals("sync") && syncs[0]-- == 0) {
          throw new StorageFailedException("planted");
        }
      };
      world.simulation.after(Duration.ofMillis(100), () -> run.trouble(Trouble.UPDATES));
      world.simulation.run(Duration.ofMillis(500));
      long calls = world.node.calls();
      // A crash that is already on its way still comes, and the node has to come back from it.
      world.node.crashAtCall(Long.MAX_VALUE, kind, Duration.ofMillis(50));
      run.heal();
      return calls;
    }
  }

  /// The runs above do hand over: a wish that stays is fulfilled, and what was written before is read from there.
  @Test
  void aWishThatStaysIsFulfilledUnderLoad() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Run run = new Run(seed)) {
        run.world.simulation.run(Duration.ofMillis(500));
        for (String wish : List.of("other", "plain", "other")) {
          run.world.wish(wish);
          boolean served = run.world.simulation.runUntil(() -> run.world.isIn(SlotState.ACTIVE)
              && run.world.status().provider().startsWith(wish + "@"), Duration.ofMinutes(1));
          assertThat(served).as("seed " + seed + ", wish " + wish + ": " + run.world.slots.slots()).isTrue();
        }
        assertThat(run.world.status().generation()).isEqualTo(4);
        run.heal();
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    List<String> digests = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (Run run = new Run(7)) {
        run.run(Trouble.ALL, Duration.ofSeconds(3));
        digests.add(run.world.simulation.digest());
      }
    }
    assertThat(digests.get(0)).isEqualTo(digests.get(1));
  }
}
