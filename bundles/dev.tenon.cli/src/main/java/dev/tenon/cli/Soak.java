package dev.tenon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.StringTokenizer;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Swaps, updates and kills a loaded devnet in a process of its own, and checks what it promised.
@Command(description = "Swaps providers, updates, stops and uninstalls their bundles, and kills a loaded devnet; then"
    + " proves that nothing acknowledged was lost, doubled, reordered or signed twice.")
final class Soak implements Callable<Integer> {
  /// A slot whose attempts failed waits for 10 s and more before the next.
  private static final int HELD_MS_MAX = 60_000;
  private static final int LOOK_MS = 10;
  /// Of the time, for the process that is not killed: what grows shows there.
  private static final double LAST_SHARE = 0.4;
  private static final int TROUBLE_MS = 6_000;
  /// In the process that is not killed, where many updates have to leave nothing behind.
  private static final int TROUBLE_LAST_MS = 4_000;
  private static final int LATE_FACTOR = 4;
  private static final int LATE_SECONDS = 480;
  private static final int RATE_MAX = 1_000_000;
  /// Beside its tables `mapdb` holds a redo log, of 8 MiB unless it is told otherwise: more than all journals of a
  /// slot here. With a short one there are checkpoints in each soak, and what a slot holds is known.
  private static final int LOG_BYTES = 256 << 10;
  /// Each of about 140 KiB: two writers and the engines of a slot then have between 1 and 2 MiB.
  private static final int SECTIONS_KEPT = 3;
  /// Batches, of 4.5 items: before the oldest section goes, each item has been read back.
  private static final int REOPEN_EVERY = 100;
  /// Beside which nothing else happens, so that nobody who asks a slot for something is refused.
  private static final int CALM_SWAPS = 16;
  private static final int CALM_MS_MAX = 15_000;
  private static final int FAILED_TOLD_MAX = 12;
  /// Of a provider that forgets what it has acknowledged, as the bundle `dev.tenon.soak` has it.
  private static final String PLANT = "forgets-last";

  @Mixin
  final Common common = new Common();
  @Option(names = "--seconds", paramLabel = "N", description = "at least so long (default: ${DEFAULT-VALUE})")
  int seconds = 60;
  @Option(names = "--swaps", paramLabel = "N", description = "at least so many (default: ${DEFAULT-VALUE})")
  int swaps = 200;
  @Option(names = "--kill", paramLabel = "N", description = "SIGKILL so often (default: ${DEFAULT-VALUE})")
  int kills = 5;
  @Option(names = "--rate", paramLabel = "N", description = "chunks a second (default: ${DEFAULT-VALUE})")
  int rate = 50;
  @Option(names = "--seed", paramLabel = "N", description = "of what is done when (default: ${DEFAULT-VALUE})")
  long seed = 1;
  @Option(names = "--keep", description = "keep the node's data and the histories, also where nothing was found")
  boolean keep;
  @Option(names = "--plant", paramLabel = "FAULT",
      description = "a provider with a fault that has to be found, for tests of the checker: " + PLANT)
  String plant = "";
  @Option(names = "--at", paramLabel = "PLACE",
      description = "kill there only: a step of a slot, as drop, or one of its edges, as 'drop flush'")
  String at = "";
  @Spec
  private CommandSpec spec = CommandSpec.create();

  private final HistoryCheck check = new HistoryCheck();
  private final SoakCounts counts = new SoakCounts();
  private final List<Long> forcesNs = new ArrayList<>();
  private final List<SoakTroubles.Trouble> troubles = new ArrayList<>();
  private Path home = Path.of(".");
  private Path folder = Path.of(".");
  private Random random = new Random(seed);
  private SoakKills killed = new SoakKills(random);
  private final SoakJournals journals = new SoakJournals();
  private int processes;
  /// Up to which process histories are read.
  private int read;
  /// Whether all writers of the last process have said that they opened their journals.
  private boolean opened;
  private int calm;
  private String grown = "";

  @Override
  public Integer call() throws IOException {
    checkOptions();
    home = Path.of(System.getProperty("tenon.home", ".")).toAbsolutePath().normalize();
    PrintWriter out = spec.commandLine().getOut();
    folder = WorkFolder.make(home, "soak-", note -> out.println("note         " + note));
    random = new Random(seed);
    killed = new SoakKills(random, at);
    boolean well = false;
    try {
      String fault = faultOf(out);
      well = fault.isEmpty() && check.isClean();
      report(out);
      if (!fault.isEmpty()) out.println("not well: " + fault);
      check.told().forEach(out::println);
      out.flush();
      return well ? 0 : Main.FAILED;
    } finally {
      if (keep || !well) {
        out.println("kept: " + folder);
        out.flush();
      } else {
        WorkFolder.delete(folder);
      }
    }
  }

