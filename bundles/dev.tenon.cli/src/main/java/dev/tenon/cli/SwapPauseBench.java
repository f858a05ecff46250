package dev.tenon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The pause from fence to resume of handovers on the loaded devnet, beside a bare force loop in the same process: how
/// both are measured is told in docs/develop/handover.md.
final class SwapPauseBench implements Bench {
  private static final int MIB = 1 << 20;
  /// Fewer give no p99, only a maximum.
  private static final int SWAPS_MIN = 300;
  /// A journal of 1 GiB takes seconds to copy.
  private static final int SWAPS_OF_GIB = 20;
  private static final int RATE = 100;

  private final Path home;

  SwapPauseBench(Path home) {
    this.home = home;
  }

  @Override
  public String name() {
    return "swap-pause";
  }

  @Override
  public String help() {
    return "milliseconds from fence to resume in mode copy, beside a bare force loop; journals of 10 MiB and 1 GiB";
  }

  @Override
  public void run(Results results) throws IOException {
    row(results, "10mib", 10L * MIB, SWAPS_MIN);
    row(results, "1gib", 1_024L * MIB, SWAPS_OF_GIB);
  }

  private void row(Results results, String row, long bytes, int swaps) throws IOException {
    try (SwapBenchNode bench = new SwapBenchNode(home, RATE, bytes)) {
      bench.takeForcesMs();
      List<Double> pauses = new ArrayList<>();
      for (int i = 0; i < swaps; i++) pauses.add(bench.swap());
      List<Double> forces = bench.takeForcesMs();
      SwapBenchNode.tell(results, "pause_", "_" + row, pauses, swaps >= SWAPS_MIN);
      SwapBenchNode.tell(results, "bare_force_", "_" + row, forces, forces.size() >= SWAPS_MIN);
      results.add("swaps_" + row, swaps, "swaps");
      bench.checkWell();
    }
  }
}
