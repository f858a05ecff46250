package dev.tenon.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Writer;
import dev.tenon.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What is recorded of a signature.
class ObservedSignersTest {
  private static final PublicKey SIGNER = new PublicKey(Bytes.wrap(new byte[32]));
  private static final String ZERO = "00".repeat(32);

  private static String told(String namespace, Bytes message) {
    return ObservedSigners.told(SIGNER, Bytes.of(namespace.getBytes(StandardCharsets.US_ASCII)), message);
  }

  private static Bytes message(int... tail) {
    var writer = new Writer(64 + 1 + tail.length);
    writer.raw(Bytes.wrap(new byte[32]));
    writer.u8(7);
    writer.raw(Bytes.wrap(new byte[32]));
    for (int each : tail) {
      writer.u8(each);
    }
    return writer.finish();
  }

  @Test
  void tellsChunksAndAcks() {
    assertThat(told("tenon_CHUNK", message())).isEqualTo("chunk " + ZERO + " " + ZERO + " 7 " + ZERO);
    assertThat(told("tenon_ACK", message(5))).isEqualTo("ack " + ZERO + " " + ZERO + " 7 " + ZERO + " 5");
  }

  @Test
  void tellsThatSomethingElseWasSigned() {
    assertThat(told("tenon_OTHER", message())).startsWith("strange ");
    assertThat(told("tenon_CHUNK", message(1))).startsWith("strange ");
    assertThat(told("tenon_ACK", Bytes.of((byte) 1))).startsWith("strange ");
  }
}
