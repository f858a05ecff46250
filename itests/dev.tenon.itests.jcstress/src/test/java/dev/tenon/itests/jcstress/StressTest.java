package dev.tenon.itests.jcstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs jcstress in a JVM of its own: for a moment each time, in every combination of compilers and flags under
/// `-Dtenon.nightly=true`. Two wrong variants run in the same way, so that a run which finds nothing is seen.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StressTest {
  private static final long MINUTES_MAX = 90;
  private static final Pattern TEST = Pattern.compile("(?m)^\\.+ \\[(\\w+)\\] \\S*\\.(\\w+)$");
  private static final Pattern SAMPLES =
      Pattern.compile("(?m)^ +\\S.* +([0-9,]+) +<?[0-9.]+% +(?:Acceptable|Forbidden) ");

  private final Map<String, String> results = new TreeMap<>();

  @BeforeAll
  void run(@TempDir Path folder) throws IOException, InterruptedException {
    Path output = folder.resolve("out");
    List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
        "org.openjdk.jcstress.Main", "-v", "-t", "(Stress|Mutant)$", "-r", folder.toString(), "-hs", "128"));
    if (Boolean.getBoolean("tenon.nightly")) {
      words.addAll(List.of("-m", "default", "-f", "1"));
    } else {
      words.addAll(List.of("-jvmArgs", "-XX:+UseSerialGC", "-sc", "false", "-f", "1", "-iters", "1", "-time", "300"));
    }
    Process process = new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true)
        .redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
    process.destroyForcibly();
    String said = Files.readString(output);
    assertThat(ended).as(said).isTrue();
    int at = said.indexOf("RUN RESULTS");
    assertThat(at).as(said).isPositive();
    read(said.substring(at));
  }

  private void read(String report) {
    Matcher test = TEST.matcher(report);
    List<Integer> starts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    while (test.find()) {
      starts.add(test.start());
      names.add(test.group(2));
      results.merge(test.group(2), test.group(1), (one, other) -> one + " " + other);
    }
    starts.add(report.length());
    for (int i = 0; i < names.size(); i++) {
      Matcher samples = SAMPLES.matcher(report.substring(starts.get(i), starts.get(i + 1)));
      long sum = 0;
      while (samples.find()) {
        sum += Long.parseLong(samples.group(1).replace(",", ""));
      }
      System.out.println("jcstress " + names.get(i) + " " + results.get(names.get(i)) + ", " + sum + " samples");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TenureStress", "DoorStress"})
  void holds(String name) {
    assertThat(results).containsEntry(name, "OK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LookFirstMutant", "OpaqueCountMutant"})
  void isFoundWrong(String name) {
    assertThat(results).containsEntry(name, "FAILED");
  }
}
