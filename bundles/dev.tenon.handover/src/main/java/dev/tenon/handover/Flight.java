package dev.tenon.handover;

import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.SlotUnit;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The batch that is on its way through a provider. Whoever takes it out ends its units: the strand, or the conductor
/// where the strand is given up.
///
/// A batch leaves the queue and stands here in one step, which comes before giving up or not at all; so does the claim
/// of each unit. Else units would be neither here nor in the queue, or run on an instance that was left. The lock is
/// held for a few instructions, never while a unit or a provider is called, and the queue's is taken under it.
final class Flight {
  /// What giving up finds.
  ///
  /// @param units of the batch, in their order
  /// @param begun how many of them were claimed
  record Left(List<SlotUnit> units, int begun) {}

  private final ReentrantLock lock = new ReentrantLock();
  private List<SlotUnit> units = List.of();
  private int begun;
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
    } finally {
      lock.unlock();
    }
  }

  private void refuseAbandoned() {
    if (abandoned) {
      throw new FencedException("the strand was given up");
    }
  }

  /// Takes the batch out.
  ///
  /// @return empty if somebody else has it
  List<SlotUnit> end() {
    lock.lock();
    try {
      List<SlotUnit> ended = units;
      units = List.of();
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /// Takes the batch out for good: nothing is taken or claimed any more.
  Left abandon() {
    lock.lock();
    try {
      Left left = new Left(units, begun);
      abandoned = true;
      units = List.of();
      return left;
    } finally {
      lock.unlock();
    }
  }
}
