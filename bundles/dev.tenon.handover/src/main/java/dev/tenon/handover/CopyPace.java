package dev.tenon.handover;

import java.util.function.Supplier;

/// How long the copying of a handover rests before its next piece, so that it never takes more than its share of
/// strand, disk and processors from whoever is served meanwhile ([SwapLimits#copyPercent]): with half of them as long
/// as the piece before took, the wait for a batch included. No rest where nobody is served, where rests would keep the
/// handover from ending, and behind the fence. The conductor's.
final class CopyPace {
  /// Who was served within this time is taken to be served.
  private static final long SERVED_NS = 1_000_000_000;
  private static final long MS_NS = 1_000_000;

  private final Supplier<SlotLimits> limits;
  private long sinceNs;
  private long pieceNs;
  private boolean begun;
  /// What is owed and was too short for a timer.
  private long owedNs;
  private int rounds;
  private long left;
  private boolean catchesUp;

  /// @param limits a rest is much shorter than the deadline of the step that it delays, and the second half of the time
  ///     for a handover is without rests
  CopyPace(Supplier<SlotLimits> limits) {
    this.limits = limits;
  }

  /// Another provider is to be filled.
  void begin(long nowNs) {
    sinceNs = nowNs;
    begun = false;
    owedNs = 0;
    rounds = 0;
    left = Long.MAX_VALUE;
    catchesUp = false;
  }

  /// A piece begins to be read.
  void piece(long nowNs) {
    pieceNs = nowNs;
    begun = true;
  }

  /// @param servedNs when a batch was last begun
  /// @return before the next piece is read, in ms
  long restMs(Standby standby, long nowNs, long servedNs) {
    if (standby.rounds() > rounds) {
      // A round that leaves more than half of the one before has to be faster, not gentler.
      catchesUp |= standby.itemsLeft() > left / 2;
      rounds = standby.rounds();
      left = standby.itemsLeft();
    }
    SwapLimits swap = limits.get().swap();
    long restlessNs = swap.prepareTimeoutMs() * MS_NS / 2;
    if (!begun || catchesUp || nowNs - servedNs > SERVED_NS || nowNs - sinceNs > restlessNs) {
      owedNs = 0;
      return 0;
    }
    owedNs += (nowNs - pieceNs) * (100 - swap.copyPercent()) / swap.copyPercent();
    long restMsMax = limits.get().operationDeadlineMs() / 4;
    long restMs = Math.min(restMsMax, owedNs / MS_NS);
    owedNs = restMs == restMsMax ? 0 : owedNs - restMs * MS_NS;
    return restMs;
  }
}
