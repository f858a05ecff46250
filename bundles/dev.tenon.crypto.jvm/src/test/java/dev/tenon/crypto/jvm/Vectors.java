package dev.tenon.crypto.jvm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.codec.Bytes;
import java.io.IOException;
import java.nio.file.Path;

/// The files of itests/vectors/commonware.
final class Vectors {
  private Vectors() {}

  static JsonNode read(String name) throws IOException {
    return new ObjectMapper().readTree(Path.of("../../itests/vectors/commonware", name).toFile());
  }

  static Bytes bytes(JsonNode row, String field) {
    return Bytes.ofHex(row.get(field).asText());
  }
}
