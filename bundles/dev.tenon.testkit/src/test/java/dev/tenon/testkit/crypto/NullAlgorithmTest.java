package dev.tenon.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Signature;
import org.junit.jupiter.api.Test;

class NullAlgorithmTest {
  private final NullAlgorithm algorithm = new NullAlgorithm();

  @Test
  void refusesWhatAnotherKeySignedOrWhatWasChanged() {
    var mine = algorithm.signingKey(new byte[] {1});
    var others = algorithm.signingKey(new byte[] {2});
    Bytes message = Bytes.of((byte) 7);
    assertThat(mine.publicKey()).isNotEqualTo(others.publicKey());
    assertThat(algorithm.verify(mine.publicKey(), message, mine.sign(message))).isTrue();
    assertThat(algorithm.verify(mine.publicKey(), message, others.sign(message))).isFalse();
    assertThat(algorithm.verify(mine.publicKey(), Bytes.of((byte) 8), mine.sign(message))).isFalse();
    byte[] changed = mine.sign(message).bytes().toArray();
    changed[63] ^= 1;
    assertThat(algorithm.verify(mine.publicKey(), message, new Signature(Bytes.of(changed)))).isFalse();
  }
}
