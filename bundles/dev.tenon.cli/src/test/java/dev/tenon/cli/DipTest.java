package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DipTest {
  /// Counts in windows of 100 ms.
  private static List<Dip.Sample> samples(int... counts) {
    List<Dip.Sample> samples = new ArrayList<>();
    samples.add(new Dip.Sample(0, 7));
    for (int count : counts) {
      Dip.Sample last = samples.getLast();
      samples.add(new Dip.Sample(last.atNs() + Dip.WINDOW_NS, last.count() + count));
    }
    return samples;
  }

  @Test
  void sumsTheWindowsBelowHalfOfTheMeanBefore() {
    List<Dip.Sample> samples = samples(10, 12, 8, 10, 4, 0, 5, 4, 11);
    double mean = Dip.meanBefore(samples, 4 * Dip.WINDOW_NS);
    assertThat(mean).isCloseTo(100, within(1e-6));
    assertThat(Dip.ms(samples, mean, 4 * Dip.WINDOW_NS, 9 * Dip.WINDOW_NS)).isCloseTo(300, within(1e-6));
    assertThat(Dip.ms(samples, mean, 0, 4 * Dip.WINDOW_NS)).isZero();
    assertThat(Dip.ms(samples, mean, 4 * Dip.WINDOW_NS, 5 * Dip.WINDOW_NS)).isCloseTo(100, within(1e-6));
  }

  @Test
  void aLateSampleMakesALongerWindow() {
    List<Dip.Sample> samples = new ArrayList<>(samples(10, 10));
    samples.add(new Dip.Sample(7 * Dip.WINDOW_NS, 7 + 20 + 20));
    double mean = Dip.meanBefore(samples, 2 * Dip.WINDOW_NS);
    assertThat(Dip.ms(samples, mean, 2 * Dip.WINDOW_NS, 9 * Dip.WINDOW_NS)).isCloseTo(500, within(1e-6));
  }
}
