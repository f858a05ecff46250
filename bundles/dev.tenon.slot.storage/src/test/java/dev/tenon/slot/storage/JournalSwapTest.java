package dev.tenon.slot.storage;

import static dev.tenon.slot.storage.SlotWorld.all;
import static dev.tenon.slot.storage.SlotWorld.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SwapLimits;
import dev.tenon.handover.Terms;
import dev.tenon.journal.Durable;
import dev.tenon.journal.Journal;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.WhenFull;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverProgress;
import dev.tenon.slot.SlotState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// One slot with providers beside the one that serves, step by step: handovers, and the way back after a failure.
class JournalSwapTest {
  private static final Duration SLOW_SYNC = Duration.ofMillis(200);

  /// What was handed over from is kept for the retention, also over a restart, and then deleted.
  @Test
  void whatWasHandedOverFromIsKeptForAWhileAndNoLonger() {
    SlotLimits limits = new SlotLimits(65_536, 64L << 20, 10_000, 5_000, 600_000, 2_000, 100, 10_000,
        new SwapLimits(20, 3_600_000, 2_000, 1_000, 60_000, 5_000));
    try (SlotWorld world = new SlotWorld(1, limits)) {
      world.makesOther = () -> new PlainJournals(call -> {}, "other-1", false, false);
      world.registerOther();
      Journal journal = world.journal("a");
      for (int i = 0; i < 100; i++) {
        journal.append(i / 10, item("x" + i));
      }
      world.simulation.await(world.node, journal::commit);
      for (String wish : List.of("other", "plain", "other", "plain")) {
        world.wish(wish);
        assertThat(world.simulation.runUntil(() -> world.isIn(SlotState.ACTIVE)
            && world.status().provider().startsWith(wish), Duration.ofMinutes(1))).isTrue();
      }
      world.simulation.run(Duration.ofSeconds(5));
      assertThat(locations(world)).as("the last two and what serves").containsExactly("3", "4", "5");
      world.node.crash(CrashKind.POWER_LOSS, Duration.ofMillis(50));
      world.awaitState(SlotState.ACTIVE);
      world.simulation.run(Duration.ofSeconds(30));
      assertThat(locations(world)).containsExactly("3", "4", "5");
      world.simulation.run(Duration.ofSeconds(40));
      assertThat(locations(world)).containsExactly("5");
      Journal again = world.journal("a");
      assertThat(world.simulation.await(world.node, () -> again.read(9, 9, 1))).hasSize(1);
    }
  }

