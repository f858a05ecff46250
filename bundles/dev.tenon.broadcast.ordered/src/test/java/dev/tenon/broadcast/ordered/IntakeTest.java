package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.p2p.Received;
import dev.tenon.runtime.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private final Intake intake = new Intake();

  private static Received from(int peer, int bytes) {
    byte[] key = new byte[32];
    key[0] = (byte) peer;
    key[1] = (byte) (peer >>> 8);
    return new Received(new PublicKey(Bytes.wrap(key)), Bytes.wrap(new byte[bytes]));
  }

  private List<Message> all() {
    List<Message> taken = new ArrayList<>();
    for (Optional<Message> next = intake.take(); next.isPresent(); next = intake.take()) {
      taken.add(next.get());
    }
    return taken;
  }

  @Test
  void isEmptyAtFirst() {
    assertThat(intake.take()).isEmpty();
  }

  @Test
  void letsAcksAndNodesTakeTurns() {
    for (int i = 0; i < 8; i++) {
      intake.putAck(from(1, i));
    }
    intake.putNode(from(2, 1));
    intake.putNode(from(2, 2));
    List<Message> taken = all();
    assertThat(taken).hasSize(10);
    assertThat(taken.get(1)).isInstanceOf(Message.NodeArrived.class);
    assertThat(taken.get(3)).isInstanceOf(Message.NodeArrived.class);
  }

  @Test
  void letsPeersTakeTurnsAndKeepsTheOrderOfEach() {
    for (int i = 0; i < 50; i++) {
      intake.putNode(from(1, i));
    }
    intake.putNode(from(2, 1));
    intake.putNode(from(3, 1));
    intake.putNode(from(2, 2));
    List<Received> taken = all().stream().map(message -> ((Message.NodeArrived) message).received()).toList();
    assertThat(taken.subList(0, 6)).containsExactly(from(1, 0), from(2, 1), from(3, 1), from(1, 1), from(2, 2),
        from(1, 2));
    assertThat(taken.subList(6, 53)).isSortedAccordingTo(
        (a, b) -> Integer.compare(a.message().size(), b.message().size()));
  }

  @Test
  void refusesAPeerBeyondItsShareAndNobodyElse() {
    for (int i = 0; i < Intake.PEER_MESSAGES_MAX; i++) {
      assertThat(intake.putAck(from(1, 1))).isEqualTo(Offer.OK);
    }
    assertThat(intake.putAck(from(1, 1))).isEqualTo(Offer.REJECTED);
    assertThat(intake.putAck(from(2, 1))).isEqualTo(Offer.OK);
    assertThat(intake.putNode(from(1, 1))).isEqualTo(Offer.OK);
    assertThat(intake.take()).isPresent();
    assertThat(intake.putAck(from(1, 1))).isEqualTo(Offer.OK);
  }

  @Test
  void holdsSoManyMessagesOfAKindAndNoMore() {
    int peers = Intake.MESSAGES_MAX / Intake.PEER_MESSAGES_MAX;
    for (int i = 0; i < Intake.MESSAGES_MAX; i++) {
      assertThat(intake.putNode(from(i % peers, 1))).isNotEqualTo(Offer.REJECTED);
    }
    assertThat(intake.putNode(from(0, 1))).isEqualTo(Offer.REJECTED);
    assertThat(intake.putAck(from(peers, 1))).isEqualTo(Offer.OK);
    assertThat(all()).hasSize(Intake.MESSAGES_MAX + 1);
    assertThat(intake.putNode(from(peers, 1))).isEqualTo(Offer.OK);
  }

  @Test
  void holdsSoManyBytesOfAPeerUnlessItIsOneMessage() {
    int half = (int) (Intake.PEER_BYTES_MAX / 2);
    assertThat(intake.putNode(from(1, half))).isEqualTo(Offer.OK);
    assertThat(intake.putNode(from(1, half))).isEqualTo(Offer.OK);
    assertThat(intake.putNode(from(1, 1))).isEqualTo(Offer.REJECTED);
    assertThat(intake.putNode(from(2, 16 << 20))).isEqualTo(Offer.OK);
    assertThat(intake.putNode(from(2, 1))).isEqualTo(Offer.REJECTED);
  }

  @Test
  void holdsSoManyBytesOfAKindAndNoMore() {
    for (int peer = 0; peer < 4; peer++) {
      assertThat(intake.putNode(from(peer, 16 << 20))).isEqualTo(Offer.OK);
    }
    assertThat(intake.putNode(from(5, 16 << 20))).as("nobody has more").isEqualTo(Offer.REJECTED);
    assertThat(intake.droppedNodes()).isEqualTo(1);
    assertThat(intake.putNode(from(5, 1))).as("who has less comes first").isEqualTo(Offer.OK);
    assertThat(intake.droppedNodes()).isEqualTo(1);
    assertThat(all()).hasSize(4);
  }

  @Test
  void howeverManyPeersFloodTheOthersHaveRoom() {
    int peers = Intake.MESSAGES_MAX / Intake.PEER_MESSAGES_MAX;
    for (int i = 0; i < Intake.MESSAGES_MAX; i++) {
      intake.putAck(from(i % peers, i));
    }
    for (int round = 0; round < 10; round++) {
      assertThat(intake.putAck(from(1_000, 5_000 + round))).isNotEqualTo(Offer.REJECTED);
    }
    assertThat(intake.droppedAcks()).isEqualTo(10);
    assertThat(intake.putAck(from(0, 1))).as("who has most gets none").isEqualTo(Offer.REJECTED);
    List<Received> taken = all().stream().map(message -> ((Message.AckArrived) message).received()).toList();
    assertThat(taken).hasSize(Intake.MESSAGES_MAX);
    assertThat(taken.subList(0, peers + 1)).contains(from(1_000, 5_000));
    assertThat(taken.stream().filter(received -> received.from().equals(from(1_000, 0).from()))).hasSize(10);
  }

  @Test
  void allPlacesAreSharedEvenlyInTheEnd() {
    int peers = 100;
    for (int i = 0; i < Intake.PEER_MESSAGES_MAX; i++) {
      for (int peer = 0; peer < peers; peer++) {
        intake.putAck(from(peer, i));
      }
    }
    List<Received> taken = all().stream().map(message -> ((Message.AckArrived) message).received()).toList();
    assertThat(taken).hasSize(Intake.MESSAGES_MAX);
    for (int peer = 0; peer < peers; peer++) {
      var key = from(peer, 0).from();
      assertThat(taken.stream().filter(received -> received.from().equals(key)).count()).isBetween(9L, 12L);
    }
  }
}
