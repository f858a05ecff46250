package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SwapLimits;
import dev.tenon.journal.Journal;
import dev.tenon.sim.DiskOp;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverProgress;
import dev.tenon.slot.SlotState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: while a store is copied, whoever is served keeps at least half of what he had, and no rest keeps the handover
/// from ending. Method: providers that are slow by the same measure in each run, under the simulator's clock.
class PacedCopyTest {
  private static final int ITEM_BYTES = 1 << 10;
  /// Items of one piece: 256 KiB.
  private static final int PIECE = 256;

  /// Reading a piece, and applying it, takes so long.
  private static SlotWorld slow(SlotLimits limits, long readMs, long applyMs, int items) {
    SlotWorld world = new SlotWorld(1, limits);
    world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false);
    world.registerOther();
    Journal journal = world.journal("history");
    append(journal, items);
    world.simulation.await(world.node, journal::commit);
    world.node.disk().cost(DiskOp.WRITE, Duration.ofNanos(100), Duration.ofNanos(100)); // what counts is said here
    world.fault = call -> sleep(world, call.equals("read") ? readMs : 0);
    world.otherFault = call -> sleep(world, call.equals("append") ? applyMs : 0);
    return world;
  }

  private static void append(Journal journal, int items) {
    for (int i = 0; i < items; i++) {
      assertThat(journal.append(1, ByteBuffer.allocate(ITEM_BYTES))).isNotEqualTo(Journal.BACKOFF);
    }
  }

  private static void sleep(SlotWorld world, long ms) {
    if (ms > 0) {
      var runtime = world.node.runtime();
      runtime.waiter().sleepUntil(runtime.clock().monotonicNs() + ms * 1_000_000);
    }
  }

  /// A caller that asks for its next commit as soon as the last was answered.
  private static int commits(SlotWorld world, Journal journal, Duration time) {
    Duration until = world.simulation.now().plus(time);
    int commits = 0;
    while (world.simulation.now().compareTo(until) < 0) {
      append(journal, 1);
      world.simulation.await(world.node, journal::commit);
      commits++;
    }
    return commits;
  }

  private static boolean serves(SlotWorld world, String provider) {
    return world.isIn(SlotState.ACTIVE) && world.status().provider().startsWith(provider + "@");
  }

  @Test
  void whoIsServedKeepsHalfOfItWhileAStoreIsCopied() {
    try (SlotWorld world = slow(SlotLimits.DEFAULT, 20, 5, 100 * PIECE)) {
      Journal journal = world.journal("b");
      int without = commits(world, journal, Duration.ofSeconds(2));
      world.slots.swap(SlotWorld.NAME, "other", false);
      commits(world, journal, Duration.ofMillis(100));
      int with = commits(world, journal, Duration.ofSeconds(2));
      assertThat(world.status().state()).as("it is still copied").isEqualTo(SlotState.PREPARING);
      assertThat(with).as("commits while it is copied").isGreaterThanOrEqualTo(without / 2);
      assertThat(world.simulation.runUntil(() -> serves(world, "other"), Duration.ofMinutes(2))).isTrue();
    }
  }

  @Test
  void nobodyIsWaitedForWhereNobodyIsServed() {
    try (SlotWorld world = slow(SlotLimits.DEFAULT, 20, 20, 50 * PIECE)) {
      world.simulation.run(Duration.ofSeconds(2));
      Duration begun = world.simulation.now();
      world.slots.swap(SlotWorld.NAME, "other", false);
      assertThat(world.simulation.runUntil(() -> serves(world, "other"), Duration.ofMinutes(2))).isTrue();
      assertThat(world.simulation.now().minus(begun)).isLessThan(Duration.ofSeconds(3)); // 2 s without a rest;
    }
  }

  /// As where each is a file whose header and folder are forced one after the other.
  @Test
  void sectionsThatAreSlowToBeginAreHandedOverAllTheSame() {
    try (SlotWorld world = new SlotWorld(1)) {
      world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false);
      world.registerOther();
      world.otherFault = call -> sleep(world, List.of("append", "remove").contains(call) ? 20 : 0);
      Journal journal = world.journal("many");
      for (int section = 0; section < 1_000; section++) {
        assertThat(journal.append(section, ByteBuffer.allocate(16))).isZero();
      }
      world.simulation.await(world.node, journal::commit);
      world.slots.swap(SlotWorld.NAME, "other", false);
      boolean served = world.simulation.runUntil(() -> serves(world, "other"), Duration.ofMinutes(5));
      assertThat(served).as("" + world.slots.slots()).isTrue();
      assertThat(world.status().failedHandovers()).isZero();
      assertThat(journal.sections()).hasSize(1_000);
    }
  }

  /// Copied without a rest rounds shrink, with rests they would grow until the handover is given up.
  @Test
  void aLoadThatOutrunsThePacedCopyIsCaughtUpWith() {
    try (SlotWorld world = slow(SlotLimits.DEFAULT, 20, 20, 20 * PIECE)) {
      Journal journal = world.journal("history");
      // Without rests 6.4 items a ms are copied, with them half of that.
      boolean[] ended = new boolean[1];
      load(world, journal, 40, new boolean[1], ended);
      world.slots.swap(SlotWorld.NAME, "other", false);
      boolean served = world.simulation.runUntil(() -> serves(world, "other"), Duration.ofMinutes(2));
      assertThat(served).as("" + world.slots.slots()).isTrue();
      assertThat(world.status().outcome().kind()).isEqualTo(HandoverOutcome.Kind.DONE);
      ended[0] = true;
      world.simulation.run(Duration.ofSeconds(1));
    }
  }

  /// So many items each 10 ms, but while it is idle.
  private static void load(SlotWorld world, Journal journal, int items, boolean[] idle, boolean[] ended) {
    world.simulation.after(Duration.ofMillis(10), () -> {
      if (!ended[0]) {
        for (int i = 0; i < items && !idle[0]; i++) {
          journal.append(1, ByteBuffer.allocate(ITEM_BYTES));
        }
        journal.commit().onEnd(outcome -> {});
        load(world, journal, items, idle, ended);
      }
    });
  }

  /// The items come in while the first round, of which nothing is left, is read back.
  @Test
  void whatComesInWhileALongRoundIsComparedIsNotLeftToTheFence() {
    try (SlotWorld world = slow(SlotLimits.DEFAULT, 5, 5, 15 * PIECE)) {
      Journal journal = world.journal("history");
      boolean[] idle = {true};
      boolean[] ended = new boolean[1];
      world.otherFault = call -> {
        idle[0] &= !call.equals("sync"); // the end of the first round: less than a sync's worth was copied
        sleep(world, call.equals("read") ? 20 : 0);
      };
      load(world, journal, 5, idle, ended);
      world.slots.swap(SlotWorld.NAME, "other", false);
      long[] tail = {-1, -1}; // items copied at the fence, and at last
      assertThat(world.simulation.runUntil(() -> {
        HandoverProgress progress = world.status().progress();
        if (progress != null && world.isIn(SlotState.FENCED)) {
          tail[0] = tail[0] < 0 ? progress.items() : tail[0];
          tail[1] = progress.items();
        }
        return serves(world, "other");
      }, Duration.ofMinutes(1))).isTrue();
      assertThat(idle[0]).isFalse();
      assertThat(tail[0]).as("copied before the fence").isGreaterThan(15 * PIECE);
      assertThat(tail[1] - tail[0]).as("copied behind it").isBetween(1L, 64L);
      ended[0] = true;
      world.simulation.run(Duration.ofSeconds(1));
    }
  }

  @Test
  void aCopyThatTakesMoreThanHalfOfItsTimeEndsAllTheSame() {
    SlotLimits limits = new SlotLimits(65_536, 64L << 20, 10_000, 5_000, 600_000, 2_000, 100, 10_000,
        new SwapLimits(20, 5_000, 2_000, 1_000, 60_000, 5_000));
    // Without rests it takes 2.6 s of the 5, with rests throughout more than all.
    try (SlotWorld world = slow(limits, 20, 20, 65 * PIECE)) {
      Journal journal = world.journal("b");
      commits(world, journal, Duration.ofMillis(100));
      world.slots.swap(SlotWorld.NAME, "other", false);
      while (!serves(world, "other")) {
        commits(world, journal, Duration.ofMillis(1));
        world.simulation.run(Duration.ofMillis(200));
        assertThat(world.status().failedHandovers()).as("" + world.slots.slots()).isZero();
      }
    }
  }

  @Test
  void aReadingThatHangsGathersNoOthers() {
    try (SlotWorld world = new SlotWorld(3)) {
      int[] reports = {0};
      boolean[] hung = {false};
      HostileJournals hostile = new HostileJournals(new PlainJournals(call -> {}), (method, words, real) -> {
        if (method.equals("read") && !hung[0]) {
          hung[0] = true;
          sleep(world, Duration.ofMinutes(30).toMillis());
        }
        reports[0] += method.equals("report") ? 1 : 0; // a transfer begins with it
        return real.get();
      });
      world.withdraw(() -> {});
      world.makes = () -> hostile;
      world.register();
      world.makesOther = () -> new PlainJournals(call -> {}, "other-1", false, false);
      world.registerOther();
      Journal journal = world.journal("a");
      append(journal, 10);
      world.simulation.await(world.node, journal::commit);
      world.slots.swap(SlotWorld.NAME, "other", false);
      world.simulation.run(Duration.ofMinutes(29));
      assertThat(world.status().failedHandovers()).isGreaterThan(5);
      assertThat(value(world, "tenon_slot_overdue")).isEqualTo(1);
      int before = reports[0];
      assertThat(world.simulation.runUntil(() -> serves(world, "other"), Duration.ofMinutes(30))).isTrue();
      assertThat(reports[0] - before).as("only the attempt that succeeds reads").isEqualTo(1);
      world.simulation.run(Duration.ofSeconds(1));
      assertThat(value(world, "tenon_slot_overdue")).isZero();
    }
  }

  @Test
  void metricsTellHowFarItIsAndWhatIsKept() {
    SlotLimits limits = new SlotLimits(65_536, 64L << 20, 10_000, 5_000, 600_000, 2_000, 100, 10_000,
        new SwapLimits(20, 3_600_000, 2_000, 1_000, 60_000, 5_000));
    try (SlotWorld world = slow(limits, 20, 20, 50 * PIECE)) {
      world.slots.swap(SlotWorld.NAME, "other", false);
      assertThat(world.simulation.runUntil(() -> {
        HandoverProgress progress = world.status().progress();
        return progress != null && progress.items() == 10 * PIECE;
      }, Duration.ofSeconds(20))).isTrue();
      assertThat(value(world, "tenon_handover_prepare_remaining_bytes")).isEqualTo(40 * PIECE * ITEM_BYTES);
      assertThat(value(world, "tenon_handover_prepare_remaining_items")).isEqualTo(40 * PIECE);
      assertThat(value(world, "tenon_slot_retained_bytes")).isZero();
      assertThat(world.simulation.runUntil(() -> serves(world, "other"), Duration.ofMinutes(2))).isTrue();
      world.simulation.run(Duration.ofSeconds(5));
      assertThat(value(world, "tenon_handover_prepare_remaining_bytes")).isZero();
      assertThat(value(world, "tenon_slot_retained_bytes")).isGreaterThan(50 * PIECE * ITEM_BYTES);
      for (String phase : new String[] {"preflight", "prepare", "fence", "verify", "commit", "resume", "retire"}) {
        assertThat(world.node.metrics().value("tenon_handover_phase_seconds", "slot", SlotWorld.NAME.toString(),
            "phase", phase)).as(phase).isPositive();
      }
      assertThat(world.node.metrics().value("tenon_handover_phase_seconds", "slot", SlotWorld.NAME.toString(),
          "phase", "prepare")).isGreaterThan(50 * 0.04);
      world.simulation.run(Duration.ofSeconds(70));
      assertThat(value(world, "tenon_slot_retained_bytes")).isZero();
    }
  }

  @Test
  void aMetricTellsThatACallIsOverdue() {
    try (SlotWorld world = new SlotWorld(4)) {
      world.node.disk().cost(DiskOp.SYNC, Duration.ofSeconds(8), Duration.ofSeconds(8));
      world.simulation.run(Duration.ofSeconds(4));
      assertThat(value(world, "tenon_slot_overdue")).isZero();
      world.simulation.run(Duration.ofSeconds(2));
      assertThat(value(world, "tenon_slot_overdue")).isEqualTo(1);
      world.node.disk().cost(DiskOp.SYNC, Duration.ofMillis(1), Duration.ofMillis(1));
      world.simulation.run(Duration.ofSeconds(60));
      assertThat(value(world, "tenon_slot_overdue")).isZero();
      world.awaitState(SlotState.ACTIVE);
    }
  }

  private static double value(SlotWorld world, String metric) {
    return world.node.metrics().value(metric, "slot", SlotWorld.NAME.toString());
  }
}
