package dev.tenon.storage.mapdb;

import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Histogram;
import dev.tenon.runtime.metrics.Metrics;

/// The series of one opened family. Those that every journal has go on counting over a swap.
///
/// @param appendedBytes of items
/// @param syncSeconds one force of the log
/// @param droppedBytes cut off at open
/// @param checkpointSeconds log into run
/// @param runs tables that the family consists of
record MapdbMetrics(Counter appendedBytes, Histogram syncSeconds, Counter droppedBytes, Histogram checkpointSeconds,
    Gauge runs) {
  private static final double[] SYNC_SECONDS = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 5};

  static MapdbMetrics of(Metrics metrics, String slot) {
    return new MapdbMetrics(
        metrics.counter("tenon_journal_appended_bytes_total", "Bytes of items as they are stored.", "slot", slot),
        metrics.histogram("tenon_journal_sync_seconds", "Time to make all changed sections durable.", SYNC_SECONDS,
            "slot", slot),
        metrics.counter("tenon_journal_dropped_bytes_total", "Bytes of interrupted writes, cut off at open.", "slot",
            slot),
        metrics.histogram("tenon_journal_checkpoint_seconds", "Time to turn the log into a sorted table.",
            SYNC_SECONDS, "slot", slot),
        metrics.gauge("tenon_journal_runs", "Sorted tables that hold the items.", "slot", slot));
  }
}
