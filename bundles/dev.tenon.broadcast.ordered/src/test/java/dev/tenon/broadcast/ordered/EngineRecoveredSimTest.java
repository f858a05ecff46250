package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Node;
import dev.tenon.codec.Bytes;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.HashSet;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;

/// Goal: an engine whose journals were recovered, and may lack what it has signed, signs nothing a second time once it
/// may sign again. Method: the first of four validators is stopped, its journals are emptied as older storage would
/// have left them, and it starts anew. The world sees all that is signed.
class EngineRecoveredSimTest {
  private static final Duration SOON = Duration.ofSeconds(3);
  private static final Duration LONG = Duration.ofMinutes(5);

  /// Stops the first engine and starts it on journals that hold nothing any more.
  private static void recover(World world, boolean marked) {
    world.stop(0);
    world.sim().run(Duration.ofSeconds(1));
    world.faults(0).lost = new HashSet<String>()::add; // each once
    world.faults(0).isRecovered = marked;
    world.restart(0);
    world.sim().run(Duration.ofSeconds(1));
  }

  /// Every node is a sequencer, whose application never proposes the same twice.
  private static World sequencers(boolean marked) {
    var world = new World(1, new World.Plan(4, 0, true, 300, new NullAlgorithm()));
    world.automaton = new World.Fickle();
    world.sequencersReturn = true;
    world.boot();
    assertThat(world.runUntilHeight(2, LONG)).isTrue();
    recover(world, marked);
    return world;
  }

  @Test
  void aSequencerThatFindsNothingOfItsChainProposesNothing() {
    try (World world = sequencers(true)) {
      long own = world.signatures(0, world.key(0));
      long ofAnother = world.signatures(0, world.key(1));
      world.sim().run(Duration.ofSeconds(10));
      assertThat(world.violations()).isEmpty();
      assertThat(world.signatures(0, world.key(0))).isEqualTo(own);
      assertThat(world.signatures(0, world.key(1))).as("it votes for others").isGreaterThan(ofAnother + 5);
      Result health = world.board(0).health();
      assertThat(health.getStatus()).isEqualTo(Result.Status.WARN);
      assertThat(health.toString()).contains("it proposes nothing: its journals were recovered");
    }
  }

  /// The check above can fail: nobody has told it that the journals were recovered.
  @Test
  void withoutTheMarkItBeginsItsChainAnew() {
    try (World world = sequencers(false)) {
      assertThat(world.violations()).anySatisfy(
          found -> assertThat(found).startsWith("v0 signed two payloads for " + world.key(0) + " at 0"));
    }
  }

  /// As a new key, or one whose chain is whole: the operator has said so while the engine runs.
  @Test
  void itProposesOnceNothingIsSaidToBeMissing() {
    var world = new World(1, new World.Plan(4, 0, true, 300, new NullAlgorithm()));
    try (world) {
      world.sequencersReturn = true;
      world.boot();
      world.faults(0).isRecovered = true;
      world.sim().run(SOON);
      assertThat(world.signatures(0, world.key(0))).isZero();
      world.faults(0).isRecovered = false;
      assertThat(world.runUntilHeight(2, LONG)).isTrue();
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.OK);
    }
  }

  private static World withPuppet() {
    return new World(1, new World.Plan(4, 1, false, 1_000, new NullAlgorithm()));
  }

  private static void acked(World world, Puppet puppet, long height, int acks) {
    puppet.send(puppet.node(height, 0), Bytes.EMPTY);
    world.sim().run(SOON);
    assertThat(puppet.acks(height)).as("height " + height).isEqualTo(acks);
  }

  /// The puppet knows what the validator has lost, and offers another chunk of it, with a parent that is certified.
  @Test
  void aValidatorThatHasLostItsTipAcksNoOtherChunkOfItsHeight() {
    try (World world = withPuppet()) {
      Puppet puppet = world.bootWithPuppet();
      acked(world, puppet, 0, 4);
      acked(world, puppet, 1, 4);
      recover(world, true);
      puppet.sendTo(0, puppet.other(puppet.node(1, 0)));
      world.sim().run(SOON);
      assertThat(world.violations()).isEmpty();
      acked(world, puppet, 2, 3);
      acked(world, puppet, 3, 3);
      acked(world, puppet, 4, 4);
    }
  }

  /// Goal: the certificate that is heard of after the recovery may be below what was acked before it, by one. Method:
  /// the node of height 2 was sent to one validator only, then those of height 1 again to the others.
  @Test
  void aValidatorAcksNothingOneAboveTheFirstCertificateItMakes() {
    try (World world = withPuppet()) {
      Puppet puppet = world.bootWithPuppet();
      acked(world, puppet, 0, 4);
      acked(world, puppet, 1, 4);
      Node second = puppet.node(2, 0);
      puppet.sendTo(0, second);
      world.sim().run(SOON);
      assertThat(puppet.acks(2)).isEqualTo(1);
      recover(world, true);
      for (int i = 1; i < 4; i++) {
        puppet.sendTo(i, puppet.node(1, 0));
      }
      world.sim().run(SOON);
      puppet.sendTo(0, puppet.other(second));
      world.sim().run(SOON);
      assertThat(world.violations()).isEmpty();
    }
  }
}
