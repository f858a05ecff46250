package dev.tenon.scheme.ec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.InvalidDataException.Rule;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.SignatureLists;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EcCertificateCodecTest {
  private static final int SIGNATURE_SIZE = 64;
  private final Codec<Certificate> four = new SignatureLists(SIGNATURE_SIZE).certificateCodec(4);

  @Test
  void readsAndWritesTheReferencesCertificates() throws IOException {
    Path file = Path.of("../../itests/vectors/commonware/ordered-broadcast-ed25519.json");
    for (JsonNode scenario : new ObjectMapper().readTree(file.toFile()).get("scenarios")) {
      int participants = scenario.get("participants").size();
      var codec = new SignatureLists(SIGNATURE_SIZE).certificateCodec(participants);
      for (JsonNode node : scenario.get("nodes")) {
        Bytes encoded = Bytes.ofHex(node.get("certificate").asText());
        Certificate certificate = codec.decode(encoded);
        int[] signers = certificate.attestations().stream().mapToInt(Attestation::signer).toArray();
        assertThat(signers)
            .containsExactly(new ObjectMapper().convertValue(node.get("certificate_signers"), int[].class));
        assertThat(codec.encode(certificate)).isEqualTo(encoded);
        assertThat(SignatureLists.list(participants, certificate.attestations())).isEqualTo(certificate);
      }
    }
  }

  @Test
  void acceptsASmallerSetWhichOnlyVerificationRefuses() {
    Certificate certificate = certificate(3, 0, 1, 2);
    assertThat(four.decode(certificate.encoded())).isEqualTo(certificate);
  }

  @Test
  void refusesEachBrokenRule() {
    byte[] good = certificate(4, 0, 1, 2).encoded().toArray();
    assertThat(rule(with(good, 7, 5))).as("larger set").isEqualTo(Rule.INVALID_LENGTH);
    assertThat(rule(with(good, 0, 0x80))).as("set above 2^63").isEqualTo(Rule.INVALID_LENGTH);
    assertThat(rule(with(good, 8, 0x17))).as("bit beyond the set").isEqualTo(Rule.INVALID);
    assertThat(rule(with(good, 8, 0))).as("no signers").isEqualTo(Rule.INVALID);
    assertThat(rule(with(good, 8, 0x03))).as("fewer signers than signatures").isEqualTo(Rule.INVALID);
    assertThat(rule(with(good, 9, 5))).as("more signatures than participants").isEqualTo(Rule.INVALID_LENGTH);
    for (int length = 0; length < good.length; length++) {
      assertThat(rule(java.util.Arrays.copyOf(good, length))).as("cut at " + length).isEqualTo(Rule.END_OF_BUFFER);
    }
    assertThat(rule(java.util.Arrays.copyOf(good, good.length + 1))).isEqualTo(Rule.EXTRA_DATA);
  }

  @Test
  void asksForNoMemoryThatTheInputCannotFill() {
    var stored = new SignatureLists(SIGNATURE_SIZE).storedCertificateCodec();
    Bytes input = Bytes.ofHex("00000000ffffffff" + "ff".repeat(100));
    assertThatExceptionOfType(InvalidDataException.class).isThrownBy(() -> stored.decode(input))
        .satisfies(refused -> assertThat(refused.rule()).isEqualTo(Rule.END_OF_BUFFER));
  }

  private static Certificate certificate(int participants, int... signers) {
    List<Attestation> votes = IntStream.of(signers)
        .mapToObj(signer -> new Attestation(signer, Bytes.of(new byte[SIGNATURE_SIZE]))).toList();
    return SignatureLists.list(participants, votes);
  }

  private Rule rule(byte[] input) {
    try {
      four.decode(Bytes.of(input));
    } catch (InvalidDataException refused) {
      return refused.rule();
    }
    throw new AssertionError("was accepted");
  }

  private static byte[] with(byte[] good, int offset, int value) {
    byte[] changed = good.clone();
    changed[offset] = (byte) value;
    return changed;
  }
}