  /// With fewer than none of them a soak would find nothing, and say that all is well.
  private void checkOptions() {
    from0("--seconds", seconds);
    from0("--swaps", swaps);
    from0("--kill", kills);
    if (rate < 0 || rate > RATE_MAX) throw refused("--rate " + rate + " is not from 0 to " + RATE_MAX);
    if (!plant.isEmpty() && !plant.equals(PLANT)) throw refused("--plant knows " + PLANT + ", not '" + plant + "'");
    List<String> places = new SoakKills(random, at).order();
    if (places.isEmpty()) throw refused("--at '" + at + "' is no place: " + SoakKills.steps());
  }

  private void from0(String option, int value) {
    if (value < 0) throw refused(option + " " + value + " is not from 0 on");
  }

  private ParameterException refused(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  private String faultOf(PrintWriter out) throws IOException {
    String fault;
    try {
      fault = run(out);
    } catch (IOException e) {
      fault = String.valueOf(e.getMessage()); // and the report tells how far it came
    }
    if (read < processes && Files.exists(history())) read(); // it may say why
    return fault;
  }

  /// @return what was not as it should be; empty where all was
  private String run(PrintWriter out) throws IOException {
    AtomicInteger budget = new AtomicInteger();
    long begun = System.nanoTime();
    long late = begun + TimeUnit.SECONDS.toNanos((long) seconds * LATE_FACTOR + LATE_SECONDS);
    long eachNs = (long) (TimeUnit.SECONDS.toNanos(seconds) * (1 - LAST_SHARE) / Math.max(1, kills));
    for (int i = 0; i < kills; i++) {
      long next = begun + eachNs * (i + 1);
      budget.set((int) Math.ceil(swaps * (1 - LAST_SHARE) / kills)); // each process has its share, also of the swaps
      try (SoakNode node = start()) {
        long until = Math.max(next, System.nanoTime() + eachNs / 2); // a slow start must not leave it idle
        try (SoakSwaps swapping = swapping(node, budget)) {
          trouble(node, swapping, until, TROUBLE_MS);
          if (!swapping.failure().isEmpty()) return swapping.failure() + "\n" + node.seen();
          life(node).works();
          journals.look(node, plan());
          if (killed.isNextAtRandom()) {
            killAtRandom(node);
          } else {
            killAt(out, node, killed.next(), budget);
          }
          if (!swapping.failure().isEmpty()) return swapping.failure(); // it came before the kill
        }
      }
      read();
      out.printf(Locale.ROOT, "%d s: killed %d times, %d swaps, %s%n", sinceSeconds(begun), killed.count(),
          counts.swaps(),
          check);
      out.flush();
    }
    return last(budget, begun + TimeUnit.SECONDS.toNanos(seconds), late);
  }

  /// The process that is not killed, and one more that looks at what it left.
  private String last(AtomicInteger budget, long end, long late) throws IOException {
    SoakNode.Held before;
    SoakNode.Held after;
    long anew;
    budget.set(Math.max(1, swaps - counts.swaps())); // those that were killed or given up are made up for
    try (SoakNode node = start(); SoakSwaps swapping = swapping(node, budget)) {
      long warm = System.nanoTime() + Math.max(TimeUnit.SECONDS.toNanos(3), (end - System.nanoTime()) / 4);
      String refused = plant.isEmpty() ? calm(node, swapping, budget) : "";
      if (!refused.isEmpty()) return refused;
      trouble(node, swapping, warm, TROUBLE_MS);
      swapping.rest();
      journals.look(node, plan());
      life(node).awaitWell(); // as below: health checks have threads of their own, which the first one starts
      before = node.held();
      anew = -anew();
      swapping.goOn();
      while (System.nanoTime() < late && swapping.failure().isEmpty()
          && (System.nanoTime() < end || counts.swaps() < swaps
              || (plant.isEmpty() && anew + anew() < SoakNode.Held.ANEW_MIN))) {
        budget.updateAndGet(left -> Math.max(left, 1));
        trouble(node, swapping, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TROUBLE_LAST_MS), TROUBLE_LAST_MS);
      }
      swapping.rest();
      if (!swapping.failure().isEmpty()) return swapping.failure() + "\n" + node.seen();
      life(node).awaitWell();
      after = node.held();
      journals.look(node, plan());
      life(node).rests();
      killed.passed(node.ask("soak passed").lines().toList());
      anew += anew();
      forces(node);
      if (node.stop() != 0) return "the node did not end as it should";
    }
    read();
    grown = String.format(Locale.ROOT,
        "descriptors %d to %d, threads %d to %d, those of no pool %d to %d, class loaders %d to %d while %d"
            + " bundles came anew",
        before.descriptors(), after.descriptors(), before.threads(), after.threads(), before.unpooled(),
        after.unpooled(), before.loaders(), after.loaders(), anew);
    String unread = look();
    if (!unread.isEmpty()) return unread;
    if (counts.swaps() < swaps) return "only " + counts.swaps() + " of " + swaps + " swaps";
    String growth = after.growth(before, anew);
    return growth.isEmpty() ? killed.fault() : "not flat: " + growth;
  }

