package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Bytes;
import java.util.zip.CRC32C;

/// What stores and their workloads are made of: checksums, and the random source.
final class StoragePrimitives implements VectorKind {
  private static final int LENGTH_MAX = 1 << 20;
  private static final int FILL_BYTES = 11;

  @Override
  public boolean recognises(String fileName, JsonNode root) {
    return fileName.equals("primitives.json") && root.has("crc32c");
  }

  @Override
  public void run(JsonNode root, Cases cases) {
    for (JsonNode each : root.path("crc32c")) {
      int length = each.required("length").asInt();
      if (length < 0 || length > LENGTH_MAX) {
        cases.failed("crc32c " + length, "is longer than " + LENGTH_MAX);
      } else {
        cases.same("crc32c " + length, each.required("crc32c").asText(), crc(length));
      }
    }
    for (JsonNode each : root.path("rng")) {
      cases.check("rng " + each.required("seed"), () -> random(each));
    }
  }

  private static String crc(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    var crc = new CRC32C();
    crc.update(bytes);
    return "%08x".formatted((int) crc.getValue());
  }

  private static String random(JsonNode each) {
    long seed = each.required("seed").asLong();
    var words = new StdRng(seed);
    var longs = new StdRng(seed);
    var ranges = new StdRng(seed);
    var narrow = new StdRng(seed);
    for (JsonNode word : each.required("first_u32")) {
      if (words.nextU32() != (int) word.asLong()) {
        return "another word than " + word;
      }
    }
    for (JsonNode word : each.required("first_u64")) {
      if (longs.nextU64() != Long.parseUnsignedLong(word.asText())) {
        return "another word than " + word;
      }
    }
    for (JsonNode number : each.required("gen_range_usize_0_16384")) {
      if (ranges.range64(16_384) != number.asLong()) {
        return "another number than " + number;
      }
    }
    for (JsonNode number : each.required("gen_range_i32_100_500")) {
      if (100 + narrow.range32(400) != number.asInt()) {
        return "another number than " + number;
      }
    }
    var filled = new StdRng(seed);
    JsonNode fill = each.required("fill_11_then_u32");
    boolean same = Bytes.of(filled.fill(FILL_BYTES)).hex().equals(fill.required(0).asText())
        && filled.nextU32() == (int) fill.required(1).asLong();
    return same ? "" : "other bytes than " + fill;
  }
}
