package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.BroadcastStatus;
import dev.tenon.broadcast.Node;
import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// One peer sends far more than can be handled. The others' chains go on at the pace they had, and what is kept of the
/// flood is bounded. The flooder is a validator and sequencer of four, so that each of the others is needed for a
/// quorum.
class EngineFloodsSimTest {
  /// Messages of a burst: more than an engine handles until the next one comes.
  private static final int BURST = 3_000;
  private static final Duration EVERY = Duration.ofMillis(5);
  private static final Duration LONG = Duration.ofMillis(1_500);

  /// What the engines certify in a while without a flood, and with one.
  private static void goesOnDuring(BiConsumer<World, Puppet> burst) {
    goesOnDuring(world -> {}, burst);
  }

  private static void goesOnDuring(Consumer<World> setting, BiConsumer<World, Puppet> burst) {
    long calm = certified(setting, (world, puppet) -> {});
    long flooded = certified(setting, burst);
    assertThat(flooded).isGreaterThan(calm * 3 / 4);
  }

  private static long certified(Consumer<World> setting, BiConsumer<World, Puppet> burst) {
    try (World world = new World(1, new World.Plan(4, 0, true, 1_000, new NullAlgorithm()))) {
      Puppet puppet = world.bootWithPuppet();
      setting.accept(world);
      for (Duration at = Duration.ofMillis(150); at.compareTo(LONG) < 0; at = at.plus(EVERY)) {
        world.sim().at(at, () -> burst.accept(world, puppet));
      }
      world.sim().run(LONG);
      assertThat(world.depthMax).as("messages that wait").isLessThanOrEqualTo(2 * Intake.PEER_MESSAGES_MAX + 50);
      assertThat(world.checksMax).as("signature checks at a time").isLessThanOrEqualTo(60);
      assertThat(world.violations()).isEmpty();
      world.checkChains();
      return world.board(0).view().certified();
    }
  }

  @Test
  void aFloodOfForgedNodesStarvesNeitherAcksNorOtherPeers() {
    goesOnDuring((world, puppet) -> {
      Node good = puppet.node(0, 0);
      Node forged = new Node(puppet.other(good).chunk(), good.signature(), good.parent());
      for (int i = 0; i < BURST; i++) {
        puppet.sendTo(0, forged);
      }
    });
  }

  @Test
  void aFloodOfNodesOfRisingHeightsIsHeldToOne() {
    long[] height = new long[1];
    goesOnDuring((world, puppet) -> {
      for (int i = 0; i < BURST; i++) {
        puppet.sendTo(0, puppet.unproven(++height[0]));
      }
    });
  }

  @Test
  void aFloodOfForgedAcksStarvesNeitherNodesNorOtherPeers() {
    goesOnDuring((world, puppet) -> {
      for (int i = 0; i < BURST; i++) {
        PublicKey sequencer = world.key(i % 3);
        long height = world.board(0).view().tips().stream().filter(tip -> tip.sequencer().equals(sequencer))
            .mapToLong(BroadcastStatus.Tip::height).findFirst().orElse(0);
        puppet.sendForgedAckTo(0, sequencer, height + i % 2);
      }
    });
  }

  /// The flooder was a validator of the epoch before, whose acks still count, under an index that is another's now.
  /// That one is needed for each certificate.
  @Test
  void aFormerValidatorWithForgedAcksKeepsNobodyElsesOut() {
    goesOnDuring(world -> {
      Participants now = world.keys(List.of(0, 1, 2));
      assertThat(world.validators().indexOf(world.key(3))).isBetween(0, now.count() - 1);
      world.epoch(112, now);
    }, (world, puppet) -> {
      for (int i = 0; i < BURST; i++) {
        PublicKey sequencer = world.key(i % 3);
        long height = world.board(0).view().tips().stream().filter(tip -> tip.sequencer().equals(sequencer))
            .mapToLong(BroadcastStatus.Tip::height).findFirst().orElse(0);
        puppet.sendForgedAckTo(i / 3 % 3, sequencer, height + 1);
      }
    });
  }

  @Test
  void aFloodOfNoiseOnBothChannelsStarvesNobody() {
    goesOnDuring((world, puppet) -> {
      for (int i = 0; i < BURST; i++) {
        puppet.sendNoiseTo(0, Bytes.of((byte) i, (byte) (i >>> 8)));
      }
    });
  }
}
