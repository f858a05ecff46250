package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Goal: a row that misses its bound is told and fails the call, and only with `--check`. Method: benchmarks that tell
/// figures which were made up, judged as the real ones are.
class BenchCheckTest {
  private final StringWriter out = new StringWriter();
  private final BenchCommand command = new BenchCommand();

  private static final class MadeUp implements Bench {
    private final Bench real;
    private final Map<String, Double> figures = new LinkedHashMap<>();

    MadeUp(String name) {
      real = BenchCommand.all(new BenchExtent(0, 0, 0, List.of())).stream().filter(bench -> bench.name().equals(name))
          .findFirst().orElseThrow();
    }

    MadeUp with(String metric, double value) {
      figures.put(metric, value);
      return this;
    }

    @Override
    public String name() {
      return real.name();
    }

    @Override
    public String help() {
      return real.help();
    }

    @Override
    public void run(Results results) {
      figures.forEach((metric, value) -> results.add(metric, value, ""));
    }

    @Override
    public void check(BenchCheck told) {
      real.check(told);
    }
  }

  /// @return the lines of the check
  private List<String> checked(int code, Bench bench) throws IOException {
    var verdicts = new StringWriter();
    command.check = true;
    assertThat(command.run(List.of(bench), new PrintWriter(out, true), new PrintWriter(verdicts, true)))
        .as(verdicts.toString()).isEqualTo(code);
    return verdicts.toString().lines().toList();
  }

  private static MadeUp overhead(double overNs, double leastNs, double allocated, String quiet) {
    return new MadeUp("slot-overhead").with("over_bare_2_threads", overNs).with("over_bare_min_2_threads", leastNs)
        .with("leased_2_threads", overNs + 2).with("allocated_2_threads", allocated)
        .with("bare_spread_2_threads" + quiet, quiet.isEmpty() ? 1 : 30).with("scheme_call_over_bare", 71);
  }

  private static MadeUp pause(String row, double p99, double bound, int swaps) {
    return pause(row, 4.5, p99, bound, swaps);
  }

  private static MadeUp pause(String row, double p50, double p99, double bound, int swaps) {
    MadeUp bench = new MadeUp("swap-pause").with("pause_p50" + row, p50).with("pause_max" + row, 99)
        .with("bound" + row, bound).with("swaps" + row, swaps);
    return swaps >= 300 ? bench.with("pause_p99" + row, p99) : bench;
  }

  private static MadeUp interference(double ratio, double copied) {
    return interference(ratio, copied, 300);
  }

  private static MadeUp interference(double ratio, double copied, double samples) {
    return new MadeUp("prepare-interference").with("ratio", ratio).with("ratio_max", 3).with("copied", copied)
        .with("samples_min", samples);
  }

  private static MadeUp load(double share, double swaps) {
    return new MadeUp("swap-load").with("share", share).with("swaps", swaps);
  }

  @Test
  void aLeasedCallBelow20NsThatAllocatesNothingIsWell() throws IOException {
    assertThat(checked(0, overhead(19.9, 4, 0.01, ""))).isEmpty();
    assertThat(checked(Main.FAILED, overhead(20, 4, 0, "")))
        .containsExactly("missed: slot-overhead over_bare_2_threads is 20.000, wanted below 20.000");
    assertThat(checked(Main.FAILED, overhead(6, 4, 16, "")))
        .containsExactly("missed: slot-overhead allocated_2_threads is 16.000, wanted at most 0.000");
  }

  @Test
  void whereTheMachineWasNotQuietItSaysSoAndTheMinimumCounts() throws IOException {
    String told = "slot-overhead the machine was not quiet in row 2_threads: its minimum counts";
    assertThat(checked(0, overhead(25, 4, 0, "_not_quiet"))).containsExactly(told);
    assertThat(checked(Main.FAILED, overhead(25, 21, 0, "_not_quiet"))).containsExactly(told,
        "missed: slot-overhead over_bare_min_2_threads is 21.000, wanted below 20.000");
  }

  @Test
  void aPauseHasItsBoundFromTheSameRun() throws IOException {
    assertThat(checked(0, pause("", 10.6, 10.6, 300))).isEmpty();
    assertThat(checked(Main.FAILED, pause("", 10.7, 10.6, 300)))
        .containsExactly("missed: swap-pause pause_p99 is 10.700, wanted at most 10.600");
  }

  @Test
  void tooFewSwapsShowNoBound() throws IOException {
    assertThat(checked(Main.FAILED, pause("", 0, 10.6, 299)))
        .containsExactly("missed: swap-pause swaps is 299.000, wanted at least 300.000");
  }

