package dev.tenon.runtime.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.network.Frame;
import dev.tenon.runtime.network.PeerId;
import dev.tenon.runtime.network.Urgency;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkTableTest {
  private static final PeerId A = new PeerId(Bytes.of((byte) 1));
  private static final PeerId B = new PeerId(Bytes.of((byte) 2));
  private static final Bytes FRAME = Bytes.of((byte) 9);

  @Test
  void linksPeersOfTwoNodesByChannelUntilOneEnds(@TempDir Path folder) {
    try (var fixture = new RuntimeFixture(folder.resolve("v0"))) {
      var other = new JvmRuntime("v1", fixture.pools, fixture.metrics, folder.resolve("v1"));
      var received = new ArrayList<Frame>();
      var a = fixture.runtime.network().link(A, "acks", frame -> Offer.REJECTED);
      assertThat(a.send(B, FRAME, Urgency.NORMAL)).isEqualTo(Offer.CLOSED);
      var b = other.network().link(B, "acks", frame -> {
        received.add(frame);
        return Offer.BACKOFF;
      });
      assertThat(a.send(B, FRAME, Urgency.PRIORITY)).isEqualTo(Offer.BACKOFF);
      assertThat(b.send(A, FRAME, Urgency.NORMAL)).isEqualTo(Offer.REJECTED);
      assertThat(a.send(A, FRAME, Urgency.NORMAL)).isEqualTo(Offer.OK);
      assertThat(received).containsExactly(new Frame(A, FRAME));
      assertThatThrownBy(() -> other.network().link(A, "acks", frame -> Offer.OK)).isInstanceOf(CheckFailed.class);
      other.close();
      assertThat(a.send(B, FRAME, Urgency.NORMAL)).isEqualTo(Offer.CLOSED);
      assertThat(received).hasSize(1);
    }
  }
}
