package dev.tenon.scheme.ec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.jvm.BatchedVerifier;
import dev.tenon.crypto.jvm.Ed25519;
import dev.tenon.sim.Simulation;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a peer may send for ordered broadcast, with keys and certificates of ed25519: any bytes are refused with a
/// typed exception or are the one encoding of what was read, and ask for no more memory than their size allows. The
/// first byte chooses the type.
///
/// A normal run replays the inputs in the resources; with `JAZZER_FUZZ=1` new ones are searched for.
class WireFuzzTest {
  /// What reading one input and comparing it may allocate.
  private static final long ALLOCATED_MAX = 4 << 20;
  private static final long EPOCH_OF_FOUR = 111;
  private static final long EPOCH_OF_NINE = 300;
  private static final List<Codec<?>> CODECS = codecs();

  @FuzzTest(maxDuration = "10m")
  void acceptsOnlyTheOneEncodingWithinBounds(byte[] input) {
    if (input.length == 0) {
      return;
    }
    Codec<?> codec = CODECS.get((input[0] & 0xff) % CODECS.size());
    if (allocated(codec, input) >= ALLOCATED_MAX) { // the first time, a fresh class and its instrumentation count too
      assertThat(allocated(codec, input)).isLessThan(ALLOCATED_MAX);
    }
  }

  private static long allocated(Codec<?> codec, byte[] input) {
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    check(codec, Bytes.of(input, 1, input.length - 1));
    return thread.getCurrentThreadAllocatedBytes() - before;
  }

  private static <T> void check(Codec<T> codec, Bytes input) {
    T value;
    try {
      value = codec.decode(input);
    } catch (InvalidDataException e) {
      assertThat(e.offset()).isBetween(0L, (long) input.size());
      return;
    }
    assertThat(codec.encode(value)).isEqualTo(input);
    assertThat(codec.decode(input)).isEqualTo(value).hasSameHashCodeAs(value);
  }

  /// The order is part of the stored inputs.
  private static List<Codec<?>> codecs() {
    try (Simulation simulation = Simulation.seeded(0)) {
      var ed25519 = new Ed25519();
      var runtime = simulation.node("v0", node -> {}).runtime();
      var schemes = new EcSchemes(runtime, ed25519, new BatchedVerifier(runtime, ed25519));
      schemes.register(EPOCH_OF_FOUR, participants(4), Optional.empty());
      schemes.register(EPOCH_OF_NINE, participants(9), Optional.empty());
      var wire = new BroadcastCodecs(ed25519.keySize(), ed25519.signatureSize(), ed25519::isKey,
          schemes.attestationCodec(), epoch -> schemes.scoped(epoch).map(CertificateScheme::certificateCodec));
      var stored = new BroadcastCodecs(ed25519.keySize(), ed25519.signatureSize(), ed25519::isKey,
          schemes.attestationCodec(), epoch -> Optional.of(schemes.storedCertificateCodec()));
      return List.of(wire.chunk(), wire.node(), wire.ack(), wire.lock(), wire.activity(), wire.proposal(),
          wire.parent(), stored.node(), stored.lock(), schemes.attestationCodec(), schemes.storedCertificateCodec());
    }
  }

  private static Participants participants(int count) {
    var ed25519 = new Ed25519();
    List<PublicKey> keys = IntStream.range(0, count).mapToObj(i -> {
      byte[] secret = new byte[ed25519.keySize()];
      secret[0] = (byte) i;
      return ed25519.signingKey(secret).publicKey();
    }).toList();
    return Participants.of(keys);
  }
}
