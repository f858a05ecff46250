package dev.tenon.itests.soak;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.tenon.itests.support.Node;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.Test;

/// Goal: a devnet of real processes loses, doubles, reorders and signs twice nothing, whatever is swapped, updated and
/// killed; and a node that does is found. Method: `./tenon soak` as an operator runs it, in its short form.
@NullUnmarked
public class SoakIT {
  /// Of five kills all but the one at random are meant for a boundary; the soak itself allows one of four elsewhere.
  private static final long BOUNDARIES_MIN = 3;
  /// Of one slot: what a swap of this soak copies is small, so that swaps are many. It is bounded by what the writers
  /// and the engines prune, not by the soak's length.
  private static final double JOURNALS_MIB_MAX = 4;
  private static final Pattern JOURNALS =
      Pattern.compile("journals +at most ([0-9.]+) MiB a slot, looked at [1-9]\\d* times");

  /// Of what was acknowledged: the rest was rewound, or pruned by a process that was slow to read it back.
  private static final double COMPARED_MIN = 0.8;
  private static final Pattern COMPARED = Pattern.compile("compared +(\\d+) of (\\d+) items");

  private record Ended(int code, String output) {
    String line(String beginning) {
      return output.lines().filter(line -> line.startsWith(beginning)).findFirst().orElse("none");
    }
  }

  @Test
  public void swapsUpdatesAndKillsLoseNothing() throws Exception {
    Ended soak = soak("--seconds", "60", "--swaps", "200", "--kill", "5");
    System.out.println(soak.output());
    assertEquals(soak.output(), 0, soak.code());
    for (String none : List.of("lost", "duplicated", "reordered", "equivocated")) {
      assertTrue(soak.output(), soak.line(none).matches(none + " +0"));
    }
    String swaps = soak.line("swaps");
    assertTrue(swaps, swaps.matches("swaps +\\d+ \\([1-9]\\d* journal, [1-9]\\d* scheme\\).*"));
    String ways = soak.line("asked for");
    assertTrue(ways, ways.matches("asked for +[1-9]\\d* rollbacks, [1-9]\\d* evictions, .*"));
    Matcher journals = JOURNALS.matcher(soak.line("journals"));
    assertTrue(soak.output(), journals.matches());
    assertTrue(soak.output(), Double.parseDouble(journals.group(1)) <= JOURNALS_MIB_MAX);
    Matcher compared = COMPARED.matcher(soak.line("compared"));
    assertTrue(soak.output(), compared.matches());
    assertTrue(soak.output(),
        Double.parseDouble(compared.group(1)) >= COMPARED_MIN * Double.parseDouble(compared.group(2)));
    String failed = soak.line("failed");
    assertTrue(failed, failed.matches("failed +\\d+ operations of writers, and none in [1-9]\\d* swaps .*"));
    String kills = soak.line("kills");
    assertTrue(kills, kills.matches("kills +5, at: .*\\brandom\\b.*"));
    long boundaries = Pattern.compile("[a-z-]+ (begin|end|flush|flushed)\\b").matcher(kills).results().count();
    assertTrue(kills, boundaries >= BOUNDARIES_MIN);
  }

  @Test
  public void aJournalThatForgetsItsLastItemIsFound() throws Exception {
    Ended soak = soak("--seconds", "12", "--swaps", "4", "--kill", "1", "--plant", "forgets-last");
    assertEquals(soak.output(), 1, soak.code());
    assertTrue(soak.output(), soak.line("lost").matches("lost +[1-9][0-9]*"));
    assertTrue(soak.output(),
        soak.output().lines()
            .anyMatch(line -> line.matches("LOST: .* (was acknowledged and is not there|goes back from .*)")));
  }

  private static Ended soak(String... options) throws Exception {
    String features = Node.home().resolve("features/target").toString();
    List<String> command = Stream.concat(
        Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED", "-Dtenon.home=" + Node.home(), "-cp",
            features + "/mains/*" + File.pathSeparator + features + "/bundles/*", "dev.tenon.cli.Main", "soak"),
        Stream.of(options)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), output);
    } finally {
      process.destroyForcibly();
    }
  }
}
