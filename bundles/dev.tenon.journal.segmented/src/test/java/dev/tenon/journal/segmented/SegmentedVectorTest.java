package dev.tenon.journal.segmented;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Writer;
import dev.tenon.journal.JournalInstance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The files are those of the reference, byte for byte. Vectors: itests/vectors/commonware-storage.
class SegmentedVectorTest {
  private static final byte[] SECTION = new byte[8];
  private static final StoreConfig WORKLOAD = new StoreConfig(1_024, 1_024, 0, 1 << 20, 8);

  private static JsonNode read(String name) throws IOException {
    return new ObjectMapper().readTree(Path.of("../../itests/vectors/commonware-storage", name).toFile());
  }

  private static List<JsonNode> rows(String file, String field) throws IOException {
    var rows = new ArrayList<JsonNode>();
    read(file).get(field).forEach(rows::add);
    return rows;
  }

  static List<JsonNode> paged() throws IOException {
    return rows("disk-small.json", "paged");
  }

  static List<JsonNode> damaged() throws IOException {
    return rows("disk-small.json", "reopen_damaged");
  }

  static List<JsonNode> contiguous() throws IOException {
    var rows = rows("disk-small.json", "cases");
    rows.removeIf(row -> !row.get("files").has("p_data")); // one has no item
    return rows;
  }

  static List<JsonNode> audits() throws IOException {
    return rows("disk-audits.json", "audits");
  }

  @Test
  void drawsAsTheReferencesGenerator() throws IOException {
    for (JsonNode row : rows("primitives.json", "rng")) {
      long seed = row.get("seed").asLong();
      var words = new StdRng(seed);
      row.get("first_u32").forEach(word -> assertThat(words.nextU32()).isEqualTo((int) word.asLong()));
      var ranges = new StdRng(seed);
      row.get("gen_range_usize_0_16384").forEach(
          range -> assertThat(ranges.range64(16_384)).isEqualTo(range.asLong()));
      var filled = new StdRng(seed);
      assertThat(Bytes.of(filled.fill(11)).hex()).isEqualTo(row.get("fill_11_then_u32").get(0).asText());
      assertThat(filled.nextU32()).isEqualTo((int) row.get("fill_11_then_u32").get(1).asLong());
    }
  }