  /// Every journal is read to its end once more, under no load: what cannot be read there is lost.
  private String look() throws IOException {
    String fault = "";
    try (SoakNode node = start()) {
      life(node).rests();
      if (node.stop() != 0) fault = "the node did not end as it should";
    } catch (IOException e) {
      fault = String.valueOf(e.getMessage());
    }
    read();
    check.end();
    return fault;
  }

  private SoakNode start() throws IOException {
    processes++;
    opened = false;
    // Other payloads in each process: a chunk that was forgotten and is made again is another one.
    Path input = Files.createDirectories(folder.resolve("input-" + processes));
    Files.write(input.resolve("payload"), ("payload of process " + processes).repeat(40).getBytes(
        StandardCharsets.UTF_8));
    List<String> options = new ArrayList<>(List.of("--rate", Integer.toString(rate), "--input", input.toString(),
        "--set", "dev.tenon.soak.file=" + history(), "--set",
        "dev.tenon.soak.forces.file=" + folder.resolve("forces"), "--set",
        "dev.tenon.storage.mapdb.logBytes=" + LOG_BYTES));
    for (int i = 0; i < SoakNode.WRITERS; i++) {
      String writer = "dev.tenon.soak.writer~v" + i / SoakNode.WRITERS_EACH + "-" + i % SoakNode.WRITERS_EACH;
      options.addAll(List.of("--set", writer + ".sectionsKept=" + SECTIONS_KEPT, "--set",
          writer + ".reopenEvery=" + REOPEN_EVERY));
    }
    if (!plant.isEmpty()) {
      options.addAll(List.of("--set", "dev.tenon.soak.forgetful.fault=" + plant));
    }
    SoakNode node = new SoakNode(home, WorkFolder.data(folder), folder.resolve("output-" + processes), options);
    boolean up = false;
    try {
      life(node).started();
      opened = true;
      up = true;
      return node;
    } finally {
      if (!up) node.close();
    }
  }

  private SoakLife life(SoakNode node) {
    return new SoakLife(node, !plant.isEmpty());
  }

  private SoakSwaps swapping(SoakNode node, AtomicInteger budget) {
    return new SoakSwaps(node, counts, budget, plan(), random.nextLong()).begin();
  }

  private SoakSwaps.Plan plan() {
    return plant.isEmpty() ? SoakSwaps.Plan.SOUND : SoakSwaps.Plan.FAULTY;
  }

  private Path history() {
    return history(processes);
  }

  private Path history(int process) {
    return folder.resolve("history-" + process);
  }

  /// Bundles come and go until a time; swaps go on beside that.
  ///
  /// @param paceMs between two of them at most
  private void trouble(SoakNode node, SoakSwaps swapping, long untilNs, int paceMs) throws IOException {
    SoakTroubles doing = new SoakTroubles(home, random);
    while (System.nanoTime() < untilNs && swapping.failure().isEmpty()) {
      long wait = TimeUnit.MILLISECONDS.toNanos(random.nextInt(paceMs));
      park(Math.min(wait, Math.max(0, untilNs - System.nanoTime())));
      // A provider that forgets does not come back where who was there before remembers: nothing would be shown.
      if (System.nanoTime() < untilNs && plant.isEmpty()) troubles.add(doing.any(node));
    }
    if (node.isAlive()) forces(node);
  }

  /// Providers are swapped, and nothing else is done to them: callers may wait for that, and are told of no error.
  ///
  /// @return what they were told of; empty where it was none
  private String calm(SoakNode node, SoakSwaps swapping, AtomicInteger budget) throws IOException {
    swapping.calm(true);
    String before = node.ask("soak failed");
    int swapped = counts.swaps();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CALM_MS_MAX);
    while (System.nanoTime() < end && counts.swaps() - swapped < CALM_SWAPS && swapping.failure().isEmpty()) {
      budget.updateAndGet(left -> Math.max(left, SoakNode.NODES));
      park(TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
    }
    String after = node.ask("soak failed");
    swapping.calm(false);
    if (!after.equals(before)) {
      return "writers were told of errors, though providers were only swapped; by journal " + BenchNode.oneLine(before)
          + ", then " + BenchNode.oneLine(after);
    }
    calm = counts.swaps() - swapped;
    return "";
  }

