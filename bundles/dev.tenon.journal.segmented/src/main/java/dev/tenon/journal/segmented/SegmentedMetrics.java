package dev.tenon.journal.segmented;

import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Histogram;
import dev.tenon.runtime.metrics.Metrics;

/// The series of one opened family.
///
/// @param appendedBytes stored bytes of items, prefixes not counted
/// @param syncSeconds one barrier over all changed sections
/// @param droppedBytes cut off at open
/// @param openBlobs open files
record SegmentedMetrics(Counter appendedBytes, Histogram syncSeconds, Counter droppedBytes, Gauge openBlobs) {
  private static final double[] SYNC_SECONDS = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 5};

  static SegmentedMetrics of(Metrics metrics, String slot) {
    return new SegmentedMetrics(
        metrics.counter("tenon_journal_appended_bytes_total", "Bytes of items as they are stored.", "slot", slot),
        metrics.histogram("tenon_journal_sync_seconds", "Time to make all changed sections durable.", SYNC_SECONDS,
            "slot", slot),
        metrics.counter("tenon_journal_dropped_bytes_total", "Bytes of interrupted writes, cut off at open.", "slot",
            slot),
        metrics.gauge("tenon_journal_open_blobs", "Files that the provider holds open.", "slot", slot));
  }
}
