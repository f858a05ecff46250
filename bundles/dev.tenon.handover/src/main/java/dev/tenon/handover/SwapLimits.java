package dev.tenon.handover;

import dev.tenon.codec.ConfigException;

/// Bounds and deadlines of the handovers of one slot.
///
/// @param quietMs how long a wish rests before it is acted upon
/// @param prepareTimeoutMs from the first look at the next provider to the fence
/// @param drainDeadlineMs for the batch in flight at the fence
/// @param fenceBudgetMs from there to the write of the record
/// @param retentionMs how long what was handed over from is kept
/// @param goneBudgetMs how long a provider that goes is made to wait for a handover, its seal included
/// @param copyPercent how much of the time copying works while somebody is served; for the rest of it copying rests
/// @param tailItemsMax rounds end when at most so many items are left, and at most so many were carried by the last
///     one; while a longer round is applied and compared, more than that may come in
/// @param roundsMax after so many rounds the fence comes with whatever is left, if that is at most `tailItemsHardMax`
/// @param tailItemsHardMax as said there
/// @param retainedMax locations that were handed over from and are kept
/// @param swapBackOffMsMax the longest wait before a handover that has failed is tried again
public record SwapLimits(long quietMs, long prepareTimeoutMs, long drainDeadlineMs, long fenceBudgetMs,
    long retentionMs, long goneBudgetMs, int copyPercent, int tailItemsMax, int roundsMax, int tailItemsHardMax,
    int retainedMax, long swapBackOffMsMax) {
  static final int COPY_PERCENT = 50;
  static final int TAIL_ITEMS = 64;
  static final int ROUNDS_MAX = 20;
  static final int TAIL_ITEMS_HARD = 10_000;
  static final int RETAINED_MAX = 2;
  static final long BACK_OFF_MS_MAX = 600_000;
  /// What a slot has that says nothing else.
  public static final SwapLimits DEFAULT = new SwapLimits(500, 3_600_000, 2_000, 1_000, 600_000, 5_000);
  /// After so many failures in a row the operator is told.
  static final int FAILURES_WARN = 3;
  /// After so long a slot that may not fence copies another round and asks again.
  static final long TURN_MS = 50;

  /// Checks the ranges.
  ///
  /// @throws ConfigException naming the key
  public SwapLimits {
    within("quietMs", quietMs, 0, 60_000);
    within("prepareTimeoutMs", prepareTimeoutMs, 1_000, 86_400_000);
    within("drainDeadlineMs", drainDeadlineMs, 10, 60_000);
    within("fenceBudgetMs", fenceBudgetMs, 10, 60_000);
    within("retentionMs", retentionMs, 0, 86_400_000);
    within("goneBudgetMs", goneBudgetMs, 0, 5_000);
    within("copyPercent", copyPercent, 5, 100);
    within("tailItemsMax", tailItemsMax, 1, 10_000);
    within("roundsMax", roundsMax, 1, 1_000);
    within("tailItemsHardMax", tailItemsHardMax, tailItemsMax, 1_000_000);
    within("retainedMax", retainedMax, 0, 16);
    within("swapBackOffMsMax", swapBackOffMsMax, 100, 86_400_000);
  }

  /// With the usual pace of copying, rounds and number of retained locations.
  ///
  /// @param quietMs as above
  /// @param prepareTimeoutMs as above
  /// @param drainDeadlineMs as above
  /// @param fenceBudgetMs as above
  /// @param retentionMs as above
  /// @param goneBudgetMs as above
  public SwapLimits(long quietMs, long prepareTimeoutMs, long drainDeadlineMs, long fenceBudgetMs, long retentionMs,
      long goneBudgetMs) {
    this(quietMs, prepareTimeoutMs, drainDeadlineMs, fenceBudgetMs, retentionMs, goneBudgetMs, COPY_PERCENT,
        TAIL_ITEMS, ROUNDS_MAX, TAIL_ITEMS_HARD, RETAINED_MAX, BACK_OFF_MS_MAX);
  }

  /// Here and not in [SlotLimits], whose default holds this one's: neither may begin with the other.
  static void within(String key, long value, long min, long max) {
    if (value < min || value > max) {
      throw new ConfigException("dev.tenon.slot." + key, Long.toString(value), min + " to " + max);
    }
  }
}