  @Test
  void theMedianOfTheLargeJournalHasTheBoundWhereItHasNoP99() throws IOException {
    String told = "swap-pause 40 swaps_1gib give no p99: their median is held against its bound";
    assertThat(checked(0, pause("_1gib", 10.6, 0, 10.6, 40))).containsExactly(told);
    assertThat(checked(Main.FAILED, pause("_1gib", 10.7, 0, 10.6, 40))).containsExactly(told,
        "missed: swap-pause pause_p50_1gib is 10.700, wanted at most 10.600");
    assertThat(checked(Main.FAILED, pause("_1gib", 11, 10.6, 300)))
        .containsExactly("missed: swap-pause pause_p99_1gib is 11.000, wanted at most 10.600");
  }

  /// Else a pause that grows with what is stored would be well as long as the disk is slow.
  @Test
  void theMedianOfTheLargeJournalIsNearThatOfTheSmallOne() throws IOException {
    MadeUp both = pause("_1gib", 9.9, 0, 40, 40).with("pause_p50", 3.4);
    assertThat(checked(Main.FAILED, both)).contains(
        "missed: swap-pause pause_p50_1gib is 9.900, wanted at most 9.800");
    assertThat(checked(0, pause("_1gib", 9.7, 0, 40, 40).with("pause_p50", 3.4))).hasSize(1);
  }

  @Test
  void aRowWithoutASwapShowsNoBound() throws IOException {
    assertThat(checked(Main.FAILED, pause("_1gib", 0, 0, 10.6, 0))).hasSize(2)
        .contains("missed: swap-pause swaps_1gib is 0.000, wanted at least 20.000");
  }

  @Test
  void aRatioCountsOnlyWhereSomethingWasCopied() throws IOException {
    assertThat(checked(0, interference(2, 1))).isEmpty();
    assertThat(checked(Main.FAILED, interference(2.01, 32.9)))
        .containsExactly("missed: prepare-interference ratio is 2.010, wanted at most 2.000");
    assertThat(checked(Main.FAILED, interference(1, 0.99)))
        .containsExactly("missed: prepare-interference copied is 0.990, wanted at least 1.000");
  }

  @Test
  void aRatioCountsOnlyWhereCommitsWereDue() throws IOException {
    assertThat(checked(Main.FAILED, interference(1, 32.9, 299)))
        .containsExactly("missed: prepare-interference samples_min is 299.000, wanted at least 300.000");
  }

  /// It is what is left without any swap, too.
  @Test
  void aShareCountsOnlyWhereSwapsEnded() throws IOException {
    assertThat(checked(0, load(90, 15))).isEmpty();
    assertThat(checked(Main.FAILED, load(100, 14)))
        .containsExactly("missed: swap-load swaps is 14.000, wanted at least 15.000");
    assertThat(checked(Main.FAILED, load(89.9, 30)))
        .containsExactly("missed: swap-load share is 89.900, wanted at least 90.000");
  }

  @Test
  void whereNothingWasJudgedItSaysSo() throws IOException {
    for (String name : List.of("flush", "devnet", "update-dip", "simulator", "swap-pause-tails")) {
      assertThat(checked(0, new MadeUp(name).with("any", 1e9))).containsExactly(
          name + " has no bound: nothing was judged");
    }
  }

  /// Rows of one benchmark say the same of their nodes.
  @Test
  void aNoteIsToldOnceAndWithoutTheOptionToo() throws IOException {
    Bench noting = new Bench() {
      @Override
      public String name() {
        return "noting";
      }

      @Override
      public String help() {
        return "";
      }

      @Override
      public void run(Results results) {
        results.note("files are on ext4");
        results.note("files are on ext4");
      }
    };
    var notes = new StringWriter();
    assertThat(command.run(List.of(noting), new PrintWriter(out, true), new PrintWriter(notes, true))).isZero();
    assertThat(notes.toString().lines()).containsExactly("noting files are on ext4");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aQueuedAppendHasItsBounds() throws IOException {
    assertThat(checked(0, new MadeUp("queued-append").with("append_p50", 99.9).with("allocated_beyond_item", 0)))
        .isEmpty();
    assertThat(checked(Main.FAILED,
        new MadeUp("queued-append").with("append_p50", 100).with("allocated_beyond_item", 72))).hasSize(2);
  }

  @Test
  void aFigureThatIsNotToldIsMissed() throws IOException {
    for (String name : List.of("slot-overhead", "queued-append", "swap-pause", "prepare-interference", "swap-load")) {
      assertThat(checked(Main.FAILED, new MadeUp(name).with("renamed", 0))).isNotEmpty()
          .allMatch(line -> line.startsWith("missed: " + name + " ") && line.endsWith(" was not told"));
    }
  }

  @Test
  void withoutTheOptionNothingIsJudged() throws IOException {
    assertThat(command.run(List.of(new MadeUp("swap-load").with("share", 1)), new PrintWriter(out, true),
        new PrintWriter(out, true))).isZero();
    assertThat(out.toString()).contains("share").doesNotContain("missed");
  }
}
