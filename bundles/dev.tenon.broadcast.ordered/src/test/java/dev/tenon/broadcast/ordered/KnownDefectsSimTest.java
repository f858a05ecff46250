package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Node;
import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Digest;
import dev.tenon.sim.CrashKind;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the reference does wrong, done right: spec/ordered-broadcast.md sections 9 and 13. A puppet is a sequencer that
/// the test plays by hand.
class KnownDefectsSimTest {
  private static final Duration SOON = Duration.ofSeconds(3);

  private static World world() {
    return new World(1, new World.Plan(4, 1, false, 1_000, new NullAlgorithm()));
  }

  /// A chain of certified chunks 0 to 3, and the last one accepted by all.
  private static List<Node> chain(World world, Puppet puppet) {
    List<Node> nodes = new ArrayList<>();
    for (int height = 0; height <= 3; height++) {
      Node node = puppet.node(height, 0);
      nodes.add(node);
      puppet.send(node, Bytes.EMPTY);
      int at = height;
      assertThat(world.sim().runUntil(() -> puppet.acks(at) == 4, SOON)).isTrue();
    }
    return nodes;
  }

  private static void restart(World world, Puppet puppet) {
    world.node(0).crash(CrashKind.POWER_LOSS, Duration.ofMillis(100));
    world.sim().run(Duration.ofMillis(500));
    puppet.forget();
    world.forget(0);
  }

  @Test
  void oldNodeAsTheFirstMessageAfterARestartIsDropped() {
    try (World world = world()) {
      Puppet puppet = world.bootWithPuppet();
      List<Node> nodes = chain(world, puppet);
      restart(world, puppet);
      puppet.sendTo(0, nodes.getFirst());
      world.sim().run(SOON);
      assertThat(puppet.acks(0)).isZero();
      puppet.sendTo(0, nodes.getLast());
      assertThat(world.sim().runUntil(() -> puppet.acks(3) == 1, SOON)).isTrue();
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void equivocationAsTheFirstMessageAfterARestartIsDropped() {
    try (World world = world()) {
      Puppet puppet = world.bootWithPuppet();
      List<Node> nodes = chain(world, puppet);
      restart(world, puppet);
      puppet.sendTo(0, puppet.other(nodes.getLast()));
      world.sim().run(SOON);
      assertThat(puppet.acks(3)).isZero();
      puppet.sendTo(0, nodes.getLast());
      assertThat(world.sim().runUntil(() -> puppet.acks(3) == 1, SOON)).isTrue();
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void equalNodeAfterAReplayStoresAndReportsItsParentsCertificate() {
    try (World world = world()) {
      Puppet puppet = world.bootWithPuppet();
      List<Node> nodes = chain(world, puppet);
      restart(world, puppet);
      assertThat(world.hasLock(0, puppet.key(), 2)).isFalse();
      puppet.sendTo(0, nodes.getLast());
      assertThat(world.sim().runUntil(() -> world.hasLock(0, puppet.key(), 2), SOON)).isTrue();
    }
  }

  @Test
  void trailingBytesAfterANodeAreTolerated() {
    try (World world = world()) {
      Puppet puppet = world.bootWithPuppet();
      puppet.send(puppet.node(0, 0), Bytes.of((byte) 1, (byte) 2));
      assertThat(world.sim().runUntil(() -> puppet.acks(0) == 4, SOON)).isTrue();
    }
  }

  @Test
  void equivocatorIsAckedForOneChunkOnlyByEachValidator() {
    try (World world = world()) {
      Puppet puppet = world.bootWithPuppet();
      Node node = puppet.node(0, 0);
      puppet.sendTo(0, node);
      puppet.sendTo(1, node);
      puppet.sendTo(2, puppet.other(node));
      puppet.sendTo(3, puppet.other(node));
      world.sim().run(SOON);
      puppet.send(node, Bytes.EMPTY);
      puppet.send(puppet.other(node), Bytes.EMPTY);
      world.sim().run(SOON);
      assertThat(world.violations()).isEmpty();
      assertThat(world.hasLock(0, puppet.key(), 0)).isFalse();
    }
  }

  @Test
  void forgedNodesGetNoAck() {
    try (World world = world()) {
      Puppet puppet = world.bootWithPuppet();
      Node node = puppet.node(0, 0);
      puppet.send(new Node(puppet.other(node).chunk(), node.signature(), node.parent()), Bytes.EMPTY);
      world.sim().run(SOON);
      assertThat(puppet.acks(0)).isZero();
      puppet.send(node, Bytes.EMPTY);
      assertThat(world.sim().runUntil(() -> puppet.acks(0) == 4, SOON)).isTrue();
    }
  }

  @Test
  void floodOfNodesStarvesNeitherAcksNorVerdicts() {
    try (World world = new World(1, new World.Plan(4, 1, true, 1_000, new NullAlgorithm()))) {
      Puppet puppet = world.bootWithPuppet();
      Node good = puppet.node(0, 0);
      Node forged = new Node(puppet.other(good).chunk(), good.signature(), good.parent());
      for (int burst = 1; burst <= 300; burst++) {
        world.sim().at(Duration.ofMillis(100 + 10L * burst), () -> {
          for (int i = 0; i < 200; i++) {
            puppet.send(forged, Bytes.EMPTY);
          }
        });
      }
      world.sim().run(Duration.ofSeconds(3));
      assertThat(world.board(0).view().certified()).isGreaterThan(30);
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void repetitionGoesOnWhenTheSchemeBecomesKnownLater() {
    try (World world = new World(1, new World.Plan(4, 0, true, 1_000, new NullAlgorithm())).boot()) {
      world.sim().run(Duration.ofSeconds(2));
      world.epochWithoutSchemes(112);
      world.sim().run(Duration.ofSeconds(10));
      long before = world.highest();
      world.sim().run(Duration.ofSeconds(10));
      assertThat(world.highest()).isEqualTo(before);
      world.registerEpoch();
      assertThat(world.sim().runUntil(() -> world.highest() >= before + 20, Duration.ofSeconds(20))).isTrue();
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void decreasedEpochEndsTheEngineForGood() {
    try (World world = new World(1, new World.Plan(4, 0, true, 1_000, new NullAlgorithm())).boot()) {
      world.sim().run(Duration.ofSeconds(1));
      world.epochWithoutSchemes(110);
      world.sim().run(Duration.ofSeconds(1));
      long before = world.highest();
      world.sim().run(Duration.ofSeconds(5));
      assertThat(world.board(0).ended()).contains("decreased");
      assertThat(world.highest()).isEqualTo(before);
    }
  }

  @Test
  void refusedDigestsAreNeverAcked() {
    try (World world = world()) {
      world.automaton = new World.Texts() {
        @Override
        public void verify(dev.tenon.broadcast.Context context, Digest payload,
            dev.tenon.runtime.Promise<Boolean> answer) {
          answer.done(false);
        }
      };
      Puppet puppet = world.bootWithPuppet();
      puppet.send(puppet.node(0, 0), Bytes.EMPTY);
      world.sim().run(SOON);
      assertThat(puppet.acks(0)).isZero();
    }
  }
}
