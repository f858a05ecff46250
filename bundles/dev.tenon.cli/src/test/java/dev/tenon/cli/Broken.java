package dev.tenon.cli;

import dev.tenon.sim.Scenario;
import dev.tenon.sim.ScenarioProvider;
import dev.tenon.sim.SimResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A scenario on the class path of these tests that fails with odd seeds.
public final class Broken implements ScenarioProvider, Scenario {
  static final String NAME = "broken";
  static final String HELP = "fails with odd seeds";
  static final String DIGEST = "0123456789abcdef0123456789abcdef";

  /// For the service loader.
  public Broken() {}

  @Override
  public List<Scenario> scenarios() {
    return List.of(this);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String help() {
    return HELP;
  }

  @Override
  public List<String> schemes() {
    return List.of("even", "odd");
  }

  @Override
  public SimResult run(long seed, @Nullable Appendable trace) {
    return new SimResult(DIGEST, 1, Duration.ZERO, seed % 2 == 0 ? List.of() : List.of(seed + " is odd"));
  }
}
