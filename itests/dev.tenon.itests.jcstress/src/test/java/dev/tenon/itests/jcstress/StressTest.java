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
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs jcstress in a JVM of its own: for a moment each time, in every combination of compilers and flags under
/// `-Dtenon.nightly=true`. Two wrong variants run in the same way, so that a run which finds nothing is seen.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StressTest {
  private static final long MINUTES_MAX = 90;
  private static final int AGAIN_MAX = 3;
  private static final List<String> MUTANTS = List.of("LookFirstMutant", "OpaqueCountMutant");
  private static final Pattern TEST = Pattern.compile("(?m)^\\.+ \\[(\\w+)\\] \\S*\\.(\\w+)$");
  private static final Pattern SAMPLES =
      Pattern.compile("(?m)^ +\\S.* +([0-9,]+) +<?[0-9.]+% +(?:Acceptable|Forbidden) ");

  private final Map<String, String> results = new TreeMap<>();

  @BeforeAll
  void run(@TempDir Path folder) throws IOException, InterruptedException {
    if (Boolean.getBoolean("tenon.nightly")) {
      run(folder, "(Stress|Mutant)$", "-m", "default", "-f", "1");
      return;
    }
    run(folder, "(Stress|Mutant)$", briefly("1"));
    // Where the processors are busy both actors seldom run at once: what is wrong is given more time.
    for (int again = 0; again < AGAIN_MAX && !MUTANTS.stream().allMatch(each -> isWrong(each)); again++) {
      List<String> missed = MUTANTS.stream().filter(each -> !isWrong(each)).toList();
      missed.forEach(results::remove);
      run(folder, "(" + String.join("|", missed) + ")$", briefly("10"));
    }
  }

  private boolean isWrong(String mutant) { return "FAILED".equals(results.get(mutant)); }

  private static String[] briefly(String iterations) {
    return new String[] {"-jvmArgs", "-XX:+UseSerialGC", "-sc", "false", "-f", "1", "-iters", iterations, "-time",
        "300"};
  }

  private void run(Path folder, String tests, String... how) throws IOException, InterruptedException {
    Path output = folder.resolve("out");
    List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
        "org.openjdk.jcstress.Main", "-v", "-t", tests, "-r", folder.toString(), "-hs", "128"));
    words.addAll(List.of(how));
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
  @FieldSource("MUTANTS")
  void isFoundWrong(String name) {
    assertThat(results).containsEntry(name, "FAILED");
  }
}
