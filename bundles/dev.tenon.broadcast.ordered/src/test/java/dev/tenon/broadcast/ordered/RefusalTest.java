package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.broadcast.Parent;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalTest {
  private static final BroadcastCodecs CODECS =
      new BroadcastCodecs(32, 64, key -> true, Attestation.codec(64), epoch -> Optional.empty());
  private static final Digest DIGEST = new Digest(Bytes.wrap(new byte[Digest.SIZE]));

  private static Refusal of(Bytes message) {
    return Refusal.of(
        catchThrowableOfType(InvalidDataException.class, () -> CODECS.node().decode(message)));
  }

  @Test
  void aParentOfAnEpochThatIsNotKnownIsNotMalformed() {
    var chunk = new Chunk(new PublicKey(Bytes.wrap(new byte[32])), new Height(1), DIGEST);
    var parent = new Parent(DIGEST, new Epoch(7), new Certificate(Bytes.wrap(new byte[80]), List.of()));
    Bytes node = CODECS.node().encode(new Node(chunk, new Signature(Bytes.wrap(new byte[64])), Optional.of(parent)));
    assertThat(of(node)).isEqualTo(Refusal.UNKNOWN_SCHEME);
    assertThat(of(node.slice(0, 64 + 1 + 64 + 1 + 16))).isEqualTo(Refusal.MALFORMED);
  }
}
