package dev.tenon.handover;

import dev.tenon.codec.ConfigException;

/// Bounds and deadlines of one slot.
///
/// @param unitsMax queued and kept units together
/// @param bytesMax what they hold together
/// @param parkTimeoutMs after which a waiting unit fails
/// @param operationDeadlineMs of every call without a limit of its own
/// @param openDeadlineMs of recovering a location
/// @param sealDeadlineMs from the fence to the end of the old instance
/// @param backOffMsMin before the first attempt to recover
/// @param backOffMsMax before every later one at most
/// @param swap of its handovers
public record SlotLimits(int unitsMax, long bytesMax, long parkTimeoutMs, long operationDeadlineMs, long openDeadlineMs,
    long sealDeadlineMs, long backOffMsMin, long backOffMsMax, SwapLimits swap) {
  /// Units that one batch takes.
  static final int BATCH_UNITS = 64;
  /// A provider of which so many takings hang in a call is not taken again. Each holds a thread, two where its close
  /// hangs too.
  static final int HUNG_MAX = 3;

  /// What a slot has that says nothing else.
  public static final SlotLimits DEFAULT =
      new SlotLimits(65_536, 64L << 20, 10_000, 5_000, 600_000, 2_000, 100, 10_000, SwapLimits.DEFAULT);

  /// Checks the ranges.
  ///
  /// @throws ConfigException naming the key
  public SlotLimits {
    SwapLimits.within("unitsMax", unitsMax, 64, 1 << 20);
    SwapLimits.within("bytesMax", bytesMax, 1 << 20, 1L << 32);
    SwapLimits.within("parkTimeoutMs", parkTimeoutMs, 100, 600_000);
    SwapLimits.within("operationDeadlineMs", operationDeadlineMs, 100, 600_000);
    SwapLimits.within("openDeadlineMs", openDeadlineMs, 1_000, 86_400_000);
    SwapLimits.within("sealDeadlineMs", sealDeadlineMs, 100, 2_000);
    SwapLimits.within("backOffMsMin", backOffMsMin, 1, 60_000);
    SwapLimits.within("backOffMsMax", backOffMsMax, backOffMsMin, 600_000);
  }

  /// The wait before a handover is tried again: from the third failure in a row on the longest back-off, and doubled
  /// from there. Each attempt may copy all there is.
  ///
  /// @param failures in a row, from 1
  long swapBackOffMs(int failures) {
    return failures < SwapLimits.FAILURES_WARN
        ? backOffMs(failures)
        : Math.min(swap.swapBackOffMsMax(), backOffMsMax << Math.min(failures - SwapLimits.FAILURES_WARN, 20));
  }

  /// The wait before an attempt.
  ///
  /// @param failures in a row, from 1
  long backOffMs(int failures) {
    int doublings = Math.min(failures - 1, 20);
    return Math.min(backOffMsMax, backOffMsMin << doublings);
  }
}
