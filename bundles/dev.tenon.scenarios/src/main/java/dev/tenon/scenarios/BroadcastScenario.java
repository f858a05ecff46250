package dev.tenon.scenarios;

import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.jvm.Ed25519;
import dev.tenon.sim.Scenario;
import dev.tenon.sim.SimResult;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One kind of trouble for ordered broadcast.
///
/// @param name unique
/// @param help one line
/// @param plan of its world
/// @param trouble what happens
/// @param plants faulty collaborators, for tests of the invariants
/// @param algorithm of all keys
record BroadcastScenario(String name, String help, Plan plan, Trouble trouble, Plants plants,
    SignatureAlgorithm algorithm) implements Scenario {
  BroadcastScenario(String name, String help, Plan plan, Trouble trouble) {
    this(name, help, plan, trouble, Plants.NONE, new NullAlgorithm());
  }

  BroadcastScenario planted(Plants faulty) {
    return new BroadcastScenario(name, help, plan, trouble, faulty, algorithm);
  }

  @Override
  public List<String> schemes() {
    return List.of("null", "ed25519");
  }

  @Override
  public Scenario with(String scheme) {
    SignatureAlgorithm chosen = switch (scheme) {
      case "null" -> new NullAlgorithm();
      case "ed25519" -> new Ed25519();
      default -> throw new IllegalArgumentException("unknown scheme " + scheme + "; known: " + schemes());
    };
    return new BroadcastScenario(name, help, plan, trouble, plants, chosen);
  }

  @Override
  public SimResult run(long seed, @Nullable Appendable trace) {
    try (World world = new World(seed, plan, plants, algorithm, trace)) {
      List<String> violations = new ArrayList<>();
      try {
        world.run(trouble);
      } catch (AssertionError | RuntimeException broken) {
        violations.add(broken.getClass().getSimpleName() + ": " + broken.getMessage());
      }
      violations.addAll(world.witness().violations());
      return SimResult.of(world.simulation(), violations);
    }
  }
}
