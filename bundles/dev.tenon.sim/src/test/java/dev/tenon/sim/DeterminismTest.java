package dev.tenon.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: one seed gives one digest, whatever JVM it runs in. Method: run the scenario twice here, and in two JVMs.
class DeterminismTest {
  static final int SEEDS = 20;

  @Test
  void sameSeedGivesTheSameTraceAndOthersDiffer() {
    List<String> digests = new ArrayList<>();
    for (Scenario scenario : Scenarios.all()) {
      for (long seed = 0; seed < SEEDS; seed++) {
        StringBuilder first = new StringBuilder();
        StringBuilder second = new StringBuilder();
        SimResult result = scenario.run(seed, first);
        assertThat(scenario.run(seed, second)).isEqualTo(result);
        assertThat(second.toString()).isEqualTo(first.toString());
        assertThat(scenario.run(seed, null).digest()).as("tracing changes nothing").isEqualTo(result.digest());
        digests.add(result.digest());
      }
    }
    assertThat(new LinkedHashSet<>(digests)).hasSameSizeAs(digests);
    assertThat(digests).allMatch(digest -> digest.matches("[0-9a-f]{32}"));
  }

  @Test
  void twoJvmsPrintTheSameDigests() throws IOException, InterruptedException {
    String first = otherJvm();
    assertThat(first.lines()).hasSize(SEEDS * Scenarios.all().size());
    assertThat(otherJvm()).isEqualTo(first);
  }

  private static String otherJvm() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), "-XX:+UseSerialGC", PrintDigests.class.getName()).redirectErrorStream(
            true)
        .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
