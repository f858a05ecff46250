package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Bytes;
import dev.tenon.crypto.BatchWeights;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.crypto.SignatureAlgorithm.SigningKey;
import dev.tenon.runtime.entropy.Entropy;
import java.util.List;

/// Keys, messages and signatures of ed25519: those of RFC 8032 are made again; on the edge cases of ZIP-215 the verdict
/// must be the file's, alone and in batches.
final class Ed25519Signatures implements VectorKind {
  private static final String NO_KEYS = "public_keys_that_must_not_decode";

  private final SignatureAlgorithm algorithm;

  Ed25519Signatures(SignatureAlgorithm algorithm) {
    this.algorithm = algorithm;
  }

  @Override
  public boolean recognises(String fileName, JsonNode root) {
    return fileName.equals("ed25519-rfc8032.json") || fileName.equals("ed25519-zip215.json");
  }

  /// Each list of a file is a group of cases.
  @Override
  public void run(JsonNode root, Cases cases) {
    for (var group : root.properties()) {
      int index = 0;
      for (JsonNode each : group.getValue()) {
        cases.check(group.getKey() + " " + index++, () -> check(group.getKey(), each));
      }
    }
  }

  private String check(String group, JsonNode each) {
    if (group.equals(NO_KEYS)) {
      return algorithm.isKey(Bytes.ofHex(each.asText())) ? "is accepted as a key: " + each.asText() : "";
    }
    return each.has("private_key") ? sign(each) : judge(item(each), each.required("valid").asBoolean());
  }

  private String sign(JsonNode each) {
    SigningKey key = algorithm.signingKey(bytes(each, "private_key").toArray());
    Item expected = item(each);
    if (!key.publicKey().equals(expected.key())) {
      return "expected public key " + expected.key() + ", found " + key.publicKey();
    }
    Signature found = key.sign(expected.framed());
    return found.equals(expected.signature()) ? judge(expected, true)
        : "expected " + expected.signature().bytes().hex() + ", found " + found.bytes().hex();
  }

  /// Alone, twice, and beside a signature without fault, which must not hide it.
  private String judge(Item item, boolean valid) {
    SigningKey honest = algorithm.signingKey(new byte[algorithm.keySize()]);
    Item good = new Item(honest.publicKey(), item.framed(), honest.sign(item.framed()));
    return differs("a single check", valid, algorithm.verify(item.key(), item.framed(), item.signature()))
        + differs("a batch of one", valid, algorithm.verifyAll(List.of(item), weights()))
        + differs("a batch of it twice", valid, algorithm.verifyAll(List.of(item, item), weights()))
        + differs("a batch with a good one", valid, algorithm.verifyAll(List.of(good, item), weights()))
        + differs("a batch before a good one", valid, algorithm.verifyAll(List.of(item, good), weights()));
  }

  private static String differs(String how, boolean valid, boolean found) {
    return valid == found ? "" : how + " says " + (found ? "valid " : "invalid ");
  }

  /// Fixed, so that runs are alike: nobody could know them who made the vectors.
  static Entropy weights() {
    return BatchWeights.draw(into -> ChaCha.first(20, ChaCha.expand(0), into.length).copyTo(into, 0));
  }

  private static Item item(JsonNode each) {
    return new Item(new PublicKey(bytes(each, "public_key")), bytes(each, "message"),
        new Signature(bytes(each, "signature")));
  }

  private static Bytes bytes(JsonNode each, String field) {
    return Bytes.ofHex(each.required(field).asText());
  }
}
