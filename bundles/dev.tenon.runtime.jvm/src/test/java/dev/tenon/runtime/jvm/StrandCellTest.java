package dev.tenon.runtime.jvm;

import static dev.tenon.runtime.jvm.RuntimeFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrandCellTest {
  RuntimeFixture fixture;

  @BeforeEach
  void open(@TempDir Path folder) {
    fixture = new RuntimeFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /// The outcome of a completion, as an actor sees it.
  private <T> Outcome<T> outcome(String name, Supplier<Completion<T>> asks) {
    var seen = new ArrayList<Outcome<T>>();
    var end = new CountDownLatch(1);
    fixture.runtime.<Outcome<T>>spawn(name, MailboxSpec.oneLane(2), context -> {
      asks.get().then(outcome -> outcome);
      return message -> {
        seen.add(message);
        end.countDown();
      };
    });
    await(end);
    return seen.getFirst();
  }

  private static void awaitOwed(Strand strand, Completion<?> owed, long timeoutMs) {
    try {
      strand.await(owed, timeoutMs);
    } catch (TimeoutException e) {
      throw new IllegalStateException("timed out", e);
    }
  }

  /// Where a bundle is gone even the text of an error may need a class that is not found.
  private static final class Speechless extends NoClassDefFoundError {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new NoClassDefFoundError("planted in getMessage");
    }
  }

  private static String speechless() {
    throw new Speechless();
  }

  @Test
  void anErrorThatCannotSayWhatItIsEndsItsTaskAndNothingElse() {
    var strand = fixture.runtime.strand("s");
    assertThat(outcome("a", () -> strand.run("step", StrandCellTest::speechless)))
        .isInstanceOfSatisfying(Outcome.Failed.class,
            failed -> assertThat(failed.cause()).hasMessage("s failed in step step: " + Speechless.class.getName()));
    assertThat(outcome("b", () -> strand.run("next", () -> "goes on"))).isEqualTo(new Outcome.Done<>("goes on"));
    assertThat(outcome("c", () -> fixture.runtime.compute().submit(StrandCellTest::speechless)))
        .isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void runsTasksOneAtATimeInTheOrderOfSubmission() {
    var strand = fixture.runtime.strand("s");
    var inside = new AtomicBoolean();
    var overlap = new AtomicBoolean();
    var order = new ArrayList<Integer>();
    var end = new CountDownLatch(1_000);
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      strand.run("step", () -> {
        overlap.compareAndSet(false, !inside.compareAndSet(false, true));
        order.add(number);
        inside.set(false);
        end.countDown();
        return number;
      });
    }
    await(end);
    assertThat(overlap).isFalse();
    assertThat(order).hasSize(1_000).isSorted();
  }

  @Test
  void givesTheValueTheExceptionOrTheTextOfAnError() {
    var strand = fixture.runtime.strand("s");
    assertThat(outcome("a", () -> strand.run("one", () -> 1))).isEqualTo(new Outcome.Done<>(1));
    var thrown = new IllegalStateException("no");
    assertThat(outcome("b", () -> strand.<Integer>run("two", () -> {
      throw thrown;
    }))).isEqualTo(new Outcome.Failed<>(thrown));
    var error = outcome("c", () -> strand.<Integer>run("three", () -> {
      throw new AssertionError("broken");
    }));
    assertThat(((Outcome.Failed<Integer>) error).cause()).hasMessageContaining("broken").hasMessageContaining("three");
  }

  @Test
  void tellsWhereATaskHangsAlsoAfterItWasGivenUp() {
    var strand = fixture.runtime.strand("s");
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    strand.run("step", () -> {
      begun.countDown();
      await(end);
      ended.countDown();
      return true;
    });
    await(begun);
    assertThat(strand.doing(100)).startsWith("step").anyMatch(frame -> frame.contains(getClass().getSimpleName()));
    assertThat(strand.doing(2)).hasSize(3);
    strand.giveUp();
    assertThat(strand.doing(100)).startsWith("step");
    end.countDown();
    await(ended);
  }

  /// A class of its own, by whose frames it is found.
  private static final class Provider {
    static boolean hangs(CountDownLatch begun, CountDownLatch end) {
      begun.countDown();
      await(end);
      return true;
    }
  }

  @Test
  void tellsWhichThreadsAreInsideSomeClassesOfItsOwnNode(@TempDir Path other) {
    var begun = new CountDownLatch(3);
    var end = new CountDownLatch(1);
    List<String> types = List.of("org.none.", Provider.class.getName());
    assertThat(fixture.runtime.threadsIn(types, 100)).isEmpty();
    try (var stranger = new JvmRuntime("v1", fixture.pools, fixture.metrics, other)) {
      fixture.runtime.strand("s").run("step", () -> Provider.hangs(begun, end));
      fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(2), context -> {
        Provider.hangs(begun, end);
        return message -> {};
      });
      stranger.strand("s").run("step", () -> Provider.hangs(begun, end));
      await(begun);
      List<String> told = fixture.runtime.threadsIn(types, 100);
      assertThat(told).hasSize(2).allMatch(each -> each.contains(Provider.class.getName() + ".hangs("));
      assertThat(told.getFirst()).startsWith("tenon-actor-");
      assertThat(told.getLast()).startsWith("tenon-io-");
      assertThat(fixture.runtime.threadsIn(types, 2)).allMatch(each -> each.split(" < ").length == 3);
      end.countDown();
    }
  }

  @Test
  void awaitsWhatAnotherStrandOwesEvenIfAllThreadsWait() {
    // Two threads, both in await: the pool adds threads for those that wait.
    var uppers = List.of(fixture.runtime.strand("upper 0"), fixture.runtime.strand("upper 1"));
    var lower = fixture.runtime.strand("lower");
    var both = new CountDownLatch(2);
    var end = new CountDownLatch(2);
    for (var upper : uppers) {
      upper.run("ask", () -> {
        both.countDown();
        await(both);
        awaitOwed(upper, lower.run("answer", () -> 1), 20_000);
        end.countDown();
        return true;
      });
    }
    await(end);
  }

  @Test
  void strandsThatWaitTakeNoThreadFromThoseThatWork() {
    int waiting = 80; // more than threads may work
    var lower = fixture.runtime.strand("lower");
    var all = new CountDownLatch(waiting);
    var end = new CountDownLatch(waiting);
    lower.run("first", () -> {
      await(all);
      return true;
    });
    for (int i = 0; i < waiting; i++) {
      var upper = fixture.runtime.strand("upper " + i);
      upper.run("ask", () -> {
        all.countDown();
        awaitOwed(upper, lower.run("answer", () -> 1), 60_000);
        end.countDown();
        return true;
      });
    }
    await(end);
  }

  @Test
  void oneMoreStrandThanMayWaitIsRefusedAtOnceAndTheOthersGoOn(@TempDir Path folder) {
    try (var pools = new JvmPools(new JvmPools.Threads(2, 2, 2, 1), 1, 1);
        var runtime = new JvmRuntime("v1", pools, new MemoryMetrics(), folder)) {
      var gates = new CopyOnWriteArrayList<Promise<Integer>>();
      var end = new CountDownLatch(2);
      var refused = new AtomicReference<Throwable>();
      for (int i = 0; i < 2; i++) {
        var strand = runtime.strand("s" + i);
        var owed = runtime.<Integer>promise();
        gates.add(owed);
        strand.run("ask", () -> {
          try {
            awaitOwed(strand, owed.completion(), 60_000);
          } catch (UnavailableException e) {
            refused.set(e);
            gates.forEach(gate -> gate.done(1));
          }
          end.countDown();
          return true;
        });
      }
      await(end);
      assertThat(refused.get()).isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void awaitThrowsTheCauseOrTimesOutAndCancels() {
    var strand = fixture.runtime.strand("s");
    var never = fixture.runtime.<Integer>promise();
    var late = outcome("a", () -> strand.run("late", () -> {
      awaitOwed(strand, never.completion(), 5);
      return 1;
    }));
    assertThat(((Outcome.Failed<Integer>) late).cause()).hasCauseInstanceOf(TimeoutException.class);
    assertThat(never.cancelled()).isTrue();
    var broken = fixture.runtime.<Integer>promise();
    broken.failed(new UnavailableException("not now"));
    var failed = outcome("b", () -> strand.run("broken", () -> {
      awaitOwed(strand, broken.completion(), 5_000);
      return 1;
    }));
    assertThat(((Outcome.Failed<Integer>) failed).cause()).isInstanceOf(UnavailableException.class);
  }

  @Test
  void givingUpFailsWaitingTasksAndStopsTheRunningOneAtItsNextCall() {
    var strand = fixture.runtime.strand("s");
    var inside = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    var thrown = new AtomicReference<Throwable>();
    var endless = fixture.runtime.<Integer>promise();
    var stuck = strand.run("stuck", () -> {
      inside.countDown();
      try {
        awaitOwed(strand, endless.completion(), 60_000);
      } catch (Stopped e) {
        thrown.set(e);
        throw e;
      } finally {
        ended.countDown();
      }
      return 1;
    });
    await(inside);
    var waiting = strand.run("waiting", () -> 2);
    strand.giveUp();
    await(ended);
    assertThat(thrown.get()).isInstanceOf(Stopped.class);
    var cut = outcome("b", () -> stuck);
    assertThat(((Outcome.Failed<Integer>) cut).cause()).isInstanceOf(OutcomeUnknownException.class);
    var refused = outcome("c", () -> strand.run("late", () -> 3));
    assertThat(((Outcome.Failed<Integer>) refused).cause()).isInstanceOf(UnavailableException.class);
    var failed = outcome("a", () -> waiting);
    assertThat(((Outcome.Failed<Integer>) failed).cause()).isInstanceOf(UnavailableException.class);
    assertThat(fixture.runtime.strand("s")).as("the name is free again").isNotNull();
  }

  /// A strand that was given up while its task hangs.
  private static void leaveBehind(JvmRuntime runtime, String name, CountDownLatch until) {
    var strand = runtime.strand(name);
    var inside = new CountDownLatch(1);
    strand.run("hangs", () -> {
      inside.countDown();
      await(until);
      return true;
    });
    await(inside);
    strand.giveUp();
  }

  @Test
  void callsThatWereLeftBehindTakeNoThreadFromOthers() throws InterruptedException {
    var hangs = new CountDownLatch(1);
    leaveBehind(fixture.runtime, "a", hangs);
    leaveBehind(fixture.runtime, "b", hangs);
    var end = new CountDownLatch(1);
    fixture.runtime.strand("c").run("works", () -> {
      end.countDown();
      return 1;
    });
    assertThat(end.await(5, TimeUnit.SECONDS)).as("both threads of the pool hang").isTrue();
    hangs.countDown();
  }

  @Test
  void aTaskThatWaitsForAThreadRunsWhenTheOneThatHasItIsGivenUp() throws InterruptedException {
    var hangs = new CountDownLatch(1);
    var inside = new CountDownLatch(2);
    var strands = List.of(fixture.runtime.strand("a"), fixture.runtime.strand("b"));
    for (var strand : strands) {
      strand.run("hangs", () -> {
        inside.countDown();
        await(hangs);
        return true;
      });
    }
    await(inside);
    var end = new CountDownLatch(1);
    fixture.runtime.strand("c").run("works", () -> {
      end.countDown();
      return 1;
    });
    strands.getFirst().giveUp();
    assertThat(end.await(5, TimeUnit.SECONDS)).isTrue();
    hangs.countDown();
  }

  @Test
  void noMoreThreadsThanAllowedAreAddedForCallsThatWereLeftBehind(@TempDir Path folder) {
    try (var pools = new JvmPools(new JvmPools.Threads(2, 1, 2, 1), 1, 1);
        var runtime = new JvmRuntime("v1", pools, new MemoryMetrics(), folder)) {
      var hangs = new CountDownLatch(1);
      leaveBehind(runtime, "a", hangs);
      leaveBehind(runtime, "b", hangs);
      var end = new CountDownLatch(1);
      runtime.strand("c").run("works", () -> {
        end.countDown();
        return 1;
      });
      assertThat(pools.io().size()).as("one that works, and one more for a call that hangs").isEqualTo(2);
      hangs.countDown();
      await(end);
    }
  }

  @Test
  void aThreadWhoseTaskReturnsAfterAllIsOneTooMany() {
    try (var pools = new JvmPools(new JvmPools.Threads(2, 1, 2, 1), 1, 1);
        var runtime = new JvmRuntime("v1", pools, new MemoryMetrics(), fixture.folder.resolve("v1"))) {
      var hangs = new CountDownLatch(1);
      leaveBehind(runtime, "a", hangs);
      var end = new CountDownLatch(1);
      runtime.strand("b").run("works", () -> {
        end.countDown();
        return 1;
      });
      await(end);
      assertThat(pools.io().size()).isEqualTo(2);
      hangs.countDown();
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (pools.io().size() > 1 && System.nanoTime() < deadlineNs) {
        Thread.onSpinWait();
      }
      assertThat(pools.io().size()).isEqualTo(1);
    }
  }

  @Test
  void aCancelledTaskThatHasNotStartedIsDropped() {
    var strand = fixture.runtime.strand("s");
    var inside = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var ran = new AtomicBoolean();
    strand.run("gate", () -> {
      inside.countDown();
      await(gate);
      return 1;
    });
    await(inside);
    strand.run("dropped", () -> {
      ran.set(true);
      return 2;
    }).cancel();
    var last = new CountDownLatch(1);
    strand.run("last", () -> {
      last.countDown();
      return 3;
    });
    gate.countDown();
    await(last);
    assertThat(ran).isFalse();
  }

  @Test
  void aWakeBeforeTheSleepIsKeptAndADeadlineEndsIt() {
    var waiter = fixture.runtime.waiter();
    waiter.wake();
    waiter.wake();
    long now = fixture.runtime.clock().monotonicNs();
    assertThat(waiter.sleepUntil(now + 20_000_000_000L)).isTrue();
    assertThat(waiter.sleepUntil(now + 1_000_000)).isFalse();
    new Thread(waiter::wake).start();
    assertThat(waiter.sleepUntil(now + 20_000_000_000L)).isTrue();
  }

  @Test
  void everyCallOfAClosedNodeThrowsStopped() {
    var strand = fixture.runtime.strand("s");
    fixture.runtime.close();
    assertThatThrownBy(() -> strand.run("late", () -> 1)).isInstanceOf(Stopped.class);
    assertThatThrownBy(() -> fixture.runtime.strand("t")).isInstanceOf(Stopped.class);
    assertThatThrownBy(() -> fixture.runtime.volume()).isInstanceOf(Stopped.class);
    assertThatThrownBy(() -> fixture.runtime.promise()).isInstanceOf(Stopped.class);
  }
}
