package dev.tenon.itests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `tenon` on machines that lack what it needs: one clear sentence, before anything is built.
class ScriptTest {
  private static final Path ROOT = Path.of(System.getProperty("tenon.root", "../.."));
  /// What the script calls and every Unix machine has.
  private static final List<String> TOOLS = List.of("cat", "date", "dirname", "find", "grep", "head", "mkdir",
      "mktemp", "mv", "readlink", "rm", "sed", "sort", "tee");
  private static final int ANSWER_SECONDS = 60;

  private final Path checkout;
  private final Path tools;
  private final Path nothing;

  ScriptTest(@TempDir Path folder) {
    this.checkout = folder.resolve("checkout");
    this.tools = folder.resolve("tools");
    this.nothing = folder.resolve("nothing");
  }

  @BeforeEach
  void makeAMachine() throws IOException {
    for (Path folder : List.of(checkout, tools, nothing)) Files.createDirectory(folder);
    Files.copy(ROOT.resolve("tenon"), checkout.resolve("tenon"));
    for (String tool : TOOLS) {
      for (String folder : List.of("/usr/bin", "/bin")) {
        Path program = Path.of(folder, tool);
        if (Files.isExecutable(program) && !Files.exists(tools.resolve(tool))) {
          program(tools.resolve(tool), "exec " + program + " \"$@\"");
        }
      }
    }
  }

