package dev.tenon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
  /// A commit is due every 10 ms: 500 a slice, less what the timer is late, and all of them are told however late they
  /// end. With fewer a p99 leaves out too few to be one, or the writer did not write.
  private static final int SAMPLES_MIN = 300;
  /// So much that it is not copied within a slice.
  private static final int MIB = 512;

  /// What is measured: those who write, and a handover beside them.
  interface Subject {
    /// @return what commits took in one slice
    Slice slice() throws IOException;

    /// Begins a handover.
    ///
    /// @return what the slot tells once it prepares, or where it does not in time
    String begin() throws IOException;

    /// @return what the slot tells of its handover
    String told() throws IOException;

    /// Gives the handover up and waits until nothing of it disturbs.
    void cancel() throws IOException;
  }

  /// Commits of one slice.
  ///
  /// @param p99 in ms, each from when it was due
  /// @param max in ms
  /// @param samples how many were due
  record Slice(double p99, double max, int samples) {
    /// Of none, which takes no time: the best there is.
    static final Slice NONE = new Slice(0, 0, 0);

    static Slice of(List<Double> commitsMs) throws IOException {
      if (commitsMs.isEmpty()) throw new IOException("no commit was due within " + SLICE_SECONDS + " s");
      return new Slice(Quantile.of(commitsMs, 0.99), Quantile.of(commitsMs, 1), commitsMs.size());
    }
  }

  /// What was measured, one figure a pair that counts.
  ///
  /// @param without the quiet slices
  /// @param with those in which was copied
  /// @param copied in these, MiB a second
  /// @param dropped how many pairs do not count
  record Pairs(List<Slice> without, List<Slice> with, List<Double> copied, int dropped) {
    /// Takes them until there are enough, or there cannot be any more.
    ///
    /// @param wanted how many are taken; two thirds of them have to count
    /// @throws IOException where too few do, with what the slot told last
    static Pairs take(Subject subject, int wanted) throws IOException {
      List<Slice> without = new ArrayList<>();
      List<Slice> with = new ArrayList<>();
      List<Double> copied = new ArrayList<>();
      int dropped = 0;
      int droppedMax = wanted / 3;
      for (int i = 0; i < wanted; i++) {
        Slice quiet = subject.slice();
        String begun = subject.begin();
        boolean prepares = SwapBenchNode.mibCopied(begun) >= 0;
        Slice copying = prepares ? subject.slice() : Slice.NONE;
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
      for (int i = 0; i < with.size(); i++) ratios.add(with.get(i).p99() / without.get(i).p99());
      tellCommits(results, "_without", without);
      tellCommits(results, "_with", with);
      results.add("ratio", Quantile.of(ratios, 0.5), "");
      results.add("ratio_min", Quantile.of(ratios, 0), "");
      results.add("ratio_max", Quantile.of(ratios, 1), "");
      results.add("pairs", ratios.size(), "pairs");
      results.add("dropped", dropped, "pairs");
      results.add("samples_min",
          Stream.concat(without.stream(), with.stream()).mapToInt(Slice::samples).min().orElse(0), "commits");
      // The median as of the ratios: a mean could come from few slices, and the median of the ratios from the others.
      results.add("copied", Quantile.of(copied, 0.5), "MiB/s");
    }

    private static void tellCommits(Results results, String which, List<Slice> slices) {
      results.add("commit_p99" + which, Quantile.of(slices.stream().map(Slice::p99).toList(), 0.5), "ms");
      results.add("commit_max" + which, Quantile.of(slices.stream().map(Slice::max).toList(), 1), "ms");
      results.add("samples" + which, slices.stream().mapToInt(Slice::samples).sum(), "commits");
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
    return "p99 of commits while a journal is copied, each from when it was due, over that without; slices of "
        + SLICE_SECONDS + " s by turns, median of the ratios";
  }

  @Override
  public void run(Results results) throws IOException {
    try (SwapBenchNode bench =
        new SwapBenchNode(home, RATE, (long) extent.mib(MIB) << 20, extent.set(), results::note)) {
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
    told.atLeast("samples_min", SAMPLES_MIN);
  }

  private static Subject subject(SwapBenchNode bench) {
    return new Subject() {
      @Override
      public Slice slice() throws IOException {
        return Slice.of(bench.commitsMs(SLICE_SECONDS));
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
