package dev.tenon.handover;

import dev.tenon.codec.Check;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The units of a slot that wait, in arrival order, and the count of those that its facade keeps. Bounded in units and
/// in bytes. Any thread puts in; the slot's strand takes out. The lock is held for a few instructions, but for a look
/// for what has expired while nobody is served, and never while a provider or the runtime is called; a look at a door,
/// and its opening, may be among them. A take does not look into
/// the units: they lie in the cache of the core that put them in, and who comes for the lock would wait for each.
final class SlotQueue {
  private static final int FIRST_CAPACITY = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final int unitsMax;
  private final long bytesMax;
  private final Runnable signal;

  /// A ring from `head` to `tail`. A withdrawn unit leaves a hole. A unit waits if it stands in its last place.
  private @Nullable SlotUnit[] ring = new @Nullable SlotUnit[FIRST_CAPACITY];
  /// Bytes of the unit in the same place.
  private int[] sizes = new int[FIRST_CAPACITY];
  private long head;
  private long tail;
  /// Units in the ring, without holes.
  private int waiting;
  private long waitingBytes;
  private int kept;
  private long keptBytes;
  /// True from the signal until a take has found nothing left: at most one signal is under way.
  private boolean signalled;
  private boolean closed;
  /// Whether something was put off because units waited: they may be withdrawn, and then nothing else would bring it.
  private boolean putOff;

  /// @param signal posts that there is work; called outside the lock
  SlotQueue(int unitsMax, long bytesMax, Runnable signal) {
    this.unitsMax = unitsMax;
    this.bytesMax = bytesMax;
    this.signal = signal;
  }

  /// @param nowNs when it entered, for one that expires
  /// @return false if it was not taken
  boolean offer(SlotUnit unit, long nowNs) {
    return park(unit, nowNs, () -> true) == SlotPort.Parking.WAITS;
  }

  /// The same, but only while a door is shut.
  SlotPort.Parking park(SlotUnit unit, long nowNs, BooleanSupplier shut) {
    int bytes = unit.bytes();
    boolean expires = unit.expires();
    boolean wake;
    lock.lock();
    try {
      if (!shut.getAsBoolean()) {
        return SlotPort.Parking.OPEN;
      }
      int units = waiting + kept;
      long held = waitingBytes + keptBytes;
      int reserve = expires ? 0 : unitsMax >> 4;
      // Up to a quarter a facade need not sync: a unit that finds no room beside it would find none for ever.
      boolean full = held + bytes > bytesMax && bytes > 0 && held > bytesMax / 4;
      if (closed || units >= unitsMax - reserve || full) {
        return SlotPort.Parking.FULL;
      }
      unit.entered(nowNs);
      if (tail - head == ring.length) {
        grow();
      }
      put(tail++, unit, bytes);
      wake = !signalled;
      signalled = true;
    } finally {
      lock.unlock();
    }
    if (wake) {
      tell();
    }
    return SlotPort.Parking.WAITS;
  }