  @Test
  void saysOneSentenceWhereNoJdkIsNewEnough() throws Exception {
    Path old = Files.createDirectories(nothing.resolve("jdk-24"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"24.0.2\"\n");
    Files.createDirectory(old.resolve("bin"));
    program(old.resolve("bin/javac"), "exit 1");
    for (String command : List.of("run", "test", "status", "build")) {
      assertThat(called(Map.of("TENON_JVMS", nothing.toString()), command)).as(command)
          .isEqualTo(
              "1 tenon: no JDK 25 or newer found; install one (for example Temurin 25) and set TENON_JAVA_HOME to"
                  + " its folder\n");
    }
  }

  @Test
  void saysOneSentenceWhereMavenIsMissing() throws Exception {
    for (String command : List.of("run", "test", "status", "build")) {
      assertThat(called(Map.of("TENON_JAVA_HOME", System.getProperty("java.home")), command)).as(command)
          .isEqualTo("1 tenon: Maven is missing; install 3.8.7 or newer so that mvn is on PATH\n");
    }
  }

  @Test
  void refusesACommandThatItDoesNotKnow() throws Exception {
    assertThat(called(Map.of(), "nonsense"))
        .isEqualTo("2 tenon: unknown command nonsense; ./tenon --help lists them\n");
  }

  /// Whoever asks what a command does has not asked for it.
  @Test
  void helpOfWhatItDoesItselfDoesNothing() throws Exception {
    pretendToBuild("exit 0");
    for (String command : List.of("build", "format", "layers", "pages", "mutants", "test")) {
      for (String help : List.of("--help", "-h")) {
        assertThat(called(machineWithAll(), command, help)).as(command).startsWith("0 usage: ./tenon COMMAND")
            .doesNotContain("mvn", "\nmutants\n");
      }
      assertThat(called(machineWithAll(), command, "--nonsense")).startsWith("2 tenon: " + command + " ")
          .endsWith("not --nonsense\n").hasLineCount(1);
    }
  }

  /// Goal: the long targets are all in `test --nightly`, and what each printed stays. Method: a JDK, a Maven and
  /// mutants that only say how they were called.
  @Test
  void nightlyGoesOnWithMutantsFuzzingTheLongSoakAndTheBenches() throws Exception {
    pretendToBuild("exit 0");
    String said = called(machineWithAll(), "test", "--nightly");
    assertThat(said).startsWith("0 ").containsSubsequence("mvn -B -ntp verify -Dtenon.nightly=true\n", "mutants\n",
        "dev.tenon.cli.Main soak --seconds 1800 --swaps 5000 --kill 100\n",
        "dev.tenon.cli.Main bench slot-overhead queued-append swap-pause swap-pause-tails swap-load "
            + "prepare-interference --check\n");
    assertThat(report("verify-")).hasContent("mvn -B -ntp verify -Dtenon.nightly=true");
    assertThat(report("mutants-")).hasContent("mutants");
    assertThat(report("soak-")).content().contains("soak --seconds 1800");
    assertThat(report("bench-")).content().contains("prepare-interference --check");
    assertThat(called(machineWithAll(), "test")).startsWith("0 ").doesNotContain("soak", "mutants", "bench ");
  }

  private Path report(String beginning) throws IOException {
    try (Stream<Path> reports = Files.list(checkout.resolve(".tenon"))) {
      List<Path> ofThis = reports.filter(file -> file.getFileName().toString().startsWith(beginning)).toList();
      assertThat(ofThis).hasSize(1);
      return ofThis.getFirst();
    }
  }

  @Test
  void nightlyEndsWhereATestIsRed() throws Exception {
    pretendToBuild("exit 0");
    program(tools.resolve("mvn"), "echo mvn \"$@\"; exit 1");
    assertThat(called(machineWithAll(), "test", "--nightly")).startsWith("1 ")
        .contains("tenon: a test is red; see .tenon/verify-").doesNotContain("mutants", "soak", "bench ");
  }

  @Test
  void nightlyEndsWhereAMutantIsNotFound() throws Exception {
    pretendToBuild("exit 0");
    program(checkout.resolve("mutants/run"), "exit 1");
    assertThat(called(machineWithAll(), "test", "--nightly")).startsWith("1 ")
        .contains("tenon: a mutant was not found; see .tenon/mutants-").doesNotContain("soak", "bench ");
  }

  @Test
  void nightlyFailsWhereTheSoakDoes() throws Exception {
    pretendToBuild("exit 1");
    assertThat(called(machineWithAll(), "test", "--nightly", "--soak-seconds", "9")).startsWith("1 ")
        .contains("soak --seconds 9 --swaps 25 --kill 1\n", "tenon: the soak found something; see .tenon/soak-")
        .doesNotContain("--check");
  }

  @Test
  void nightlyFailsWhereABenchDoes() throws Exception {
    pretendToBuild("case $* in *--check*) exit 1 ;; esac");
    assertThat(called(machineWithAll(), "test", "--nightly")).startsWith("1 ")
        .contains("tenon: a bench missed its bound, or could not run; see .tenon/bench-");
  }

  @Test
  void testRefusesSecondsThatAreNone() throws Exception {
    for (String option : List.of("--fuzz-seconds", "--soak-seconds")) {
      assertThat(called(Map.of(), "test", option, "0"))
          .isEqualTo("2 tenon: " + option + " takes a number from 1 on, not '0'\n");
      assertThat(called(Map.of(), "test", option)).startsWith("2 tenon: " + option + " takes a number from 1 on");
    }
  }

  /// Goal: a node starts with the cache of its build, and without one where none could be made. Method: a JDK that
  /// says how it was called, and that makes a cache or none.
  @Test
  void trainsACacheOnceABuild() throws Exception {
    pretendToBuild("for word; do case $word in @*train.options) options=${word#@} ;; esac; done\n"
        + "[ -z \"${options:-}\" ] || echo made >\"${options%/*}/node.aot\"");
    Path options = checkout.resolve(".tenon/node.options");
    assertThat(called(machineWithAll(), "run", "--for", "1")).startsWith("0 ")
        .containsSubsequence("training a cache", "java @" + options + " ", "Launcher --for 1\n");
    assertThat(options).content().contains("-XX:AOTCache=" + checkout.resolve(".tenon/node.aot"));
    assertThat(checkout.resolve(".tenon/node.aot")).hasContent("made");
    assertThat(called(machineWithAll(), "run")).startsWith("0 java @").doesNotContain("training");
    try (Stream<Path> left = Files.list(checkout.resolve(".tenon"))) {
      assertThat(left).noneMatch(Files::isDirectory);
    }
  }

  @Test
  void startsWithoutACacheWhereNoneCouldBeMade() throws Exception {
    pretendToBuild("case $* in *--for*) exit 1 ;; esac");
    assertThat(called(machineWithAll(), "run")).startsWith("0 ").contains("training a cache", "Launcher\n");
    assertThat(checkout.resolve(".tenon/node.options")).content().contains("-Xmx").doesNotContain("AOTCache");
  }

  private void pretendToBuild(String endOfSoak) throws IOException {
    program(tools.resolve("mvn"), "echo mvn \"$@\"");
    Path bin = Files.createDirectories(nothing.resolve("jdk-25/bin"));
    Files.writeString(nothing.resolve("jdk-25/release"), "JAVA_VERSION=\"25\"\n");
    program(bin.resolve("javac"), "exit 1");
    program(bin.resolve("java"), "echo java \"$@\"\n" + endOfSoak);
    for (String folder : List.of("bundles", "cnf", "features", "mutants")) {
      Files.createDirectory(checkout.resolve(folder));
    }
    Files.copy(ROOT.resolve("features/jvm.options"), checkout.resolve("features/jvm.options"));
    program(checkout.resolve("mutants/run"), "echo mutants");
  }

  private Map<String, String> machineWithAll() {
    return Map.of("TENON_JAVA_HOME", nothing.resolve("jdk-25").toString());
  }

  private static void program(Path file, String line) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /// @return the exit code, and all that was printed
  private String called(Map<String, String> environment, String... words) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(
        Stream.concat(Stream.of("/bin/sh", checkout.resolve("tenon").toString()), Stream.of(words)).toList())
        .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().putAll(environment);
    Process script = builder.start();
    script.getOutputStream().close();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)).isTrue();
    return script.exitValue() + " " + said;
  }
}
