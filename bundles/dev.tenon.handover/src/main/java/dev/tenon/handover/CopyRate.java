package dev.tenon.handover;

/// How fast a handover copies, and so how long the rest takes. Of the last one where none is under way.
final class CopyRate {
  private static final long SECOND_NS = 1_000_000_000;

  private long sinceNs;
  private long tookNs;
  private long items;
  private long bytes;
  /// What there was to copy when the first piece was read.
  private long first;
  private long written;
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
      items = 0;
    } else if (begun && standby.bytes() > 0) {
      if (items == 0) {
        first = standby.items() + standby.itemsLeft();
      }
      items = standby.items();
      bytes = standby.bytes();
      written = Math.max(0, items + standby.itemsLeft() - first);
      tookNs = nowNs - sinceNs;
    }
  }

  /// @return 0 where nothing was copied yet
  long bytesPerSecond() {
    return tookNs <= 0 ? 0 : (long) (bytes * (double) SECOND_NS / tookNs);
  }

  /// How fast it copied, and how fast more was written meanwhile.
  ///
  /// @return one phrase, or nothing where nothing was copied
  String race() {
    return !begun || items == 0 || tookNs <= 0
        ? ""
        : ": " + Math.round(items * (double) SECOND_NS / tookNs) + " items/s copied, "
            + Math.round(written * (double) SECOND_NS / tookNs) + " items/s written meanwhile";
  }

  /// @return -1 where nothing was copied yet
  long remainingMs(long itemsLeft) {
    return !begun || items == 0 ? -1 : (long) ((double) itemsLeft * tookNs / items / 1e6);
  }
}
