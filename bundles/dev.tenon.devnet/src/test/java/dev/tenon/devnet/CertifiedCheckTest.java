package dev.tenon.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Chunk;
import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import org.junit.jupiter.api.Test;

class CertifiedCheckTest {
  private int heard;
  private final CertifiedCheck check = new CertifiedCheck(() -> heard++);

  @Test
  void countsEachHeightOnceAndSeesGaps() {
    assertThat(check.certified(chunk(1, 5))).as("first after a start").isTrue();
    assertThat(check.certified(chunk(1, 5))).as("repeated").isFalse();
    assertThat(check.certified(chunk(1, 6))).isTrue();
    assertThat(check.certified(chunk(1, 9))).isTrue();
    assertThat(check.certified(chunk(2, 0))).as("another chain").isTrue();
    check.wrong();
    assertThat(check.result()).isEqualTo(new CertifiedCheck.Result(4, 2, 1));
    assertThat(heard).as("told of the first").isEqualTo(1);
  }

  private static Chunk chunk(int sequencer, long height) {
    return new Chunk(new PublicKey(Bytes.of((byte) sequencer)), new Height(height),
        new Digest(Bytes.of(new byte[Digest.SIZE])));
  }
}
