package dev.tenon.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Whether this machine is fit for a node.
@Command(description = "Checks JDK, memory, disk, ports, file limits and clock; exit 1 if one is bad.")
final class Doctor implements Callable<Integer> {
  private static final int JDK_MIN = 25;
  private static final long MEMORY_BYTES_MIN = 1L << 30;
  private static final long MEMORY_BYTES_WISHED = 2L << 30;
  private static final long FILES_MIN = 1024;
  private static final long FILES_WISHED = 4096;
  private static final double FLUSH_MS_GOOD = 10;
  private static final double FLUSH_MS_BEARABLE = 50;
  private static final double CLOCK_MS_MAX = 5;
  private static final int FLUSHES = 100;
  private static final long CLOCK_SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(300);

  /// What is thought of one figure.
  enum Verdict {
    /// As it should be.
    GOOD,
    /// Works, with less than one would wish.
    WARN,
    /// A node will not run well, or not at all.
    BAD
  }

  /// One line of the table.
  record Row(String check, String found, Verdict verdict, String advice) {
  }

  @Mixin
  final Common common = new Common();
  @Option(names = "--data", paramLabel = "DIR", description = "the folder whose disk is measured (default: data)")
  private Path data = Path.of(System.getProperty("tenon.home", "."), "data");
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    List<Row> rows = new ArrayList<>();
    rows.add(jdk(Runtime.version().feature()));
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    rows.add(memory(system.getTotalMemorySize()));
    rows.add(files(system.getMaxFileDescriptorCount()));
    rows.add(flush());
    rows.add(ports());
    rows.add(clock());
    PrintWriter out = spec.commandLine().getOut();
    for (Row row : rows) {
      String advice = row.verdict() == Verdict.GOOD ? "" : row.advice();
      out.println(String.format(Locale.ROOT, "%-12s %-5s %-34s %s", row.check(),
          row.verdict().name().toLowerCase(Locale.ROOT), row.found(), advice).stripTrailing());
    }
    out.flush();
    return rows.stream().anyMatch(row -> row.verdict() == Verdict.BAD) ? Main.FAILED : 0;
  }

  static Row jdk(int feature) {
    return new Row("jdk", Integer.toString(feature), feature >= JDK_MIN ? Verdict.GOOD : Verdict.BAD,
        "install JDK " + JDK_MIN + " or newer");
  }

  static Row memory(long bytes) {
    return new Row("memory", (bytes >> 20) + " MiB", verdict(bytes >= MEMORY_BYTES_WISHED, bytes >= MEMORY_BYTES_MIN),
        "a node of the devnet wants " + (MEMORY_BYTES_WISHED >> 20) + " MiB");
  }

  static Row files(long count) {
    return new Row("open files", "at most " + count, verdict(count >= FILES_WISHED, count >= FILES_MIN),
        "raise the limit, such as with ulimit -n " + FILES_WISHED);
  }

  static Row flush(double p50, double p99) {
    return new Row("disk flush", String.format(Locale.ROOT, "p50 %.2f ms, p99 %.2f ms", p50, p99),
        verdict(p50 <= FLUSH_MS_GOOD, p50 <= FLUSH_MS_BEARABLE), "put the data folder on a disk that forces faster");
  }

  private Row flush() throws IOException {
    Path folder = data.toAbsolutePath();
    while (!Files.isDirectory(folder) && folder.getParent() != null) folder = folder.getParent();
    if (!Files.isWritable(folder)) {
      return new Row("disk flush", folder + " cannot be written", Verdict.BAD, "choose a folder with --data");
    }
    double[] sorted = new FlushBench(folder, FLUSHES).measure();
    return flush(sorted[sorted.length / 2], sorted[sorted.length * 99 / 100]);
  }

  private static Row ports() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Row("ports", "loopback port " + socket.getLocalPort() + " was free", Verdict.GOOD, "");
    } catch (IOException e) {
      return new Row("ports", "no loopback port: " + e.getMessage(), Verdict.BAD, "free some ports");
    }
  }

  private static Row clock() {
    long wallMs = System.currentTimeMillis();
    long start = System.nanoTime();
    long end = start + CLOCK_SAMPLE_NS;
    while (System.nanoTime() - end < 0) LockSupport.parkNanos(end - System.nanoTime());
    double drift = Math.abs(System.currentTimeMillis() - wallMs - (System.nanoTime() - start) / 1e6);
    return new Row("clock", String.format(Locale.ROOT, "wall and monotonic %.1f ms apart", drift),
        verdict(drift <= CLOCK_MS_MAX, true), "the wall clock is being stepped; let a time service slew it");
  }

  private static Verdict verdict(boolean good, boolean bearable) {
    return good ? Verdict.GOOD : bearable ? Verdict.WARN : Verdict.BAD;
  }
}
