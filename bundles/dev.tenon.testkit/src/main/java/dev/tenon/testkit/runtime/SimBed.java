package dev.tenon.testkit.runtime;

import dev.tenon.runtime.Runtime;
import dev.tenon.sim.Simulation;
import java.time.Duration;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// Nodes of a simulation. A failing actor does not fail the run: some tests want it.
public final class SimBed implements RuntimeBed {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Simulation simulation;
  private final TreeMap<String, Runtime> nodes = new TreeMap<>();

  /// @param seed decides everything
  public SimBed(long seed) {
    simulation = Simulation.seeded(seed).tolerateFailures();
  }

  @Override
  public Runtime node(String name) {
    return nodes.computeIfAbsent(name, absent -> simulation.node(absent, node -> {}).runtime());
  }

  @Override
  public void until(BooleanSupplier done) {
    if (!simulation.runUntil(done, LIMIT)) {
      throw new AssertionError("not within " + LIMIT + " of virtual time; failures: " + simulation.failures());
    }
  }

  @Override
  public void close() {
    simulation.close();
  }
}
