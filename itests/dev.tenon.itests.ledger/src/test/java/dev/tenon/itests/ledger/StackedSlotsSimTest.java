package dev.tenon.itests.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.Terms;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import dev.tenon.slot.SlotName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: where a ledger's slot stands on a journal's, nothing that either has acknowledged is lost, doubled or
/// reordered, whatever becomes of providers, disk and node, and in the end everybody is served again. Method: callers
/// of both slots that count, under a script of one seed.
class StackedSlotsSimTest {
  private static final int SEEDS =
      Integer.getInteger("tenon.slot.seeds", Boolean.getBoolean("tenon.nightly") ? 500 : 10);
  private static final SlotName LOWER = StackedWorld.LOWER;
  private static final SlotName UPPER = StackedWorld.UPPER;
  private static final List<Trouble> SINGLE =
      Arrays.stream(Trouble.values()).filter(kind -> kind != Trouble.ALL).toList();

  enum Trouble {
    LOWER_SWAPS, UPPER_SWAPS, BOTH_SWAP, LOWER_GOES, UPPER_GOES, LOWER_FAILS, UPPER_FAILS, LOWER_HANGS, UPPER_HANGS,
    DISK_FAILS, DISK_FULL, POWER_LOSS, PROCESS_KILL, NODE_STOPS, ALL
  }

  /// One run of a seed.
  private static final class Run implements AutoCloseable {
    final Random random;
    final StackedWorld world;
    final List<SlotName> uppers;
    final List<Counting> callers = new ArrayList<>();

    Run(long seed) {
      this(seed, false);
    }

    Run(long seed, boolean tower) {
      random = new Random(seed);
      world = new StackedWorld(seed, tower);
      uppers = tower ? List.of(UPPER, StackedWorld.TOWER) : List.of(UPPER);
      // Who is there for the one ledger's slot is of no use to the other's.
      world.onGone = tower || seed % 4 < 2 ? Terms.OnGone.PARK : Terms.OnGone.MIGRATE;
      world.wish(UPPER, "rows");
      world.wish(LOWER, "segmented");
      List<Counting> above = List.of(new Counting("a"), new Counting("b"));
      Counting beneath = new Counting("direct");
      callers.addAll(above);
      callers.add(beneath);
      world.onLedger = () -> above
          .forEach(caller -> caller.inLedger(world.node.runtime(), java.util.Objects.requireNonNull(world.ledger)));
      world.onStore =
          () -> beneath.inJournal(world.node.runtime(), java.util.Objects.requireNonNull(world.store));
    }

    void trouble(Trouble kind) {
      if (!world.node.isUp()) {
        return;
      }
      Trouble now = kind == Trouble.ALL ? SINGLE.get(random.nextInt(SINGLE.size())) : kind;
      switch (now) {
        case LOWER_SWAPS -> swap(LOWER);
        case UPPER_SWAPS -> swap(upper());
        case BOTH_SWAP -> {
          swap(LOWER);
          uppers.forEach(this::swap);
        }
        case LOWER_GOES -> goes(LOWER);
        case UPPER_GOES -> goes(upper());
        case LOWER_FAILS -> fails(LOWER);
        case UPPER_FAILS -> fails(upper());
        case LOWER_HANGS -> hangs(LOWER);
        case UPPER_HANGS -> hangs(upper());
        case DISK_FAILS -> {
          DiskOp[] ops = {DiskOp.OPEN, DiskOp.READ, DiskOp.WRITE, DiskOp.SYNC, DiskOp.SCAN, DiskOp.REPLACE};
          world.node.disk().failNext(ops[random.nextInt(ops.length)], 1 + random.nextInt(5));
        }
        case DISK_FULL -> {
          world.node.disk().full(random.nextInt(4_000));
          world.simulation.after(Duration.ofMillis(random.nextInt(3_000)), () -> world.node.disk().roomAgain());
        }
        case POWER_LOSS -> crash(CrashKind.POWER_LOSS);
        case PROCESS_KILL -> crash(CrashKind.PROCESS_KILL);
        case NODE_STOPS -> {
          swap(random.nextBoolean() ? LOWER : upper());
          world.slots.stop(() -> world.node.crash(CrashKind.PROCESS_KILL, Duration.ofMillis(50)));
          world.simulation.run(Duration.ofSeconds(8));
        }
        case ALL -> throw new AssertionError("drawn above");
      }
    }

    private SlotName upper() {
      return uppers.size() == 1 ? UPPER : uppers.get(random.nextInt(uppers.size()));
    }

    private static List<String> providers(SlotName name) {
      return name.equals(LOWER)
          ? List.of("segmented", "plain")
          : name.equals(UPPER) ? List.of("rows", "pages", "lines") : List.of("chest", "shelf");
    }

