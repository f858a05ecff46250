package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Context;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Monitor;
import dev.tenon.crypto.Digest;
import dev.tenon.runtime.Promise;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;

/// How an engine ends: what is under way is waited for, nothing is asked, sent or told any more, and the next one may
/// begin.
class EngineStopSimTest {
  private static World world() {
    return new World(1, new World.Plan(4, 0, true, 500, new NullAlgorithm()));
  }

  @Test
  void aStopWaitsForTheCommitsOfNodesAndOfIntents() {
    int waited = 0;
    for (int at = 0; at < 40; at++) {
      try (World world = world().boot()) {
        world.sim().run(Duration.ofMillis(500).plus(Duration.ofNanos(370_000L * at)));
        int open = world.faults(0).unanswered;
        world.node(0).disk().slow(20);
        world.stop(0);
        world.sim().runUntil(() -> world.ended(0) == 1, Duration.ofSeconds(3));
        assertThat(world.ended(0)).isEqualTo(1);
        assertThat(world.faults(0).unanswered).as("commits whose end was not waited for").isZero();
        waited += open > 0 ? 1 : 0;
      }
    }
    assertThat(waited).as("stops that had to wait").isGreaterThan(5);
  }

  @Test
  void aStopWaitsForNoCommitThatIsParked() {
    try (World world = world().boot()) {
      world.sim().run(Duration.ofMillis(500));
      world.faults(0).park();
      world.sim().run(Duration.ofSeconds(1));
      assertThat(world.faults(0).unanswered).isPositive();
      world.stop(0);
      world.sim().run(Duration.ofMillis(10));
      assertThat(world.ended(0)).isEqualTo(1);
      world.faults(0).unpark();
      world.sim().run(Duration.ofSeconds(1));
      world.restart(0);
      long before = world.highest();
      assertThat(world.sim().runUntil(() -> world.highest() > before + 5, Duration.ofSeconds(10))).isTrue();
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void aStopAbandonsACommitThatDoesNotEnd() {
    try (World world = world().boot()) {
      world.sim().run(Duration.ofMillis(500));
      world.node(0).disk().slow(100_000);
      world.sim().run(Duration.ofMillis(500));
      assertThat(world.faults(0).unanswered).isPositive();
      world.stop(0);
      world.sim().run(Duration.ofMillis(Engine.STOP_MS_MAX - 10));
      assertThat(world.ended(0)).isZero();
      world.sim().run(Duration.ofMillis(20));
      assertThat(world.ended(0)).isEqualTo(1);
    }
  }

  @Test
  void aStopWhileTheSlotIsAwayLeavesNobodyWaitingForIt() {
    try (World world = world().boot()) {
      world.sim().run(Duration.ofMillis(500));
      world.faults(0).park();
      world.sim().run(Duration.ofSeconds(13));
      assertThat(world.faults(0).waiters()).isPositive();
      world.stop(0);
      world.sim().run(Duration.ofSeconds(13));
      assertThat(world.ended(0)).isEqualTo(1);
      assertThat(world.faults(0).waiters()).isZero();
    }
  }

  @Test
  void afterAStopNothingIsAskedSignedSentOrTold() {
    List<Promise<?>> open = new ArrayList<>();
    int[] calls = new int[1];
    try (World world = world()) {
      world.automatons = node -> new World.Texts() {
        @Override
        public void propose(Context context, Promise<Digest> answer) {
          calls[0] += node.name().equals("v0") ? 1 : 0;
          if (node.name().equals("v0") && context.height().value() == 5) {
            open.add(answer);
          } else {
            super.propose(context, answer);
          }
        }

        @Override
        public void verify(Context context, Digest payload, Promise<Boolean> answer) {
          calls[0] += node.name().equals("v0") ? 1 : 0;
          if (node.name().equals("v0") && context.height().value() == 8) {
            open.add(answer);
          } else {
            super.verify(context, payload, answer);
          }
        }
      };
      world.boot();
      assertThat(world.sim().runUntil(() -> open.size() >= 4, Duration.ofSeconds(20))).isTrue();
      world.stop(0);
      assertThat(world.sim().runUntil(() -> world.ended(0) == 1, Duration.ofSeconds(2))).isTrue();
      assertThat(open).allMatch(Promise::cancelled);
      int asked = calls[0];
      world.sim().run(Duration.ofSeconds(1)); // what the verifier and the strand were at
      long signed = world.signatures(0);
      long heard = world.heard(0);
      long made = world.node(0).calls();
      assertThat(world.listeners()).as("subscriptions of epochs").isEqualTo(3);
      world.epoch(112);
      world.sim().run(Duration.ofSeconds(10));
      assertThat(calls[0]).isEqualTo(asked);
      assertThat(world.signatures(0)).isEqualTo(signed);
      assertThat(world.heard(0)).isEqualTo(heard);
      assertThat(world.node(0).calls()).as("timers, messages, storage").isEqualTo(made);
      assertThat(world.ended(0)).isEqualTo(1);
    }
  }

  @Test
  void aFailedEngineSaysSoAndTheNextOneMayBegin() {
    boolean[] throwing = new boolean[1];
    try (World world = world()) {
      world.sim().tolerateFailures();
      world.automatons = node -> new World.Texts() {
        @Override
        public void verify(Context context, Digest payload, Promise<Boolean> answer) {
          if (throwing[0] && node.name().equals("v0")) {
            throw new InternalError("a bug");
          }
          super.verify(context, payload, answer);
        }
      };
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      throwing[0] = true;
      assertThat(world.sim().runUntil(() -> world.ended(0) == 1, Duration.ofSeconds(2))).isTrue();
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.CRITICAL);
      assertThat(world.board(0).view().paused()).contains("a bug");
      world.sim().run(Duration.ofSeconds(1));
      throwing[0] = false;
      world.restart(0);
      long before = world.highest();
      assertThat(world.sim().runUntil(() -> world.highest() > before + 5, Duration.ofSeconds(10))).isTrue();
      assertThat(world.violations()).isEmpty();
    }
  }

  /// Two epochs are announced while the engine begins to listen: it hears of the first when it knows the second.
  @Test
  void anEpochAnnouncedWhileItStartsIsNoDecrease() {
    try (World world = world()) {
      boolean[] isRacing = {false};
      world.monitors = monitor -> new Monitor() {
        private boolean hasSubscribed;

        @Override
        public Epoch current() {
          if (isRacing[0] && hasSubscribed) {
            isRacing[0] = false;
            world.epoch(113);
          }
          return monitor.current();
        }

        @Override
        public Subscription subscribe(Consumer<Epoch> changed) {
          Subscription subscription = monitor.subscribe(changed);
          hasSubscribed = true;
          if (isRacing[0]) {
            changed.accept(new Epoch(112));
          }
          return subscription;
        }
      };
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      world.stop(0);
      world.sim().run(Duration.ofSeconds(2));
      isRacing[0] = true;
      world.restart(0);
      world.sim().run(Duration.ofMillis(500));
      assertThat(isRacing[0]).isFalse();
      assertThat(world.board(0).view().paused()).isEmpty();
      assertThat(world.board(0).view().epoch()).isEqualTo(113);
      long before = world.highest();
      assertThat(world.sim().runUntil(() -> world.highest() > before + 5, Duration.ofSeconds(10))).isTrue();
      world.epochWithoutSchemes(112);
      world.sim().run(Duration.ofSeconds(1));
      assertThat(world.board(0).health().getStatus()).as("a real decrease").isEqualTo(Result.Status.CRITICAL);
    }
  }

  @Test
  void anEngineThatEndsByItselfTakesBackWhatItHasAsked() {
    List<Promise<?>> open = new ArrayList<>();
    try (World world = world()) {
      world.automatons = node -> new World.Texts() {
        @Override
        public void verify(Context context, Digest payload, Promise<Boolean> answer) {
          open.add(answer);
        }
      };
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      assertThat(open).isNotEmpty().noneMatch(Promise::cancelled);
      world.epochWithoutSchemes(110);
      world.sim().run(Duration.ofSeconds(1));
      assertThat(open).allMatch(Promise::cancelled);
      assertThat(world.listeners()).isZero();
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.CRITICAL);
    }
  }

