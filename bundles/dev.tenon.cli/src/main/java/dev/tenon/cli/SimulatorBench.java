package dev.tenon.cli;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How many handler executions a second the simulator does where the handlers do nothing: 64 actors in a ring pass 16
/// tokens round. In a JVM of its own that has one core; the median of the rounds after the first two, which warm up.
final class SimulatorBench implements Bench {
  private static final int ACTORS = 64;
  private static final int TOKENS = 16;
  private static final int MAILBOX = 1_024;
  private static final int ROUNDS = 7;
  private static final int WARM_UP_ROUNDS = 2;
  private static final int HANDLERS = 2_000_000;

  @Override
  public String name() {
    return "simulator";
  }

  @Override
  public String help() {
    return "null handler executions a second of the simulator, on one core";
  }

  @Override
  public void run(Results results) throws IOException {
    Process process = new ProcessBuilder(BenchNode.javaBin("java"), "-XX:ActiveProcessorCount=1", "-cp", classPath(),
        SimulatorBench.class.getName()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    BenchNode.waitFor(process);
    List<Double> rates = new ArrayList<>();
    try {
      output.lines().forEach(line -> rates.add(Double.valueOf(line)));
    } catch (NumberFormatException e) {
      throw new IOException("the simulator does not run: " + output.replace('\n', ' '), e);
    }
    if (process.exitValue() != 0 || rates.size() != ROUNDS) {
      throw new IOException("the simulator ended after " + rates.size() + " rounds of " + ROUNDS);
    }
    List<Double> warm = rates.subList(WARM_UP_ROUNDS, ROUNDS).stream().sorted().toList();
    results.add("handler_runs", warm.get(warm.size() / 2), "1/s");
    results.add("handler_runs_lowest", warm.getFirst(), "1/s");
  }

  /// Prints a rate for each round.
  ///
  /// @param arguments none
  public static void main(String[] arguments) {
    for (int round = 0; round < ROUNDS; round++) {
      System.out.println(rate(round, HANDLERS));
    }
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
