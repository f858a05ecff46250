package dev.tenon.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A loaded devnet with one journal of a given size beside the engines', whose slot is swapped to and fro.
final class SwapBenchNode implements TailSwap.Subject, AutoCloseable {
  private static final Pattern DONE = Pattern.compile("done: (\\w+)@.* last pause ([0-9.]+) ms");
  private static final Pattern COPIED = Pattern.compile("\\(([0-9.]+) MiB\\) copied");
  private static final Pattern SERVES = Pattern.compile("done: (\\S+) serves.* last pause ([0-9.]+) ms");
  /// From the begin of the line: one of a handover that was given up, or is done, tells too what was copied.
  private static final Pattern PREPARES =
      Pattern.compile("^working: PREPARING, [^ ]+ [A-Z]+(?:, \\d+ items \\(([0-9.]+) MiB\\) copied)?");
  private static final String SLOT = SoakNode.slot(0, SoakCounts.Role.JOURNAL);
  /// The journal of the given size, and one beside it in the same slot whose commits are measured.
  private static final String FILLED = "soak-v0-0";
  private static final String MEASURED = "soak-v0-1";
  private static final int SECTIONS_MIN = 6;
  private static final int FILL_SECONDS_MAX = 600;
  static final int SWAP_SECONDS_MAX = 600;
  private static final int COMMITS_SECONDS_MAX = 60;
  /// What an operator asks for is begun at once, but for the deletion of what was prepared before.
  private static final int PREPARES_SECONDS_MAX = 5;
  private static final int ASKS_EVERY_MS = 5;
  /// What is asked while a swap goes on is paid for by the node that is measured.
  private static final int SWAP_ASKS_EVERY_MS = 50;
  /// So often that a slice of five seconds has a p99.
  private static final int MEASURED_TICK_MS = 10;
  private static final double MS_NS = 1e6;

  private final Path folder;
  private final SoakNode node;
  private final long bytes;
  private double copiedMib;

  /// @param rate chunks a second; 0 for as fast as they are certified
  /// @param bytes that the journal holds all the time, in items of 1 KiB; 0 for a small one
  /// @param set more configuration
  /// @param notes where it says on which kind of disk it is
  SwapBenchNode(Path home, int rate, long bytes, List<String> set, Consumer<String> notes) throws IOException {
    this.bytes = bytes;
    folder = WorkFolder.make(home, "bench-", notes);
    String writer = "dev.tenon.soak.writer~v0-0.";
    List<String> options = new ArrayList<>(List.of("--set", "dev.tenon.devnet.rate=" + rate, "--set",
        "dev.tenon.soak.file=" + folder.resolve("history"), "--set",
        "dev.tenon.soak.forces.file=" + folder.resolve("forces")));
    for (String setting : List.of("fillBytes=" + bytes, "itemBytesMin=1024", "itemBytesMax=1024",
        "itemsPerSection=1024", "sectionsKept=" + sectionsKept(bytes), "rewinds=false", "removes=false",
        "reopenEvery=0")) {
      options.addAll(List.of("--set", writer + setting));
    }
    options.addAll(List.of("--set", "dev.tenon.soak.writer~v0-1.tickMs=" + MEASURED_TICK_MS, "--set",
        "dev.tenon.soak.writer~v0-1.reopenEvery=0", "--set", "dev.tenon.soak.writer~v0-1.removes=false"));
    set.forEach(each -> options.addAll(List.of("--set", each)));
    node = new SoakNode(home.toAbsolutePath().normalize(), WorkFolder.data(folder), folder.resolve("output"), options);
    boolean up = false;
    try {
      new SoakLife(node, false).awaitCertified();
      await("the journal is written", FILL_SECONDS_MAX, () -> node.ask("soak filled").equals("true"));
      up = true;
    } finally {
      if (!up) close();
    }
  }

  /// A section holds a MiB: with one more than there are to be, the oldest goes when a new one begins, and the journal
  /// stays as large as it is said to be while its writer goes on. Only a burst makes a larger one ([TailSwap]).
  private static long sectionsKept(long bytes) {
    return Math.max(SECTIONS_MIN, (bytes >> 20) + 1);
  }

  /// Hands the slot over and waits.
  ///
  /// @return the pause in milliseconds
  double swap() throws IOException {
    return pause(begin());
  }

  /// Hands the slot over to one version of a provider and waits.
  ///
  /// @return the pause in milliseconds
  double swapTo(String label) throws IOException {
    node.ask("swap " + SLOT + " " + label);
    return pause(label::equals);
  }

  private double pause(Predicate<String> wanted) throws IOException {
    double[] pause = {0};
    await("a swap", SWAP_SECONDS_MAX, SWAP_ASKS_EVERY_MS, () -> {
      String line = told();
      Matcher done = SERVES.matcher(line);
      if (line.startsWith("failed:")) throw new IllegalStateException(line);
      if (!done.find() || !wanted.test(done.group(1))) return false;
      pause[0] = Double.parseDouble(done.group(2));
      Matcher copied = COPIED.matcher(line);
      copiedMib = copied.find() ? Double.parseDouble(copied.group(1)) : 0;
      return true;
    });
    return pause[0];
  }

  /// @return what the last swap copied, of all journals of the slot
  double copiedMib() {
    return copiedMib;
  }

