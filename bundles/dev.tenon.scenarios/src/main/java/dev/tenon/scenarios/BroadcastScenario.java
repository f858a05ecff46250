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
/// @param reaches what its runs have to come to see, as [Coverage] tells it
record BroadcastScenario(String name, String help, Plan plan, Trouble trouble, Plants plants,
    SignatureAlgorithm algorithm, List<String> reaches) implements Scenario {
  BroadcastScenario(String name, String help, Plan plan, Trouble trouble) {
    this(name, help, plan, trouble, List.of());
  }

  BroadcastScenario(String name, String help, Plan plan, Trouble trouble, List<String> reaches) {
    this(name, help, plan, trouble, Plants.NONE, new NullAlgorithm(), reaches);
  }

  BroadcastScenario planted(Plants faulty) {
    return new BroadcastScenario(name, help, plan, trouble, faulty, algorithm, reaches);
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
    return new BroadcastScenario(name, help, plan, trouble, plants, chosen, reaches);
  }

  @Override
  public SimResult run(long seed, @Nullable Appendable trace) {
    return run(seed, trace, new Coverage());
  }

  /// @param coverage is told what the run comes to see
  SimResult run(long seed, @Nullable Appendable trace, Coverage coverage) {
    try (World world = new World(seed, plan, plants, algorithm, trace, coverage)) {
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