  /// A world with a provider of another format, and some items.
  private static SlotWorld filled(long seed) {
    SlotWorld world = new SlotWorld(seed);
    world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false);
    world.registerOther();
    Journal journal = world.journal("a");
    for (int i = 0; i < 100; i++) {
      journal.append(1, ByteBuffer.wrap(new byte[1_000]));
    }
    world.simulation.await(world.node, journal::commit);
    return world;
  }

  private static HandoverOutcome look(SlotWorld world, String provider) {
    List<HandoverOutcome> told = new ArrayList<>();
    world.slots.look(SlotWorld.NAME, provider, told::add);
    assertThat(world.simulation.runUntil(() -> !told.isEmpty(), Duration.ofSeconds(5))).isTrue();
    world.simulation.run(Duration.ofMillis(100)); // what was taken for it is given back
    assertThat(told).hasSize(1);
    return told.getFirst();
  }

  private static boolean serves(SlotWorld world, String provider, Duration within) {
    return world.simulation.runUntil(
        () -> world.isIn(SlotState.ACTIVE) && world.status().provider().startsWith(provider + "@"), within);
  }

  @Test
  void aLookTellsWhatAHandoverWouldBeAndMakesNothing() {
    try (SlotWorld world = filled(1)) {
      assertThat(look(world, "other").toString()).startsWith("possible: copies 0.1 MiB, needs ");
      assertThat(look(world, "plain").kind()).isEqualTo(HandoverOutcome.Kind.SERVES);
      assertThat(look(world, "none").kind()).isEqualTo(HandoverOutcome.Kind.ABSENT);
      world.node.disk().full(50_000);
      assertThat(look(world, "other").kind()).isEqualTo(HandoverOutcome.Kind.NO_SPACE);
      world.node.disk().roomAgain();
      world.otherFault = call -> {
        throw new IllegalStateException("nothing of it is called: " + call);
      };
      assertThat(look(world, "other").kind()).isEqualTo(HandoverOutcome.Kind.POSSIBLE);
      assertThat(locations(world)).containsExactly("1");
      assertThat(world.status().outcome()).isEqualTo(HandoverOutcome.NONE);
      assertThat(world.released).as("what was taken for it is given back").isEqualTo(world.taken - 1);
    }
  }

  /// Units wait from when the fence is shut, also while the batch before it ends.
  @Test
  void aPauseBeginsWhenTheFenceIsShut() {
    try (SlotWorld world = filled(1)) {
      Runtime runtime = world.node.runtime();
      world.fault = call -> runtime.waiter()
          .sleepUntil(runtime.clock().monotonicNs() + (call.equals("sync") ? SLOW_SYNC.toNanos() : 0));
      Journal journal = world.journal("a");
      long[] commits = {0};
      again(world, journal, commits);
      world.wish("other");
      assertThat(serves(world, "other", Duration.ofMinutes(1))).isTrue();
      assertThat(commits[0]).as("batches in flight").isGreaterThan(1);
      assertThat(world.status().lastPauseNs()).isBetween(SLOW_SYNC.toNanos() / 10, 2 * SLOW_SYNC.toNanos());
    }
  }

  /// Commits, and again once that is answered.
  private static void again(SlotWorld world, Journal journal, long[] commits) {
    world.node.runtime().spawn("commits",
        new MailboxSpec<Boolean>(1, 16, message -> 0, message -> WhenFull.REJECT), context -> new Actor<>() {
          @Override
          public void start() {
            handle(true);
          }

          @Override
          public void handle(Boolean message) {
            commits[0]++;
            journal.commit().then(outcome -> true);
          }
        });
  }

  @Test
  void aHandoverWaitsForRoomAndIsTriedAtOnceWhenAskedFor() {
    try (SlotWorld world = filled(2)) {
      world.node.disk().full(100_000);
      world.wish("other");
      world.simulation.run(Duration.ofMinutes(10));
      assertThat(world.status().outcome().kind()).isEqualTo(HandoverOutcome.Kind.NO_SPACE);
      assertThat(world.status().failedHandovers()).as("less and less often").isBetween(4, 12);
      assertThat(locations(world)).containsExactly("1");
      world.node.disk().roomAgain();
      world.slots.swap(SlotWorld.NAME, "other", false);
      assertThat(serves(world, "other", Duration.ofSeconds(3))).as("" + world.slots.slots()).isTrue();
    }
  }

  /// The desk's write cannot be taken back, but who asked is told in time that it takes too long.
  @Test
  void aLocationThatIsNotMadeInTimeEndsTheHandover() {
    try (SlotWorld world = filled(12)) {
      world.node.disk().cost(DiskOp.REPLACE, Duration.ofSeconds(30), Duration.ofSeconds(30));
      world.slots.swap(SlotWorld.NAME, "other", false);
      world.simulation.run(Duration.ofSeconds(10));
      assertThat(world.status().outcome().kind()).isEqualTo(HandoverOutcome.Kind.OVERDUE);
      assertThat(world.status().outcome().text()).contains("the disk did not answer in time");
      assertThat(world.status().progress()).as("who waits for it need not wait on").isNull();
      assertThat(world.isIn(SlotState.FAILED)).isFalse();
      assertThat(world.status().failedHandovers()).isEqualTo(1);
      world.node.disk().cost(DiskOp.REPLACE, Duration.ofMillis(1), Duration.ofMillis(1));
      assertThat(serves(world, "other", Duration.ofMinutes(2))).as("" + world.slots.slots()).isTrue();
      assertThat(locations(world)).containsExactly("1", "2");
    }
  }

  /// Promise H10: no handover begins until it is gone, and the operator is told what for.
  @Test
  void whatIsLeftOnADiskThatDoesNotDeleteIsToldOf() {
    try (SlotWorld world = filled(13)) {
      world.otherFault = call -> {
        if (call.startsWith("sync")) throw new IllegalStateException("planted");
      };
      world.node.disk().cost(DiskOp.DELETE, Duration.ofMinutes(10), Duration.ofMinutes(10));
      world.wish("other");
      world.simulation.run(Duration.ofSeconds(20));
      assertThat(world.status().state()).isEqualTo(SlotState.ACTIVE);
      assertThat(world.status().overdue()).as("" + world.slots.slots()).isEqualTo(1);
      assertThat(world.status().reason()).contains("the disk has not answered");
      world.otherFault = call -> {};
      world.slots.swap(SlotWorld.NAME, "other", false);
      world.simulation.run(Duration.ofSeconds(20));
      assertThat(world.status().reason()).contains("none begins until then");
      world.node.disk().cost(DiskOp.DELETE, Duration.ofMillis(1), Duration.ofMillis(1));
      assertThat(serves(world, "other", Duration.ofHours(2))).as("" + world.slots.slots()).isTrue();
      assertThat(world.status().overdue()).isZero();
      assertThat(world.status().reason()).isEmpty();
    }
  }

  @Test
  void whatIsPreparedIsGivenUpWhenItIsNotWishedForAnyMore() {
    try (SlotWorld world = filled(3)) {
      world.otherFault = call -> {
        if (call.equals("sync")) {
          var runtime = world.node.runtime();
          runtime.waiter().sleepUntil(runtime.clock().monotonicNs() + 2_000_000_000);
        }
      };
      world.slots.swap(SlotWorld.NAME, "other", false);
      assertThat(world.simulation.runUntil(() -> {
        HandoverProgress progress = world.status().progress();
        return progress != null && progress.items() == 100;
      }, Duration.ofSeconds(2))).isTrue();
      world.simulation.run(Duration.ofMillis(500));
      HandoverProgress progress = Objects.requireNonNull(world.status().progress());
      assertThat(progress.bytesPerSecond()).isPositive();
      assertThat(progress.remainingMs()).isNotNegative();
      world.slots.swap(SlotWorld.NAME, "plain", false);
      assertThat(serves(world, "plain", Duration.ofSeconds(5))).isTrue();
      assertThat(world.status().outcome().kind()).isEqualTo(HandoverOutcome.Kind.CANCELLED);
      world.simulation.run(Duration.ofSeconds(10));
      assertThat(world.status().generation()).isEqualTo(1);
      assertThat(locations(world)).containsExactly("1");
    }
  }

  @Test
  void aProviderThatGoesIsHandedOverFromWhileItWaits() {
    try (SlotWorld world = filled(4)) {
      world.onGone = Terms.OnGone.MIGRATE;
      world.wish("plain");
      boolean[] gone = new boolean[1];
      world.withdraw(() -> gone[0] = true);
      assertThat(world.simulation.runUntil(() -> gone[0], Duration.ofSeconds(5))).isTrue();
      assertThat(world.status().state()).isEqualTo(SlotState.ACTIVE);
      assertThat(world.status().provider()).startsWith("other@");
      assertThat(world.status().generation()).isEqualTo(2);
      world.register();
      assertThat(serves(world, "plain", Duration.ofSeconds(10))).as("the wish stands").isTrue();
      assertThat(all(world, world.journal("a"))).hasSize(100);
    }
  }

  @Test
  void aProviderThatGoesIsNotMadeToWaitForLongerThanItsBudget() {
    try (SlotWorld world = filled(5)) {
      world.onGone = Terms.OnGone.MIGRATE;
      world.wish("plain");
      world.otherFault = call -> {
        if (call.equals("sync")) {
          world.node.runtime().waiter().sleepUntil(Long.MAX_VALUE);
        }
      };
      boolean[] gone = new boolean[1];
      world.withdraw(() -> gone[0] = true);
      assertThat(world.simulation.runUntil(() -> gone[0], Duration.ofMillis(5_050))).isTrue();
      world.awaitState(SlotState.EMPTY);
      world.otherFault = call -> {};
      world.register();
      assertThat(all(world, world.journal("a"))).hasSize(100);
    }
  }

  @Test
  void aCallThatDoesNotEndIsLeftBehindWhenItsProviderGoes() {
    try (SlotWorld world = filled(6)) {
      Journal journal = world.journal("a");
      boolean[] hang = {true};
      world.fault = call -> {
        if (call.equals("append") && hang[0]) {
          hang[0] = false;
          world.node.runtime().waiter().sleepUntil(Long.MAX_VALUE);
        }
      };
      journal.append(2, item("x"));
      world.simulation.run(Duration.ofMillis(10));
      boolean[] gone = new boolean[1];
      world.withdraw(() -> gone[0] = true);
      assertThat(world.simulation.runUntil(() -> gone[0], Duration.ofMillis(2_100))).isTrue();
      world.awaitState(SlotState.EMPTY);
      assertThat(world.status().reason()).contains("does not read");
      world.register();
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(1));
      assertThat(all(world, journal)).hasSize(101);
    }
  }

  @Test
  void aNewerVersionBesideTheOneThatServesTakesOverWhereItIsFollowed() {
    try (SlotWorld world = new SlotWorld(7)) {
      world.journal("a");
      world.version = "1.0.1";
      world.register();
      world.simulation.run(Duration.ofSeconds(5));
      assertThat(world.status().provider()).isEqualTo("plain@1.0.0");
      assertThat(world.status().offered()).isEqualTo("plain@1.0.1");
      world.follow = Terms.Follow.PATCH;
      world.wish("plain");
      assertThat(world.simulation.runUntil(() -> world.isIn(SlotState.ACTIVE)
          && world.status().provider().equals("plain@1.0.1"), Duration.ofSeconds(5))).as("" + world.slots.slots())
          .isTrue();
      assertThat(world.status().generation()).isEqualTo(2);
      assertThat(world.status().offered()).isEmpty();
    }
  }

  @Test
  void aSlotThatHasFailedBeginsAnewFromWhatTheOperatorChooses() {
    try (SlotWorld world = filled(14)) {
      List<String> told = new ArrayList<>();
      world.slots.recover(SlotWorld.NAME, "journal/test/1", reply -> told.addAll(reply.lines()));
      assertThat(world.simulation.runUntil(() -> !told.isEmpty(), Duration.ofSeconds(1))).isTrue();
      assertThat(told).containsExactly("slot n/journal/test has not failed: nothing is to recover");
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      world.losesItems = true;
      world.register();
      world.awaitState(SlotState.FAILED);
      world.losesItems = false;
      world.withdraw(() -> {});
      world.register();
      told.clear();
      world.slots.recover(SlotWorld.NAME, "journal/test/9", reply -> told.addAll(reply.lines()));
      assertThat(world.simulation.runUntil(() -> !told.isEmpty(), Duration.ofSeconds(1))).isTrue();
      assertThat(told.getFirst()).contains("there is no location journal/test/9");
      assertThat(world.status().state()).isEqualTo(SlotState.FAILED);
      world.slots.recover(SlotWorld.NAME, "journal/test/1", reply -> told.addAll(reply.lines()));
      world.awaitState(SlotState.ACTIVE);
      assertThat(world.simulation.runUntil(() -> world.publications == 2, Duration.ofSeconds(1)))
          .as("engines begin anew")
          .isTrue();
      assertThat(world.store().signingOff()).isTrue();
      assertThat(world.status().signingOff()).isTrue();
      world.slots.sign(SlotWorld.NAME, false, world.status().generation(), reply -> {});
      assertThat(world.simulation.runUntil(() -> !world.store().signingOff(), Duration.ofSeconds(1))).isTrue();
      staysRecoveredUntilTheOperatorSaysThatNothingIsMissing(world);
    }
  }

  /// In the next generation of the same provider, and handed over to another.
  private static void staysRecoveredUntilTheOperatorSaysThatNothingIsMissing(SlotWorld world) {
    assertThat(world.store().isRecovered()).isTrue();
    world.withdraw(() -> {});
    world.awaitState(SlotState.EMPTY);
    world.register();
    world.awaitState(SlotState.ACTIVE);
    assertThat(world.store().isRecovered()).as("opened again").isTrue();
    world.wish("other");
    assertThat(world.simulation.runUntil(
        () -> world.status().provider().startsWith("other") && world.isIn(SlotState.ACTIVE), Duration.ofMinutes(5)))
        .isTrue();
    assertThat(world.store().isRecovered()).as("handed over").isTrue();
    List<String> told = new ArrayList<>();
    long generation = world.status().generation();
    world.slots.explain(SlotWorld.NAME, reply -> told.addAll(reply.lines()));
    world.slots.sign(SlotWorld.NAME, false, generation, reply -> told.addAll(reply.lines()));
    assertThat(world.simulation.runUntil(() -> told.size() == 2, Duration.ofSeconds(1))).isTrue();
    assertThat(told).allSatisfy(line -> assertThat(line)
        .endsWith("what may have been signed before is still not signed: --sign --nothing-above lifts that"));
    assertThat(world.store().isRecovered()).isTrue();
    world.slots.sign(SlotWorld.NAME, true, generation, reply -> told.addAll(reply.lines()));
    assertThat(world.simulation.runUntil(() -> !world.store().isRecovered(), Duration.ofSeconds(1))).isTrue();
    assertThat(world.store().signingOff()).isFalse();
  }

  private static List<String> locations(SlotWorld world) {
    Runtime runtime = world.node.runtime();
    Strand strand = runtime.strand("look-" + world.simulation.now());
    return world.simulation.await(world.node,
        () -> strand.run("look", () -> runtime.volume().locations("journal/test")));
  }
}
