package dev.tenon.slot;

import java.util.Arrays;

/// How old the calls inside a tenure are, though no call reads a clock. They are counted in groups: from time to time
/// whoever looks begins another one, and what is still in a group that was closed is at least as old as its closing.
/// Only a group that was read as empty is begun again, so that it holds no older ones. Where calls hang in all groups
/// but one, that one goes on, and what hangs in it too is not told before one of the others is empty.
///
/// Whoever reads the number of the group and counts a moment later is in one that was closed meanwhile: younger than it
/// looks by that moment. Guarded by the lock of its tenure.
final class Groups {
  /// As many as there are longs beside the first of a cell's line, and as many as fit: 8 of 16.
  static final int COUNT = 8;
  /// Between two groups passes this part of what is too long, so that the others last until that is over.
  private static final int SHARE = 4;
  private static final long EMPTY = Long.MIN_VALUE;

  /// When it was closed, or [#EMPTY].
  private final long[] closedNs = new long[COUNT];
  /// How many of it were counted as overdue.
  private final long[] counted = new long[COUNT];
  private long everOverdue;
  private long openedNs;
  private int now;

  Groups() {
    Arrays.fill(closedNs, EMPTY);
  }

  /// @return where newcomers count
  int now() {
    return now;
  }

  /// @param counts of each group, just read
  /// @param nowNs on one clock
  /// @param overdueNs what is too long
  CallsInside look(long[] counts, long nowNs, long overdueNs) {
    long calls = 0;
    long overdue = 0;
    long oldestNs = 0;
    int free = -1;
    for (int group = 0; group < COUNT; group++) {
      calls += counts[group];
      if (group == now) {
        continue;
      }
      if (counts[group] == 0) {
        closedNs[group] = EMPTY;
        counted[group] = 0;
        free = group;
        continue;
      }
      if (closedNs[group] == EMPTY) {
        closedNs[group] = nowNs; // it read the group's number before another one was begun
      }
      long ageNs = nowNs - closedNs[group];
      oldestNs = Math.max(oldestNs, ageNs);
      if (ageNs >= overdueNs) {
        overdue += counts[group];
        long more = Math.max(0, counts[group] - counted[group]);
        counted[group] += more;
        everOverdue += more;
      }
    }
    if (counts[now] == 0) {
      openedNs = nowNs;
    } else if (free >= 0 && nowNs - openedNs >= overdueNs / SHARE) {
      closedNs[now] = nowNs;
      now = free;
      openedNs = nowNs;
    }
    return new CallsInside(calls, overdue, everOverdue, oldestNs / 1_000_000);
  }
}
