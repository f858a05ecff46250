package dev.tenon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One process of a soak: the devnet with the bundle `dev.tenon.soak` in it, until it is killed or stopped.
final class SoakNode implements SoakDoor, AutoCloseable {
  static final int NODES = 4;
  /// As the profile's configuration has them.
  static final int WRITERS_EACH = 2;
  static final int WRITERS = WRITERS_EACH * NODES;
  static final int CHAINS = 8 * NODES;
  private static final int SECONDS_MAX = 60;
  private static final Pattern LOADERS = Pattern.compile("Total = (\\d+)");
  private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s*(\\d+)");
  /// Threads that are started as they are needed, of which there are as many as their pool is large: those of the
  /// runtime, the control socket, the container's events and resolver, and the JVM's compilers and collectors. The
  /// kernel has 15 characters of a name.
  private static final Pattern POOLED = Pattern.compile("tenon-(actor|io|sync|compute|control|metrics)-.*"
      + "|(EventAdminAsync|FelixResolver-|ForkJoinPool|C1 |C2 |G1 |GC ).*");

  private final NodeFolder folder = new NodeFolder();
  private final Path output;
  private final Process process;

  /// What a process holds of the machine.
  ///
  /// @param descriptors open files
  /// @param threads of the operating system
  /// @param unpooled those of them that are in no pool that fills
  /// @param loaders class loaders that are alive after a full collection
  record Held(long descriptors, long threads, long unpooled, long loaders) {
    /// So many updates make a leak seen: one loader each is then above what is allowed.
    static final int ANEW_MIN = 10;
    /// Caches and pools fill while a process is young; more than this is growth.
    private static final int DESCRIPTORS_MORE_MAX = 16;
    /// Pools start their threads as they are needed: that of strands may be at half its 16 when it is counted first,
    /// and has one more for each slot that has waited; beside it the control socket's and the container's.
    private static final int THREADS_MORE_MAX = 32;
    /// Those of no pool are all there from the start, but for a helper or two of the JDK's.
    private static final int UNPOOLED_MORE_MAX = 4;
    private static final int LOADERS_MORE_MAX = 8;

    /// @param before in the same process
    /// @param anew how many bundles were updated, or uninstalled and installed, since
    /// @return what has grown; empty where nothing has
    String growth(Held before, long anew) {
      if (anew < ANEW_MIN) return "only " + anew + " bundles came anew, not " + ANEW_MIN;
      var grown = new StringJoiner("; ");
      more(grown, "descriptors", before.descriptors, descriptors, DESCRIPTORS_MORE_MAX);
      more(grown, "threads", before.threads, threads, THREADS_MORE_MAX);
      more(grown, "threads of no pool", before.unpooled, unpooled, UNPOOLED_MORE_MAX);
      more(grown, "class loaders", before.loaders, loaders, Math.min(LOADERS_MORE_MAX, anew / 2));
      return grown.toString();
    }

    private static void more(StringJoiner grown, String what, long before, long after, long moreMax) {
      if (after - before > moreMax) grown.add(what + " " + before + " to " + after + ", at most " + moreMax + " more");
    }
  }

  /// @param output what it prints
  /// @param options of `./tenon run`
  SoakNode(Path home, Path data, Path output, List<String> options) throws IOException {
    folder.data = data;
    this.output = output;
    List<String> soak = new ArrayList<>(List.of("--profile", "soak", "--data", data.toString()));
    soak.addAll(options);
    process = BenchNode.run(home, soak).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())).start();
  }

  static String slot(int node, SoakCounts.Role role) {
    return "v" + node + "/" + role.word() + "/broadcast";
  }

  @Override
  public String ask(String line) throws IOException {
    String answer = folder.ask(line);
    int end = answer.indexOf('\n');
    String first = end < 0 ? answer : answer.substring(0, end);
    if (first.startsWith("error ")) throw new Refused(first.substring("error ".length()));
    return answer.substring(end + 1).strip();
  }

  @Override
  public void await(String what, Condition condition) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    String last = "";
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        if (condition.holds()) return;
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    throw new IOException("not within " + SECONDS_MAX + " s: " + what + (process.isAlive() ? "" : ", it has ended")
        + (last.isEmpty() ? "" : ", " + last) + "; " + seen());
  }

  @Override
  public String seen() {
    var text = new StringBuilder();
    for (String line : List.of("slots", "health", "line")) {
      try {
        text.append(folder.ask(line)).append('\n');
      } catch (IOException e) {
        text.append(line).append(": ").append(e.getMessage()).append('\n');
      }
    }
    return text.toString();
  }

  /// @return the number of the bundle that has this name
  String bundle(String symbolicName) throws IOException {
    for (String row : ask("gogo lb -s " + symbolicName).lines().toList()) {
      if (row.contains(symbolicName)) return row.substring(0, row.indexOf('|')).strip();
    }
    throw new IOException("no bundle " + symbolicName);
  }

  /// What cannot be counted is not 0, which would be flat whatever grows.
  Held held() throws IOException {
    BenchNode.jcmd(process.pid(), "GC.run");
    long loaders = loaders(BenchNode.jcmd(process.pid(), "VM.classloader_stats"));
    Path self = Path.of("/proc", Long.toString(process.pid()));
    long threads = threads(Files.readString(self.resolve("status")));
    try (Stream<Path> open = Files.list(self.resolve("fd"))) {
      return new Held(open.count(), threads, unpooled(self.resolve("task")), loaders);
    }
  }

  private static long unpooled(Path tasks) throws IOException {
    long unpooled = 0;
    try (Stream<Path> each = Files.list(tasks)) {
      for (Path task : each.toList()) {
        if (!isPooled(name(task))) unpooled++;
      }
    }
    return unpooled;
  }

  /// One that has ended since it was listed counts once too often, which is within what is allowed.
  private static String name(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /// @param name of a thread, as the kernel tells it
  static boolean isPooled(String name) {
    return POOLED.matcher(name).matches();
  }

  /// @param stats as the JDK's tool prints them
  static long loaders(String stats) throws IOException {
    return counted("class loaders", LOADERS, stats);
  }

  /// @param status of the process, as the kernel tells it
  static long threads(String status) throws IOException {
    return counted("threads", THREADS, status);
  }

  private static long counted(String what, Pattern count, String told) throws IOException {
    Matcher found = count.matcher(told);
    long last = 0;
    while (found.find()) last = Long.parseLong(found.group(1));
    if (last == 0) throw new IOException("no " + what + " are counted: " + BenchNode.oneLine(told));
    return last;
  }

  @Override
  public boolean isAlive() { return process.isAlive(); }

  Path data() {
    return folder.data;
  }

  /// SIGKILL.
  void kill() throws IOException {
    process.destroyForcibly();
    BenchNode.waitFor(process);
  }

  /// @return the exit code
  int stop() throws IOException {
    process.destroy();
    BenchNode.waitFor(process);
    if (process.isAlive()) throw new IOException("the node does not end; it printed: " + Files.readString(output));
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    kill();
  }
}
