package dev.tenon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How much of its throughput the devnet keeps while a journal swap is begun every two seconds.
final class SwapLoadBench implements Bench {
  private static final int SECONDS = 60;
  private static final int EVERY_SECONDS = 2;
  /// Compiled code and the disk's queue need so long until slices are alike.
  private static final int WARM_UP_SECONDS = 30;
  private static final int AS_FAST_AS_CERTIFIED = 0;
  private static final double SHARE_PERCENT_MIN = 90;
  /// Of the swaps that would be begun if none took longer than the time between two.
  private static final int SWAPS_PART = 2;
  /// So often it is swapped for a while, of as many parts of the time: a disk is slow for some seconds now and then,
  /// and with few slices that falls on one side. With an odd number of swaps in each the slices without are served by
  /// both providers by turns, as those with are: what is told is the price of swaps and not of a provider.
  private static final int TURNS = 6;

  /// What is measured.
  interface Subject {
    /// @return what was certified in so many seconds without a swap, and in how many it was
    Certified quiet(int seconds) throws IOException;

    /// @return the same with swaps
    Certified swapping(int seconds) throws IOException;
  }

  /// @param chunks certified
  /// @param seconds that it took, at least those that were asked for
  record Certified(long chunks, double seconds) {
    double perSecond() {
      return chunks / seconds;
    }

    static Certified sum(List<Certified> all) {
      return new Certified(all.stream().mapToLong(Certified::chunks).sum(),
          all.stream().mapToDouble(Certified::seconds).sum());
    }
  }

  /// What was certified by turns. A machine that becomes slower or faster under a long run does so for both: the middle
  /// of the quiet slices is that of the others.
  record Slices(List<Certified> quiet, List<Certified> swapping) {
    /// @param seconds with swaps, and as many without: a slice before the first, one after the last, half as long as
    ///        the others
    static Slices take(Subject subject, int seconds) throws IOException {
      int slice = Math.max(2 * EVERY_SECONDS, seconds / TURNS);
      List<Certified> quiet = new ArrayList<>(List.of(subject.quiet(slice / 2)));
      List<Certified> swapping = new ArrayList<>();
      for (int turn = 1; turn <= TURNS; turn++) {
        swapping.add(subject.swapping(slice));
        quiet.add(subject.quiet(turn < TURNS ? slice : slice / 2));
      }
      return new Slices(quiet, swapping);
    }

    /// Of all that was certified, not of a median: a slice in which nothing went on counts.
    double sharePercent() {
      return 100 * Certified.sum(swapping).perSecond() / Certified.sum(quiet).perSecond();
    }

    void tell(Results results) {
      tell(results, "_without", quiet);
      tell(results, "_with", swapping);
      results.add("share", sharePercent(), "%");
    }

    private static void tell(Results results, String which, List<Certified> slices) {
      List<Double> rates = slices.stream().map(Certified::perSecond).toList();
      results.add("certified" + which, Certified.sum(slices).perSecond(), "chunks/s");
      results.add("certified_min" + which, Quantile.of(rates, 0), "chunks/s");
      results.add("certified_max" + which, Quantile.of(rates, 1), "chunks/s");
    }
  }

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
        + SECONDS + " s, against without; " + TURNS + " slices by turns";
  }

  @Override
  public void run(Results results) throws IOException {
    try (SwapBenchNode bench = new SwapBenchNode(home, AS_FAST_AS_CERTIFIED, 0, extent.set(), results::note)) {
      int[] swaps = {0};
      Subject subject = new Subject() {
        @Override
        public Certified quiet(int seconds) throws IOException {
          return bench.certified(seconds, () -> {});
        }

        @Override
        public Certified swapping(int seconds) throws IOException {
          return bench.certified(seconds, () -> {
            long begun = System.nanoTime();
            bench.swap();
            swaps[0]++;
            // What a swap leaves to be done is done before the slice ends.
            SwapBenchNode.parkUntil(begun + TimeUnit.SECONDS.toNanos(EVERY_SECONDS));
          });
        }
      };
      subject.quiet(WARM_UP_SECONDS);
      Slices slices = Slices.take(subject, extent.seconds(SECONDS));
      bench.checkWell();
      results.add("swaps", swaps[0], "swaps");
      slices.tell(results);
    }
  }

  @Override
  public void check(BenchCheck told) {
    told.atLeast("share", SHARE_PERCENT_MIN);
    // Where swaps fail to end there are few of them, and nothing to pay for.
    told.atLeast("swaps", Math.max(1, extent.seconds(SECONDS) / EVERY_SECONDS / SWAPS_PART));
  }
}
