package dev.tenon.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// Pauses that have no bound: with longer tails than rounds leave, and in mode reopen, between two versions of one
/// provider that are installed side by side.
final class SwapPauseTailsBench implements Bench {
  private static final String PROVIDER = "dev.tenon.journal.segmented";
  private static final String NAME = "segmented";
  private static final String NEWER = "99.0.0";
  /// A busy machine must not make a long tail a handover that is given up: nothing is measured then.
  private static final List<String> PATIENT = List.of("dev.tenon.slot~v0-journal-broadcast.operationDeadlineMs=60000",
      "dev.tenon.slot~v0-journal-broadcast.fenceBudgetMs=60000");
  private static final int[] TAILS = {1_000, 10_000};
  private static final int SWAPS = 40;
  private static final int MIB = 10;
  private static final int RATE = 100;

  private final Path home;
  private final BenchExtent extent;

  SwapPauseTailsBench(Path home, BenchExtent extent) {
    this.home = home;
    this.extent = extent;
  }

  @Override
  public String name() {
    return "swap-pause-tails";
  }

  @Override
  public String help() {
    return "milliseconds from fence to resume with tails of 1,000 and 10,000 items of 1 KiB, as the slot itself counts"
        + " them, and in mode reopen; no bound";
  }

  @Override
  public void run(Results results) throws IOException {
    for (int tail : TAILS) tailRow(results, "_tail_" + tail, tail);
    reopenRow(results, "_reopen");
  }

  private void tailRow(Results results, String row, int items) throws IOException {
    try (SwapBenchNode bench = node(results)) {
      TailSwap tails = bench.tails();
      List<Double> copied = new ArrayList<>();
      row(results, row, bench, () -> {
        TailSwap.Pause pause = tails.swap(items);
        copied.add((double) pause.tailItems());
        return pause.ms();
      });
      results.add("tail_items_p50" + row, Quantile.of(copied, 0.5), "items");
      results.add("tail_items_max" + row, Quantile.of(copied, 1), "items");
      results.add("dropped" + row, tails.dropped(), "swaps");
    }
  }

  private void reopenRow(Results results, String row) throws IOException {
    try (SwapBenchNode bench = node(results)) {
      bench.install(newer(bench.folder().resolve("newer.jar")));
      String built = version();
      String[] next = {NEWER};
      row(results, row, bench, () -> {
        double pause = bench.swapTo(NAME + "@" + next[0]);
        next[0] = next[0].equals(NEWER) ? built : NEWER;
        return pause;
      });
    }
  }

  private interface Swap {
    double pause() throws IOException;
  }

  private SwapBenchNode node(Results results) throws IOException {
    List<String> set = new ArrayList<>(PATIENT);
    set.addAll(extent.set());
    return new SwapBenchNode(home, RATE, (long) extent.mib(MIB) << 20, set, results::note);
  }

  private void row(Results results, String row, SwapBenchNode bench, Swap swap) throws IOException {
    int swaps = extent.rounds(SWAPS);
    bench.takeForcesMs();
    List<Double> pauses = new ArrayList<>();
    for (int i = 0; i < swaps; i++) pauses.add(swap.pause());
    SwapBenchNode.tell(results, "pause_", row, pauses, false);
    SwapBenchNode.tell(results, "bare_force_", row, bench.takeForcesMs(), false);
    results.add("swaps" + row, swaps, "swaps");
    bench.checkWell();
  }

  private Path jar() throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve("features/target/bundles"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(PROVIDER)).findFirst()
          .orElseThrow(() -> new IOException("no jar of " + PROVIDER + " was built"));
    }
  }

  private String version() throws IOException {
    try (JarFile from = new JarFile(jar().toFile())) {
      return from.getManifest().getMainAttributes().getValue("Bundle-Version");
    }
  }

  /// The same bundle under a higher version.
  private Path newer(Path to) throws IOException {
    try (JarFile from = new JarFile(jar().toFile()); OutputStream out = Files.newOutputStream(to)) {
      Manifest manifest = new Manifest(from.getManifest());
      manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), NEWER);
      try (JarOutputStream jar = new JarOutputStream(out, manifest)) {
        from.stream().filter(entry -> !entry.getName().equals(JarFile.MANIFEST_NAME)).forEach(entry -> {
          try {
            jar.putNextEntry(new JarEntry(entry.getName()));
            from.getInputStream(entry).transferTo(jar);
            jar.closeEntry();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
      }
    }
    return to;
  }
}
