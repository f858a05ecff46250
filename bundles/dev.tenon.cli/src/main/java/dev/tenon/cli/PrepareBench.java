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
  private static final long SLICE_NS = TimeUnit.SECONDS.toNanos(5);
  private static final int RATE = 100;
  /// So much that it is not copied within a slice.
  private static final long BYTES = 512L << 20;

  private final Path home;

  PrepareBench(Path home) {
    this.home = home;
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
    try (SwapBenchNode bench = new SwapBenchNode(home, RATE, BYTES)) {
      for (int i = 0; i < PAIRS; i++) {
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
    results.add("commit_p99_without", SwapBenchNode.share(without, 0.5), "ms");
    results.add("commit_p99_with", SwapBenchNode.share(with, 0.5), "ms");
    results.add("ratio", SwapBenchNode.share(ratios, 0.5), "");
    results.add("copied", copied / (PAIRS * 5.0) / 1_024, "MiB/s");
  }

  private static double slice(SwapBenchNode bench) throws IOException {
    bench.takeCommitsMs();
    SwapBenchNode.parkUntil(System.nanoTime() + SLICE_NS);
    return SwapBenchNode.share(bench.takeCommitsMs(), 0.99);
  }
}
