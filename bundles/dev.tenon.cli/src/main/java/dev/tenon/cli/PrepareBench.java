package dev.tenon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What copying does to those who write meanwhile: the p99 of their commits in slices of five seconds, by turns with a
/// handover that prepares all the time and without.
final class PrepareBench implements Bench {
  private static final int PAIRS = 12;
  /// What was copied is deleted meanwhile.
  private static final long REST_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long SLICE_NS = TimeUnit.SECONDS.toNanos(5);
  private static final int RATE = 100;
  private static final double RATIO_MAX = 2;
  /// So much that it is not copied within a slice.
  private static final int MIB = 512;

  private final Path home;
  private final BenchExtent extent;

  PrepareBench(Path home, BenchExtent extent) {
    this.home = home;
    this.extent = extent;
  }

  @Override
  public String name() {
    return "prepare-interference";
  }

  @Override
  public String help() {
    return "p99 of commits while a journal is copied, over that without; slices of 5 s by turns, median of the ratios";
  }

  @Override
  public void run(Results results) throws IOException {
    List<Double> ratios = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    List<Double> without = new ArrayList<>();
    long copied = 0;
    int pairs = extent.rounds(PAIRS);
    try (SwapBenchNode bench = new SwapBenchNode(home, RATE, (long) extent.mib(MIB) << 20, extent.set())) {
      for (int i = 0; i < pairs; i++) {
        SwapBenchNode.parkUntil(System.nanoTime() + REST_NS);
        double quiet = slice(bench);
        bench.begin();
        double copying = slice(bench);
        copied += bench.itemsCopied();
        bench.cancel();
        without.add(quiet);
        with.add(copying);
        ratios.add(copying / quiet);
      }
      bench.checkWell();
    }
    if (copied == 0) throw new IOException("nothing was copied");
    results.add("commit_p99_without", SwapBenchNode.share(without, 0.5), "ms");
    results.add("commit_p99_with", SwapBenchNode.share(with, 0.5), "ms");
    results.add("ratio", SwapBenchNode.share(ratios, 0.5), "");
    results.add("ratio_min", SwapBenchNode.share(ratios, 0), "");
    results.add("ratio_max", SwapBenchNode.share(ratios, 1), "");
    results.add("pairs", pairs, "pairs");
    results.add("copied", copied / (pairs * 5.0) / 1_024, "MiB/s");
  }

  @Override
  public void check(BenchCheck told) {
    told.atMost("ratio", RATIO_MAX);
  }

  private static double slice(SwapBenchNode bench) throws IOException {
    bench.takeCommitsMs();
    SwapBenchNode.parkUntil(System.nanoTime() + SLICE_NS);
    return SwapBenchNode.share(bench.takeCommitsMs(), 0.99);
  }
}
