package dev.tenon.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.CheckFailed;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class PrometheusMetricsTest {
  private final PrometheusMetrics metrics = new PrometheusMetrics();

  @Test
  void writesAllKindsSortedByName() {
    metrics.gauge("tenon_room_level_bytes", "How full.").set(2.5);
    metrics.counter("tenon_room_acks_total", "Acks.", "outcome", "rejected").add(2);
    metrics.counter("tenon_room_acks_total", "Acks.", "outcome", "accepted").increment();
    var histogram = metrics.histogram("tenon_room_wait_seconds", "Waiting.", new double[] {0.1, 1}, "node", "v0");
    histogram.observe(0.05);
    histogram.observe(0.5);
    assertThat(histogram.count()).isEqualTo(2);
    assertThat(histogram.sum()).isEqualTo(0.55);
    assertThat(metrics.text()).isEqualTo("""
        # HELP tenon_room_acks_total Acks.
        # TYPE tenon_room_acks_total counter
        tenon_room_acks_total{outcome="accepted"} 1.0
        tenon_room_acks_total{outcome="rejected"} 2.0
        # HELP tenon_room_level_bytes How full.
        # TYPE tenon_room_level_bytes gauge
        tenon_room_level_bytes 2.5
        # HELP tenon_room_wait_seconds Waiting.
        # TYPE tenon_room_wait_seconds histogram
        tenon_room_wait_seconds_bucket{node="v0",le="0.1"} 1
        tenon_room_wait_seconds_bucket{node="v0",le="1.0"} 2
        tenon_room_wait_seconds_bucket{node="v0",le="+Inf"} 2
        tenon_room_wait_seconds_count{node="v0"} 2
        tenon_room_wait_seconds_sum{node="v0"} 0.55
        """);
  }

  @Test
  void givesTheSameSeriesAgainSoThatASwappedBundleGoesOnCounting() {
    metrics.counter("tenon_room_acks_total", "Acks.", "a", "1").add(3);
    var again = metrics.counter("tenon_room_acks_total", "Other help.", "a", "1");
    again.add(4);
    assertThat(again.value()).isEqualTo(7);
    assertThat(metrics.counter("tenon_room_acks_total", "Acks.", "a", "2").value()).isZero();
  }

  @Test
  void aRemovedSeriesIsSeenNoMoreAndANewOneStartsAtZero() {
    var old = metrics.counter("tenon_room_acks_total", "Acks.", "a", "1");
    old.add(3);
    old.remove();
    old.add(1);
    assertThat(metrics.text()).doesNotContain("tenon_room_acks_total{");
    var fresh = metrics.counter("tenon_room_acks_total", "Acks.", "a", "1");
    old.remove();
    fresh.add(1);
    assertThat(metrics.text()).contains("tenon_room_acks_total{a=\"1\"} 1.0\n");
    var gauge = metrics.gauge("tenon_room_level_bytes", "How full.");
    gauge.remove();
    gauge.set(1);
    assertThat(metrics.text()).doesNotContain("tenon_room_level_bytes 1");
    var histogram = metrics.histogram("tenon_room_wait_seconds", "Waiting.", new double[] {1});
    histogram.remove();
    histogram.observe(1);
    assertThat(metrics.text()).doesNotContain("tenon_room_wait_seconds_count");
  }

  @Test
  void refusesNamesKindsAndLabelsThatDoNotFit() {
    metrics.counter("tenon_room_acks_total", "Acks.", "a", "1");
    assertThatThrownBy(() -> metrics.counter("tenon_room_acks", "Acks.")).isInstanceOf(CheckFailed.class);
    assertThatThrownBy(() -> metrics.gauge("room_level", "x")).isInstanceOf(CheckFailed.class);
    assertThatThrownBy(() -> metrics.gauge("tenon_room_level", "x", "key")).isInstanceOf(CheckFailed.class);
    assertThatThrownBy(() -> metrics.gauge("tenon_room_level", "x", "Key", "v")).isInstanceOf(CheckFailed.class);
    assertThatThrownBy(() -> metrics.counter("tenon_room_acks_total", "Acks.", "b", "1"))
        .isInstanceOf(CheckFailed.class);
    assertThatThrownBy(() -> metrics.gauge("tenon_room_acks_total", "Acks.", "a", "1")).isInstanceOf(CheckFailed.class);
    assertThatThrownBy(() -> metrics.histogram("tenon_room_wait_seconds", "Waiting.", new double[] {1, 1}))
        .isInstanceOf(CheckFailed.class);
  }

  @Test
  void countsExactlyFromManyThreads() throws InterruptedException {
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < 4; t++) {
      var thread = new Thread(() -> {
        for (int i = 0; i < 10_000; i++) {
          metrics.counter("tenon_room_acks_total", "Acks.").increment();
          metrics.histogram("tenon_room_wait_seconds", "Waiting.", new double[] {1}).observe(0.5);
        }
      });
      threads.add(thread);
      thread.start();
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(metrics.text()).contains("tenon_room_acks_total 40000.0\n")
        .contains("tenon_room_wait_seconds_count 40000\n");
  }
}
