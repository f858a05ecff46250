package dev.tenon.itests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The patches of `mutants`: that a nightly run can use them is known on the day that one stops applying.
class MutantsTest {
  private static final Path ROOT = Path.of(System.getProperty("tenon.root", "../.."));
  private static final int APPLY_SECONDS = 60;
  private static final int PROMISES = 10;

  @Test
  void eachPromiseHasAMutantThatANamedTestMustFind() throws IOException {
    TreeSet<String> promises = new TreeSet<>();
    for (Path patch : patches()) {
      String name = patch.getFileName().toString();
      promises.add(field(patch, "Promise"));
      assertThat(field(patch, "Breaks")).as("%s: Breaks", name).isNotBlank();
      assertThat(field(patch, "Found by")).as("%s: Found by", name).isNotBlank();
      assertThat(Pattern.compile(field(patch, "Shows")).pattern()).as("%s: Shows", name).isNotBlank();
      String[] test = field(patch, "Test").split(" ");
      assertThat(test).as("%s: Test: MODULE CLASS#METHOD", name).hasSize(2);
      assertThat(test[1]).as("%s: Test: MODULE CLASS#METHOD", name).matches("\\w+#\\w+");
      assertThat(tests(ROOT.resolve(test[0]), test[1].split("#"))).as("%s: %s", name, test[1]).isTrue();
    }
    assertThat(promises).containsAll(IntStream.rangeClosed(1, PROMISES).mapToObj(number -> "H" + number).toList());
  }

  @Test
  void eachPatchApplies() throws Exception {
    for (Path patch : patches()) {
      Process git = new ProcessBuilder("git", "apply", "--check", patch.toString()).directory(ROOT.toFile())
          .redirectErrorStream(true).start();
      assertThat(git.waitFor(APPLY_SECONDS, TimeUnit.SECONDS)).isTrue();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(git.exitValue()).as("%s no longer applies: %s", patch.getFileName(), said).isZero();
    }
  }

  private static List<Path> patches() throws IOException {
    try (Stream<Path> list = Files.list(ROOT.resolve("mutants").toAbsolutePath())) {
      return list.filter(file -> file.toString().endsWith(".patch")).sorted().toList();
    }
  }

  private static String field(Path patch, String name) throws IOException {
    Optional<String> line = Files.readAllLines(patch).stream().takeWhile(each -> !each.startsWith("diff "))
        .filter(each -> each.startsWith(name + ": ")).findFirst();
    assertThat(line).as("%s has no line %s:", patch.getFileName(), name).isPresent();
    return line.orElseThrow().substring(name.length() + 2);
  }

  private static boolean tests(Path module, String[] named) throws IOException {
    try (Stream<Path> walk = Files.walk(module.resolve("src/test/java"))) {
      Optional<Path> source =
          walk.filter(file -> file.getFileName().toString().equals(named[0] + ".java")).findFirst();
      return source.isPresent() && Files.readString(source.get()).contains("void " + named[1] + "(");
    }
  }
}
