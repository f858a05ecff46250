package dev.tenon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What copying does to those who write meanwhile: the p99 of their commits in slices of five seconds, by turns with a
/// handover that prepares all the time and without. A pair in which none did is dropped: its ratio is about 1 whatever
/// copying costs.
final class PrepareBench implements Bench {
  private static final int PAIRS = 12;
  /// What was copied is deleted meanwhile.
  private static final long REST_NS = TimeUnit.SECONDS.toNanos(2);
  private static final int SLICE_SECONDS = 5;
  private static final int RATE = 100;
  private static final double RATIO_MAX = 2;
  /// MiB a second; a quiet machine of two cores copies about thirty. A commit is made every 10 ms, so the p99 of a
  /// slice leaves out the 5 slowest of 500. At this rate 20 pieces of 256 KiB are copied in it, more than are left out.
  /// Far below, each piece could hold up a commit and no ratio would show it.
  private static final double COPIED_MIN = 1;
  /// So much that it is not copied within a slice.
  private static final int MIB = 512;

  /// What is measured: those who write, and a handover beside them.
  interface Subject {
    /// @return the p99 of the commits of one slice, in ms
    double slice() throws IOException;

    /// Begins a handover.
    ///
    /// @return what the slot tells once it prepares, or where it does not in time
    String begin() throws IOException;

    /// @return what the slot tells of its handover
    String told() throws IOException;

    /// Gives the handover up and waits until nothing of it disturbs.
    void cancel() throws IOException;
  }

  /// What was measured, one figure a pair that counts.
  ///
  /// @param without p99 of the commits of the quiet slices, in ms
  /// @param with the same of those in which was copied
  /// @param copied in these, MiB a second
  /// @param dropped how many pairs do not count
  record Pairs(List<Double> without, List<Double> with, List<Double> copied, int dropped) {
    /// Takes them until there are enough, or there cannot be any more.
    ///
    /// @param wanted how many are taken; two thirds of them have to count
    /// @throws IOException where too few do, with what the slot told last
    static Pairs take(Subject subject, int wanted) throws IOException {
      List<Double> without = new ArrayList<>();
      List<Double> with = new ArrayList<>();
      List<Double> copied = new ArrayList<>();
      int dropped = 0;
      int droppedMax = wanted / 3;
      for (int i = 0; i < wanted; i++) {
        double quiet = subject.slice();
        String begun = subject.begin();
        boolean prepares = SwapBenchNode.mibCopied(begun) >= 0;
        double copying = prepares ? subject.slice() : 0;
        String ended = prepares ? subject.told() : begun;
        subject.cancel();
        // Where it has ended or begins anew, this is no growth either.
        double grown = SwapBenchNode.mibCopied(ended) - SwapBenchNode.mibCopied(begun);
        if (grown > 0) {
          without.add(quiet);
          with.add(copying);
          copied.add(grown / SLICE_SECONDS);
        } else if (++dropped > droppedMax) {
          throw new IOException("nothing was copied in " + dropped + " of " + (i + 1) + " pairs, at most " + droppedMax
              + " of " + wanted + " are dropped; the slot told '" + ended + "'");
        }
      }
      return new Pairs(without, with, copied, dropped);
    }

    void tell(Results results) {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < with.size(); i++) ratios.add(with.get(i) / without.get(i));
      results.add("commit_p99_without", Quantile.of(without, 0.5), "ms");
      results.add("commit_p99_with", Quantile.of(with, 0.5), "ms");
      results.add("ratio", Quantile.of(ratios, 0.5), "");
      results.add("ratio_min", Quantile.of(ratios, 0), "");
      results.add("ratio_max", Quantile.of(ratios, 1), "");
      results.add("pairs", ratios.size(), "pairs");
      results.add("dropped", dropped, "pairs");
      // The median as of the ratios: a mean could come from few slices, and the median of the ratios from the others.
      results.add("copied", Quantile.of(copied, 0.5), "MiB/s");
    }
  }

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
    try (SwapBenchNode bench = new SwapBenchNode(home, RATE, (long) extent.mib(MIB) << 20, extent.set())) {
      SwapBenchNode.parkUntil(System.nanoTime() + REST_NS);
      Pairs pairs = Pairs.take(subject(bench), extent.rounds(PAIRS));
      bench.checkWell();
      pairs.tell(results);
    }
  }

  @Override
  public void check(BenchCheck told) {
    told.atMost("ratio", RATIO_MAX);
    told.atLeast("copied", COPIED_MIN);
  }

  private static Subject subject(SwapBenchNode bench) {
    return new Subject() {
      @Override
      public double slice() throws IOException {
        bench.takeCommitsMs();
        SwapBenchNode.parkUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(SLICE_SECONDS));
        List<Double> commits = bench.takeCommitsMs();
        // The p99 of nothing would be 0, the best there is.
        if (commits.isEmpty()) throw new IOException("no commit has ended within " + SLICE_SECONDS + " s");
        return Quantile.of(commits, 0.99);
      }

      @Override
      public String begin() throws IOException {
        return bench.beginPreparing();
      }

      @Override
      public String told() throws IOException {
        return bench.told();
      }

      @Override
      public void cancel() throws IOException {
        bench.cancel();
        SwapBenchNode.parkUntil(System.nanoTime() + REST_NS);
      }
    };
  }
}
