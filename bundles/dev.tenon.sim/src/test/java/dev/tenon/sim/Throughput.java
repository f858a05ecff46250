package dev.tenon.sim;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A null workload: actors that pass tokens round. Prints handler executions per second of real time. With an argument:
/// how many tokens are under way (default 16).
final class Throughput {
  private static final int ACTORS = 64;
  private static final int ROUNDS = 5;
  private static final int HANDLERS = 2_000_000;

  private Throughput() {}

  /// @param arguments how many tokens
  public static void main(String[] arguments) {
    int tokens = arguments.length == 0 ? 16 : Integer.parseInt(arguments[0]);
    for (int round = 0; round < ROUNDS; round++) {
      try (Simulation sim = Simulation.seeded(round)) {
        List<Mailbox<Integer>> ring = new ArrayList<>();
        SimNode node = sim.node("v0", mine -> {
          for (int i = 0; i < ACTORS; i++) {
            int next = (i + 1) % ACTORS;
            ring.add(mine.runtime().spawn("a" + i, MailboxSpec.oneLane(1_024),
                (Context<Integer> context) -> (Actor<Integer>) token -> pass(ring.get(next), token)));
          }
        });
        for (int token = 0; token < tokens; token++) {
          pass(ring.get(token % ACTORS), token);
        }
        long before = System.nanoTime();
        sim.runUntil(() -> sim.handlerRuns() >= HANDLERS, Duration.ofDays(1));
        double seconds = (System.nanoTime() - before) / 1e9;
        System.out.printf("%s, %d actors, %d tokens: %,.0f handler executions/s, digest %s%n", node, ACTORS, tokens,
            sim.handlerRuns() / seconds, sim.digest());
      }
    }
  }

  private static void pass(Mailbox<Integer> to, Integer token) {
    if (to.offer(token) == Offer.REJECTED) {
      throw new IllegalStateException("lost a token");
    }
  }
}