  /// Of a strand that was given up every call of the runtime is stopped, this one too: then nobody was told, and who
  /// comes next tells it.
  private void tell() {
    boolean told = false;
    try {
      signal.run();
      told = true;
    } finally {
      if (!told) {
        lock.lock();
        try {
          signalled = false;
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /// Does something while nothing waits.
  boolean ifNoneWaits(Runnable action) {
    lock.lock();
    try {
      putOff = waiting > 0;
      if (putOff) {
        return false;
      }
      action.run();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Takes a batch; on the strand. What is kept afterwards is counted from here on.
  List<SlotUnit> take(int max) {
    List<SlotUnit> batch = new ArrayList<>(max);
    lock.lock();
    try {
      long bytes = 0;
      for (; batch.size() < max && head < tail; head++) {
        int slot = slot(head);
        SlotUnit unit = ring[slot];
        if (unit != null) {
          ring[slot] = null;
          bytes += sizes[slot];
          batch.add(unit);
        }
      }
      waiting -= batch.size();
      waitingBytes -= bytes;
      kept += batch.size();
      keptBytes += bytes;
    } finally {
      lock.unlock();
    }
    return batch;
  }

  /// Says whether more waits, or a door that is still shut for it; if not, the next offer signals again. The
  /// conductor's, once a batch has ended.
  boolean more() {
    lock.lock();
    try {
      signalled = waiting > 0 || putOff;
      return signalled;
    } finally {
      lock.unlock();
    }
  }

  /// Puts units of a failed batch back, before all that wait, in their order. They counted as kept.
  void putBack(List<SlotUnit> units) {
    lock.lock();
    try {
      for (int i = units.size() - 1; i >= 0; i--) {
        SlotUnit unit = units.get(i);
        int bytes = unit.bytes();
        kept--;
        keptBytes -= bytes;
        if (tail - head == ring.length) {
          grow();
        }
        put(--head, unit, bytes);
      }
    } finally {
      lock.unlock();
    }
  }

  /// What a batch ended, or a facade no longer keeps.
  void release(int units, long bytes) {
    lock.lock();
    try {
      kept -= units;
      keptBytes -= bytes;
      Check.that(kept >= 0 && keptBytes >= 0, "nothing is released twice");
    } finally {
      lock.unlock();
    }
  }

  /// Takes a unit out whose caller gave up.
  void withdraw(SlotUnit unit) {
    lock.lock();
    try {
      if (ring[slot(unit.place())] == unit) {
        drop(unit.place());
        compact();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes out what has waited too long.
  ///
  /// @param enteredBeforeNs what entered before this is too old
  /// @return in arrival order; the caller fails them
  List<SlotUnit> expired(long enteredBeforeNs) {
    List<SlotUnit> old = new ArrayList<>();
    lock.lock();
    try {
      for (long at = head; at < tail; at++) {
        SlotUnit unit = ring[slot(at)];
        if (unit != null && unit.expires() && unit.enteredNs() - enteredBeforeNs < 0) {
          drop(at);
          old.add(unit);
        }
      }
      compact();
    } finally {
      lock.unlock();
    }
    return old;
  }

  /// Takes out what does not wait for a provider.
  ///
  /// @return in arrival order; the caller fails them
  List<SlotUnit> impatient() {
    List<SlotUnit> found = new ArrayList<>();
    lock.lock();
    try {
      for (long at = head; at < tail; at++) {
        SlotUnit unit = ring[slot(at)];
        if (unit != null && !unit.parks()) {
          drop(at);
          found.add(unit);
        }
      }
      compact();
    } finally {
      lock.unlock();
    }
    return found;
  }

  /// Ends it: nothing more is taken.
  ///
  /// @return all that waits and expires; the caller fails them
  List<SlotUnit> close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    return expired(Long.MAX_VALUE / 2);
  }

  int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  long waitingBytes() {
    lock.lock();
    try {
      return waitingBytes;
    } finally {
      lock.unlock();
    }
  }

  /// What waits and what is kept.
  long heldBytes() {
    lock.lock();
    try {
      return waitingBytes + keptBytes;
    } finally {
      lock.unlock();
    }
  }

  int unitsMax() {
    return unitsMax;
  }

  long bytesMax() {
    return bytesMax;
  }

  private int slot(long place) {
    return (int) place & (ring.length - 1);
  }

  private void put(long place, SlotUnit unit, int bytes) {
    int slot = slot(place);
    ring[slot] = unit;
    sizes[slot] = bytes;
    unit.placed(place);
    waiting++;
    waitingBytes += bytes;
  }

  /// Leaves a hole, so that nothing is moved.
  private void drop(long place) {
    int slot = slot(place);
    ring[slot] = null;
    waiting--;
    waitingBytes -= sizes[slot];
  }

  /// Callers that come and give up again must not make the ring grow: holes go when they are the greater part.
  private void compact() {
    if (tail - head > 2L * waiting + FIRST_CAPACITY) {
      rebuild(ring.length);
    }
  }

  private void grow() {
    rebuild(waiting > ring.length / 2 ? ring.length * 2 : ring.length);
  }

  private void rebuild(int capacity) {
    @Nullable SlotUnit[] units = new @Nullable SlotUnit[capacity];
    int[] bytes = new int[capacity];
    int count = 0;
    for (long at = head; at < tail; at++) {
      SlotUnit unit = ring[slot(at)];
      if (unit != null) {
        units[count] = unit;
        bytes[count] = sizes[slot(at)];
        unit.placed(count++);
      }
    }
    ring = units;
    sizes = bytes;
    head = 0;
    tail = count;
  }
}