  private void killAtRandom(SoakNode node) throws IOException {
    park(TimeUnit.MILLISECONDS.toNanos(random.nextInt(700)));
    node.kill();
    killed.atRandom();
  }

  /// The node holds a slot there; it is killed as soon as it says so. Swaps go on until then, whatever was asked for.
  private void killAt(PrintWriter out, SoakNode node, SoakKills.Boundary boundary, AtomicInteger budget)
      throws IOException {
    node.ask("soak hold " + boundary);
    AtomicBoolean over = new AtomicBoolean();
    Thread updating = Thread.ofPlatform().start(() -> {
      try {
        SoakTroubles doing = new SoakTroubles(home, new Random(seed));
        while (boundary.isOfReopening() && !over.get()) doing.updateJournals(node);
      } catch (IOException e) {
        // It was killed meanwhile.
      }
    });
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HELD_MS_MAX);
    boolean reached = false;
    while (!reached && System.nanoTime() < end) {
      budget.updateAndGet(left -> Math.max(left, SoakNode.NODES));
      park(TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
      reached = node.ask("soak held").equals("true");
    }
    over.set(true);
    if (!reached) out.print("no slot came to " + boundary + ":\n" + node.seen());
    killed.passed(node.ask("soak passed").lines().toList());
    node.kill();
    killed.at(boundary, reached);
    try {
      updating.join();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private void forces(SoakNode node) throws IOException {
    new StringTokenizer(node.ask("soak forces")).asIterator()
        .forEachRemaining(word -> forcesNs.add(Long.parseLong((String) word)));
  }

  private void read() throws IOException {
    read = processes;
    check.begin();
    check.read(history());
    if (opened) check.allOpened();
    // What was found may have begun in the process before.
    if (!keep && check.isClean()) Files.deleteIfExists(history(processes - 1));
  }

  private void report(PrintWriter out) {
    List<Double> forces = forcesNs.stream().map(ns -> ns / 1e6).toList();
    out.printf(Locale.ROOT, "operations   %d, of them %d certified chunks%n", check.operations(), check.certified());
    out.printf(Locale.ROOT, "compared     %d of %d items%n", check.compared(), check.acknowledged());
    out.print(counts.told());
    out.printf(Locale.ROOT, "bundles      %d updates, %d stops, %d uninstalls, of these %d of the schemes' bundle%n",
        count("update"), count("stop"), count("uninstall"),
        troubles.stream().filter(SoakTroubles.Trouble::ofSchemes).count());
    out.print(killed.told());
    for (HistoryCheck.Fault fault : HistoryCheck.Fault.values()) {
      out.printf(Locale.ROOT, "%-12s %d%n", fault.name().toLowerCase(Locale.ROOT), check.count(fault));
    }
    out.printf(Locale.ROOT, "failed       %d operations of writers, and none in %d swaps of a calm node%n",
        check.failed().values().stream().mapToLong(Long::longValue).sum(), calm);
    check.failed().entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(FAILED_TOLD_MAX).forEach(each -> out.println("             " + each.getValue() + " " + each.getKey()));
    for (SoakCounts.Role role : SoakCounts.Role.values()) {
      List<Double> pauses = counts.pausesMs(role);
      out.printf(Locale.ROOT,
          "pause        p50 %.1f, p99 %.1f, max %.1f ms of %s, those in which a bundle went and came included%n",
          Quantile.of(pauses, 0.5), Quantile.of(pauses, 0.99), Quantile.of(pauses, 1), role.word());
    }
    out.printf(Locale.ROOT, "bare force   p50 %.1f, p99 %.1f, max %.1f ms of %d%n", Quantile.of(forces, 0.5),
        Quantile.of(forces, 0.99), Quantile.of(forces, 1), forces.size());
    out.print(journals.told());
    if (!grown.isEmpty()) out.println("held         " + grown);
  }

  /// What gave a provider another class loader.
  private long anew() {
    return count("update") + count("uninstall");
  }

  private long count(String trouble) {
    return troubles.stream().filter(each -> each.what().equals(trouble)).count();
  }

  private static long sinceSeconds(long begunNs) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunNs);
  }

  private static void park(long ns) {
    long end = System.nanoTime() + ns;
    while (System.nanoTime() < end) LockSupport.parkNanos(end - System.nanoTime());
  }
}
