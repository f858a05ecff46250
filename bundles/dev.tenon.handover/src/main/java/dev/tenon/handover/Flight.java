package dev.tenon.handover;

import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.SlotUnit;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The batch that is on its way through a provider. Its strand ends its units; where that is given up the conductor
/// ends those that are left.
///
/// A batch leaves the queue and stands here in one step, which comes before giving up or not at all; so does the claim
/// of each unit. Else units would be neither here nor in the queue, or run on an instance that was left. The lock is
/// held for a few instructions, never while a unit or a provider is called, and the queue's is taken under it.
///
/// A strand that was given up cannot end a promise any more, nor is it known whether it ever comes to the next one. So
/// units are handed out for their ends one by one, and giving up finds all that were not, and the one that is being
/// ended: it is perhaps ended twice, and the first end counts.
final class Flight {
  /// What is taken out.
  ///
  /// @param units of the batch, in their order; without those that were ended
  /// @param begun how many of them were claimed
  /// @param ran whether all have run and are durable: these are owed their ends only, and do not count as kept any more
  record Left(List<SlotUnit> units, int begun, boolean ran) {}

  private final ReentrantLock lock = new ReentrantLock();
  private List<SlotUnit> units = List.of();
  private int begun;
  /// How many were handed out for their ends; -1 while the batch runs.
  private int ending = -1;
  private boolean abandoned;

  /// On the strand.
  ///
  /// @return what was taken, in arrival order
  /// @throws FencedException if the strand was given up: the queue keeps what it has
  List<SlotUnit> take(SlotQueue queue, int max) {
    lock.lock();
    try {
      refuseAbandoned();
      begun = 0;
      ending = -1;
      units = queue.take(max);
      return units;
    } finally {
      lock.unlock();
    }
  }

  /// On the strand, before a unit runs: one that was not claimed by the time of giving up never runs here.
  ///
  /// @throws FencedException if the strand was given up
  void claim(int index) {
    lock.lock();
    try {
      refuseAbandoned();
      begun = index + 1;
      units.get(index).dispatched();
    } finally {
      lock.unlock();
    }
  }

  private void refuseAbandoned() {
    if (abandoned) {
      throw new FencedException("the strand was given up");
    }
  }

  /// On the strand, once all has run and is durable: ends are owed, and nothing else.
  ///
  /// @param owed the batch without what its facade keeps
  /// @return whether its strand is to end them, by [#next], and to say that they do not count as kept any more
  boolean ran(List<SlotUnit> owed) {
    lock.lock();
    try {
      if (abandoned) {
        return false;
      }
      units = owed;
      ending = 0;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// On the strand, after [#ran].
  ///
  /// @return whose end is to be delivered next; null if there is none, or if the strand was given up
  @Nullable
  SlotUnit next() {
    lock.lock();
    try {
      if (ending < units.size()) {
        return units.get(ending++);
      }
      units = List.of();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// After a batch has failed: takes it out.
  Left end() {
    lock.lock();
    try {
      return takeOut();
    } finally {
      lock.unlock();
    }
  }

  /// Takes the batch out for good: nothing is taken, claimed or handed out any more.
  Left abandon() {
    lock.lock();
    try {
      abandoned = true;
      return takeOut();
    } finally {
      lock.unlock();
    }
  }

  private Left takeOut() {
    int from = Math.min(units.size(), Math.max(0, ending - 1)); // the one in hand may hang in its end
    Left left = new Left(units.subList(from, units.size()), begun, ending >= 0);
    units = List.of();
    return left;
  }
}
