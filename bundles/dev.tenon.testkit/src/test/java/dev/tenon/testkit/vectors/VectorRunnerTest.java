package dev.tenon.testkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a vector file holds, the runner names file and problem on one line and goes on.
class VectorRunnerTest {
  private final Path dir;

  VectorRunnerTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void countsAndNamesAFileOfAnUnknownKind() throws IOException {
    assertThat(run("strange.json", "{}")).containsExactly("strange.json: unknown kind of vectors",
        "0 passed, 1 failed");
  }

  @Test
  void namesTruncatedAndGarbageFiles() throws IOException {
    write("a.json", "{\"encode\": [");
    write("b.json", "\0\1garbage");
    write("c.json", "");
    write("sub/codec-known-answers.json", "{\"encode\": []} {}");
    List<String> lines = run();
    assertThat(lines).hasSize(5).last().isEqualTo("0 passed, 4 failed");
    assertThat(lines.get(0)).startsWith("a.json: is no JSON, line 1");
    assertThat(lines.get(1)).startsWith("b.json: is no JSON, line 1");
    assertThat(lines.get(2)).isEqualTo("c.json: unknown kind of vectors");
    assertThat(lines.get(3)).startsWith("sub/codec-known-answers.json: is no JSON");
  }

  @Test
  void refusesNestingWithoutEnd() throws IOException {
    assertThat(run("deep.json", "[".repeat(100_000))).hasSize(2).first().asString().startsWith("deep.json: is no JSON");
  }

  @Test
  void namesAFolderThatIsNotThere() {
    assertThat(lines(dir.resolve("absent"))).hasSize(2).first().asString().contains("absent: cannot be read");
  }

  @Test
  void namesWhatAFileLacks() throws IOException {
    assertThat(run("codec-known-answers.json", "{}")).hasSize(2).first().asString()
        .startsWith("codec-known-answers.json: is malformed");
    assertThat(run("keys-from-seed.json", "{\"keys\": [{\"seed\": \"1\"}]}")).anySatisfy(
        line -> assertThat(line).startsWith("keys-from-seed.json seed 1: IllegalArgumentException"));
  }

  @Test
  void failsAWrongAnswer() throws IOException {
    List<String> lines = run("codec-known-answers.json", """
        {"encode": [{"type": "u8", "value": 1, "hex": "02"}, {"type": "u8", "value": 1, "hex": "01"},
                    {"type": "u8", "value": 256, "hex": "00"}, {"type": "Odd<u8>", "value": 1, "hex": "01"}],
         "decode_errors": [{"type": "u8", "hex": "01", "error": "EndOfBuffer"},
                           {"type": "u8", "hex": "0102", "error": "ExtraData(2)"},
                           {"type": "bool", "hex": "02", "error": "EndOfBuffer"}]}""");
    assertThat(lines).containsExactly("codec-known-answers.json encode 0 u8: expected 02, found 01",
        "codec-known-answers.json encode 2 u8: CheckFailed: an unsigned number fits its width",
        "codec-known-answers.json encode 3 Odd<u8>: IllegalArgumentException: unknown type Odd<u8>",
        "codec-known-answers.json decode_errors 0 u8: is accepted as 1",
        "codec-known-answers.json decode_errors 1 u8: expected ExtraData(2), found EXTRA_DATA with 1",
        "codec-known-answers.json decode_errors 2 bool: expected EndOfBuffer, found INVALID_BOOL with 2",
        "1 passed, 6 failed");
  }

  @Test
  void failsAWrongDigestAndACountThatTakesDays() throws IOException {
    String name = "commonware_codec::types::primitives::tests::conformance::CodecConformance<u32>";
    String type = "{\"type\": \"" + name + "\", \"sha256\": \"00\", \"n_cases\": ";
    List<String> lines = run("codec-conformance.json",
        "{\"types\": [" + type + "2}, " + type + "1000000000}, {\"type\": \"odd\", \"n_cases\": 1}]}");
    assertThat(lines).hasSize(4).last().isEqualTo("0 passed, 3 failed");
    assertThat(lines.get(0)).contains(name + ": expected 00, found ");
    assertThat(lines.get(1)).endsWith(name + ": has 1000000000 cases, allowed 1 to 1048576");
    assertThat(lines.get(2)).endsWith("odd: unknown type");
  }

  @Test
  void printsOneShortLineWhateverAFailureHolds() throws IOException {
    List<String> lines = run("codec-known-answers.json",
        "{\"encode\": [{\"type\": \"x\\n" + "y".repeat(1000) + "\"}], \"decode_errors\": []}");
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).hasSizeLessThan(500);
  }

  private List<String> run(String file, String content) throws IOException {
    write(file, content);
    return run();
  }

  private void write(String file, String content) throws IOException {
    Path path = dir.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private List<String> run() {
    return lines(dir);
  }

  private static List<String> lines(Path where) {
    var bytes = new ByteArrayOutputStream();
    int status = VectorRunner.run(List.of(where), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(status).isEqualTo(1);
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
