package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Digests over the encodings of generated values: for seed 0 and up `u64 little-endian length ‖ encoding`. Each value
/// is decoded again and compared.
final class Conformance implements VectorKind {
  /// More cases than this are refused: a file must not keep a machine busy for days.
  static final int CASES_MAX = 1 << 20;

  private static final int PART = 4096; // cases of one task

  private final Map<String, WireType<?>> types;

  /// @param types by the name that a file gives them
  Conformance(Map<String, WireType<?>> types) {
    this.types = types;
  }

  @Override
  public boolean recognises(String fileName, JsonNode root) {
    return fileName.equals("codec-conformance.json");
  }

  @Override
  public void run(JsonNode root, Cases cases) {
    int threads = Runtime.getRuntime().availableProcessors();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      var checks = new ArrayList<Runnable>();
      for (JsonNode each : root.required("types")) {
        String name = each.required("type").asText();
        WireType<?> type = types.get(name);
        int count = each.required("n_cases").asInt();
        if (type == null) {
          checks.add(() -> cases.failed(name, "unknown type"));
        } else if (count < 1 || count > CASES_MAX) {
          checks.add(() -> cases.failed(name, "has " + count + " cases, allowed 1 to " + CASES_MAX));
        } else {
          List<Future<byte[]>> parts = start(type, count, pool);
          checks.add(() -> cases.check(name, () -> compare(each, type, parts)));
        }
      }
      checks.forEach(Runnable::run);
    }
  }

  private static List<Future<byte[]>> start(WireType<?> type, int count, ExecutorService pool) {
    var parts = new ArrayList<Future<byte[]>>();
    for (int from = 0; from < count; from += PART) {
      int first = from;
      Callable<byte[]> part = () -> part(type, first, Math.min(count, first + PART));
      parts.add(pool.submit(part));
    }
    return parts;
  }

  private static <T> byte[] part(WireType<T> type, int from, int to) {
    var all = new ByteArrayOutputStream();
    for (long seed = from; seed < to; seed++) {
      Bytes encoded = encode(type, seed);
      all.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(encoded.size()).array());
      all.writeBytes(encoded.toArray());
    }
    return all.toByteArray();
  }

  private static <T> Bytes encode(WireType<T> type, long seed) {
    T value = type.draw().apply(new Draw(seed));
    Bytes encoded = type.codec().encode(value);
    if (!type.codec().decode(encoded).equals(value)) {
      throw new IllegalStateException("seed " + seed + " is not read back: " + encoded.hex());
    }
    if (!type.also().test(value, encoded)) {
      throw new IllegalStateException("seed " + seed + " is judged otherwise by a provider: " + encoded.hex());
    }
    return encoded;
  }

  private static String compare(JsonNode expected, WireType<?> type, List<Future<byte[]>> parts) throws Exception {
    JsonNode first = expected.path("first_encodings");
    for (int seed = 0; seed < Math.min(first.size(), CASES_MAX); seed++) {
      String found = encode(type, seed).hex();
      if (!found.equals(first.get(seed).asText())) {
        return "seed " + seed + ": expected " + first.get(seed).asText() + ", found " + found;
      }
    }
    String found = digest(parts);
    String digest = expected.required("sha256").asText();
    return found.equals(digest) ? "" : "expected " + digest + ", found " + found;
  }

  private static String digest(List<Future<byte[]>> parts) throws Exception {
    MessageDigest digest = sha256();
    for (Future<byte[]> part : parts) {
      digest.update(part.get());
    }
    return Bytes.wrap(digest.digest()).hex();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
