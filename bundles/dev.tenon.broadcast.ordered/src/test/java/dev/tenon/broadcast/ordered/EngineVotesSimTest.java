package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Context;
import dev.tenon.broadcast.Node;
import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Digest;
import dev.tenon.runtime.Promise;
import dev.tenon.sim.DiskOp;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// One's own votes: what happened while the application judged or the key signed counts before they are sent. A puppet
/// is the only sequencer; the first of four validators is looked at.
class EngineVotesSimTest {
  private static final Duration SOON = Duration.ofSeconds(3);
  private static final Duration MOMENT = Duration.ofMillis(40);

  private static World world() {
    return new World(1, new World.Plan(4, 1, false, 1_000, new NullAlgorithm()));
  }

  @Test
  void anAckWhoseJournalWasLostWhileItWasSignedIsNotSent() {
    try (World world = world()) {
      Puppet puppet = world.bootWithPuppet();
      world.holdSignatures(0);
      puppet.send(puppet.node(0, 0), Bytes.EMPTY);
      world.sim().run(SOON);
      assertThat(puppet.acks(0)).isEqualTo(3);
      world.node(0).disk().failNext(DiskOp.SYNC, 1);
      puppet.sendTo(0, puppet.node(1, 0));
      assertThat(world.sim().runUntil(() -> !world.board(0).view().paused().isEmpty(), SOON)).isTrue();
      assertThat(world.releaseSignatures(0)).isEqualTo(1);
      world.sim().run(MOMENT);
      assertThat(world.board(0).view().paused()).contains("is opened again");
      assertThat(puppet.acks(0)).as("it did not know its journal then").isEqualTo(3);
      world.sim().run(SOON);
      puppet.send(puppet.node(1, 0), Bytes.EMPTY);
      assertThat(world.sim().runUntil(() -> puppet.acks(1) == 4, SOON)).isTrue();
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void anAckThatIsSignedAfterAHigherTipWasTakenIsNotSent() {
    try (World world = world()) {
      Puppet puppet = world.bootWithPuppet();
      world.holdSignatures(0);
      puppet.send(puppet.node(0, 0), Bytes.EMPTY);
      world.sim().run(SOON);
      puppet.send(puppet.node(1, 0), Bytes.EMPTY);
      world.sim().run(SOON);
      assertThat(puppet.acks(1)).isEqualTo(3);
      assertThat(world.releaseSignatures(0)).isEqualTo(2);
      world.sim().run(SOON);
      assertThat(puppet.acks(0)).as("nobody needs it").isEqualTo(3);
      assertThat(puppet.acks(1)).isEqualTo(4);
      assertThat(world.violations()).isEmpty();
    }
  }

  /// The chunk of a sequencer that has left meanwhile is still acked, and the own vote counts as it does with the peers
  /// that knew the sequencer: alone it is a quorum of one.
  @Test
  void theOwnVoteCountsAsItIsSent() {
    try (World world = new World(1, new World.Plan(1, 1, false, 1_000, new NullAlgorithm()))) {
      Puppet puppet = world.bootWithPuppet();
      world.holdSignatures(0);
      puppet.send(puppet.node(0, 0), Bytes.EMPTY);
      world.sim().run(SOON);
      world.sequencersOf = epoch -> Optional.of(world.keys(List.of(0)));
      world.releaseSignatures(0);
      world.sim().run(SOON);
      assertThat(puppet.acks(0)).isEqualTo(1);
      assertThat(world.hasLock(0, puppet.key(), 0)).isTrue();
    }
  }

  /// The application loses questions: those asked after 0, 8 and 24 seconds. It answers that of 56 s, 20 s later.
  @Test
  void aVerdictThatDoesNotComeIsAskedForAnewAfterAGrowingWhile() {
    List<Promise<Boolean>> asked = new ArrayList<>();
    List<Long> seconds = new ArrayList<>();
    try (World world = world()) {
      world.automatons = node -> new World.Texts() {
        @Override
        public void verify(Context context, Digest payload, Promise<Boolean> answer) {
          if (node.name().equals("v0")) {
            asked.add(answer);
            seconds.add(world.sim().now().toSeconds());
          } else {
            super.verify(context, payload, answer);
          }
        }
      };
      Puppet puppet = world.bootWithPuppet();
      Node node = puppet.node(0, 0);
      for (int second = 0; second < 76; second++) {
        puppet.sendTo(0, node);
        world.sim().run(Duration.ofSeconds(1));
      }
      assertThat(seconds).hasSize(4);
      assertThat(seconds.get(1) - seconds.get(0)).isBetween(8L, 10L);
      assertThat(seconds.get(2) - seconds.get(1)).isBetween(16L, 18L);
      assertThat(seconds.get(3) - seconds.get(2)).isBetween(32L, 34L);
      assertThat(asked.subList(0, 3)).allMatch(Promise::cancelled);
      assertThat(puppet.acks(0)).isZero();
      asked.getLast().done(true);
      world.sim().run(SOON);
      assertThat(puppet.acks(0)).isEqualTo(1);
    }
  }

  @Test
  void anAckOfAnEpochThatNoLongerCountsIsNotSent() {
    try (World world = world()) {
      Puppet puppet = world.bootWithPuppet();
      world.holdSignatures(0);
      puppet.send(puppet.node(0, 0), Bytes.EMPTY);
      world.sim().run(SOON);
      world.epoch(113);
      world.sim().run(SOON);
      world.releaseSignatures(0);
      world.sim().run(SOON);
      assertThat(puppet.acks(0)).isEqualTo(3);
      puppet.forget();
      puppet.sendTo(0, puppet.node(0, 0));
      assertThat(world.sim().runUntil(() -> puppet.acks(0) == 1, SOON)).as("in the epoch that counts").isTrue();
    }
  }
}
