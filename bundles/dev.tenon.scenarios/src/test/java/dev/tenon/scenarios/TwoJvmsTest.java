package dev.tenon.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: one seed gives one digest over the whole stack, whatever JVM it runs in. Method: 30 runs in two JVMs that
/// differ in collector and compilers, so in speed and in identity hashes.
class TwoJvmsTest {
  @Test
  void printTheSameDigests() throws IOException, InterruptedException {
    String first = digests("-XX:+UseSerialGC");
    assertThat(first.lines()).hasSize(PrintDigests.RUNS)
        .allMatch(line -> line.matches("(broadcast|swaps)-[a-z-]+ \\d+ [0-9a-f]{32}"));
    assertThat(digests("-XX:+UseParallelGC", "-XX:TieredStopAtLevel=1", "-XX:hashCode=2")).isEqualTo(first);
  }

  private static String digests(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UnlockExperimentalVMOptions");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), PrintDigests.class.getName()));
    // What a logger says on the error stream is not part of the answer.
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
