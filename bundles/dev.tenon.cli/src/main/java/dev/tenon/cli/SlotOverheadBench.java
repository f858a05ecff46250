package dev.tenon.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeSet;

/// What a call pays for being admitted by a leased slot, over the bare call: the median of some JVMs.
final class SlotOverheadBench implements Bench {
  private static final int FORKS = 5;
  private static final double QUIET_NS = 10;
  private static final String NOT_QUIET = "_not_quiet";
  private static final double OVER_BARE_NS_BELOW = 20;
  /// No bound: how far that is is told.
  private static final int HOPED_NS = 10;
  private final Path home;

  SlotOverheadBench(Path home) {
    this.home = home;
  }

  @Override
  public String name() {
    return "slot-overhead";
  }

  @Override
  public String help() {
    return "calls through a leased slot and bare, one thread and all cores, five JVMs each; nanoseconds a call over the"
        + " bare one, bytes allocated; the same of a scheme's call, whose answer comes through the slot's own promise";
  }

  @Override
  public void run(Results results) throws IOException {
    double worst = Double.NEGATIVE_INFINITY;
    for (int threads : new TreeSet<>(Arrays.asList(1, Runtime.getRuntime().availableProcessors()))) {
      double[] bare = new double[FORKS];
      double[] leased = new double[FORKS];
      double[] over = new double[FORKS];
      double best = Double.MAX_VALUE;
      double bestBare = Double.MAX_VALUE;
      double allocated = 0;
      for (int fork = 0; fork < FORKS; fork++) {
        double[] told = fork(threads);
        bare[fork] = told[0];
        leased[fork] = told[1];
        over[fork] = told[1] - told[0];
        bestBare = Math.min(bestBare, told[2]);
        best = Math.min(best, told[3]);
        allocated = Math.max(allocated, told[4]);
      }
      Arrays.sort(bare);
      Arrays.sort(leased);
      Arrays.sort(over);
      String suffix = "_" + threads + (threads == 1 ? "_thread" : "_threads");
      worst = Math.max(worst, over[FORKS / 2]);
      results.add("over_bare" + suffix, over[FORKS / 2], "ns");
      results.add("over_bare_min" + suffix, best - bestBare, "ns");
      results.add("bare" + suffix, bare[FORKS / 2], "ns");
      results.add("leased" + suffix, leased[FORKS / 2], "ns");
      results.add("allocated" + suffix, allocated, "B");
      // Above 10 ns the machine was not quiet: then the minimum says more than the median.
      double spread = bare[FORKS - 1] - bare[0];
      results.add("bare_spread" + suffix + (spread > QUIET_NS ? NOT_QUIET : ""), spread, "ns");
    }
    results.add("over_bare", worst, "ns"); // the one that the bound is for
    results.note(String.format(Locale.ROOT, "%.1f ns above %d ns over the bare call", worst - HOPED_NS, HOPED_NS));
    SchemeOverhead.run(results);
  }

  @Override
  public void check(BenchCheck told) {
    for (String row : told.rows("leased")) {
      boolean quiet = !told.has("bare_spread" + row + NOT_QUIET);
      if (!quiet) told.note("the machine was not quiet in row " + row.substring(1) + ": its minimum counts");
      told.below((quiet ? "over_bare" : "over_bare_min") + row, OVER_BARE_NS_BELOW);
      told.none("allocated" + row);
    }
  }

  /// @return as [SlotOverhead] prints it
  private double[] fork(int threads) throws IOException {
    String features = home.resolve("features/target").toString();
    Process process = new ProcessBuilder(BenchNode.javaBin("java"), "-Xmx256m", "-XX:+UseSerialGC", "-cp",
        features + "/mains/*" + File.pathSeparator + features + "/bundles/*", SlotOverhead.class.getName(),
        Integer.toString(threads)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    BenchNode.waitFor(process);
    try {
      return Arrays.stream(said.split(" ")).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw new IOException(String.format(Locale.ROOT, "a fork of slot-overhead said: %s", said), e);
    }
  }
}
