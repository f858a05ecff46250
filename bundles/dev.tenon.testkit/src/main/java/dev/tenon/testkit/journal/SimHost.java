package dev.tenon.testkit.journal;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.sim.SimDisk;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// A location on a simulated disk, whose node can crash.
public final class SimHost implements JournalHost {
  /// The location that every context names.
  public static final String LOCATION = "v0/journal/contract/1";
  private static final Duration LIMIT = Duration.ofHours(1);

  private final Simulation simulation;
  private final SimNode node;
  private long strands;

  /// @param seed decides costs and what a crash leaves
  public SimHost(long seed) {
    simulation = Simulation.seeded(seed);
    node = simulation.node("v0", booted -> {});
  }

  /// @return the node, for crashes
  public SimNode node() {
    return node;
  }

  /// @return its disk, for faults
  public SimDisk disk() {
    return node.disk();
  }

  @Override
  public <T> T run(Function<OpenContext, T> body) {
    return attempt(body).orElseThrow(() -> new AssertionError("the node has crashed"));
  }

  /// Runs a body in which the node may crash; it then stays down.
  ///
  /// @param <T> the value
  /// @param body as in [#run]
  /// @return its value; nothing if the node crashed
  public <T> Optional<T> attempt(Function<OpenContext, T> body) {
    if (!node.isUp()) {
      node.start();
    }
    var ended = new AtomicReference<Outcome<T>>();
    Runtime runtime = node.runtime();
    String name = "contract-" + ++strands;
    runtime.spawn(name, MailboxSpec.<Outcome<T>>oneLane(2), context -> asking(runtime, name, body, ended, context));
    simulation.runUntil(() -> ended.get() != null || !node.isUp(), LIMIT);
    if (!node.isUp()) {
      return Optional.empty();
    }
    return switch (ended.get()) {
      case Outcome.Done<T>(var value) -> Optional.of(value);
      case Outcome.Failed<T>(var cause) -> throw cause;
    };
  }

  private static <T> Actor<Outcome<T>> asking(Runtime runtime, String name, Function<OpenContext, T> body,
      AtomicReference<Outcome<T>> ended, Context<Outcome<T>> context) {
    return new Actor<>() {
      @Override
      public void start() {
        runtime.strand(name).run("body", () -> body.apply(SimHost.context(runtime))).then(outcome -> outcome);
      }

      @Override
      public void handle(Outcome<T> outcome) {
        ended.set(outcome);
        context.stop();
      }
    };
  }

  /// @param runtime of a node
  /// @return a context of [#LOCATION] there
  public static OpenContext context(Runtime runtime) {
    return new OpenContext("v0/journal/contract", LOCATION, 1, runtime.volume().scope(LOCATION), runtime.clock(),
        runtime.metrics(), 64L << 20);
  }

  @Override
  public void close() {
    simulation.close();
  }
}
