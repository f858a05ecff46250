package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Histogram;
import dev.tenon.sim.SimMetrics;
import dev.tenon.sim.Simulation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Two instances of one slot that name the same series.
class SlotSeriesTest {
  private static final String LEVEL = "tenon_test_level";
  private static final String COUNT = "tenon_test_things_total";

  private final Simulation simulation = Simulation.seeded(1);
  private final SimMetrics process = simulation.node("n", booted -> {}).metrics();
  private final SlotSeries series = new SlotSeries(process);
  private final SlotSeries.Instance first = series.begin();

  @AfterEach
  void close() {
    simulation.close();
  }

  private static Gauge level(SlotSeries.Instance instance) {
    return instance.gauge(LEVEL, "A level.", "slot", "s");
  }

  private static Counter count(SlotSeries.Instance instance) {
    return instance.counter(COUNT, "A count.", "slot", "s");
  }

  private double seen(String name) {
    return process.value(name, "slot", "s");
  }

  @Test
  void whatOnlyOneHasGoesWithIt() {
    Histogram seconds = first.histogram("tenon_test_seconds", "Times.", new double[] {1, 2}, "slot", "s");
    seconds.observe(1);
    level(first).set(3);
    count(first).add(4);
    SlotSeries.Instance second = series.begin();
    count(second).add(1);
    second.opened();
    assertThat(process.names()).hasSize(3);
    first.end();
    assertThat(process.names()).containsExactly(COUNT + "{slot=\"s\"}");
    second.end();
    series.end();
    assertThat(process.names()).isEmpty();
  }

  @Test
  void aLevelIsThatOfWhoServesAndThenOfWhoFollows() {
    level(first).set(3);
    SlotSeries.Instance second = series.begin();
    Gauge ofSecond = level(second);
    ofSecond.set(7);
    assertThat(seen(LEVEL)).isEqualTo(3);
    level(first).set(4);
    assertThat(seen(LEVEL)).isEqualTo(4);
    Gauge ofFirst = level(first);
    first.end();
    assertThat(seen(LEVEL)).isEqualTo(7);
    ofFirst.set(99); // left behind
    assertThat(seen(LEVEL)).isEqualTo(7);
    ofSecond.set(8);
    assertThat(seen(LEVEL)).isEqualTo(8);
    second.end();
    assertThat(process.names()).isEmpty();
  }

  @Test
  void oneThatWasToTakeOverAndDoesNotLeavesNoTrace() {
    level(first).set(3);
    SlotSeries.Instance standby = series.begin();
    Gauge ofStandby = level(standby);
    ofStandby.set(7);
    Counter own = standby.counter("tenon_test_other_total", "Another count.");
    own.increment();
    standby.end();
    assertThat(process.names()).containsExactly(LEVEL + "{slot=\"s\"}");
    assertThat(seen(LEVEL)).isEqualTo(3);
    own.increment();
    ofStandby.set(8);
    assertThat(seen(LEVEL)).isEqualTo(3);
    level(first).set(5);
    assertThat(seen(LEVEL)).isEqualTo(5);
  }

  @Test
  void aCountGoesOnOverASwapAndOverAReopening() {
    Counter ofFirst = count(first);
    ofFirst.add(4);
    SlotSeries.Instance second = series.begin();
    count(second).add(1);
    first.end();
    ofFirst.add(100); // left behind
    assertThat(seen(COUNT)).isEqualTo(5);
    level(second).set(1);
    second.end();
    assertThat(process.names()).as("a level is nobody's").containsExactly(COUNT + "{slot=\"s\"}");
    SlotSeries.Instance third = series.begin();
    count(third).add(2);
    third.opened();
    assertThat(seen(COUNT)).isEqualTo(7);
    third.end();
    SlotSeries.Instance fourth = series.begin();
    fourth.opened();
    assertThat(process.names()).as("it does not count that").isEmpty();
  }

  @Test
  void theSameAskedTwiceIsOne() {
    level(first).set(1);
    assertThat(level(first).value()).isEqualTo(1);
    level(first).remove();
    assertThat(process.names()).isEmpty();
    level(first).set(2);
    assertThat(seen(LEVEL)).isEqualTo(2);
    first.end();
    assertThat(process.names()).isEmpty();
    level(first).set(3);
    assertThat(process.names()).as("asked for after its end").isEmpty();
  }

  @Test
  void theEndOfTheSlotTakesAllAway() {
    Counter counted = count(first);
    level(first).set(1);
    series.end();
    assertThat(process.names()).isEmpty();
    counted.increment();
    first.end();
    assertThat(process.names()).isEmpty();
  }
}
