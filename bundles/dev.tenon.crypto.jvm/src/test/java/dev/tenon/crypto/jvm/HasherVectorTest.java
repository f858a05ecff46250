package dev.tenon.crypto.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Hasher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HasherVectorTest {
  @Test
  void hashesAsTheReferenceDoes() throws IOException {
    for (JsonNode row : Vectors.read("digests.json").get("vectors")) {
      Hasher hasher = row.get("algorithm").asText().equals("sha256") ? new Sha256() : new Blake3();
      Bytes message = Bytes.of(row.get("message_ascii").asText().getBytes(StandardCharsets.US_ASCII));
      assertThat(hasher.hash(message).bytes()).isEqualTo(Vectors.bytes(row, "digest"));
      assertThat(hasher.hash(message.slice(0, 4), Bytes.EMPTY, message.slice(4, message.size())))
          .as("in parts").isEqualTo(hasher.hash(message));
    }
  }
}