  @Override
  public double pause(String to) throws IOException {
    return pause(done -> done.startsWith(to + "@"));
  }

  @Override
  public String ask(String line) throws IOException {
    return node.ask(line);
  }

  @Override
  public String log() throws IOException {
    return Files.readString(node.data().resolve("logs/node.log"));
  }

  /// @return swaps of the slot with a tail of items in the journal of the given size
  TailSwap tails() {
    return new TailSwap(this, SLOT, FILLED);
  }

  /// Installs a bundle beside the others and starts it.
  void install(Path jar) throws IOException {
    Matcher number = Pattern.compile("Bundle ID: (\\d+)").matcher(node.ask("gogo install " + jar.toUri()));
    if (!number.find()) throw new IOException("not installed: " + jar);
    node.ask("gogo start " + number.group(1));
  }

  Path folder() {
    return folder;
  }

  @Override
  public String begin() throws IOException {
    Matcher now = DONE.matcher(told());
    String to = now.find() && now.group(1).equals("segmented") ? "mapdb" : "segmented";
    node.ask("swap " + SLOT + " " + to);
    return to;
  }

  /// Begins a handover and waits until it prepares, not for long.
  ///
  /// @return what the slot told last
  String beginPreparing() throws IOException {
    begin();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PREPARES_SECONDS_MAX);
    String told = told();
    while (mibCopied(told) < 0 && System.nanoTime() < end) {
      parkUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ASKS_EVERY_MS));
      told = told();
    }
    return told;
  }

  @Override
  public String told() throws IOException {
    return node.ask("swap " + SLOT);
  }

  /// @param told of a slot's handover
  /// @return MiB copied so far by the one that prepares; -1 where none does
  static double mibCopied(String told) {
    Matcher prepares = PREPARES.matcher(told);
    if (!prepares.find()) return -1;
    String mib = prepares.group(1);
    return mib == null ? 0 : Double.parseDouble(mib);
  }

  /// Gives up what is prepared, and waits until nothing of it is left.
  void cancel() throws IOException {
    node.ask("swap " + SLOT + " --cancel");
    await("it is given up", SWAP_SECONDS_MAX, () -> told().startsWith("done:"));
  }

  /// Something that is done again and again.
  interface Act {
    void run() throws IOException;
  }

  /// Does something again and again, for so many seconds and until it has ended.
  SwapLoadBench.Certified certified(int seconds, Act act) throws IOException {
    long begun = System.nanoTime();
    long before = certified();
    long end = begun + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      act.run();
      parkUntil(Math.min(end, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20)));
    }
    return new SwapLoadBench.Certified(certified() - before, (System.nanoTime() - begun) / 1e9);
  }

  private long certified() throws IOException {
    return BenchNode.certified(node.ask("line"));
  }

  List<Double> takeForcesMs() throws IOException {
    return millis(node.ask("soak forces"));
  }

  /// Commits of the measured writer, each from when it was due, and all that were due in the slice: it is waited for
  /// those that hang over its end.
  List<Double> commitsMs(int seconds) throws IOException {
    String commits = "soak commits " + MEASURED;
    node.ask(commits + " begin");
    parkUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
    node.ask(commits + " end");
    String[] told = {""};
    await("commits of a slice end", COMMITS_SECONDS_MAX, () -> {
      told[0] = node.ask(commits);
      return told[0].equals("0") || told[0].startsWith("0 ");
    });
    return millis(told[0].substring(1));
  }

  private static List<Double> millis(String nanos) {
    List<Double> all = new ArrayList<>();
    new StringTokenizer(nanos).asIterator().forEachRemaining(word -> all.add(Long.parseLong((String) word) / MS_NS));
    return all;
  }

  /// A bench of a journal that is not there any more would please everybody.
  void checkWell() throws IOException {
    new SoakLife(node, false).awaitWell();
    long held = heldBytes(WorkFolder.data(folder).toFile());
    if (held < bytes) throw new IOException("the journal of " + bytes + " bytes is gone, " + held + " are there");
  }

  /// Of a folder in which files come and go.
  private static long heldBytes(File file) {
    File[] inside = file.listFiles();
    return inside == null ? file.length() : Stream.of(inside).mapToLong(SwapBenchNode::heldBytes).sum();
  }

  static void await(String what, int seconds, SoakDoor.Condition condition) throws IOException {
    await(what, seconds, ASKS_EVERY_MS, condition);
  }

  private static void await(String what, int seconds, int everyMs, SoakDoor.Condition condition) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.holds()) {
      if (System.nanoTime() > end) throw new IOException("not within " + seconds + " s: " + what);
      parkUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(everyMs));
    }
  }

  /// @param whole whether there are enough for a p99
  static void tell(Bench.Results results, String metric, String row, List<Double> values, boolean whole) {
    results.add(metric + "p50" + row, Quantile.of(values, 0.5), "ms");
    if (whole) results.add(metric + "p99" + row, Quantile.of(values, 0.99), "ms");
    results.add(metric + "max" + row, Quantile.of(values, 1), "ms");
  }

  static void parkUntil(long endNs) {
    while (System.nanoTime() < endNs) LockSupport.parkNanos(endNs - System.nanoTime());
  }

  @Override
  public void close() throws IOException {
    node.close();
    WorkFolder.delete(folder);
  }
}