  @ParameterizedTest
  @MethodSource("paged")
  void writesPagesAsTheReference(JsonNode row) {
    var config = new StoreConfig(row.get("page_size").asInt(), 256, 0, 1 << 20, 4);
    try (var disk = new Disk(1)) {
      disk.run(storage -> {
        var files = new BlobFiles(storage, 4, () -> {});
        var blob = new PagedBlob("p", SECTION, config, files, new PageWindow(config.pageBytes()));
        for (JsonNode step : row.get("steps")) {
          String op = step.get("op").asText();
          if (op.equals("reopen")) {
            long size = blob.size();
            blob.close();
            blob = new PagedBlob("p", SECTION, config, files, new PageWindow(config.pageBytes()));
            byte[] last = blob.readPages(size / config.pageBytes(), 1);
            blob.found(size, PageRecord.of(last, 0, config.pageBytes()));
          } else {
            byte[] more = new byte[Integer.parseInt(op.split(" ", 3)[1])];
            for (int i = 0; i < more.length; i++) {
              more[i] = (byte) (blob.size() + i);
            }
            blob.append(more);
            blob.flush().sync();
            blob.synced();
          }
          assertThat(blob.size()).isEqualTo(step.get("logical_size").asLong());
          assertThat(disk.file("p", SECTION).hex()).isEqualTo(step.get("file").asText());
        }
        files.closeAll();
      });
    }
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void opensDamagedPagesAsTheReference(JsonNode row) {
    var config = new StoreConfig(row.get("page_size").asInt(), 256, 0, 1 << 20, 4);
    try (var disk = new Disk(1)) {
      disk.put("p", SECTION, Bytes.ofHex(row.get("file").asText()));
      disk.run(storage -> {
        var files = new BlobFiles(storage, 4, () -> {});
        var blob = new PagedBlob("p", SECTION, config, files, new PageWindow(config.pageBytes()));
        SectionScan scan = SectionScan.of(blob, config);
        blob.found(scan.pagesSize(), scan.record());
        blob.shrink(scan.pagesSize());
        assertThat(blob.size()).isEqualTo(row.get("logical_size").asLong());
        byte[] content = new byte[(int) blob.size()];
        for (int done = 0; done < content.length;) {
          done += blob.read(done, content, done, content.length - done);
        }
        assertThat(Bytes.of(content).hex()).isEqualTo(row.get("content").asText());
        assertThat(blob.file().size()).isEqualTo(row.get("file_length_after_open").asLong());
        files.closeAll();
      });
    }
  }

  @ParameterizedTest
  @MethodSource("contiguous")
  void opensAndWritesTheDataOfContiguousJournals(JsonNode row) {
    var config = new StoreConfig(16, 256, 0, 1 << 20, 4);
    JsonNode files = row.get("files").get("p_data");
    try (var opened = new Disk(1); var written = new Disk(2)) {
      files.properties().forEach(
          file -> opened.put("p_data", Bytes.ofHex(file.getKey()).toArray(), Bytes.ofHex(file.getValue().asText())));
      List<List<Bytes>> found = opened.withStore(config, instance -> {
        instance.create("p_data");
        var sections = new ArrayList<List<Bytes>>();
        for (var section : instance.report().journals().get(0).sections()) {
          sections.add(instance.read("p_data", section.section(), 0, 100, 1 << 20));
          assertThat(sections.getLast()).hasSize((int) section.end());
        }
        return sections;
      });
      long first = Bytes.ofHex(files.fieldNames().next()).buffer().getLong();
      int item = (int) first * 4;
      for (List<Bytes> section : found) {
        for (Bytes bytes : section) {
          assertThat(bytes).isEqualTo(letters(item++));
        }
      }
      int end = item;
      written.withStore(config, instance -> replay(instance, row.get("params").get("appends_between_syncs"), end));
      files.properties().forEach(file -> assertThat(
          written.file("p_data", Bytes.ofHex(file.getKey()).toArray()).hex()).isEqualTo(file.getValue().asText()));
    }
  }

  /// A full section is synced at once; else a sync follows each run of appends.
  private static boolean replay(JournalInstance instance, JsonNode runs, int end) {
    instance.create("p_data");
    int item = 0;
    for (int run = 0; item < end; run++) {
      int count = runs.get(run % runs.size()).asInt();
      for (int i = 0; i < count && item < end; i++, item++) {
        instance.append("p_data", item / 4, item % 4, List.of(letters(item)));
        if (item % 4 == 3) {
          instance.sync();
        }
      }
      instance.sync();
    }
    return true;
  }

  private static Bytes letters(int item) {
    byte[] letters = new byte[item % 7];
    java.util.Arrays.fill(letters, (byte) ('a' + item));
    return prefixed(letters);
  }

  private static Bytes prefixed(byte[] bytes) {
    var item = new Writer(Writer.varintSize(bytes.length) + bytes.length);
    item.bytes(Bytes.of(bytes));
    return item.finish();
  }

  @ParameterizedTest
  @MethodSource("audits")
  void writesTheWorkloadAsTheReference(JsonNode row) {
    int seed = row.get("seed").asInt();
    assertThat(Bytes.of(audit(seed)).hex()).isEqualTo(row.get("audit").asText());
  }

  @Test
  void reproducesTheDigestOverAllSeeds() throws IOException {
    JsonNode row = read("conformance.json").get("reproducible").get(0);
    MessageDigest digest = sha256();
    for (int seed = 0; seed < row.get("cases").asInt(); seed++) {
      byte[] audit = audit(seed);
      digest.update(ByteBuffer.allocate(8).putLong(Long.reverseBytes(audit.length)).array());
      digest.update(audit);
    }
    assertThat(Bytes.of(digest.digest()).hex()).isEqualTo(row.get("digest").asText());
  }

  private static byte[] audit(int seed) {
    String partition = "segmented-variable-conformance-" + seed;
    try (var disk = new Disk(seed)) {
      var rng = new StdRng(seed);
      long count = rng.range64(16_384);
      disk.withStore(WORKLOAD, instance -> {
        instance.create(partition);
        for (long i = 0; i < count; i++) {
          int length = (int) rng.range64(256);
          instance.append(partition, i % 3, i / 3, List.of(prefixed(rng.fill(length))));
        }
        instance.sync();
        return count;
      });
      MessageDigest digest = sha256();
      for (Bytes name : disk.node().disk().blobs(Disk.LOCATION, partition)) {
        digest.update(partition.getBytes(StandardCharsets.US_ASCII));
        digest.update(name.toArray());
        digest.update(disk.file(partition, name.toArray()).toArray());
      }
      return digest.digest();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
