package dev.tenon.testkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.Timer;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.WhenFull;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What holds of actors, mailboxes, timers, completions, strands and compute, whatever runs them.
public abstract class RuntimeContract {
  private RuntimeBed bed = new SimBed(0);
  private final List<String> seen = new CopyOnWriteArrayList<>();

  /// @return a fresh one for each test
  protected abstract RuntimeBed newBed();

  @BeforeEach
  final void makeBed() {
    bed = newBed();
  }

  @AfterEach
  final void closeBed() {
    bed.close();
  }

  private Runtime runtime() {
    return bed.node("v0");
  }

  private void untilSeen(String last) {
    bed.until(() -> seen.contains(last));
  }

  private Mailbox<String> actor(MailboxSpec<String> spec, BiConsumer<Context<String>, String> handler) {
    return runtime().spawn("actor", spec, context -> message -> {
      seen.add(message);
      handler.accept(context, message);
    });
  }

  /// Runs something in the first turn of an actor.
  private void turn(Consumer<Context<String>> first) {
    runtime().spawn("turn", MailboxSpec.<String>oneLane(16), context -> new Actor<>() {
      @Override
      public void start() {
        first.accept(context);
      }

      @Override
      public void handle(String message) {
        seen.add(message);
      }
    });
  }

  private <T> Outcome<T> outcome(Supplier<Completion<T>> call) {
    return RuntimeAsk.outcome(bed, runtime(), call);
  }

