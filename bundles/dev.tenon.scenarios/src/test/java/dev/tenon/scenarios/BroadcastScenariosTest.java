package dev.tenon.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.sim.Scenario;
import dev.tenon.sim.Scenarios;
import dev.tenon.sim.SimResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: the invariants hold in every scenario, whatever the seed. Method: many seeds with the null scheme, a few with
/// real keys. `-Dtenon.scenarios.seeds=N` runs N seeds a scenario, `-Dtenon.nightly=true` at least 20,000 over
/// all.
class BroadcastScenariosTest {
  private static final int CI_SEEDS = 520;
  private static final int NIGHTLY_SEEDS = 20_000;
  private static final int REAL_SEEDS = 4;
  private static final int SEEDS = Integer.getInteger("tenon.scenarios.seeds",
      Math.ceilDiv(Boolean.getBoolean("tenon.nightly") ? NIGHTLY_SEEDS : CI_SEEDS, BroadcastScenarios.all().size()));

  static List<BroadcastScenario> all() {
    return BroadcastScenarios.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void holds(BroadcastScenario scenario) {
    passes(scenario, 0, SEEDS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void holdsWithRealKeys(BroadcastScenario scenario) {
    passes(scenario.with("ed25519"), 1_000_000, REAL_SEEDS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void oneSeedIsOneRun(BroadcastScenario scenario) {
    assertThat(scenario.run(77, null)).isEqualTo(scenario.run(77, null));
  }

  @Test
  void anotherSeedIsAnotherRun() {
    Scenario calm = all().getFirst();
    assertThat(calm.run(1, null).digest()).isNotEqualTo(calm.run(2, null).digest());
  }

  @Test
  void anotherSchemeIsAnotherRun() {
    Scenario calm = all().getFirst();
    Scenario real = calm.with("ed25519");
    assertThat(real.run(1, null).digest()).isNotEqualTo(calm.run(1, null).digest())
        .isEqualTo(real.run(1, null).digest());
  }

  @Test
  void areFoundOnTheClassPath() {
    List<String> names = Scenarios.all().stream().map(Scenario::name).toList();
    assertThat(names).containsAll(all().stream().map(BroadcastScenario::name).toList())
        .containsAll(SwapScenarios.all().stream().map(BroadcastScenario::name).toList()).doesNotHaveDuplicates();
    assertThat(all()).hasSizeGreaterThanOrEqualTo(8);
  }

  private static void passes(Scenario scenario, long firstSeed, int count) {
    List<String> failed = new ArrayList<>();
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      SimResult result = scenario.run(seed, null);
      if (!result.passed()) {
        failed.add("seed " + seed + ": " + result.violations());
      }
    }
    assertThat(failed).isEmpty();
  }
}
