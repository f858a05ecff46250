package dev.tenon.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: the simulator is not blind. Method: each planted bug breaks the invariant in some of the seeds, and without
/// one no seed does.
class PlantedBugTest {
  private static final int SEEDS = 200;

  private static int violated(DurableAcks.Bug bug) {
    Scenario scenario = new DurableAcks(bug);
    int violated = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      if (!scenario.run(seed, null).passed()) {
        violated++;
      }
    }
    return violated;
  }

  @Test
  void withoutABugNoSeedFails() {
    assertThat(violated(DurableAcks.Bug.NONE)).isZero();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void findsThePlantedBug(DurableAcks.Bug bug) {
    int violated = violated(bug);
    System.out.println(bug + ": found by " + violated + " of " + SEEDS + " seeds");
    assertThat(violated).isGreaterThanOrEqualTo(1);
  }
}
