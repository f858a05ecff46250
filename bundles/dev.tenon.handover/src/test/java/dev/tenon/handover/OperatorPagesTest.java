package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: an operator finds each state and each end of a handover in docs/operate, with the words that he is told.
/// Method: the tables are compared with the enums, and with the phrases in the sources that make an outcome.
class OperatorPagesTest {
  private static final Path SWAP = Path.of("../../docs/operate/swap.md");
  private static final Path METRICS = Path.of("../../docs/operate/metrics.md");
  /// From the word that names an outcome to the end of its statement.
  private static final Pattern OUTCOME = Pattern.compile("\\bKind\\.([A-Z_]+)\\b([^;{]*);");
  /// Limits of who serves, and of the whole: both end as overdue.
  private static final Pattern LIMIT = Pattern.compile("(?:\\bstuck|\\bExpired)\\(([^;{]*);");
  private static final Pattern LITERAL = Pattern.compile("\"([^\"]*)\"");
  /// Shorter ones are words between numbers.
  private static final int PHRASE_LENGTH = 8;

  @ParameterizedTest
  @EnumSource(value = HandoverOutcome.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void thePageHasEachOutcomeWithItsWords(HandoverOutcome.Kind kind) throws IOException {
    String page = Files.readString(SWAP);
    String label = "| `" + kind.name().toLowerCase(Locale.ROOT) + "` |";
    assertThat(page.lines().filter(line -> line.startsWith(label))).as("rows of %s", label).hasSize(1);
    String row = kind == HandoverOutcome.Kind.OVERDUE
        ? page // it has a table of its own
        : page.lines().filter(line -> line.startsWith(label)).findFirst().orElseThrow();
    assertThat(phrases(kind)).as("what %s says", kind).allMatch(row::contains);
  }

  @Test
  void thereArePhrasesToLookFor() throws IOException {
    assertThat(phrases(HandoverOutcome.Kind.OVERDUE)).hasSizeGreaterThan(7)
        .contains(StandbyMachine.CALLS_IN_FLIGHT, "not prepared within", "reading took too long");
    assertThat(phrases(HandoverOutcome.Kind.DIVERGED)).contains("was emitted and is not derived");
  }

  @ParameterizedTest
  @EnumSource(SlotState.class)
  void thePageHasEachState(SlotState state) throws IOException {
    assertThat(Files.readAllLines(SWAP)).filteredOn(line -> line.startsWith("| " + state + " |")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(HandoverTimes.Part.class)
  void thePageOfTheMetricsNamesEachPhase(HandoverTimes.Part part) throws IOException {
    assertThat(Files.readAllLines(METRICS)).filteredOn(line -> line.startsWith("| `phase` |")).singleElement()
        .satisfies(row -> assertThat(row).contains("`" + part.label() + "`"));
  }

  private static Set<String> phrases(HandoverOutcome.Kind kind) throws IOException {
    Set<String> found = new TreeSet<>();
    if (kind == HandoverOutcome.Kind.OVERDUE) {
      found.add(StandbyMachine.CALLS_IN_FLIGHT);
    }
    for (Path file : sources()) {
      String source = Files.readString(file);
      Matcher outcome = OUTCOME.matcher(source);
      while (outcome.find()) {
        if (outcome.group(1).equals(kind.name())) {
          collect(outcome.group(2), found);
        }
      }
      Matcher limit = LIMIT.matcher(source);
      while (kind == HandoverOutcome.Kind.OVERDUE && limit.find()) {
        collect(limit.group(1), found);
      }
    }
    return found;
  }

  private static void collect(String statement, Set<String> into) {
    LITERAL.matcher(statement).results().map(each -> each.group(1).strip())
        .filter(each -> each.length() >= PHRASE_LENGTH && each.indexOf('%') < 0).forEach(into::add);
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> walk = Files.walk(Path.of("src/main/java"))) {
      return walk.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