    private void swap(SlotName name) {
      List<String> others = providers(name).stream().filter(each -> !each.equals(world.wishes.get(name))).toList();
      world.wish(name, others.get(random.nextInt(others.size())));
    }

    private void goes(SlotName name) {
      List<String> from = providers(name);
      String provider = from.get(random.nextInt(from.size()));
      if (world.isThere(provider)) {
        world.withdraw(provider);
        world.simulation.after(Duration.ofMillis(random.nextInt(2_000)), () -> comeBack(provider));
      }
      if (random.nextInt(3) == 0) {
        swap(name);
      }
    }

    private void comeBack(String provider) {
      if (world.node.isUp() && !world.isThere(provider)) {
        world.register(provider);
      }
    }

    private void fails(SlotName name) {
      int[] in = {random.nextInt(60)};
      world.faults.put(name, call -> {
        if (in[0]-- == 0) {
          throw random.nextBoolean() ? new StorageFailedException("planted") : new IllegalStateException(call);
        }
      });
      swap(name);
    }

    private void hangs(SlotName name) {
      int[] in = {random.nextInt(60)};
      world.faults.put(name, call -> {
        // A slot whose opening hangs has FAILED after its limit, and waits for the operator.
        if (!call.startsWith("open") && in[0]-- == 0) {
          world.node.runtime().waiter().sleepUntil(Long.MAX_VALUE);
        }
      });
      swap(random.nextBoolean() ? LOWER : upper());
    }

    private void crash(CrashKind kind) {
      swap(LOWER);
      uppers.forEach(this::swap);
      world.simulation.run(Duration.ofMillis(random.nextInt(100)));
      world.node.crash(kind, Duration.ofMillis(50));
    }

    void run(Trouble kind, Duration time) {
      Duration until = world.simulation.now().plus(time);
      while (world.simulation.now().compareTo(until) < 0) {
        world.simulation.run(Duration.ofMillis(random.nextInt(300)));
        trouble(kind);
      }
    }

    /// The world is well again: everybody has to be served within a bounded time, and reads what was answered.
    void heal() {
      world.faults.clear();
      world.node.disk().roomAgain();
      world.await("up", world.node::isUp);
      world.simulation.run(Duration.ofSeconds(3));
      world.providers.forEach(this::comeBack);
      List<Long> before = callers.stream().map(caller -> caller.answered()).toList();
      world.await("answered", () -> {
        boolean all = true;
        for (int i = 0; i < callers.size(); i++) {
          all &= callers.get(i).answered() > before.get(i);
        }
        return all;
      });
      List<Integer> reads = callers.stream().map(caller -> caller.reads()).toList();
      world.node.crash(CrashKind.POWER_LOSS, Duration.ofMillis(50));
      world.await("read", () -> {
        boolean all = true;
        for (int i = 0; i < callers.size(); i++) {
          all &= callers.get(i).reads() > reads.get(i);
        }
        return all;
      });
      world.await("rid of what nobody has beneath", () -> world.nobodys().isEmpty());
    }

    @Override
    public void close() {
      world.close();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void nothingAcknowledgedIsLostInEitherSlot(Trouble kind) {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Run run = new Run(seed)) {
        run.run(kind, Duration.ofSeconds(4));
        run.heal();
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError("seed " + seed + ", " + kind + ": " + failed.getMessage(), failed);
      }
    }
  }

  @Test
  void nothingAcknowledgedIsLostInThreeStoreys() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Run run = new Run(seed, true)) {
        run.run(Trouble.ALL, Duration.ofSeconds(4));
        run.heal();
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError("seed " + seed + ": " + failed.getMessage(), failed);
      }
    }
  }

  /// The runs above do hand over: wishes that stay are fulfilled, on both slots at once.
  @Test
  void wishesForBothSlotsThatStayAreFulfilledUnderLoad() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Run run = new Run(seed)) {
        run.world.simulation.run(Duration.ofMillis(500));
        for (List<String> wish : List.of(List.of("plain", "pages"), List.of("segmented", "lines"),
            List.of("plain", "rows"))) {
          run.world.wish(LOWER, wish.get(0));
          run.world.wish(UPPER, wish.get(1));
          run.world.await(wish + " in seed " + seed,
              () -> run.world.serves(LOWER, wish.get(0)) && run.world.serves(UPPER, wish.get(1)));
        }
        assertThat(run.world.status(LOWER).generation()).isEqualTo(4);
        assertThat(run.world.status(UPPER).generation()).isEqualTo(4);
        assertThat(run.callers).as("a handover is delay, no error").allMatch(caller -> caller.failures() == 0);
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
