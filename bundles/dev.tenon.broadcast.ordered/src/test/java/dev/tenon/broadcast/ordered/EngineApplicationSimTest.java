package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Context;
import dev.tenon.codec.CheckFailed;
import dev.tenon.crypto.Digest;
import dev.tenon.runtime.Promise;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.List;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;

/// The application's code throws. The engine says so, does without what was asked, and goes on once it is well again;
/// it never acks what was not found valid. Of four validators two are hit where a quorum is not to be had without them.
class EngineApplicationSimTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final String FAILURES = "tenon_broadcast_application_failures_total";

  private boolean throwing;
  private int calls;

  private static World world() {
    return new World(1, new World.Plan(4, 0, true, 500, new NullAlgorithm()));
  }

  private boolean isHit(dev.tenon.sim.SimNode node) {
    return throwing && (node.name().equals("v0") || node.name().equals("v1"));
  }

  private static void isWarned(World world, String call, String phrase) {
    assertThat(world.ended(0)).as("engines that ended").isZero();
    assertThat(world.metric(0, FAILURES, "call", call)).isPositive();
    assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.WARN);
    assertThat(world.board(0).health().toString()).contains(phrase);
    assertThat(world.board(0).view().paused()).as("it works all the same").isEmpty();
    assertThat(world.metric(2, FAILURES, "call", call)).isZero();
  }

  private static void goesOn(World world) {
    long before = world.contiguous();
    assertThat(world.runUntilHeight(before + 5, Duration.ofSeconds(20))).isTrue();
    assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.OK);
    world.checkChains();
    world.checkJournals();
    assertThat(world.violations()).isEmpty();
  }

  @Test
  void whereVerifyThrowsNothingIsAckedAndItIsAskedAgain() {
    try (World world = world()) {
      world.automatons = node -> new World.Texts() {
        @Override
        public void verify(Context context, Digest payload, Promise<Boolean> answer) {
          if (isHit(node)) {
            calls++;
            answer.done(true); // an answer of one who breaks down does not count
            throw new IllegalStateException("no backend");
          }
          super.verify(context, payload, answer);
        }
      };
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      throwing = true;
      world.sim().run(Duration.ofMillis(50));
      long locks = world.locks();
      long tips = world.heard(0);
      world.sim().run(LONG);
      assertThat(world.locks()).isEqualTo(locks);
      assertThat(world.heard(0)).isEqualTo(tips);
      assertThat(calls).as("at each repetition of four chains").isBetween(2 * 4 * 8, 2 * 4 * 14);
      isWarned(world, "verify", "the automaton's verify threw java.lang.IllegalStateException: no backend");
      throwing = false;
      goesOn(world);
    }
  }

  @Test
  void whereProposeThrowsItIsAskedAgainAfterAGrowingPause() {
    try (World world = world()) {
      world.automatons = node -> new World.Texts() {
        @Override
        public void propose(Context context, Promise<Digest> answer) {
          if (isHit(node)) {
            calls++;
            answer.done(digest(context.sequencer(), context.height().value()));
            throw new NoClassDefFoundError("dev/example/Gone");
          }
          super.propose(context, answer);
        }
      };
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      throwing = true;
      world.sim().run(Duration.ofMillis(100));
      long mine = world.board(0).view().certified();
      long others = world.board(2).view().certified();
      world.sim().run(LONG);
      assertThat(world.board(0).view().certified()).isEqualTo(mine);
      assertThat(world.board(2).view().certified()).isGreaterThan(others);
      assertThat(calls).isBetween(2 * 8, 2 * 20);
      isWarned(world, "propose", "the automaton's propose threw java.lang.NoClassDefFoundError: dev/example/Gone");
      throwing = false;
      goesOn(world);
    }
  }

  @Test
  void whereTheRelayThrowsTheNodeIsSentAtARepetition() {
    try (World world = world()) {
      world.relays = node -> (context, payload) -> {
        if (isHit(node)) {
          throw new CheckFailed("no peers");
        }
      };
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      throwing = true;
      world.sim().run(Duration.ofMillis(100));
      long mine = world.certifiedHeight(world.key(0));
      world.sim().run(LONG);
      assertThat(world.certifiedHeight(world.key(0))).isEqualTo(mine);
      assertThat(world.metric(0, "tenon_broadcast_rebroadcast_total", "outcome", "failure")).isGreaterThan(5);
      assertThat(world.metric(0, "tenon_broadcast_propose_total", "outcome", "failure")).isPositive();
      isWarned(world, "broadcast", "the relay threw dev.tenon.codec.CheckFailed: no peers");
      throwing = false;
      goesOn(world);
    }
  }

  @Test
  void aReporterThatThrowsIsAloneInHearingNothing() {
    try (World world = world()) {
      world.reporters = node -> List.of(activity -> {
        if (isHit(node)) {
          throw new AssertionError("not as I thought");
        }
      });
      world.boot();
      throwing = true;
      assertThat(world.runUntilHeight(20, LONG)).as("heard of by the other reporter").isTrue();
      assertThat(world.metric(0, FAILURES, "call", "report")).isGreaterThan(80);
      isWarned(world, "report", "a reporter threw java.lang.AssertionError: not as I thought");
      throwing = false;
      goesOn(world);
    }
  }

  @Test
  void whereTheSetOfSequencersCannotBeAskedForTheEpochIsNotKnown() {
    try (World world = world()) {
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      var all = world.sequencersOf;
      world.sequencersOf = epoch -> {
        throw new IllegalStateException("closed");
      };
      world.sim().run(Duration.ofMillis(50));
      long locks = world.locks();
      world.sim().run(LONG);
      assertThat(world.locks()).isEqualTo(locks);
      assertThat(world.ended(0)).isZero();
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.WARN);
      world.sequencersOf = all;
      goesOn(world);
    }
  }

  @Test
  void whereOneOfSeveralKindsOfCallsIsWellAgainTheOthersAreStillTold() {
    boolean[] relayThrows = {true};
    try (World world = world()) {
      world.relays = node -> (context, payload) -> {
        if (relayThrows[0] && node.name().equals("v0")) {
          throw new IllegalStateException("no peers");
        }
      };
      world.reporters = node -> List.of(activity -> {
        if (node.name().equals("v0")) {
          throw new IllegalStateException("no reader");
        }
      });
      world.boot();
      world.sim().run(Duration.ofSeconds(2));
      assertThat(world.metric(0, FAILURES, "call", "broadcast")).isPositive();
      relayThrows[0] = false;
      long before = world.certifiedHeight(world.key(0));
      assertThat(world.sim().runUntil(() -> world.certifiedHeight(world.key(0)) > before + 2, LONG)).isTrue();
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.WARN);
      assertThat(world.board(0).health().toString()).contains("no reader").doesNotContain("no peers");
      assertThat(world.ended(0)).isZero();
    }
  }
}
