package dev.tenon.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.sim.SimResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: the invariants hold whatever becomes of handovers, and the runs really come to each situation. Method: many
/// seeds with the null scheme, each fourth of them twice (at night each), a few with real keys, and counts of what was
/// seen. `-Dtenon.scenarios.seeds=N` runs N seeds a scenario, `-Dtenon.nightly=true` at least 20,000 over all.
class SwapScenariosTest {
  private static final int CI_SEEDS = 500;
  private static final int NIGHTLY_SEEDS = 20_000;
  private static final int SCENARIOS = SwapScenarios.all().size();
  /// So many seeds apart are those whose second run has to have the same digest.
  private static final int TWICE_EVERY = Boolean.getBoolean("tenon.nightly") ? 1 : 4;
  /// What is reached rarely is looked for in more seeds than the others need.
  private static final int SEEDS_MAX = 500;
  private static final int SEEDS = Integer.getInteger("tenon.scenarios.seeds",
      Math.ceilDiv(Boolean.getBoolean("tenon.nightly") ? NIGHTLY_SEEDS : CI_SEEDS, SCENARIOS));

  static List<BroadcastScenario> all() {
    return SwapScenarios.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void holdsAndReachesWhatItIsFor(BroadcastScenario scenario) {
    Coverage coverage = new Coverage();
    List<String> failed = new ArrayList<>();
    boolean covers = SEEDS >= Math.ceilDiv(CI_SEEDS, SCENARIOS);
    for (long seed = 0; seed < SEEDS || (covers && seed < SEEDS_MAX && !coverage.missing(scenario.reaches()).isEmpty());
        seed++) {
      SimResult result = scenario.run(seed, null, coverage);
      if (!result.passed()) {
        failed.add("seed " + seed + ": " + result.violations());
      }
      if (seed % TWICE_EVERY == 0 && !result.equals(scenario.run(seed, null))) {
        failed.add("seed " + seed + ": another run of it is another");
      }
    }
    assertThat(failed).isEmpty();
    if (covers) {
      assertThat(coverage.missing(scenario.reaches())).as("what was not reached: %s", coverage).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void holdsWithRealKeys(BroadcastScenario scenario) {
    SimResult result = ((BroadcastScenario) scenario.with("ed25519")).run(1_000_000, null, new Coverage());
    assertThat(result.violations()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void oneSeedIsOneRun(BroadcastScenario scenario) {
    assertThat(scenario.run(77, null)).isEqualTo(scenario.run(77, null));
  }
}
