package dev.tenon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// How long a devnet at full speed certifies less when its journal provider's bundle is exchanged: by `update`, and by
/// a jar in the deploy folder, each time by one that was rebuilt. Beside it the same figure for as long a time in which
/// nothing happened.
final class UpdateDipBench implements Bench {
  private static final String PROVIDER = "dev.tenon.journal.segmented";
  private static final int ROUNDS = 5;
  private static final int WARM_UP_SECONDS = 10;
  private static final int BEFORE_SECONDS = 5;
  private static final int AFTER_SECONDS = 5;

  private final Path home;

  UpdateDipBench(Path home) {
    this.home = home;
  }

  /// One round.
  ///
  /// @param ms the dip
  /// @param quietMs windows as low as that in the seconds before
  private record Round(double ms, double quietMs) {}

  private interface Act {
    void run() throws IOException;
  }

  @Override
  public String name() {
    return "update-dip";
  }

  @Override
  public String help() {
    return "milliseconds in which the devnet certifies less than half as fast, when its journal provider is exchanged";
  }

  @Override
  public void run(Results results) throws IOException {
    Path folder = WorkFolder.make(home, "bench-", results::note);
    try (BenchNode node = new BenchNode(home, WorkFolder.data(folder))) {
      node.awaitFirst();
      sample(node, WARM_UP_SECONDS, new ArrayList<>());
      Path deployed = node.data().resolve("deploy").resolve("rebuilt.jar");
      List<Round> updates = new ArrayList<>();
      List<Round> deploys = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        Path updated = rebuilt(folder, "0.1." + (2 * i + 1));
        Path dropped = rebuilt(folder, "0.1." + (2 * i + 2));
        String update = "gogo update " + number(node) + " " + updated.toUri();
        updates.add(round(node, () -> node.ask(update)));
        deploys.add(round(node, () -> Files.move(dropped, deployed, StandardCopyOption.ATOMIC_MOVE)));
        checkProvider(node, "0.1." + (2 * i + 2));
        checkGeneration(node, 1 + 2 * (i + 1));
      }
      node.checkHealthy();
      report(results, "update", updates);
      report(results, "deploy", deploys);
    } finally {
      WorkFolder.delete(folder);
    }
  }

  private static void report(Results results, String what, List<Round> rounds) {
    results.add(what + "_dip_mean", rounds.stream().mapToDouble(Round::ms).average().orElse(0), "ms");
    results.add(what + "_dip_max", rounds.stream().mapToDouble(Round::ms).max().orElse(0), "ms");
    results.add(what + "_quiet_max", rounds.stream().mapToDouble(Round::quietMs).max().orElse(0), "ms");
  }

  private static Round round(BenchNode node, Act act) throws IOException {
    List<Dip.Sample> samples = new ArrayList<>();
    sample(node, BEFORE_SECONDS, samples);
    long eventNs = samples.getLast().atNs();
    double mean = Dip.meanBefore(samples, eventNs);
    List<IOException> failed = new ArrayList<>();
    Thread actor = Thread.ofPlatform().start(() -> {
      try {
        act.run();
      } catch (IOException e) {
        failed.add(e);
      }
    });
    sample(node, AFTER_SECONDS, samples);
    try {
      actor.join();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    if (!failed.isEmpty()) throw failed.getFirst();
    return new Round(Dip.ms(samples, mean, eventNs, Long.MAX_VALUE), Dip.ms(samples, mean, 0, eventNs));
  }

  /// Counts at the end of each window, for so long.
  private static void sample(BenchNode node, int seconds, List<Dip.Sample> samples) throws IOException {
    long startNs = System.nanoTime();
    for (int i = 0; i <= seconds * TimeUnit.SECONDS.toNanos(1) / Dip.WINDOW_NS; i++) {
      long dueNs = startNs + i * Dip.WINDOW_NS;
      while (System.nanoTime() - dueNs < 0) LockSupport.parkNanos(dueNs - System.nanoTime());
      long count = node.certified();
      samples.add(new Dip.Sample(System.nanoTime(), count));
    }
  }

  private static void checkGeneration(BenchNode node, int generation) throws IOException {
    String slots = node.ask("slots");
    if (slots.lines().skip(2).noneMatch(row -> row.split("\\s{2,}", -1)[2].equals(Integer.toString(generation)))) {
      throw new IOException("the provider was not exchanged, generation " + generation + " is missing: "
          + slots.replace('\n', ' '));
    }
  }

  private static void checkProvider(BenchNode node, String version) throws IOException {
    String slots = node.ask("slots");
    if (slots.lines().filter(row -> row.contains("@" + version)).count() == 0) {
      throw new IOException("the provider's version " + version + " does not serve: " + slots.replace('\n', ' '));
    }
  }

  /// The provider's jar as another build would give it: of another version, written anew.
  private Path rebuilt(Path folder, String version) throws IOException {
    Path copy = folder.resolve(PROVIDER + "-" + version + ".jar");
    try (JarFile from = new JarFile(jar().toFile())) {
      Manifest manifest = new Manifest(from.getManifest());
      manifest.getMainAttributes().putValue("Bundle-Version", version);
      try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
        for (JarEntry entry : from.stream().toList()) {
          if (entry.getName().equals(JarFile.MANIFEST_NAME)) continue;
          to.putNextEntry(new JarEntry(entry.getName()));
          try (InputStream content = from.getInputStream(entry)) {
            content.transferTo(to);
          }
          to.closeEntry();
        }
      }
    }
    return copy;
  }

  private static String number(BenchNode node) throws IOException {
    String line = node.ask("gogo lb -s " + PROVIDER).lines().filter(row -> row.contains(PROVIDER)).findFirst()
        .orElseThrow(() -> new IOException("the devnet has no bundle " + PROVIDER));
    return line.substring(0, line.indexOf('|')).strip();
  }

  private Path jar() throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve("features/target/bundles"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(PROVIDER)).findFirst()
          .orElseThrow(() -> new IOException("no jar of " + PROVIDER + " was built")).toAbsolutePath();
    }
  }
}
