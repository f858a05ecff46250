package dev.tenon.testkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The reference's vectors, as far as they are in this repository.
class CommonwareVectorTest {
  static final Path VECTORS = Path.of("..", "..", "itests", "vectors", "commonware");

  @ParameterizedTest
  @CsvSource({"codec-known-answers.json, 106", "keys-from-seed.json, 7"})
  void giveTheKnownAnswers(String file, int count) {
    assertThat(lines(file)).containsExactly(count + " passed, 0 failed");
  }

  /// Goal: 53 of 61 types encode as the reference does, over all 65,536 cases. The other eight need points of BLS12-381.
  @Test
  void reproduceTheDigests() {
    List<String> lines = lines("codec-conformance.json");
    assertThat(lines).hasSize(9).last().isEqualTo("53 passed, 8 failed");
    assertThat(lines.subList(0, 8)).allSatisfy(line -> assertThat(line)
        .containsAnyOf("bls12381::", "CodecConformance<Lock<", "CodecConformance<Node<", "CodecConformance<Parent<")
        .endsWith("unknown type"));
  }

  private static List<String> lines(String file) {
    var bytes = new ByteArrayOutputStream();
    VectorRunner.run(List.of(VECTORS.resolve(file)), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
