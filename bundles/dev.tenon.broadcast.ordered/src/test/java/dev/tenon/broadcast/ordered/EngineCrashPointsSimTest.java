package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Node;
import dev.tenon.crypto.PublicKey;
import dev.tenon.sim.CrashKind;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A crash at each runtime call: each message offered, timer, completion and storage call is a point. Whatever the
/// application answers after the restart and whatever peers send then, nothing is signed twice and nothing is lost.
class EngineCrashPointsSimTest {
  private static final Duration DOWN = Duration.ofMillis(20);
  private static final Duration SOON = Duration.ofSeconds(20);

  /// Four validators; only the first one has a chain.
  private static World oneChain(long seed) {
    World world = new World(seed, new World.Plan(4, 0, true, 200, new NullAlgorithm()));
    world.sequencersOf = epoch -> Optional.of(world.keys(List.of(0)));
    world.automaton = new World.Fickle();
    return world;
  }

  private static long height(World world, PublicKey sequencer) {
    return world.certifiedHeight(sequencer);
  }

  private static void goesOn(World world, String point) {
    PublicKey own = world.key(0);
    long before = height(world, own);
    assertThat(world.sim().runUntil(() -> height(world, own) >= before + 3, SOON)).as(point).isTrue();
    world.checkChains();
    world.checkJournals();
    assertThat(world.violations()).as(point).isEmpty();
  }

  /// How many calls the first node makes until its chain has three certified chunks.
  private static long calls() {
    try (World world = oneChain(1)) {
      world.boot();
      assertThat(world.sim().runUntil(() -> height(world, world.key(0)) == 2, SOON)).isTrue();
      return world.node(0).calls();
    }
  }

  @ParameterizedTest
  @EnumSource(CrashKind.class)
  void noSecondChunkOfAHeightIsSignedWhereverTheSequencerCrashes(CrashKind kind) {
    long calls = calls();
    assertThat(calls).isGreaterThan(100);
    for (long call = 1; call <= calls; call++) {
      try (World world = oneChain(1)) {
        world.boot();
        long at = Math.max(call, world.node(0).calls() + 1);
        world.node(0).crashAtCall(at, kind, DOWN);
        assertThat(world.sim().runUntil(() -> world.node(0).boots() == 2, SOON)).isTrue();
        goesOn(world, kind + " at call " + at);
      }
    }
  }

  @Test
  void noSecondChunkOfAHeightIsSignedThoughTheSequencerCrashesAgainWhileItRecovers() {
    long calls = calls();
    for (long call = 60; call <= calls; call += 5) {
      for (long again = 3; again <= 63; again += 6) {
        try (World world = oneChain(call)) {
          world.boot();
          world.node(0).crashAtCall(call, CrashKind.PROCESS_KILL, DOWN);
          assertThat(world.sim().runUntil(() -> world.node(0).boots() == 2, SOON)).isTrue();
          world.node(0).crashAtCall(world.node(0).calls() + again, CrashKind.POWER_LOSS, DOWN);
          assertThat(world.sim().runUntil(() -> world.node(0).boots() == 3, SOON)).isTrue();
          goesOn(world, "at call " + call + " and " + again + " calls later");
        }
      }
    }
  }

  /// The sequencer shows the validator one chunk, and after the crash another of the same height first.
  @ParameterizedTest
  @EnumSource(CrashKind.class)
  void noSecondAckOfAHeightIsSignedWhereverTheValidatorCrashes(CrashKind kind) {
    int acked = 0;
    int kept = 0;
    for (long call = 1; call < 400; call++) {
      try (World world = new World(1, new World.Plan(4, 1, false, 1_000, new NullAlgorithm()))) {
        Puppet puppet = world.bootWithPuppet();
        Node one = puppet.node(0, 0);
        Node other = puppet.other(one);
        world.node(0).crashAtCall(world.node(0).calls() + call, kind, DOWN);
        puppet.sendTo(0, one);
        world.sim().run(Duration.ofMillis(100));
        if (world.node(0).boots() == 1) {
          assertThat(call).as("calls that an ack takes").isGreaterThan(20);
          break; // it made fewer calls: all points are through
        }
        boolean signed = world.signatures(0) > 0;
        puppet.sendTo(0, other);
        world.sim().run(Duration.ofMillis(100));
        puppet.sendTo(0, one);
        world.sim().run(Duration.ofMillis(100));
        assertThat(world.violations()).as(kind + " at call " + call).isEmpty();
        assertThat(world.signatures(0)).as("it acks one of them").isPositive();
        acked++;
        kept += signed ? 1 : 0;
      }
    }
    assertThat(acked).isGreaterThan(20);
    assertThat(kept).as("crashes after the first signature").isPositive();
  }

  @Test
  void whatWasCertifiedIsInTheJournalsOfAQuorumAfterAnyLossOfPower() {
    for (int point = 0; point < 60; point++) {
      try (World world = new World(point, new World.Plan(4, 0, true, 200, new NullAlgorithm()))) {
        world.automaton = new World.Fickle();
        world.boot();
        for (int i = 0; i < 4; i++) {
          world.node(i).disk().slow(15); // so that messages are faster than commits
        }
        world.sim().run(Duration.ofMillis(700).plus(Duration.ofNanos(4_937_000L * point)));
        for (int i = 0; i < 4; i++) {
          world.node(i).crash(CrashKind.POWER_LOSS, DOWN);
        }
        assertThat(world.locks()).isPositive();
        world.checkJournals();
        world.checkChains();
        assertThat(world.violations()).as("point " + point).isEmpty();
        goesOn(world, "point " + point);
      }
    }
  }
}
