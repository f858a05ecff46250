package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    assertThat(BenchCommand.all(new BenchExtent(0, 0, 0, List.of()))).extracting(Bench::name)
        .contains("simulator", "devnet", "swap-pause-tails");
  }
}
