package dev.tenon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// How much of its throughput the devnet keeps while a journal swap is begun every two seconds.
final class SwapLoadBench implements Bench {
  private static final int SECONDS = 60;
  private static final int EVERY_SECONDS = 2;
  private static final int WARM_UP_SECONDS = 10;
  private static final int AS_FAST_AS_CERTIFIED = 0;
  private static final double SHARE_PERCENT_MIN = 90;
  /// Of the swaps that would be begun if none took longer than the time between two.
  private static final int SWAPS_PART = 2;

  private final Path home;
  private final BenchExtent extent;

  SwapLoadBench(Path home, BenchExtent extent) {
    this.home = home;
    this.extent = extent;
  }

  @Override
  public String name() {
    return "swap-load";
  }

  @Override
  public String help() {
    return "certified chunks a second at --rate 0 with a journal swap begun every " + EVERY_SECONDS + " s for "
        + SECONDS + " s, against without";
  }

  @Override
  public void run(Results results) throws IOException {
    int seconds = extent.seconds(SECONDS);
    try (SwapBenchNode bench = new SwapBenchNode(home, AS_FAST_AS_CERTIFIED, 0, extent.set(), results::note)) {
      bench.certifiedPerSecond(WARM_UP_SECONDS, () -> {});
      // The machine changes under a long run: half of the quiet time before, half after.
      double before = bench.certifiedPerSecond(seconds / 2, () -> {});
      int[] swaps = {0};
      double with = bench.certifiedPerSecond(seconds, () -> {
        long begun = System.nanoTime();
        bench.swap();
        swaps[0]++;
        SwapBenchNode.parkUntil(begun + TimeUnit.SECONDS.toNanos(EVERY_SECONDS));
      });
      double after = bench.certifiedPerSecond(seconds / 2, () -> {});
      double without = (before + after) / 2;
      results.add("certified_without", without, "chunks/s");
      results.add("certified_with", with, "chunks/s");
      results.add("swaps", swaps[0], "swaps");
      results.add("share", 100 * with / without, "%");
      bench.checkWell();
    }
  }

  @Override
  public void check(BenchCheck told) {
    told.atLeast("share", SHARE_PERCENT_MIN);
    // Where swaps fail to end there are few of them, and nothing to pay for.
    told.atLeast("swaps", Math.max(1, extent.seconds(SECONDS) / EVERY_SECONDS / SWAPS_PART));
  }
}
