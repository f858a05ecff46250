package dev.tenon.crypto.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

/// Keys and signatures, byte by byte, against those of BouncyCastle. The cases of RFC 8032 are in [Ed25519VectorTest].
class BaseTableSigningTest {
  private final Signing signing = new BaseTableSigning();

  private void agrees(byte[] seed, byte[] message) {
    byte[] key = new byte[32];
    Ed25519.generatePublicKey(seed, 0, key, 0);
    byte[] signature = new byte[64];
    Ed25519.sign(seed, 0, key, 0, message, 0, message.length, signature, 0);
    String which = HexFormat.of().formatHex(seed) + " signs " + HexFormat.of().formatHex(message);
    assertThat(signing.publicKey(seed)).as(which).isEqualTo(key);
    assertThat(signing.sign(seed, key, Bytes.of(message))).as(which).isEqualTo(signature);
  }

  @Test
  void signsRandomMessagesAsBouncyCastleDoes() {
    var random = new Random(4);
    for (int i = 0; i < 3_000; i++) {
      byte[] seed = new byte[32];
      random.nextBytes(seed);
      byte[] message = new byte[random.nextInt(400)];
      random.nextBytes(message);
      agrees(seed, message);
    }
  }

  @Test
  void signsMessagesAroundTheBlocksOfTheHash() {
    byte[] seed = new byte[32];
    for (int size = 0; size < 270; size++) {
      Arrays.fill(seed, (byte) size);
      agrees(seed, new byte[size]);
    }
  }

  @Test
  void leavesTheSeedAsItIs() {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) 0xff);
    byte[] before = seed.clone();
    byte[] key = signing.publicKey(seed);
    signing.sign(seed, key, Bytes.EMPTY);
    assertThat(seed).isEqualTo(before);
  }

  @Test
  void signsTheSameOnManyThreads() {
    byte[] seed = new byte[32];
    byte[] key = signing.publicKey(seed);
    List<byte[]> signatures = IntStream.range(0, 500).parallel()
        .mapToObj(i -> new BaseTableSigning().sign(seed, key, Bytes.EMPTY)).toList();
    assertThat(signatures).hasSize(500).allSatisfy(each -> assertThat(each).isEqualTo(signatures.getFirst()));
  }
}
