package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.testkit.vectors.VectorRunner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The reference's vectors, as far as they are in this repository, by the runner behind `./tenon vectors`.
class CommonwareVectorTest {
  private static final Path VECTORS = Path.of("..", "..", "itests", "vectors", "commonware");

  /// Goal: all are looked at, and nothing fails but eight of 61 types of the conformance file: those that need points
  /// of BLS12-381.
  @Test
  void passAllButTheTypesWithPoints() {
    List<String> lines = lines(VECTORS);
    assertThat(lines).hasSize(9).last().asString().isEqualTo("637 passed, 8 failed");
    assertThat(lines.subList(0, 8)).allSatisfy(line -> assertThat(line)
        .containsAnyOf("bls12381::", "CodecConformance<Lock<", "CodecConformance<Node<", "CodecConformance<Parent<")
        .endsWith("unknown type"));
  }

  /// The digest over 512 seeds is left to the bundle of the provider.
  @Test
  void passWhatStoresOfThisKindLeaveOnDisk() {
    Path storage = VECTORS.resolveSibling("commonware-storage");
    assertThat(lines(storage.resolve("disk-small.json"))).containsExactly("22 passed, 0 failed");
    assertThat(lines(storage.resolve("disk-audits.json"))).containsExactly("10 passed, 0 failed");
  }

  @Test
  void nameEachUnknownKindOfStoresOnce(@TempDir Path dir) throws IOException {
    Files.writeString(dir.resolve("disk-small.json"), """
        {"cases": [{"what": "a queue, of items", "files": {}}, {"what": "a queue, of others", "files": {}}]}""");
    Files.writeString(dir.resolve("disk-audits.json"), """
        {"audits": [{"workload": "Queue", "seed": 0}, {"workload": "Queue", "seed": 1}]}""");
    assertThat(lines(dir)).containsExactly("disk-audits.json Queue: unknown workload, 2 cases",
        "disk-small.json cases: unknown kind a queue, 2 cases", "0 passed, 2 failed");
  }

  /// Goal: the kinds compare what they should. Method: one digit changed in each value of a file.
  @Test
  void failEachChangedValue(@TempDir Path dir) throws IOException {
    assertThat(lines(changed(dir, "digests.json", "\"digest\": \"b94d", "\"digest\": \"b94e"))).hasSize(2);
    assertThat(lines(changed(dir, "ed25519-rfc8032.json", "\"public_key\": \"d75a", "\"public_key\": \"d75b")))
        .hasSize(2);
    assertThat(lines(changed(dir, "ed25519-zip215.json", "\"valid\": false", "\"valid\": true"))).hasSize(5);
    Path storage = VECTORS.resolveSibling("commonware-storage");
    for (String digit : List.of("\"file\": \"43574943000000000000", "\"content\": \"00", "\"logical_size\": 1",
        "\"file_length_after_open\": 3",
        "\"p_data\": {\n     \"0000000000000000\": \"43574943000000000")) {
      String text = Files.readString(storage.resolve("disk-small.json"));
      assertThat(text).contains(digit);
      int at = text.indexOf(digit) + digit.length() - 1;
      Files.writeString(dir.resolve("disk-small.json"), text.substring(0, at) + "7" + text.substring(at + 1));
      assertThat(lines(dir.resolve("disk-small.json"))).as(digit).hasSizeGreaterThan(1);
    }
    for (String field : List.of("public_key", "payload", "chunk", "chunk_signed_bytes", "chunk_signature", "node",
        "ack_signed_bytes", "certificate", "lock", "activity_tip", "activity_lock")) {
      assertThat(lines(spoilt(dir, field))).as(field).hasSizeGreaterThan(1);
    }
  }

  private static Path spoilt(Path dir, String field) throws IOException {
    String text = Files.readString(VECTORS.resolve("ordered-broadcast-ed25519.json"));
    String key = "\"" + field + "\": \"";
    int at = text.indexOf("\"", text.indexOf(key) + key.length()) - 1; // the last digit of the first value
    char other = text.charAt(at) == '0' ? '1' : '0';
    return Files.writeString(dir.resolve("ordered-broadcast-ed25519.json"),
        text.substring(0, at) + other + text.substring(at + 1));
  }

  private static Path changed(Path dir, String file, String from, String to) throws IOException {
    String text = Files.readString(VECTORS.resolve(file));
    assertThat(text).contains(from);
    return Files.writeString(dir.resolve(file), text.replace(from, to));
  }

  private static List<String> lines(Path where) {
    var bytes = new ByteArrayOutputStream();
    VectorRunner.run(List.of(where), Vectors.services(), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
