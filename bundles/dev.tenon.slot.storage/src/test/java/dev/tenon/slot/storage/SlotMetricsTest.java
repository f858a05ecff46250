package dev.tenon.slot.storage;

import static dev.tenon.slot.storage.SlotWorld.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.SlotHealth;
import dev.tenon.journal.Journal;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.slot.SlotState;
import java.time.Duration;
import java.util.Locale;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;

/// Goal: each series of a slot, and its health, say what happened to it. Method: one node, one slot, a script; the
/// values are looked at after the conductor's next tick.
class SlotMetricsTest {
  private static final Duration TICK = Duration.ofMillis(300);
  private static final double ITEM_BYTES = 5;

  private static SlotWorld world() {
    SlotWorld world = new SlotWorld(1);
    world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false);
    world.registerOther();
    return world;
  }

  private static double value(SlotWorld world, String metric) {
    return world.node.metrics().value(metric, "slot", SlotWorld.NAME.toString());
  }

  private static double handovers(SlotWorld world, String outcome) {
    return world.node.metrics().value("tenon_handover_total", "slot", SlotWorld.NAME.toString(), "outcome", outcome);
  }

  private static Result.Status health(SlotWorld world) {
    return new SlotHealth(world.slots::slots).execute().getStatus();
  }

  private static void sleep(SlotWorld world, long ms) {
    var runtime = world.node.runtime();
    runtime.waiter().sleepUntil(runtime.clock().monotonicNs() + ms * 1_000_000);
  }

  private static void awaitServed(SlotWorld world, String provider) {
    assertThat(world.simulation.runUntil(
        () -> world.isIn(SlotState.ACTIVE) && world.status().provider().startsWith(provider + "@"),
        Duration.ofMinutes(2))).as("" + world.slots.slots()).isTrue();
    world.simulation.run(TICK);
  }

  @Test
  void generationsHandoversAndCopiedBytesAreCounted() {
    try (SlotWorld world = world()) {
      Journal journal = world.journal("a");
      for (int i = 0; i < 40; i++) {
        journal.append(1, item("five" + i % 10));
      }
      world.simulation.await(world.node, journal::commit);
      world.simulation.run(TICK);
      assertThat(value(world, "tenon_slot_generation")).isEqualTo(1);
      assertThat(value(world, "tenon_handover_copied_bytes_total")).isZero();
      world.wish("other");
      awaitServed(world, "other");
      assertThat(value(world, "tenon_slot_generation")).isEqualTo(2);
      assertThat(value(world, "tenon_handover_copied_bytes_total")).isEqualTo(40 * ITEM_BYTES);
      assertThat(handovers(world, "done")).isEqualTo(1);
      int[] plain = {0};
      world.fault = call -> {
        if (call.equals("append") && plain[0]++ == 0) {
          throw new StorageFailedException("planted");
        }
      };
      world.wish("plain");
      awaitServed(world, "plain");
      assertThat(handovers(world, "failed")).isEqualTo(1);
      assertThat(handovers(world, "done")).isEqualTo(2);
      assertThat(value(world, "tenon_slot_generation")).isEqualTo(3);
      assertThat(value(world, "tenon_handover_copied_bytes_total")).as("each attempt copies")
          .isEqualTo(3 * 40 * ITEM_BYTES);
    }
  }

  @Test
  void whatIsLeftBehindIsCounted() {
    try (SlotWorld world = new SlotWorld(1)) {
      world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "plain-1", false, false);
      world.registerOther();
      Journal journal = world.journal("a");
      world.fault = call -> sleep(world, call.equals("sync") ? 3_600_000 : 0);
      journal.append(1, item("x"));
      journal.commit().onEnd(outcome -> {});
      world.simulation.run(TICK);
      assertThat(value(world, "tenon_slot_evicted_total")).isZero();
      world.slots.swap(SlotWorld.NAME, "other", true);
      awaitServed(world, "other");
      assertThat(value(world, "tenon_slot_evicted_total")).isEqualTo(1);
    }
  }

  @Test
  void whatWaitsIsCountedUntilItIsServed() {
    try (SlotWorld world = world()) {
      Journal journal = world.journal("a");
      world.withdraw(() -> {});
      world.withdrawOther();
      world.awaitState(SlotState.EMPTY);
      journal.append(1, item("five5"));
      journal.commit().onEnd(outcome -> {});
      world.simulation.run(TICK);
      assertThat(value(world, "tenon_slot_parked")).as("an append and a commit").isEqualTo(2);
      assertThat(value(world, "tenon_slot_parked_bytes")).isEqualTo((double) world.status().parkedBytes()).isPositive();
      world.register();
      awaitServed(world, "plain");
      assertThat(value(world, "tenon_slot_parked")).isZero();
      assertThat(value(world, "tenon_slot_parked_bytes")).isZero();
    }
  }

  /// Dashboards know the numbers.
  @Test
  void eachStateHasItsNumber() {
    try (SlotWorld world = new SlotWorld(1)) {
      world.withdraw(() -> {});
      isIn(world, SlotState.VACANT, 0);
      world.fault = call -> sleep(world, call.equals("open") ? 2_000 : 0);
      world.register();
      isIn(world, SlotState.OPENING, 2);
      isIn(world, SlotState.ACTIVE, 3);
      world.withdraw(() -> {});
      isIn(world, SlotState.EMPTY, 1);
      world.fault = call -> {};
      world.register();
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      world.simulation.await(world.node, journal::commit);
      world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false);
      world.otherFault = call -> sleep(world, call.equals("append") ? 2_000 : 0);
      world.registerOther();
      world.wish("other");
      isIn(world, SlotState.PREPARING, 4);
      world.otherFault = call -> {};
      awaitServed(world, "other");
      world.otherFault = call -> sleep(world, call.equals("seal") ? 1_500 : 0);
      world.withdrawOther();
      isIn(world, SlotState.FENCED, 5);
      isIn(world, SlotState.EMPTY, 1);
      world.otherFault = call -> {
        if (call.equals("open")) {
          throw new StorageFailedException("planted");
        }
      };
      world.registerOther();
      isIn(world, SlotState.RECOVERING, 7);
      world.otherFault = call -> {
        if (call.equals("open")) {
          throw new CorruptionException("p", "62", 0, "a", "b");
        }
      };
      isIn(world, SlotState.FAILED, 8);
    }
  }

  private static void isIn(SlotWorld world, SlotState state, double number) {
    boolean shown = world.simulation.runUntil(
        () -> world.isIn(state) && value(world, "tenon_slot_state") == number, Duration.ofMinutes(2));
    assertThat(shown).as("%s as %s: %s", state.toString().toLowerCase(Locale.ROOT), number, world.slots.slots())
        .isTrue();
  }

  /// That the callers of a slot were not served does not end with their units, which do not wait for ever.
  @Test
  void healthStaysCriticalUntilItServesAgainThoughNobodyWaitsAnyMore() {
    try (SlotWorld world = world()) {
      Journal journal = world.journal("a");
      assertThat(health(world)).isEqualTo(Result.Status.OK);
      world.withdraw(() -> {});
      world.withdrawOther();
      world.awaitState(SlotState.EMPTY);
      world.simulation.run(Duration.ofSeconds(60));
      assertThat(health(world)).as("nobody asks").isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
      int[] failed = {0};
      journal.commit().onEnd(outcome -> failed[0]++);
      world.simulation.run(Duration.ofSeconds(9));
      assertThat(health(world)).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
      world.simulation.run(Duration.ofSeconds(2));
      assertThat(failed[0]).isEqualTo(1);
      assertThat(world.status().parked()).isZero();
      assertThat(health(world)).as("its callers have given up").isEqualTo(Result.Status.CRITICAL);
      world.simulation.run(Duration.ofMinutes(5));
      assertThat(health(world)).isEqualTo(Result.Status.CRITICAL);
      assertThat(world.status().parkedMs()).isBetween(5L * 60_000, 6L * 60_000);
      world.register();
      awaitServed(world, "plain");
      assertThat(world.status().parkedMs()).isZero();
      assertThat(health(world)).isEqualTo(Result.Status.OK);
    }
  }

  @Test
  void healthWarnsWhereCallersWaitForAnOpeningThatIsLong() {
    try (SlotWorld world = world()) {
      Journal journal = world.journal("a");
      world.withdraw(() -> {});
      world.withdrawOther();
      world.awaitState(SlotState.EMPTY);
      world.fault = call -> sleep(world, call.equals("open") ? 4_000 : 0);
      world.register();
      world.awaitState(SlotState.OPENING);
      journal.commit().onEnd(outcome -> {});
      world.simulation.run(Duration.ofMillis(800));
      assertThat(health(world)).isEqualTo(Result.Status.OK);
      world.simulation.run(Duration.ofMillis(600));
      assertThat(health(world)).isEqualTo(Result.Status.WARN);
      awaitServed(world, "plain");
      assertThat(health(world)).isEqualTo(Result.Status.OK);
    }
  }
}
