package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Node;
import dev.tenon.codec.Bytes;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Sequencers that leave the set: what the engine keeps of them, and what not.
class EngineDepartedSimTest {
  private static final Duration SOON = Duration.ofSeconds(3);

  /// Four validators, and twelve sequencers of whom three are in the set of each epoch.
  @Test
  void overManyEpochsMemoryIsFlat() {
    try (World world = new World(1, new World.Plan(4, 12, false, 300, new NullAlgorithm()))) {
      world.sequencersReturn = true;
      world.sequencersOf = epoch -> {
        int first = (int) (epoch.value() % 12);
        return Optional.of(world.keys(List.of(4 + first, 4 + (first + 1) % 12, 4 + (first + 2) % 12)));
      };
      world.boot();
      long certified = 0;
      for (long epoch = 112; epoch < 152; epoch++) {
        world.sim().run(Duration.ofMillis(400));
        world.epoch(epoch);
        world.sim().run(Duration.ofMillis(400));
        for (int validator = 0; validator < 4; validator++) {
          assertThat(world.board(validator).view().tips().size()).isLessThanOrEqualTo(3 + 2);
          assertThat(world.metric(validator, "tenon_broadcast_chains")).isLessThanOrEqualTo(3 + 2);
          assertThat(world.metric(validator, "tenon_broadcast_evidence")).isLessThanOrEqualTo(5 * 4 * 3);
        }
        assertThat(world.locks()).as("locks at epoch " + epoch).isGreaterThan(certified);
        certified = world.locks();
      }
      world.checkChains();
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void aSequencerThatComesBackIsAckedForNoSecondChunkOfAHeight() {
    try (World world = new World(1, new World.Plan(4, 1, true, 500, new NullAlgorithm()))) {
      Participants without = world.keys(List.of(0, 1, 2, 3));
      Participants all = world.keys(List.of(0, 1, 2, 3, 4));
      world.sequencersOf = epoch -> Optional.of(epoch.value() > 111 && epoch.value() < 120 ? without : all);
      Puppet puppet = world.bootWithPuppet();
      Node first = puppet.node(0, 0);
      puppet.send(first, Bytes.EMPTY);
      assertThat(world.sim().runUntil(() -> puppet.acks(0) == 4, SOON)).isTrue();
      for (long epoch = 112; epoch < 116; epoch++) {
        world.epoch(epoch);
        world.sim().run(Duration.ofMillis(200));
      }
      assertThat(world.board(0).view().tips()).noneMatch(tip -> tip.sequencer().equals(puppet.key()));
      world.epoch(120);
      puppet.forget();
      puppet.send(puppet.other(first), Bytes.EMPTY);
      world.sim().run(SOON);
      assertThat(puppet.acks(0)).isZero();
      assertThat(world.violations()).isEmpty();
      puppet.send(first, Bytes.EMPTY);
      assertThat(world.sim().runUntil(() -> puppet.acks(0) == 4, SOON)).isTrue();
    }
  }

  /// A validator that is ahead acks what a sequencer of a later epoch has sent it.
  @Test
  void votesForASequencerOfALaterEpochAreKeptUntilThatComes() {
    try (World world = new World(1, new World.Plan(4, 0, true, 500, new NullAlgorithm()))) {
      Participants nobody = world.keys(List.of(3)); // the puppet, which sends nothing
      Participants later = world.keys(List.of(0, 3));
      world.epochsOld = 0;
      world.epochsNew = 2;
      world.sequencersOf = epoch -> Optional.of(epoch.value() < 113 ? nobody : later);
      Puppet puppet = world.bootWithPuppet();
      world.registerEpoch(113);
      puppet.sendAckTo(1, world.key(0), 0, 113);
      world.sim().run(SOON);
      assertThat(world.metric(1, "tenon_broadcast_acks_total", "outcome", "success")).isEqualTo(1);
      world.epoch(112);
      world.sim().run(SOON);
      assertThat(world.metric(1, "tenon_broadcast_evidence")).isEqualTo(1);
      world.epoch(114);
      world.sequencersOf = epoch -> Optional.of(nobody);
      world.epoch(115);
      world.sim().run(SOON);
      assertThat(world.metric(1, "tenon_broadcast_evidence")).as("once it has passed it goes").isZero();
    }
  }

  @Test
  void withinTheBoundsAChainIsKeptForAcksOfItsEpoch() {
    try (World world = new World(1, new World.Plan(4, 1, true, 500, new NullAlgorithm()))) {
      Participants without = world.keys(List.of(0, 1, 2, 3));
      Participants all = world.keys(List.of(0, 1, 2, 3, 4));
      world.sequencersOf = epoch -> Optional.of(epoch.value() > 111 ? without : all);
      Puppet puppet = world.bootWithPuppet();
      puppet.send(puppet.node(0, 0), Bytes.EMPTY);
      assertThat(world.sim().runUntil(() -> puppet.acks(0) == 4, SOON)).isTrue();
      world.epoch(112);
      world.sim().run(SOON);
      assertThat(world.board(0).view().tips()).anyMatch(tip -> tip.sequencer().equals(puppet.key()));
      world.epoch(113);
      world.sim().run(SOON);
      assertThat(world.board(0).view().tips()).noneMatch(tip -> tip.sequencer().equals(puppet.key()));
    }
  }

  @Test
  void wherePeersAreNotKnownForAnEpochNobodyHasLeft() {
    try (World world = new World(1, new World.Plan(4, 0, true, 500, new NullAlgorithm()))) {
      Participants all = world.keys(List.of(0, 1, 2, 3));
      world.sequencersOf = epoch -> epoch.value() > 111 && epoch.value() < 120 ? Optional.empty() : Optional.of(all);
      world.boot();
      world.sim().run(Duration.ofSeconds(1));
      for (long epoch = 112; epoch <= 120; epoch++) {
        world.epoch(epoch);
        world.sim().run(Duration.ofMillis(100));
        assertThat(world.board(0).view().tips()).hasSize(4);
      }
      long before = world.highest();
      assertThat(world.sim().runUntil(() -> world.highest() > before + 5, Duration.ofSeconds(10))).isTrue();
      assertThat(world.violations()).isEmpty();
    }
  }
}
