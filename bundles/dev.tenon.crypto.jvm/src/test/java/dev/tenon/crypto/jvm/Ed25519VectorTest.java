package dev.tenon.crypto.jvm;

import static dev.tenon.crypto.jvm.Vectors.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.runtime.entropy.Entropy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// The same for each arithmetic.
@ParameterizedClass
@MethodSource("arithmetics")
class Ed25519VectorTest {
  private static final Entropy WEIGHTS = new CountingWeights();

  private final SignatureAlgorithm ed25519;

  Ed25519VectorTest(SignatureAlgorithm ed25519) {
    this.ed25519 = ed25519;
  }

  static List<SignatureAlgorithm> arithmetics() {
    return List.of(new Ed25519(), new BouncyCastleEd25519());
  }

  @Test
  void signsAndVerifiesTheCasesOfRfc8032() throws IOException {
    for (JsonNode row : Vectors.read("ed25519-rfc8032.json").get("vectors")) {
      var key = ed25519.signingKey(bytes(row, "private_key").toArray());
      Bytes message = bytes(row, "message");
      assertThat(key.publicKey().bytes()).as(row.get("id").asText()).isEqualTo(bytes(row, "public_key"));
      assertThat(key.sign(message).bytes()).as(row.get("id").asText()).isEqualTo(bytes(row, "signature"));
      assertThat(ed25519.verify(key.publicKey(), message, key.sign(message))).isTrue();
    }
  }

  @Test
  void acceptsExactlyWhatZip215Accepts() throws IOException {
    for (String group : List.of("small_order", "mixed_order", "invalid")) {
      for (JsonNode row : Vectors.read("ed25519-zip215.json").get(group)) {
        Item item = item(row);
        boolean valid = row.get("valid").asBoolean();
        assertThat(ed25519.verify(item.key(), item.framed(), item.signature())).as(row.toString()).isEqualTo(valid);
        assertThat(ed25519.verifyAll(List.of(item, item), WEIGHTS)).as("batch of " + row).isEqualTo(valid);
      }
    }
  }

  @Test
  void verifiesAllValidCasesAsOneBatchAndRefusesItWithOneInvalid() throws IOException {
    JsonNode file = Vectors.read("ed25519-zip215.json");
    var valid = new ArrayList<Item>();
    for (String group : List.of("small_order", "mixed_order")) {
      file.get(group).forEach(row -> {
        if (row.get("valid").asBoolean()) {
          valid.add(item(row));
        }
      });
    }
    assertThat(valid).hasSizeGreaterThan(100);
    assertThat(ed25519.verifyAll(valid, WEIGHTS)).isTrue();
    for (JsonNode row : file.get("invalid")) {
      var spoilt = new ArrayList<>(valid);
      spoilt.add(spoilt.size() / 2, item(row));
      assertThat(ed25519.verifyAll(spoilt, WEIGHTS)).as(row.toString()).isFalse();
    }
  }

  @Test
  void refusesEncodingsThatAreNoPoint() throws IOException {
    for (JsonNode key : Vectors.read("ed25519-zip215.json").get("public_keys_that_must_not_decode")) {
      assertThat(ed25519.isKey(Bytes.ofHex(key.asText()))).as(key.asText()).isFalse();
    }
    assertThat(ed25519.isKey(Bytes.EMPTY)).isFalse();
    assertThat(ed25519.isKey(Bytes.of(new byte[31]))).isFalse();
    assertThat(ed25519.isKey(Bytes.of(new byte[33]))).isFalse();
  }

  @Test
  void refusesEverySignatureWithOneBitChanged() {
    var key = ed25519.signingKey(new byte[32]);
    Bytes message = Bytes.of((byte) 1, (byte) 2);
    byte[] signature = key.sign(message).bytes().toArray();
    for (int bit = 0; bit < 8 * signature.length; bit++) {
      signature[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(ed25519.verify(key.publicKey(), message, new Signature(Bytes.of(signature)))).as("bit " + bit)
          .isFalse();
      signature[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(ed25519.verify(key.publicKey(), message, new Signature(Bytes.of(signature)))).isTrue();
    assertThat(ed25519.verify(key.publicKey(), message, new Signature(Bytes.EMPTY))).isFalse();
    assertThat(ed25519.verifyAll(List.of(), WEIGHTS)).isTrue();
  }

  @Test
  void agreesInBatchesOfAllSizesWithSingleChecks() {
    var items = new ArrayList<Item>();
    for (int i = 0; i < 40; i++) {
      byte[] seed = new byte[32];
      seed[0] = (byte) (i % 7); // several messages a key: their terms are merged
      var key = ed25519.signingKey(seed);
      Bytes message = Bytes.of((byte) i);
      items.add(new Item(key.publicKey(), message, key.sign(message)));
      assertThat(ed25519.verifyAll(items, WEIGHTS)).as("batch of " + items.size()).isTrue();
    }
    for (int i = 0; i < items.size(); i++) {
      var spoilt = new ArrayList<>(items);
      Item good = items.get(i);
      spoilt.set(i, new Item(good.key(), Bytes.of((byte) 99), good.signature()));
      assertThat(ed25519.verifyAll(spoilt, WEIGHTS)).as("item " + i).isFalse();
    }
  }

  private static Item item(JsonNode row) {
    return new Item(new PublicKey(bytes(row, "public_key")), bytes(row, "message"),
        new Signature(bytes(row, "signature")));
  }

  /// Different for each draw, the same at every run.
  private static final class CountingWeights implements Entropy {
    private int drawn = 1;

    @Override
    public void fill(byte[] into) {
      for (int i = 0; i < into.length; i++) {
        drawn = drawn * 1_103_515_245 + 12_345;
        into[i] = (byte) (drawn >>> 16);
      }
    }
  }
}
