package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Writer;
import dev.tenon.journal.JournalInstance;
import dev.tenon.testkit.journal.SimHost;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What random workloads leave on disk: commitments by seed, and the published digests over many seeds. Of the
/// workloads Tenon has the segmented variable journal; the others are unknown, one failure each.
final class StorageWorkloads implements VectorKind {
  private static final String KNOWN = "SegmentedVariable";
  private static final int CASES_MAX = 4_096;
  private static final int PAGE_BYTES = 1_024;
  private static final int ITEMS = 16_384;
  private static final int ITEM_BYTES = 256;
  private static final int SECTIONS = 3;

  private final ReferenceFiles files;

  StorageWorkloads(ReferenceFiles files) {
    this.files = files;
  }

  @Override
  public boolean recognises(String fileName, JsonNode root) {
    return fileName.equals("disk-audits.json") || (fileName.equals("conformance.json") && root.has("reproducible"));
  }

  @Override
  public void run(JsonNode root, Cases cases) {
    var unknown = new TreeMap<String, Integer>();
    for (JsonNode each : root.path("audits")) {
      String workload = each.required("workload").asText();
      int seed = each.required("seed").asInt();
      if (workload.equals(KNOWN)) {
        cases.check(workload + " " + seed, () -> {
          String found = Bytes.of(audit(seed)).hex();
          String expected = each.required("audit").asText();
          return found.equals(expected) ? "" : "expected " + expected + ", found " + found;
        });
      } else {
        unknown.merge(workload, 1, Integer::sum);
      }
    }
    for (String list : List.of("reproducible", "rust_only")) {
      for (JsonNode each : root.path(list)) {
        String name = each.required("name").asText();
        if (name.equals("journal::conformance::" + KNOWN)) {
          cases.check(name, () -> digest(each));
        } else {
          unknown.merge(name, 1, Integer::sum);
        }
      }
    }
    unknown
        .forEach((name, count) -> cases.failed(name, "unknown workload" + (count > 1 ? ", " + count + " cases" : "")));
  }

  private String digest(JsonNode each) throws Exception {
    int count = each.required("cases").asInt();
    if (count < 1 || count > CASES_MAX) {
      return "has " + count + " cases, allowed 1 to " + CASES_MAX;
    }
    MessageDigest digest = sha256();
    try (ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      var audits = new ArrayList<Future<byte[]>>();
      for (int i = 0; i < count; i++) {
        int seed = i;
        audits.add(pool.submit(() -> audit(seed)));
      }
      for (Future<byte[]> audit : audits) {
        digest.update(ByteBuffer.allocate(8).putLong(Long.reverseBytes(audit.get().length)).array());
        digest.update(audit.get());
      }
    }
    String found = Bytes.of(digest.digest()).hex();
    String expected = each.required("digest").asText();
    return found.equals(expected) ? "" : "expected " + expected + ", found " + found;
  }

  private byte[] audit(int seed) {
    String partition = "segmented-variable-conformance-" + seed;
    try (var host = new SimHost(seed)) {
      var random = new StdRng(seed);
      long count = random.range64(ITEMS);
      host.run(context -> {
        JournalInstance instance = files.provider(PAGE_BYTES, PAGE_BYTES).open(context);
        instance.activate();
        instance.create(partition);
        for (long i = 0; i < count; i++) {
          byte[] item = random.fill((int) random.range64(ITEM_BYTES));
          var whole = new Writer(Writer.varintSize(item.length) + item.length);
          whole.bytes(Bytes.of(item));
          instance.append(partition, i % SECTIONS, i / SECTIONS, List.of(whole.finish()));
        }
        instance.sync();
        instance.close();
        return true;
      });
      MessageDigest digest = sha256();
      for (Bytes name : host.disk().blobs(SimHost.LOCATION, partition)) {
        digest.update(partition.getBytes(StandardCharsets.US_ASCII));
        digest.update(name.toArray());
        digest.update(host.disk().bytes(SimHost.LOCATION, partition, name.toArray()).toArray());
      }
      return digest.digest();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
