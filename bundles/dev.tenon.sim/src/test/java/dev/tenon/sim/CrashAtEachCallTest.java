package dev.tenon.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: no promise breaks wherever a node crashes. Method: count the runtime calls of a run, repeat it with a crash at
/// each, and take the power away once more afterwards.
class CrashAtEachCallTest {
  private static final int CALLS_LEAST = 100;

  @ParameterizedTest
  @EnumSource
  void noCallIsOneAtWhichACrashBreaksThePromise(CrashKind kind) {
    DurableAcks scenario = new DurableAcks(DurableAcks.Bug.NONE);
    DurableAcks.CallResult calm = scenario.runWithCrashAt(1, 0, kind);
    assertThat(calm.calls()).isGreaterThan(CALLS_LEAST);
    assertThat(calm.told()).isGreaterThan(10);
    int crashed = 0;
    for (long call = 4; call <= calm.calls(); call++) {
      DurableAcks.CallResult result = scenario.runWithCrashAt(1, call, kind);
      assertThat(result.violations()).as("call " + call).isEmpty();
      crashed += result.boots() == 3 ? 1 : 0;
    }
    assertThat(crashed).as("crashes at a call").isGreaterThan(CALLS_LEAST / 2);
  }

  @Test
  void findsTellingBeforeSyncAtOneOfTheCalls() {
    DurableAcks scenario = new DurableAcks(DurableAcks.Bug.TELLS_BEFORE_SYNC);
    long calls = scenario.runWithCrashAt(2, 0, CrashKind.POWER_LOSS).calls();
    int violated = 0;
    for (long call = 4; call <= calls; call++) {
      violated += scenario.runWithCrashAt(2, call, CrashKind.POWER_LOSS).violations().isEmpty() ? 0 : 1;
    }
    assertThat(violated).isPositive();
  }
}
