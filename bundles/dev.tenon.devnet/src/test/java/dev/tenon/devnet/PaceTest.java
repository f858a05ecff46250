package dev.tenon.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  @Test
  void spreadsPlacesEvenlyAndGivesNoBurstAfterAPause() {
    var pace = new Pace(100);
    assertThat(pace.delayNs(1_000)).isZero();
    assertThat(pace.delayNs(1_000)).isEqualTo(10_000_000);
    assertThat(pace.delayNs(1_000)).isEqualTo(20_000_000);
    assertThat(pace.delayNs(5_000_000_000L)).as("after a pause").isZero();
    assertThat(pace.delayNs(5_000_000_000L)).isEqualTo(10_000_000);
    pace.set(0);
    assertThat(pace.delayNs(5_000_000_000L)).isZero();
  }
}
