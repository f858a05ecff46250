package dev.tenon.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final byte[] NAME = {1};

  private static <M> Actor<M> collecting(List<M> into) {
    return into::add;
  }

  private static SimNode empty(Simulation sim, String name) {
    return sim.node(name, node -> {});
  }

  @Test
  void handlesMessagesInTheOrderOfLanesAndArrival() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      List<Integer> seen = new ArrayList<>();
      Mailbox<Integer> mailbox = node.runtime().spawn("a",
          new MailboxSpec<>(2, 8, number -> number % 2, number -> dev.tenon.runtime.WhenFull.REJECT),
          context -> collecting(seen));
      for (int i = 0; i < 8; i++) {
        mailbox.offer(i);
      }
      sim.run(SECOND);
      assertThat(seen).containsExactly(0, 2, 4, 6, 1, 3, 5, 7);
      assertThat(sim.handlerRuns()).isEqualTo(8);
    }
  }

  @Test
  void timeMovesOnlyWithEvents() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      long before = node.runtime().clock().monotonicNs();
      sim.run(Duration.ofMinutes(5));
      assertThat(node.runtime().clock().monotonicNs() - before).isEqualTo(Duration.ofMinutes(5).toNanos());
      assertThat(sim.now()).isEqualTo(Duration.ofMinutes(5));
    }
  }

  @Test
  void cancelledTimerIsNeverHandled() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      List<String> seen = new ArrayList<>();
      node.runtime().<String>spawn("a", MailboxSpec.oneLane(8), context -> new Actor<>() {
        @Override
        public void start() {
          var late = context.after(10, "late");
          context.after(5, "cancel");
          cancel = late::cancel;
        }

        private Runnable cancel = () -> {};

        @Override
        public void handle(String message) {
          seen.add(message);
          cancel.run();
        }
      });
      sim.run(SECOND);
      assertThat(seen).containsExactly("cancel");
    }
  }

  @Test
  void strandTasksTakeTimeAndOthersRunBetweenTheirCalls() {
    try (Simulation sim = Simulation.seeded(3)) {
      SimNode node = empty(sim, "v0");
      List<String> seen = new ArrayList<>();
      Mailbox<String> mailbox = node.runtime().spawn("a", MailboxSpec.oneLane(8), context -> collecting(seen));
      node.disk().cost(DiskOp.SYNC, Duration.ofMillis(50), Duration.ofMillis(50));
      Strand strand = node.runtime().strand("s");
      sim.turn(node, () -> strand.run("write", () -> {
        var blob = node.runtime().volume().scope("x").open("p", NAME);
        mailbox.offer("before the sync");
        blob.sync();
        mailbox.offer("after the sync");
        return true;
      }));
      sim.after(Duration.ofMillis(20), () -> mailbox.offer("meanwhile"));
      sim.run(SECOND);
      assertThat(seen).containsExactly("before the sync", "meanwhile", "after the sync");
    }
  }

  @Test
  void awaitLetsTheWorldGoOnAndAnswersInTime() {
    for (int seed = 0; seed < 50; seed++) {
      try (Simulation sim = Simulation.seeded(seed)) {
        SimNode node = empty(sim, "v0");
        Strand lower = node.runtime().strand("lower");
        Strand upper = node.runtime().strand("upper");
        Completion<Integer> sum = sim.turn(node, () -> upper.run("sum", () -> {
          int total = 0;
          for (int i = 1; i <= 10; i++) {
            int part = i;
            total += await(upper, lower.run("part", () -> part), 1_000);
          }
          return total;
        }));
        assertThat(sim.await(node, () -> sum)).isEqualTo(55);
      }
    }
  }

  private static <T> T await(Strand strand, Completion<T> owed, long timeoutMs) {
    try {
      return strand.await(owed, timeoutMs);
    } catch (TimeoutException late) {
      throw new UnavailableException("late");
    }
  }

  @Test
  void awaitEndsAtItsDeadline() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      Strand strand = node.runtime().strand("s");
      Promise<Integer> never = node.runtime().promise();
      Duration before = sim.now();
      Outcome<Integer> outcome =
          sim.outcome(node, () -> strand.run("wait", () -> await(strand, never.completion(), 100)));
      assertThat(outcome).isInstanceOf(Outcome.Failed.class);
      assertThat(sim.now().minus(before)).isBetween(Duration.ofMillis(100), Duration.ofMillis(110));
      assertThat(never.cancelled()).isTrue();
    }
  }

  @Test
  void crashUnwindsWaitingTasksWithoutEffect() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      Strand strand = node.runtime().strand("s");
      Promise<Integer> never = node.runtime().promise();
      List<String> seen = new ArrayList<>();
      Mailbox<String> mailbox = node.runtime().spawn("a", MailboxSpec.oneLane(8), context -> collecting(seen));
      List<String> unwound = new ArrayList<>();
      sim.turn(node, () -> strand.run("wait", () -> {
        try {
          return await(strand, never.completion(), 100_000);
        } finally {
          unwound.add("finally");
          mailbox.offer("from the dead");
        }
      }));
      sim.run(SECOND);
      node.crash(CrashKind.POWER_LOSS, SECOND);
      assertThat(unwound).containsExactly("finally");
      sim.run(Duration.ofSeconds(2));
      assertThat(seen).isEmpty();
      assertThat(node.boots()).isEqualTo(2);
    }
  }

  @Test
  void aRevokedViewThrowsEvenInTheMiddleOfATask() {
    int fenced = 0;
    for (int seed = 0; seed < 50; seed++) {
      try (Simulation sim = Simulation.seeded(seed)) {
        SimNode node = empty(sim, "v0");
        Storage view = node.runtime().volume().scope("a/1");
        Strand strand = node.runtime().strand("s");
        Strand conductor = node.runtime().strand("conductor");
        Completion<Long> writing = sim.turn(node, () -> strand.run("write", () -> {
          var blob = view.open("p", NAME);
          for (int i = 0; i < 100; i++) {
            blob.write(i, ByteBuffer.wrap(NAME));
          }
          return blob.size();
        }));
        sim.turn(node, () -> conductor.run("fence", () -> {
          node.runtime().volume().revoke(view);
          return true;
        }));
        Outcome<Long> outcome = sim.outcome(node, () -> writing);
        if (outcome instanceof Outcome.Failed<Long>(var cause)) {
          assertThat(cause).isInstanceOf(FencedException.class);
          fenced++;
          if (node.disk().beneath("a/1").contains("p")) {
            assertThat(node.disk().bytes("a/1", "p", NAME).size()).isLessThan(100);
          }
        }
      }
    }
    assertThat(fenced).isGreaterThan(10);
  }

  @Test
  void aFailingActorFailsTheRunUnlessItIsTolerated() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      List<Throwable> told = new ArrayList<>();
      Mailbox<String> mailbox = failing(node, told);
      mailbox.offer("x");
      assertThatThrownBy(() -> sim.run(SECOND)).isInstanceOf(AssertionError.class).hasMessageContaining("v0/a failed");
      assertThat(told).hasSize(1);
      assertThat(mailbox.offer("y")).isEqualTo(dev.tenon.runtime.Offer.CLOSED);
    }
  }

  private static Mailbox<String> failing(SimNode node, List<Throwable> told) {
    return node.runtime().spawn("a", MailboxSpec.<String>oneLane(8), (Context<String> context) -> new Actor<>() {
      @Override
      public void handle(String message) {
        throw new IllegalStateException("planted");
      }

      @Override
      public void failed(Throwable cause) {
        told.add(cause);
      }
    });
  }

  @Test
  void computeRunsElsewhereAndMayNotCallTheRuntime() {
    try (Simulation sim = Simulation.seeded(1).tolerateFailures()) {
      SimNode node = empty(sim, "v0");
      assertThat(sim.await(node, () -> node.runtime().compute().submit(() -> 6 * 7))).isEqualTo(42);
      Outcome<Strand> outcome =
          sim.outcome(node, () -> node.runtime().compute().submit(() -> node.runtime().strand("no")));
      assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    }
  }

  @Test
  void waiterKeepsAWakeThatComesBeforeTheSleep() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      var waiter = node.runtime().waiter();
      waiter.wake();
      var clock = node.runtime().clock();
      boolean first = sim.blocking(node, () -> waiter.sleepUntil(clock.monotonicNs() + 1_000_000));
      boolean second = sim.blocking(node, () -> waiter.sleepUntil(clock.monotonicNs() + 1_000_000));
      assertThat(first).isTrue();
      assertThat(second).isFalse();
      sim.after(Duration.ofMillis(1), waiter::wake);
      boolean third = sim.blocking(node, () -> waiter.sleepUntil(clock.monotonicNs() + SECOND.toNanos()));
      assertThat(third).isTrue();
    }
  }

  @Test
  void aStrandGivenUpFailsWhatWaits() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      Strand strand = node.runtime().strand("s");
      Promise<Integer> never = node.runtime().promise();
      List<String> after = new ArrayList<>();
      Completion<Integer> stuck = sim.turn(node, () -> strand.run("stuck", () -> {
        int got = await(strand, never.completion(), 100_000);
        after.add("went on");
        return got;
      }));
      Completion<Integer> queued = sim.turn(node, () -> strand.run("queued", () -> 1));
      sim.run(Duration.ofMillis(10));
      strand.giveUp();
      assertThat(sim.outcome(node, () -> queued)).isInstanceOfSatisfying(Outcome.Failed.class,
          failed -> assertThat(failed.cause()).isInstanceOf(UnavailableException.class));
      assertThat(sim.outcome(node, () -> stuck)).isInstanceOf(Outcome.Failed.class);
      assertThat(after).isEmpty();
    }
  }

  /// Else who gives the strand up would find in memory what has not happened yet, and then does not happen.
  @Test
  void whatATaskDoesAfterALongCallIsNotSeenBeforeItsEnd() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      node.disk().cost(DiskOp.SYNC, SECOND, SECOND);
      Storage view = node.runtime().volume().scope("a");
      List<String> after = new ArrayList<>();
      for (String name : List.of("kept", "left")) {
        Strand strand = node.runtime().strand(name);
        Completion<Integer> syncing = sim.turn(node, () -> strand.run("sync", () -> {
          view.open("p", name.getBytes(StandardCharsets.US_ASCII)).sync();
          after.add(name);
          return 1;
        }));
        sim.run(Duration.ofMillis(500));
        assertThat(after).doesNotContain(name);
        if (name.equals("left")) {
          strand.giveUp();
          assertThat(sim.outcome(node, () -> syncing)).isInstanceOf(Outcome.Failed.class);
        } else {
          assertThat(sim.outcome(node, () -> syncing)).isEqualTo(new Outcome.Done<>(1));
        }
      }
      sim.run(Duration.ofSeconds(2));
      assertThat(after).containsExactly("kept");
    }
  }

  @Test
  void aTaskThatHasRunAheadALittleEndsThoughItsStrandIsGivenUp() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      node.disk().cost(DiskOp.WRITE, Duration.ofMillis(1), Duration.ofMillis(1));
      Storage view = node.runtime().volume().scope("a");
      Strand strand = node.runtime().strand("s");
      Strand conductor = node.runtime().strand("conductor");
      Completion<Long> writing = sim.turn(node, () -> strand.run("write", () -> {
        var blob = view.open("p", NAME);
        for (int i = 0; i < 10; i++) {
          blob.write(i, ByteBuffer.wrap(NAME));
        }
        return blob.size();
      }));
      sim.run(Duration.ofMillis(5));
      strand.giveUp();
      sim.turn(node, () -> conductor.run("fence", () -> {
        node.runtime().volume().revoke(view);
        return true;
      }));
      assertThat(sim.outcome(node, () -> writing)).isInstanceOf(Outcome.Done.class);
      sim.run(SECOND);
      assertThat(node.disk().bytes("a", "p", NAME).size()).isEqualTo(9 + NAME.length);
    }
  }

  @Test
  void showsWhatWaitsForEachActor() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      Mailbox<String> mailbox = sim.turn(node, () -> node.runtime().spawn("a", MailboxSpec.<String>oneLane(8),
          context -> message -> {}));
      sim.turn(node, () -> mailbox.offer("one"));
      assertThat(node.mailboxes()).allMatch(load -> load.offered() <= load.bound())
          .anyMatch(load -> load.actor().equals(
              "a") && load.bound() == 8);
    }
  }

  @Test
  void aStepThatNeverEndsFailsTheRunWithItsStack() {
    Simulation sim = Simulation.seeded(1);
    sim.loop().stuckCheckMs = 5;
    CountDownLatch release = new CountDownLatch(1);
    sim.at(SECOND, () -> neverEnds(release));
    try {
      assertThatThrownBy(() -> sim.run(SECOND)).isInstanceOf(AssertionError.class).hasMessageContaining("one step")
          .hasStackTraceContaining("neverEnds");
    } finally {
      release.countDown();
    }
  }

  private static void neverEnds(CountDownLatch release) {
    try {
      release.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void aFailingStepFailsTheRunWithItsOwnError() {
    try (Simulation sim = Simulation.seeded(1)) {
      AssertionError planted = new AssertionError("planted");
      sim.after(SECOND, () -> {
        throw planted;
      });
      assertThatThrownBy(() -> sim.run(Duration.ofSeconds(2))).isSameAs(planted);
      assertThat(sim.now()).isEqualTo(SECOND);
    }
  }

  @Test
  void seedsRunSideBySide() {
    Scenario scenario = Scenarios.all().getFirst();
    List<String> alone = LongStream.range(0, 16).mapToObj(seed -> scenario.run(seed, null).digest()).toList();
    List<String> together =
        LongStream.range(0, 16).parallel().mapToObj(seed -> scenario.run(seed, null).digest()).toList();
    assertThat(together).isEqualTo(alone);
  }

  @Test
  void orderlyEndTellsActorsAndKeepsWhatWasWritten() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = empty(sim, "v0");
      List<String> seen = new ArrayList<>();
      node.runtime().spawn("a", MailboxSpec.<String>oneLane(8), context -> new Actor<>() {
        @Override
        public void handle(String message) {
          seen.add(message);
        }

        @Override
        public void stopped() {
          seen.add("stopped");
        }
      });
      sim.run(SECOND);
      node.shutDown();
      assertThat(seen).containsExactly("stopped");
      assertThat(node.isUp()).isFalse();
    }
  }
}