  @Test
  void messagesOfOneSenderInOneLaneKeepTheirOrder() {
    Mailbox<String> mailbox = actor(MailboxSpec.oneLane(1_024), (context, message) -> {});
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      sent.add("m" + i);
      assertThat(mailbox.offer("m" + i)).isNotEqualTo(Offer.REJECTED);
    }
    untilSeen("m499");
    assertThat(seen).isEqualTo(sent);
  }

  @Test
  void lanesAreEmptiedInOrder() {
    var spec = new MailboxSpec<String>(3, 8, message -> message.charAt(0) - '0', message -> WhenFull.REJECT);
    Mailbox<String> mailbox = actor(spec, (context, message) -> {
      if (message.equals("0 first")) {
        context.self().offer("2 c");
        context.self().offer("1 b");
        context.self().offer("0 a");
        context.self().offer("1 bb");
      }
    });
    mailbox.offer("0 first");
    untilSeen("2 c");
    assertThat(seen).containsExactly("0 first", "0 a", "1 b", "1 bb", "2 c");
  }

  @Test
  void aFullLaneRejectsReplacesOrIsSatisfied() {
    var spec = new MailboxSpec<String>(1, 4, message -> 0, message -> switch (message.charAt(0)) {
      case 'n' -> WhenFull.REPLACE_OLDEST;
      case 's' -> WhenFull.SATISFIED;
      default -> WhenFull.REJECT;
    });
    List<Offer> offers = new CopyOnWriteArrayList<>();
    Mailbox<String> mailbox = actor(spec, (context, message) -> {
      if (message.equals("first")) {
        for (String next : List.of("a", "b", "c", "d", "e", "s", "new")) {
          offers.add(context.self().offer(next));
        }
        assertThat(context.self().depth()).isEqualTo(4);
      }
    });
    mailbox.offer("first");
    untilSeen("new");
    assertThat(offers).containsExactly(Offer.OK, Offer.OK, Offer.OK, Offer.BACKOFF, Offer.REJECTED, Offer.OK,
        Offer.BACKOFF);
    assertThat(seen).containsExactly("first", "b", "c", "d", "new");
  }

  @Test
  void theInboxComesBeforeTheLanesAndNeverWithinTheCall() {
    Mailbox<String> mailbox = actor(MailboxSpec.oneLane(8), (context, message) -> {
      if (message.equals("first")) {
        context.self().offer("lane");
        Promise<String> promise = runtime().promise();
        promise.done("own");
        promise.completion().then(outcome -> outcome instanceof Outcome.Done<String>(var value) ? value : "failed");
        seen.add("after then");
      }
    });
    mailbox.offer("first");
    untilSeen("lane");
    assertThat(seen).containsExactly("first", "after then", "own", "lane");
  }

  @Test
  void timersComeInOrderAndNotEarly() {
    long[] startNs = {0};
    turn(context -> {
      startNs[0] = context.clock().monotonicNs();
      context.after(600, "late"); // far apart: each counts from its own call
      context.after(300, "early");
      context.after(0, "now");
    });
    untilSeen("late");
    assertThat(seen).containsExactly("now", "early", "late");
    assertThat(runtime().clock().monotonicNs() - startNs[0]).isGreaterThanOrEqualTo(600_000_000);
  }

  @Test
  void aCancelledTimersMessageIsNeverHandledEvenIfItWasQueued() {
    List<Timer> timers = new CopyOnWriteArrayList<>();
    runtime().spawn("turn", MailboxSpec.<String>oneLane(16), context -> new Actor<>() {
      @Override
      public void start() {
        for (int i = 0; i < 10; i++) {
          timers.add(context.after(1, "t" + i));
        }
        context.after(20, "end");
      }

      @Override
      public void handle(String message) {
        seen.add(message);
        timers.forEach(Timer::cancel);
      }
    });
    untilSeen("end");
    assertThat(seen).hasSize(2).last().isEqualTo("end");
  }

  @Test
  void theFirstEndOfAPromiseCounts() {
    Promise<Integer> promise = runtime().promise();
    assertThat(promise.done(1)).isTrue();
    assertThat(promise.done(2)).isFalse();
    assertThat(promise.failed(new UnavailableException("late"))).isFalse();
    assertThat(outcome(promise::completion)).isEqualTo(new Outcome.Done<>(1));
  }

  @Test
  void aCancelledCompletionSendsNoMessage() {
    Promise<String> promise = runtime().promise();
    promise.onCancel(() -> seen.add("cancelled"));
    turn(context -> {
      Completion<String> owed = promise.completion();
      owed.then(outcome -> "answer");
      owed.cancel();
      promise.done("x");
      context.after(10, "end");
    });
    untilSeen("end");
    assertThat(seen).containsExactly("cancelled", "end");
    assertThat(promise.cancelled()).isTrue();
  }

  @Test
  void aCompletionCancelledWhileItsEndIsOnItsWaySendsNoMessage() {
    turn(context -> {
      Promise<String> promise = runtime().promise();
      promise.onCancel(() -> seen.add("cancelled"));
      promise.completion().then(outcome -> "answer");
      promise.done("x");
      promise.completion().cancel();
      context.after(10, "end");
    });
    untilSeen("end");
    assertThat(seen).containsExactly("end");
  }

  @Test
  void whoWatchesACompletionIsToldOfItsEndBeforeItsAsker() {
    turn(context -> {
      Promise<String> promise = runtime().promise();
      Completion<Integer> owed = promise.completion().map(String::length);
      owed.onEnd(outcome -> seen.add("told " + outcome));
      owed.then(outcome -> "end");
      promise.done("four");
    });
    untilSeen("end");
    assertThat(seen).containsExactly("told " + new Outcome.Done<>(4), "end");
  }

  @Test
  void whoWatchesIsToldAlsoOfAnEndThatNobodyAskedForOrThatHasBeen() {
    turn(context -> {
      Promise<String> given = runtime().promise();
      given.completion().onEnd(outcome -> seen.add("given up"));
      given.completion().cancel();
      given.done("x");
      given.done("y");
      Promise<String> past = runtime().promise();
      past.done("z");
      past.completion().onEnd(outcome -> seen.add("past"));
      context.after(10, "end");
    });
    untilSeen("end");
    assertThat(seen).containsExactly("given up", "past", "end");
  }

  @Test
  void whatIsDroppedBecauseItsAskerGaveUpEndsAllTheSame() {
    Strand strand = runtime().strand("strand");
    turn(context -> {
      Completion<Integer> owed = strand.run("step", () -> 1);
      owed.onEnd(outcome -> seen.add("told"));
      owed.cancel();
    });
    untilSeen("told");
    assertThat(seen).containsExactly("told");
  }

  @Test
  void whatMapThrowsIsTheEndForWhoWatches() {
    Promise<String> promise = runtime().promise();
    var thrown = new UnavailableException("planted");
    promise.completion().map(value -> {
      throw thrown;
    }).onEnd(outcome -> seen.add(outcome.equals(new Outcome.Failed<>(thrown)) ? "failed" : "done"));
    promise.done("x");
    untilSeen("failed");
    assertThat(seen).containsExactly("failed");
  }

  @Test
  void cellsAreAPowerOfTwo() {
    int count = runtime().stripes().count();
    assertThat(Integer.bitCount(count)).isEqualTo(1);
    assertThat(runtime().stripes().current()).isEqualTo(runtime().stripes().current());
  }

  @Test
  void aStoppedActorGetsNothingMoreAndSaysClosed() {
    Mailbox<String> mailbox =
        runtime().spawn("actor", MailboxSpec.oneLane(8), (Context<String> context) -> new Actor<>() {
          @Override
          public void handle(String message) {
            seen.add(message);
            context.self().offer("late");
            context.after(0, "timer");
            context.stop();
          }

          @Override
          public void stopped() {
            seen.add("stopped");
          }
        });
    mailbox.offer("go");
    untilSeen("stopped");
    bed.until(() -> mailbox.offer("x") == Offer.CLOSED);
    assertThat(seen).containsExactly("go", "stopped");
  }

  @Test
  void anActorThatThrowsHasEndedAndMayTellOthers() {
    Mailbox<String> supervisor =
        runtime().spawn("supervisor", MailboxSpec.<String>oneLane(8), context -> seen::add);
    Mailbox<String> mailbox =
        runtime().spawn("actor", MailboxSpec.oneLane(8), (Context<String> context) -> new Actor<>() {
          @Override
          public void handle(String message) {
            throw new IllegalStateException("planted");
          }

          @Override
          public void failed(Throwable cause) {
            supervisor.offer("failed: " + cause.getMessage());
          }

          @Override
          public void stopped() {
            seen.add("stopped");
          }
        });
    mailbox.offer("go");
    untilSeen("failed: planted");
    bed.until(() -> mailbox.offer("x") == Offer.CLOSED);
    assertThat(seen).containsExactly("failed: planted");
  }

  @Test
  void aNameMayBeTakenAgainWhenItsActorHasEnded() {
    assertThat(runtime().hasActor("actor")).isFalse();
    Mailbox<String> first = actor(MailboxSpec.oneLane(8), (context, message) -> context.stop());
    assertThat(runtime().hasActor("actor")).isTrue();
    first.offer("one");
    bed.until(() -> first.offer("more") == Offer.CLOSED);
    bed.until(() -> !runtime().hasActor("actor"));
    actor(MailboxSpec.oneLane(8), (context, message) -> {}).offer("two");
    untilSeen("two");
  }

  @Test
  void aStrandRunsItsTasksInOrderAndAnswersWithWhatTheyMakeOrThrow() {
    Strand strand = runtime().strand("strand");
    turn(context -> {
      for (int i = 0; i < 20; i++) {
        String name = "task " + i;
        strand.run("step", () -> {
          seen.add(name);
          return name;
        });
      }
    });
    assertThat(outcome(() -> strand.run("value", () -> 5))).isEqualTo(new Outcome.Done<>(5));
    var thrown = new UnavailableException("planted");
    assertThat(outcome(() -> strand.run("throws", () -> {
      throw thrown;
    }))).isEqualTo(new Outcome.Failed<>(thrown));
    untilSeen("task 19");
    assertThat(seen).isEqualTo(IntStream.range(0, 20).mapToObj(i -> "task " + i).toList());
  }

  @Test
  void awaitAnswersFromAnotherStrandOrThrowsItsCause() {
    Strand upper = runtime().strand("upper");
    Strand lower = runtime().strand("lower");
    assertThat(outcome(() -> upper.run("sum", () -> {
      int sum = 0;
      for (int i = 0; i < 10; i++) {
        int part = i;
        sum += await(upper, lower.run("part", () -> part), 10_000);
      }
      return sum;
    }))).isEqualTo(new Outcome.Done<>(45));
    var thrown = new UnavailableException("planted");
    assertThat(outcome(() -> upper.run("fails", () -> await(upper, lower.run("throws", () -> {
      throw thrown;
    }), 10_000)))).isEqualTo(new Outcome.Failed<>(thrown));
  }

  @Test
  void awaitEndsAtItsDeadlineAndCancelsWhatIsOwed() {
    Strand strand = runtime().strand("strand");
    Promise<Integer> never = runtime().promise();
    assertThat(outcome(() -> strand.run("wait", () -> {
      try {
        return strand.await(never.completion(), 20);
      } catch (TimeoutException expected) {
        return -1;
      }
    }))).isEqualTo(new Outcome.Done<>(-1));
    assertThat(never.cancelled()).isTrue();
  }

  @Test
  void aStrandGivenUpFailsWhatHasNotStarted() {
    Strand strand = runtime().strand("strand");
    Promise<Integer> never = runtime().promise();
    turn(context -> {
      strand.run("stuck", () -> {
        seen.add("begun");
        int got = await(strand, never.completion(), 100_000);
        seen.add("went on");
        return got;
      }).then(outcome -> outcome instanceof Outcome.Failed<Integer>(OutcomeUnknownException cause)
          ? "stuck failed"
          : "stuck done");
      strand.run("waits", () -> 1)
          .then(outcome -> outcome instanceof Outcome.Failed<Integer>(UnavailableException cause)
              ? "waiting failed"
              : "waiting done");
    });
    untilSeen("begun");
    strand.giveUp();
    untilSeen("waiting failed");
    untilSeen("stuck failed");
    assertThat(outcome(() -> strand.run("late", () -> 1))).isInstanceOfSatisfying(Outcome.Failed.class,
        failed -> assertThat(failed.cause()).isInstanceOf(UnavailableException.class));
    assertThat(seen).containsExactlyInAnyOrder("begun", "waiting failed", "stuck failed");
  }

  @Test
  void aStrandTellsTheStepOfATaskThatHasNotEnded() {
    Strand strand = runtime().strand("strand");
    Promise<Integer> owed = runtime().promise();
    assertThat(strand.doing(8)).isEmpty();
    turn(context -> strand.run("stuck", () -> {
      seen.add("begun");
      return await(strand, owed.completion(), 100_000);
    }).then(outcome -> "ended"));
    untilSeen("begun");
    assertThat(strand.doing(8)).startsWith("stuck").hasSizeLessThanOrEqualTo(9);
    owed.done(1);
    untilSeen("ended");
    bed.until(() -> strand.doing(8).isEmpty());
  }

  @Test
  void aWaiterKeepsAWakeAndSleepsToItsDeadline() {
    var waiter = runtime().waiter();
    var clock = runtime().clock();
    Strand strand = runtime().strand("strand");
    waiter.wake();
    assertThat(outcome(() -> strand.run("kept", () -> waiter.sleepUntil(clock.monotonicNs() + 60_000_000_000L))))
        .isEqualTo(new Outcome.Done<>(true));
    assertThat(outcome(() -> strand.run("deadline", () -> waiter.sleepUntil(clock.monotonicNs() + 1_000_000))))
        .isEqualTo(new Outcome.Done<>(false));
    turn(context -> {
      strand.run("woken", () -> waiter.sleepUntil(clock.monotonicNs() + 60_000_000_000L))
          .then(outcome -> "woken " + outcome.equals(new Outcome.Done<>(true)));
      waiter.wake();
    });
    untilSeen("woken true");
  }

  @Test
  void computeAnswersWithWhatItMakesOrThrows() {
    assertThat(outcome(() -> runtime().compute().submit(() -> 42))).isEqualTo(new Outcome.Done<>(42));
    var thrown = new UnavailableException("planted");
    assertThat(outcome(() -> runtime().compute().submit(() -> {
      throw thrown;
    }))).isEqualTo(new Outcome.Failed<>(thrown));
  }

  @Test
  void entropyFillsAndChanceDiffersBetweenActors() {
    byte[] bytes = new byte[64];
    runtime().entropy().fill(bytes);
    assertThat(bytes).isNotEqualTo(new byte[64]);
    List<Long> drawn = new CopyOnWriteArrayList<>();
    for (String name : List.of("one", "two")) {
      runtime().spawn(name, MailboxSpec.<String>oneLane(2), context -> {
        drawn.add(context.chance().nextLong());
        return message -> {};
      });
    }
    bed.until(() -> drawn.size() == 2);
    assertThat(drawn).doesNotHaveDuplicates();
  }

  private static <T> T await(Strand strand, Completion<T> owed, long timeoutMs) {
    try {
      return strand.await(owed, timeoutMs);
    } catch (TimeoutException late) {
      throw new UnavailableException("late");
    }
  }
}
