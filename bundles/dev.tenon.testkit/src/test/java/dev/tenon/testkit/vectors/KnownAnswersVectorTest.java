package dev.tenon.testkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The reference's vectors that need no provider. All others, and the digests over 65,536 values a type, are
/// checked by CommonwareVectorTest of dev.tenon.cli, with the services of a node.
class KnownAnswersVectorTest {
  static final Path VECTORS = Path.of("..", "..", "itests", "vectors", "commonware");

  @ParameterizedTest
  @CsvSource({"codec-known-answers.json, 106", "keys-from-seed.json, 7"})
  void giveTheKnownAnswers(String file, int count) {
    assertThat(lines(file)).containsExactly(count + " passed, 0 failed");
  }

  private static List<String> lines(String file) {
    var bytes = new ByteArrayOutputStream();
    VectorRunner.run(List.of(VECTORS.resolve(file)), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
