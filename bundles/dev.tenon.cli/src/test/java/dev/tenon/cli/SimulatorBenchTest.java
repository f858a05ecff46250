package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulatorBenchTest {
  @Test
  void theRingGoesOnForAsLongAsIsAsked() {
    assertThat(SimulatorBench.rate(1, 20_000)).isPositive();
  }

  @Test
  void broadcastRunsUntilItsSeedsAreThrough() {
    assertThat(SimulatorBench.broadcastRate(1, 1)).isPositive();
  }

  @Test
  void isKnownByItsName() {
    assertThat(BenchCommand.all()).extracting(Bench::name).contains("simulator", "devnet");
  }
}
