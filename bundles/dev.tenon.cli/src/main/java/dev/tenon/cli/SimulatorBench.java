package dev.tenon.cli;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.sim.Scenario;
import dev.tenon.sim.Scenarios;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.SimResult;
import dev.tenon.sim.Simulation;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How many handler executions a second of real time the simulator does, in a JVM of its own on one core: of ordered
/// broadcast over its whole stack with the null scheme (journals on slots, segmented files, disks, links, the witness
/// and its invariants), one round a number of seeds of `broadcast-calm`; and of a bare ring, 64 actors whose handlers
/// only pass 16 tokens on, which is the loop's own cost. The median of the rounds after those that warm up.
final class SimulatorBench implements Bench {
  private static final String SCENARIO = "broadcast-calm";
  private static final int SEEDS = 20;
  private static final int ROUNDS = 21;
  /// So many until the compiler, on the same core, has little left to do.
  private static final int WARM_UP_ROUNDS = 12;
  private static final int ACTORS = 64;
  private static final int TOKENS = 16;
  private static final int MAILBOX = 1_024;
  private static final int HANDLERS = 2_000_000;
  private static final Pattern ROUND = Pattern.compile("(broadcast|ring) ([0-9.E]+)");

  @Override
  public String name() {
    return "simulator";
  }

  @Override
  public String help() {
    return "handler executions a second of the simulator on one core: of ordered broadcast, and of a ring of empty"
        + " ones";
  }

  @Override
  public void run(Results results) throws IOException {
    List<String> command = new ArrayList<>(pin());
    results.add("pinned_to_cores", command.isEmpty() ? 0 : 1, command.isEmpty() ? "(no taskset here)" : "");
    command.addAll(List.of(BenchNode.javaBin("java"), "-XX:ActiveProcessorCount=1", "-cp", classPath(),
        SimulatorBench.class.getName()));
    // What a logger says on the error stream is not part of the answer.
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    BenchNode.waitFor(process);
    List<Double> broadcast = rates(output, "broadcast");
    List<Double> ring = rates(output, "ring");
    if (process.exitValue() != 0 || broadcast.size() != ROUNDS || ring.size() != ROUNDS) {
      throw new IOException("the simulator does not run: " + output.replace('\n', ' '));
    }
    report(results, "broadcast_handler_runs", broadcast);
    report(results, "empty_handler_runs", ring);
  }

  /// Prints a rate for each round.
  ///
  /// @param arguments none
  public static void main(String[] arguments) {
    Main.logQuietly();
    for (int round = 0; round < ROUNDS; round++) {
      System.out.println("broadcast " + broadcastRate((long) round * SEEDS, SEEDS));
    }
    for (int round = 0; round < ROUNDS; round++) {
      System.out.println("ring " + rate(round, HANDLERS));
    }
  }

  /// Some seeds of ordered broadcast, one after the other, each from the making of its world to its end.
  ///
  /// @return handler executions a second of real time
  static double broadcastRate(long firstSeed, int seeds) {
    Scenario scenario = Scenarios.all().stream().filter(each -> each.name().equals(SCENARIO)).findFirst()
        .orElseThrow(() -> new IllegalStateException("there is no scenario " + SCENARIO));
    long handlers = 0;
    long before = System.nanoTime();
    for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
      SimResult result = scenario.run(seed, null);
      if (!result.passed()) throw new IllegalStateException("seed " + seed + ": " + result.violations());
      handlers += result.handlerRuns();
    }
    return handlers / ((System.nanoTime() - before) / 1e9);
  }

  /// One round.
  ///
  /// @return handler executions a second of real time
  static double rate(long seed, long handlers) {
    try (Simulation sim = Simulation.seeded(seed)) {
      List<Mailbox<Integer>> ring = new ArrayList<>();
      SimNode node = sim.node("v0", mine -> {
        for (int i = 0; i < ACTORS; i++) {
          int next = (i + 1) % ACTORS;
          ring.add(mine.runtime().spawn("a" + i, MailboxSpec.oneLane(MAILBOX),
              (Context<Integer> context) -> (Actor<Integer>) token -> pass(ring.get(next), token)));
        }
      });
      for (int token = 0; token < TOKENS; token++) {
        pass(ring.get(token % ACTORS), token);
      }
      long before = System.nanoTime();
      if (!sim.runUntil(() -> sim.handlerRuns() >= handlers, Duration.ofDays(1))) {
        throw new IllegalStateException("the ring of " + node + " has stopped");
      }
      return sim.handlerRuns() / ((System.nanoTime() - before) / 1e9);
    }
  }

  private static void report(Results results, String metric, List<Double> rounds) {
    List<Double> warm = rounds.subList(WARM_UP_ROUNDS, ROUNDS).stream().sorted().toList();
    results.add(metric, warm.get(warm.size() / 2), "1/s");
    results.add(metric + "_lowest", warm.getFirst(), "1/s");
  }

  private static List<Double> rates(String output, String what) {
    return ROUND.matcher(output).results().filter(round -> round.group(1).equals(what))
        .map(round -> Double.valueOf(round.group(2))).toList();
  }

  /// What keeps a process on one core, where it is to be had: the JVM's own threads stay there with it.
  private static List<String> pin() {
    return Stream.of("/usr/bin/taskset", "/bin/taskset").filter(file -> Files.isExecutable(Path.of(file))).findFirst()
        .map(file -> List.of(file, "-c", "0")).orElse(List.of());
  }

  private static String classPath() {
    String home = System.getProperty("tenon.home");
    if (home == null) {
      return System.getProperty("java.class.path");
    }
    String features = home + "/features/target";
    return features + "/mains/*" + File.pathSeparator + features + "/bundles/*";
  }

  private static void pass(Mailbox<Integer> to, Integer token) {
    if (to.offer(token) == Offer.REJECTED) {
      throw new IllegalStateException("lost a token");
    }
  }
}
