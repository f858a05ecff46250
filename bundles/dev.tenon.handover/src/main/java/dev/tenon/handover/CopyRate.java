package dev.tenon.handover;

/// How fast a handover copies, and so how long the rest takes. Of the last one where none is under way.
final class CopyRate {
  private static final long SECOND_NS = 1_000_000_000;

  private long sinceNs;
  private long tookNs;
  private long items;
  private long bytes;
  private boolean begun;

  /// Another provider is to be filled.
  void begin() {
    begun = false;
  }

  /// Counts from the first piece on.
  void saw(Standby standby, long nowNs) {
    if (standby.stage() == Standby.Stage.EXPORTING && !begun) {
      begun = true;
      sinceNs = nowNs;
    } else if (begun && standby.bytes() > 0) {
      items = standby.items();
      bytes = standby.bytes();
      tookNs = nowNs - sinceNs;
    }
  }

  /// @return 0 where nothing was copied yet
  long bytesPerSecond() {
    return tookNs <= 0 ? 0 : (long) (bytes * (double) SECOND_NS / tookNs);
  }

  /// @return -1 where nothing was copied yet
  long remainingMs(long itemsLeft) {
    return !begun || items == 0 ? -1 : (long) ((double) itemsLeft * tookNs / items / 1e6);
  }
}
