package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.cli.SwapLoadBench.Certified;
import dev.tenon.cli.SwapLoadBench.Slices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Goal: the share is that of swaps, not of the machine or of when it was looked. Method: a machine in the place of a
/// node, whose rate is known at each time.
class SwapLoadBenchTest {
  private static final double NEAR = 0.3;

  /// Certifies 1,000 chunks a second at first, and a part of them while it is swapped.
  private static final class Machine implements SwapLoadBench.Subject {
    private final double changePerSecond;
    private final double share;
    private final List<String> slices = new ArrayList<>();
    private int stalls = -1;
    private double now;

    Machine(double changePerSecond, double share) {
      this.changePerSecond = changePerSecond;
      this.share = share;
    }

    @Override
    public Certified quiet(int seconds) {
      return slice("quiet", seconds, 1);
    }

    @Override
    public Certified swapping(int seconds) {
      return slice("swapping", seconds, share);
    }

    private Certified slice(String what, int seconds, double part) {
      double rate = slices.size() == stalls ? 0 : 1_000 + changePerSecond * (now + seconds / 2.0);
      slices.add(what + " " + seconds);
      now += seconds;
      return new Certified(Math.round(rate * seconds * part), seconds);
    }
  }

  @Test
  void asLongWithAsWithout() throws IOException {
    Machine machine = new Machine(0, 1);
    Slices.take(machine, 60);
    assertThat(machine.slices).containsExactly("quiet 5", "swapping 10", "quiet 10", "swapping 10", "quiet 10",
        "swapping 10", "quiet 10", "swapping 10", "quiet 10", "swapping 10", "quiet 10", "swapping 10", "quiet 5");
  }

  @Test
  void aMachineThatBecomesSlowerOrFasterDoesSoForBoth() throws IOException {
    for (double change : List.of(-5.0, 5.0)) {
      assertThat(Slices.take(new Machine(change, 0.8), 60).sharePercent()).isCloseTo(80, within(NEAR));
    }
  }

  @Test
  void aSliceInWhichNothingWentOnCounts() throws IOException {
    Machine machine = new Machine(0, 1);
    machine.stalls = 3; // the second with swaps
    assertThat(Slices.take(machine, 60).sharePercent()).isCloseTo(500.0 / 6, within(NEAR));
  }

  /// It took longer, and the chunks of that time are counted too.
  @Test
  void aSliceThatTookLongerWeighsMore() {
    List<Certified> slices = List.of(new Certified(1_000, 1), new Certified(0, 3));
    assertThat(Certified.sum(slices).perSecond()).isEqualTo(250);
  }

  @Test
  void tellsTheShareAndTheRates() throws IOException {
    Map<String, Double> told = new TreeMap<>();
    Slices.take(new Machine(0, 0.9), 60).tell((metric, value, unit) -> told.put(metric, value));
    assertThat(told).containsOnlyKeys("certified_without", "certified_min_without", "certified_max_without",
        "certified_with", "certified_min_with", "certified_max_with", "share").containsEntry("share", 90.0)
        .containsEntry("certified_with", 900.0);
  }
}
