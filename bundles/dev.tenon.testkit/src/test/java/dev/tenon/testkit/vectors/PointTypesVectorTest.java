package dev.tenon.testkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Lock;
import dev.tenon.broadcast.Node;
import dev.tenon.broadcast.Parent;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.Containers;
import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import supranational.blst.P2;
import supranational.blst.P2_Affine;
import supranational.blst.SecretKey;

/// Goal: the three messages of ordered broadcast that carry a threshold certificate encode as the reference's do, over
/// all 65,536 cases. Method: a certificate is 96 opaque bytes here; blst makes the points, as sums of known multiples
/// of the generator, for a multiplication for each of 196,608 certificates takes three times as long.
class PointTypesVectorTest {
  private static final int KEY_MATERIAL = 64;
  private static final int SCALAR_SIZE = 32;
  private static final int DIGITS = 256; // of a byte of the scalar
  private static final int G2_SIZE = 96;
  private static final String MODULE =
      "commonware_consensus::ordered_broadcast::types::tests::conformance::CodecConformance<";

  private final WireTypes drawing = new WireTypes(new Ed25519Keys());
  private final P2_Affine[][] multiples = multiples();

  @Test
  void reproduceTheDigestsOfParentNodeAndLock() throws IOException {
    Codec<Certificate> points =
        Containers.fixedBytes(G2_SIZE).as(bytes -> new Certificate(bytes, List.of()), Certificate::encoded);
    var codecs = new BroadcastCodecs(WireTypes.KEY_SIZE, WireTypes.SIGNATURE_SIZE, key -> true,
        Attestation.codec(G2_SIZE), epoch -> Optional.of(points));
    Map<String, WireType<?>> types = Map.of(//
        MODULE + "Parent<Scheme,Sha256Digest>>", new WireType<>(codecs.parent(), this::parent), //
        MODULE + "Node<PublicKey,Scheme,Sha256Digest>>", new WireType<>(codecs.node(), this::node), //
        MODULE + "Lock<PublicKey,Scheme,Sha256Digest>>", new WireType<>(codecs.lock(), this::lock));
    assertThat(run(types)).isEqualTo("3 passed, 0 failed\n");
  }

  @Test
  void thePointsAreThoseOfTheirKeys() {
    for (int seed = 0; seed < 2 * SCALAR_SIZE; seed++) {
      byte[] bytes = new Draw(seed).bytes(SCALAR_SIZE).toArray();
      bytes[seed / 2] = (byte) -(seed % 2); // no digit is left out, nor its lowest and highest value
      bytes[0] &= 0x3f; // below the order
      var secret = new SecretKey();
      secret.from_bendian(bytes);
      assertThat(point(Bytes.of(bytes))).isEqualTo(Bytes.wrap(new P2(secret).compress()));
    }
  }

  private static String run(Map<String, WireType<?>> types) throws IOException {
    var json = JsonMapper.builder().build();
    JsonNode all = json.readTree(Files.readAllBytes(KnownAnswersVectorTest.VECTORS.resolve("codec-conformance.json")));
    ObjectNode some = json.createObjectNode();
    var chosen = some.putArray("types");
    all.get("types").forEach(type -> {
      if (types.containsKey(type.get("type").asText())) {
        chosen.add(type);
      }
    });
    var bytes = new ByteArrayOutputStream();
    var cases = new Cases("", new PrintStream(bytes, true, StandardCharsets.UTF_8));
    new Conformance(types).run(some, cases);
    return bytes.toString(StandardCharsets.UTF_8) + cases.passed() + " passed, " + cases.failed() + " failed\n";
  }

  private Parent parent(Draw from) {
    Digest digest = WireTypes.digest(from);
    var epoch = new Epoch(from.u64());
    return new Parent(digest, epoch, certificate(from));
  }

  private Node node(Draw from) {
    Chunk chunk = drawing.chunk(from);
    Signature signature = drawing.signature(from);
    return new Node(chunk, signature, chunk.height().value() == 0 ? Optional.empty() : Optional.of(parent(from)));
  }

  private Lock lock(Draw from) {
    Chunk chunk = drawing.chunk(from);
    var epoch = new Epoch(from.u64());
    return new Lock(chunk, epoch, certificate(from));
  }

  private Certificate certificate(Draw from) {
    try {
      return new Certificate(point(KeysFromSeed.blsScalar(from.bytes(KEY_MATERIAL))), List.of());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Bytes point(Bytes scalar) {
    var sum = new P2();
    for (int place = 0; place < SCALAR_SIZE; place++) {
      int digit = scalar.get(place) & 0xff;
      if (digit > 0) {
        sum.add(multiples[place][digit - 1]);
      }
    }
    return Bytes.wrap(sum.compress());
  }

  /// For each byte of a scalar, the highest first, what each of its digits above 0 stands for.
  private static P2_Affine[][] multiples() {
    var multiples = new P2_Affine[SCALAR_SIZE][DIGITS - 1];
    P2 one = P2.generator();
    for (int place = SCALAR_SIZE - 1; place >= 0; place--) {
      P2_Affine step = one.to_affine();
      for (int digit = 1; digit < DIGITS; digit++) {
        multiples[place][digit - 1] = one.to_affine();
        one.add(step);
      }
    }
    return multiples;
  }
}
