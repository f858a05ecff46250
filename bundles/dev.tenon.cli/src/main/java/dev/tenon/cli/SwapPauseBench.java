package dev.tenon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The pause from fence to resume of handovers on the loaded devnet, beside a bare force loop in the same process: how
/// both are measured is told in docs/develop/handover.md.
final class SwapPauseBench implements Bench {
  /// Fewer give no p99, only a maximum.
  private static final int SWAPS_MIN = 300;
  /// Of the large journal, which is copied for most of a minute: its time allows for about 26.
  private static final int SWAPS_MEDIAN_MIN = 20;
  private static final int MIB = 10;
  private static final int GIB_MIB = 1_024;
  private static final String GIB = "_1gib";
  /// A journal of 1 GiB takes half a minute to copy.
  private static final int SECONDS_MAX = 1_200;
  /// The first handovers of a young process run code that is not compiled yet. So many are told by themselves, fewer
  /// where that takes long.
  private static final int WARM_UP_SWAPS = 20;
  private static final int WARM_UP_SECONDS_MAX = 60;
  private static final int RATE = 100;
  /// Of the small journal; of another row with that behind it.
  private static final String MEDIAN = "pause_p50";
  /// The bound: so many bare forces, or medians of the small journal, and so many ms.
  private static final int TIMES = 2;
  private static final int MORE_MS = 3;

  private final Path home;
  private final BenchExtent extent;

  SwapPauseBench(Path home, BenchExtent extent) {
    this.home = home;
    this.extent = extent;
  }

  @Override
  public String name() {
    return "swap-pause";
  }

  @Override
  public String help() {
    return "milliseconds from fence to resume in mode copy, beside a bare force loop; journals of " + MIB
        + " MiB and 1 GiB, the second for at most " + SECONDS_MAX + " s";
  }

  @Override
  public void run(Results results) throws IOException {
    int mib = extent.mib(MIB);
    row(results, mib == MIB ? "" : "_" + mib + "mib", mib);
    if (extent.mib() == 0) row(results, GIB, GIB_MIB);
  }

  /// The large journal is swapped until its time is over, which may be too early for a p99. Its median is held against
  /// the bound then: pauses that grow with the journal are above it all. The largest would say less, since of 40 pauses
  /// whose p99 is just at the bound one is above it in every third run.
  ///
  /// Nor may it be far from the small journal's median.
  @Override
  public void check(BenchCheck told) {
    for (String row : told.rows("bound")) {
      String swaps = "swaps" + row;
      double bound = told.value("bound" + row);
      if (told.has("pause_p99" + row)) {
        told.atMost("pause_p99" + row, bound);
      } else if (row.equals(GIB)) {
        told.note(Math.round(told.value(swaps)) + " " + swaps + " give no p99: their median is held against its bound");
        told.atLeast(swaps, SWAPS_MEDIAN_MIN);
        told.atMost(MEDIAN + row, bound);
        if (told.has(MEDIAN)) told.atMost(MEDIAN + row, TIMES * told.value(MEDIAN) + MORE_MS);
      } else {
        told.atLeast(swaps, SWAPS_MIN);
      }
    }
  }

  private void row(Results results, String row, int mib) throws IOException {
    try (SwapBenchNode bench = new SwapBenchNode(home, RATE, (long) mib << 20, extent.set(), results::note)) {
      int swaps = extent.rounds(SWAPS_MIN);
      int seconds = extent.seconds(SECONDS_MAX);
      List<Double> first = swaps(bench, Math.min(WARM_UP_SWAPS, swaps), Math.min(WARM_UP_SECONDS_MAX, seconds));
      bench.takeForcesMs();
      List<Double> pauses = swaps(bench, swaps, seconds);
      List<Double> forces = bench.takeForcesMs();
      SwapBenchNode.tell(results, "pause_", row, pauses, pauses.size() >= SWAPS_MIN);
      SwapBenchNode.tell(results, "bare_force_", row, forces, forces.size() >= SWAPS_MIN);
      results.add("bound" + row, TIMES * Quantile.of(forces, 0.99) + MORE_MS, "ms");
      results.add("swaps" + row, pauses.size(), "swaps");
      results.add("first_pause_max" + row, Quantile.of(first, 1), "ms");
      results.add("copied_last" + row, bench.copiedMib(), "MiB");
      bench.checkWell();
    }
  }

  /// @return their pauses in milliseconds; fewer where the time is over before
  private static List<Double> swaps(SwapBenchNode bench, int count, int seconds) throws IOException {
    List<Double> pauses = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (pauses.size() < count && System.nanoTime() < end) pauses.add(bench.swap());
    return pauses;
  }
}