  @Test
  void anEngineThatCannotOpenAChannelLeavesNothingOpen() {
    try (World world = new World(1, new World.Plan(4, 0, true, 1_000, new NullAlgorithm()))) {
      world.sim().tolerateFailures();
      world.opens = channel -> {
        if (channel.endsWith("-acks")) {
          throw new IllegalStateException("planted");
        }
      };
      world.boot();
      world.sim().run(Duration.ofSeconds(1));
      assertThat(world.ended(0)).isEqualTo(1);
      assertThat(world.listeners()).isZero();
      world.opens = channel -> {};
      for (int i = 0; i < 4; i++) {
        world.restart(i);
      }
      assertThat(world.runUntilHeight(3, Duration.ofSeconds(30))).isTrue();
    }
  }

  @Test
  void aSignerThatThrowsEndsNoEngine() {
    try (World world = new World(1, new World.Plan(4, 0, true, 1_000, new NullAlgorithm()))) {
      AtomicInteger left = new AtomicInteger(40);
      world.signs = namespace -> {
        if (left.getAndDecrement() > 0) {
          throw new IllegalStateException("planted");
        }
      };
      world.boot();
      assertThat(world.runUntilHeight(3, Duration.ofMinutes(2))).isTrue();
      for (int i = 0; i < 4; i++) {
        assertThat(world.ended(i)).isZero();
      }
      assertThat(world.violations()).isEmpty();
    }
  }
}
