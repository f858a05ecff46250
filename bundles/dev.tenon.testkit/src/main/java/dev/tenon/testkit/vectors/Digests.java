package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Hasher;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Messages with their hashes.
final class Digests implements VectorKind {
  private final Map<String, Hasher> hashers;

  /// @param hashers by the name that a file gives them
  Digests(Map<String, Hasher> hashers) {
    this.hashers = hashers;
  }

  @Override
  public boolean recognises(String fileName, JsonNode root) {
    return fileName.equals("digests.json");
  }

  @Override
  public void run(JsonNode root, Cases cases) {
    for (JsonNode each : root.required("vectors")) {
      String name = each.required("algorithm").asText();
      cases.check(name, () -> check(hashers.get(name), each));
    }
  }

  private static String check(@org.jspecify.annotations.Nullable Hasher hasher, JsonNode each) {
    if (hasher == null) {
      return "unknown algorithm";
    }
    Bytes message = Bytes.wrap(each.required("message_ascii").asText().getBytes(StandardCharsets.US_ASCII));
    Bytes found = hasher.hash(message).bytes();
    String expected = each.required("digest").asText();
    if (!found.hex().equals(expected)) {
      return "expected " + expected + ", found " + found.hex();
    }
    int middle = message.size() / 2;
    Bytes inParts = hasher.hash(message.slice(0, middle), Bytes.EMPTY, message.slice(middle, message.size())).bytes();
    return inParts.equals(found) ? "" : "expected " + expected + " of its parts, found " + inParts.hex();
  }
}
