package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Context;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.jvm.Ed25519;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.sim.CrashKind;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The behaviours of spec/ordered-broadcast.md section 17, with the classes of the bundle, wired by hand.
class OrderedBroadcastSimTest {
  private static final SignatureAlgorithm NULL = new NullAlgorithm();

  private static World.Plan four(long rebroadcastMs) {
    return new World.Plan(4, 0, true, rebroadcastMs, NULL);
  }

  private static void passed(World world) {
    world.checkChains();
    assertThat(world.violations()).isEmpty();
  }

  @Test
  void allOnline() {
    try (World world = new World(1, four(5_000)).boot()) {
      assertThat(world.runUntilHeight(100, Duration.ofMinutes(2))).isTrue();
      for (int i = 0; i < 4; i++) {
        assertThat(world.misses(i)).as("locks without their tip").isLessThanOrEqualTo(5);
      }
      passed(world);
    }
  }

  @Test
  void certifiesWithEd25519() {
    try (World world = new World(1, new World.Plan(4, 0, true, 5_000, new Ed25519())).boot()) {
      assertThat(world.runUntilHeight(5, Duration.ofMinutes(2))).isTrue();
      passed(world);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void uncleanShutdown(long seed) {
    try (World world = new World(seed, four(5_000)).boot()) {
      for (int round = 0; round < 20 && world.contiguous() < 30; round++) {
        world.sim().run(Duration.ofSeconds(5));
        for (int i = 0; i < 4; i++) {
          world.node(i).crash(round % 2 == 0 ? CrashKind.POWER_LOSS : CrashKind.PROCESS_KILL, Duration.ofMillis(50));
        }
      }
      assertThat(world.contiguous()).isGreaterThanOrEqualTo(30);
      passed(world);
    }
  }

  @Test
  void networkPartition() {
    try (World world = new World(1, four(1_000)).boot()) {
      isolate(world);
      world.sim().run(Duration.ofSeconds(30));
      long before = world.highest();
      world.sim().network().heal();
      assertThat(world.sim().runUntil(() -> world.highest() >= before + 100, Duration.ofMinutes(1))).isTrue();
      passed(world);
    }
  }

  @Test
  void slowAndLossyIsTheSameForASeed() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(slowAndLossy(seed)).isEqualTo(slowAndLossy(seed));
    }
    assertThat(slowAndLossy(1)).isNotEqualTo(slowAndLossy(2));
  }

  private static String slowAndLossy(long seed) {
    try (World world = new World(seed, four(150)).boot()) {
      world.sim().network().latency(Duration.ofMillis(50), Duration.ofMillis(40)).loss(0.5);
      assertThat(world.sim().runUntil(() -> world.highest() >= 40, Duration.ofSeconds(40))).isTrue();
      passed(world);
      return world.sim().digest();
    }
  }

  @Test
  void updatedEpoch() {
    try (World world = new World(1, four(1_000)).boot()) {
      assertThat(world.runUntilHeight(100, Duration.ofMinutes(2))).isTrue();
      isolate(world);
      world.sim().run(Duration.ofSeconds(30));
      long before = world.highest();
      world.epoch(112);
      world.sim().network().heal();
      assertThat(world.sim().runUntil(() -> world.highest() >= before + 100, Duration.ofMinutes(2))).isTrue();
      assertThat(world.highestLockEpoch().value()).isEqualTo(112);
      passed(world);
    }
  }

  @Test
  void externalSequencer() {
    try (World world = new World(1, new World.Plan(4, 1, false, 5_000, NULL)).boot()) {
      assertThat(world.runUntilHeight(100, Duration.ofMinutes(2))).isTrue();
      passed(world);
    }
  }

  @Test
  void invalidPayloadsAreCertifiedWhereTheApplicationSaysSo() {
    try (World world = new World(1, four(5_000))) {
      world.automaton = new World.Texts() {
        @Override
        public void propose(Context context, Promise<Digest> answer) {
          long height = context.height().value();
          answer.done(digest(context.sequencer(), height % 10 == 0 ? height + 1_000_000 : height));
        }
      };
      world.boot();
      assertThat(world.runUntilHeight(100, Duration.ofMinutes(2))).isTrue();
      passed(world);
    }
  }

  @Test
  void automatonThatAlwaysDropsIsAskedWithABackoff() {
    int[] asked = new int[1];
    try (World world = new World(1, four(5_000))) {
      world.automaton = new World.Texts() {
        @Override
        public void propose(Context context, Promise<Digest> answer) {
          asked[0]++;
          answer.failed(new UnavailableException("nothing to propose"));
        }
      };
      world.boot();
      world.sim().run(Duration.ofMinutes(1));
      assertThat(asked[0]).isBetween(4 * 60, 4 * 120);
    }
  }

  @Test
  void lossOfOneValidatorIsSurvived() {
    try (World world = new World(1, four(1_000)).boot()) {
      world.sim().run(Duration.ofSeconds(2));
      world.node(3).crash(CrashKind.POWER_LOSS, Duration.ofSeconds(5));
      assertThat(world.runUntilHeight(30, Duration.ofMinutes(1))).isTrue();
      passed(world);
    }
  }

  private static void isolate(World world) {
    for (int from = 0; from < 4; from++) {
      for (int to = 0; to < 4; to++) {
        if (from != to) {
          world.sim().network().cut(world.node(from), world.node(to));
        }
      }
    }
  }
}
