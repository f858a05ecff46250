package dev.tenon.p2p.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.p2p.Channel;
import dev.tenon.p2p.Received;
import dev.tenon.runtime.Offer;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalTransportTest {
  private static final int BYTES_MAX = 100;
  private static final PublicKey ALICE = key(1);
  private static final PublicKey BOB = key(2);

  private final Simulation simulation = Simulation.seeded(1);
  private final SimNode node = simulation.node("v0", booting -> {});
  private final LocalTransport transport = new LocalTransport(node.runtime());
  private final List<Received> arrived = new ArrayList<>();
  private Offer answer = Offer.OK;

  @AfterEach
  void end() {
    simulation.close();
  }

  private Channel open(PublicKey self, int bytesMax) {
    return transport.channel(self, "test", bytesMax, received -> {
      if (answer == Offer.OK) {
        arrived.add(received);
      }
      return answer;
    });
  }

  private double refused() {
    return node.metrics().counter("tenon_p2p_refused_total", "", "node", "v0").value();
  }

  @Test
  void carriesAMessageOfTheGreatestSizeToOthersAndNotToItself() {
    Channel alice = open(ALICE, BYTES_MAX);
    open(BOB, BYTES_MAX);
    Bytes message = Bytes.of(new byte[BYTES_MAX]);
    assertThat(alice.send(List.of(ALICE, BOB), message, false)).isEqualTo(1);
    simulation.run(Duration.ofSeconds(1));
    assertThat(arrived).containsExactly(new Received(ALICE, message));
    assertThat(refused()).isZero();
  }

  @Test
  void aSenderIsToldThatItsMessageIsTooLong() {
    Channel alice = open(ALICE, BYTES_MAX);
    open(BOB, BYTES_MAX);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> alice.send(List.of(BOB), Bytes.of(new byte[BYTES_MAX + 1]), false))
        .withMessage("a message has at most 100 bytes, not 101");
  }

  @Test
  void aLongerMessageOfAnotherIsCountedAndNeverReachesTheReceiver() {
    Channel careless = open(ALICE, 10 * BYTES_MAX);
    open(BOB, BYTES_MAX);
    careless.send(List.of(BOB), Bytes.of(new byte[BYTES_MAX + 1]), true);
    simulation.run(Duration.ofSeconds(1));
    assertThat(arrived).isEmpty();
    assertThat(refused()).isOne();
  }

  @Test
  void whatAFullReceiverRefusesIsCounted() {
    Channel alice = open(ALICE, BYTES_MAX);
    open(BOB, BYTES_MAX);
    answer = Offer.REJECTED;
    alice.send(List.of(BOB), Bytes.of((byte) 1), false);
    simulation.run(Duration.ofSeconds(1));
    assertThat(refused()).isOne();
  }

  @Test
  void nothingArrivesAtAChannelThatWasClosed() {
    Channel alice = open(ALICE, BYTES_MAX);
    Channel bob = open(BOB, BYTES_MAX);
    bob.close();
    bob.close();
    alice.send(List.of(BOB), Bytes.of((byte) 1), false);
    simulation.run(Duration.ofSeconds(1));
    assertThat(arrived).isEmpty();
  }

  private static PublicKey key(int number) {
    byte[] key = new byte[32];
    key[0] = (byte) number;
    return new PublicKey(Bytes.of(key));
  }
}
