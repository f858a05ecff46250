package dev.tenon.runtime.jvm;

import static dev.tenon.runtime.jvm.RuntimeFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.WhenFull;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActorCellTest {
  RuntimeFixture fixture;

  @BeforeEach
  void open(@TempDir Path folder) {
    fixture = new RuntimeFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /// An actor whose first handler waits until the test opens the gate.
  private static Actor<String> gated(CountDownLatch inside, CountDownLatch gate, List<String> seen,
      CountDownLatch end) {
    return message -> {
      if (message.equals("gate")) {
        inside.countDown();
        await(gate);
        return;
      }
      seen.add(message);
      if (message.equals("end")) {
        end.countDown();
      }
    };
  }

  @Test
  void runsStartBeforeTheFirstMessageAndEmptiesLanesInOrder() {
    var spec = new MailboxSpec<String>(2, 8, message -> message.startsWith("hot") ? 0 : 1, message -> WhenFull.REJECT);
    var seen = Collections.synchronizedList(new ArrayList<String>());
    var inside = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var box = fixture.runtime.spawn("a", spec, context -> gated(inside, gate, seen, end));
    box.offer("gate");
    await(inside);
    for (String message : List.of("cold 1", "hot 1", "cold 2", "hot 2", "end")) {
      assertThat(box.offer(message)).isEqualTo(Offer.OK);
    }
    assertThat(box.depth()).isEqualTo(5);
    gate.countDown();
    await(end);
    assertThat(seen).containsExactly("hot 1", "hot 2", "cold 1", "cold 2", "end");
  }

  @Test
  void answersBackoffThenAppliesThePolicyOfAFullLane() {
    var spec = new MailboxSpec<String>(1, 4, message -> 0, message -> switch (message.charAt(0)) {
      case 'r' -> WhenFull.REPLACE_OLDEST;
      case 's' -> WhenFull.SATISFIED;
      default -> WhenFull.REJECT;
    });
    var seen = Collections.synchronizedList(new ArrayList<String>());
    var inside = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var box = fixture.runtime.spawn("a", spec, context -> gated(inside, gate, seen, end));
    box.offer("gate");
    await(inside);
    assertThat(List.of(box.offer("1"), box.offer("2"), box.offer("3"), box.offer("end")))
        .containsExactly(Offer.OK, Offer.OK, Offer.OK, Offer.BACKOFF);
    assertThat(box.offer("x")).isEqualTo(Offer.REJECTED);
    assertThat(box.offer("s")).isEqualTo(Offer.OK);
    assertThat(box.offer("r")).isEqualTo(Offer.BACKOFF);
    gate.countDown();
    await(end);
    fixture.runtime.close();
    assertThat(seen).startsWith("2", "3", "end");
    assertThat(fixture.metrics.count("tenon_actor_rejected_total", "actor", "ActorCellTest")).isEqualTo(3);
  }

  @Test
  void isClosedAfterStopAndItsLastCallsThrowStopped() {
    var stopped = new CountDownLatch(1);
    var late = new AtomicReference<Throwable>();
    var handled = new AtomicInteger();
    var box = fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(8), context -> new Actor<>() {
      @Override
      public void handle(String message) {
        handled.incrementAndGet();
        context.stop();
      }

      @Override
      public void stopped() {
        try {
          context.after(1, "never");
        } catch (Stopped e) {
          late.set(e);
        }
        stopped.countDown();
      }
    });
    box.offer("1");
    await(stopped);
    assertThat(box.offer("2")).isEqualTo(Offer.CLOSED);
    assertThat(late.get()).isInstanceOf(Stopped.class);
    fixture.runtime.close();
    assertThat(handled).hasValue(1);
  }

  @Test
  void aThrowingHandlerEndsItsActorWhichMayStillTellAnother() {
    var told = new CountDownLatch(1);
    var cause = new AtomicReference<Throwable>();
    var handled = new AtomicInteger();
    Mailbox<Throwable> supervisor = fixture.runtime.spawn("supervisor", MailboxSpec.oneLane(8), context -> fault -> {
      cause.set(fault);
      told.countDown();
    });
    var box = fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(8), context -> new Actor<>() {
      @Override
      public void handle(String message) {
        handled.incrementAndGet();
        throw new IllegalStateException(message);
      }

      @Override
      public void failed(Throwable fault) {
        supervisor.offer(fault);
      }
    });
    box.offer("one");
    await(told);
    assertThat(cause.get()).isInstanceOf(IllegalStateException.class).hasMessage("one");
    assertThat(box.offer("two")).isEqualTo(Offer.CLOSED);
    assertThat(handled).hasValue(1);
    assertThat(fixture.metrics.count("tenon_actor_failed_total", "actor", "ActorCellTest")).isEqualTo(1);
  }

  @Test
  void aFactoryThatThrowsEndsTheActorToo() {
    var tried = new CountDownLatch(1);
    var box = fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(8), context -> {
      tried.countDown();
      throw new IllegalStateException("no actor");
    });
    await(tried);
    fixture.runtime.close();
    assertThat(box.offer("late")).isEqualTo(Offer.CLOSED);
  }

  @Test
  void refusesASecondLivingActorOfAName() {
    fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(8), context -> message -> {});
    assertThatThrownBy(() -> fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(8), context -> message -> {}))
        .isInstanceOf(CheckFailed.class);
  }

  @Test
  void handlesTimersInOrderAndNeverACancelledOneEvenIfItWasQueued() {
    var seen = Collections.synchronizedList(new ArrayList<String>());
    var end = new CountDownLatch(1);
    fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(8), context -> new Actor<>() {
      @Override
      public void start() {
        context.after(600, "end"); // far apart: each counts from its own call
        context.after(300, "second");
        context.after(0, "first");
        var queued = context.after(0, "cancelled");
        long until = context.clock().monotonicNs() + 20_000_000;
        while (context.clock().monotonicNs() < until) {
          Thread.onSpinWait(); // both are due, and queued, before this turn ends
        }
        queued.cancel();
        context.after(60_000, "late").cancel();
      }

      @Override
      public void handle(String message) {
        seen.add(message);
        if (message.equals("end")) {
          end.countDown();
        }
      }
    });
    await(end);
    assertThat(seen).containsExactly("first", "second", "end");
    assertThat(fixture.pools.timers().size()).isZero();
  }

  @Test
  void deliversACompletionOnceWhetherItEndsBeforeOrAfterThen() {
    var early = fixture.runtime.<Integer>promise();
    var late = fixture.runtime.<Integer>promise();
    var cancelled = fixture.runtime.<Integer>promise();
    var failed = fixture.runtime.<Integer>promise();
    var cancelActions = new AtomicInteger();
    cancelled.onCancel(cancelActions::incrementAndGet);
    var started = new CountDownLatch(1);
    var end = new CountDownLatch(3);
    var seen = Collections.synchronizedList(new ArrayList<String>());
    early.done(1);
    fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(8), context -> new Actor<>() {
      @Override
      public void start() {
        early.completion().then(outcome -> "early " + outcome);
        late.completion().then(outcome -> "late " + outcome);
        failed.completion().then(outcome -> "failed " + (outcome instanceof Outcome.Failed<Integer>));
        cancelled.completion().then(outcome -> "cancelled " + outcome);
        cancelled.completion().cancel();
        started.countDown();
      }

      @Override
      public void handle(String message) {
        seen.add(message);
        end.countDown();
      }
    });
    await(started);
    cancelled.done(0);
    assertThat(late.done(2)).isTrue();
    assertThat(late.done(3)).isFalse();
    failed.failed(new IllegalStateException("no"));
    await(end);
    fixture.runtime.close();
    assertThat(seen).containsExactly("early Done[value=1]", "late Done[value=2]", "failed true");
    assertThat(cancelled.cancelled()).isTrue();
    assertThat(cancelActions).hasValue(1);
  }

  @Test
  void anEndThatIsOnItsWayIsNotHandledAfterCancel() {
    var promise = fixture.runtime.<Integer>promise();
    var end = new CountDownLatch(1);
    var seen = Collections.synchronizedList(new ArrayList<String>());
    fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(8), context -> new Actor<>() {
      @Override
      public void start() {
        promise.completion().then(outcome -> "cancelled");
        promise.done(1); // now in the inbox
        promise.completion().cancel();
        context.after(1, "end");
      }

      @Override
      public void handle(String message) {
        seen.add(message);
        end.countDown();
      }
    });
    await(end);
    assertThat(seen).containsExactly("end");
  }

  @Test
  void anEndedActorLeavesNoTimerBehind() {
    var ended = new CountDownLatch(1);
    fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(8), context -> new Actor<>() {
      @Override
      public void start() {
        context.after(3_600_000, "late");
        context.after(0, "stop");
      }

      @Override
      public void handle(String message) {
        context.stop();
      }

      @Override
      public void stopped() {
        ended.countDown();
      }
    });
    await(ended);
    fixture.runtime.close();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (fixture.pools.timers().size() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait(); // who has ended forgets them last
    }
    assertThat(fixture.pools.timers().size()).isZero();
  }

  @Test
  void computesElsewhereAndAnswersInTheInboxAheadOfTheLanes() {
    var end = new CountDownLatch(1);
    var seen = Collections.synchronizedList(new ArrayList<String>());
    fixture.runtime.<String>spawn("a", MailboxSpec.oneLane(8), context -> new Actor<>() {
      @Override
      public void start() {
        fixture.runtime.compute().submit(() -> 6 * 7).then(outcome -> "answer " + outcome);
        fixture.runtime.compute().<Integer>submit(() -> {
          throw new IllegalStateException("no");
        }).then(outcome -> outcome instanceof Outcome.Failed<Integer> ? "failed" : "done");
      }

      @Override
      public void handle(String message) {
        seen.add(message);
        if (seen.size() == 2) {
          end.countDown();
        }
      }
    });
    await(end);
    assertThat(seen).containsExactlyInAnyOrder("answer Done[value=42]", "failed");
  }

  /// Goal: no wake-up is lost between going idle and an offer. Method: two actors return one ball, so each is idle at
  /// each offer; a lost wake-up stops the game.
  @Test
  void losesNoWakeUpWhenEveryOfferMeetsAnIdleActor() {
    int rounds = 200_000;
    var end = new CountDownLatch(1);
    var other = new ArrayList<Mailbox<Integer>>();
    Mailbox<Integer> ping =
        fixture.runtime.spawn("ping", MailboxSpec.oneLane(2), context -> ball -> other.getFirst().offer(ball));
    other.add(fixture.runtime.spawn("pong", MailboxSpec.oneLane(2), context -> ball -> {
      if (ball == 0) {
        end.countDown();
      } else {
        ping.offer(ball - 1);
      }
    }));
    ping.offer(rounds);
    await(end);
    assertThat(fixture.metrics.count("tenon_actor_rejected_total", "actor", "ActorCellTest")).isZero();
  }

  @Test
  void losesNoMessageOfManySendersAndKeepsTheirOrder() {
    record Item(int sender, int number) {}
    int senders = 4;
    int each = 50_000;
    var next = new int[senders];
    var end = new CountDownLatch(1);
    var handled = new AtomicInteger();
    var wrong = new AtomicInteger();
    Mailbox<Item> box = fixture.runtime.spawn("a", MailboxSpec.oneLane(256), context -> item -> {
      if (next[item.sender()]++ != item.number()) {
        wrong.incrementAndGet();
      }
      if (handled.incrementAndGet() == senders * each) {
        end.countDown();
      }
    });
    for (int s = 0; s < senders; s++) {
      int sender = s;
      new Thread(() -> {
        for (int i = 0; i < each;) {
          if (box.offer(new Item(sender, i)) == Offer.REJECTED) {
            Thread.onSpinWait();
          } else {
            i++;
          }
        }
      }).start();
    }
    await(end);
    assertThat(wrong).hasValue(0);
    assertThat(next).containsOnly(each);
  }

  @Test
  void splitsChanceByNameAndRefusesAContextOutsideOfItsTurns() {
    var contexts = Collections.synchronizedList(new ArrayList<Context<String>>());
    var drawn = Collections.synchronizedList(new ArrayList<Long>());
    var end = new CountDownLatch(2);
    for (String name : List.of("a", "b")) {
      fixture.runtime.<String>spawn(name, MailboxSpec.oneLane(8), context -> {
        contexts.add(context);
        drawn.add(context.chance().nextLong());
        end.countDown();
        return message -> {};
      });
    }
    await(end);
    assertThat(drawn.get(0)).isNotEqualTo(drawn.get(1));
    assertThatThrownBy(() -> contexts.getFirst().clock()).isInstanceOf(CheckFailed.class);
    assertThat(new SplitChance(7, "x").nextLong()).isEqualTo(new SplitChance(7, "x").nextLong());
  }
}
