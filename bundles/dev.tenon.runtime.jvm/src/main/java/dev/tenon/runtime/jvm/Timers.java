package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import java.util.List;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread and a binary heap of what comes later. Cancelled entries leave the heap at once.
final class Timers {
  private static final Logger log = LoggerFactory.getLogger(Timers.class);

  /// One message for one actor.
  static final class Entry implements dev.tenon.runtime.Timer {
    final ActorCell<?> actor;
    final Object message;
    final long dueNs;
    private final Timers timers;
    private int index = -1;
    private long order;
    private volatile boolean cancelled;

    private Entry(Timers timers, ActorCell<?> actor, Object message, long dueNs) {
      this.timers = timers;
      this.actor = actor;
      this.message = message;
      this.dueNs = dueNs;
    }

    @Override
    public void cancel() {
      cancelled = true;
      timers.remove(this);
    }

    boolean cancelled() {
      return cancelled;
    }

    private boolean before(Entry other) {
      return dueNs != other.dueNs ? dueNs - other.dueNs < 0 : order < other.order;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread = new Caller.WorkerThread(this::loop, "tenon-timer");
  private @Nullable Entry[] heap = new Entry[64];
  private int size;
  private long orderNext;
  private boolean closed;

  void start() {
    thread.start();
  }

  Entry after(ActorCell<?> actor, Object message, long delayMs) {
    Check.that(delayMs >= 0, "a delay is not negative");
    long delayNs = Math.min(TimeUnit.MILLISECONDS.toNanos(delayMs), Long.MAX_VALUE / 4);
    var entry = new Entry(this, actor, message, System.nanoTime() + delayNs);
    lock.lock();
    try {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      entry.order = orderNext++;
      place(size, entry);
      size++;
      up(entry);
      if (entry.index == 0) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
    return entry;
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /// An actor has ended: its timers, and the classes of their messages, are kept no longer.
  void forget(ActorCell<?> actor) {
    lock.lock();
    try {
      var entries = Arrays.copyOf(heap, size);
      for (var entry : entries) {
        if (entry != null && entry.actor == actor) {
          take(entry);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  boolean close(long timeoutNs) {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    return Workers.Joining.join(List.of(thread), timeoutNs);
  }

  private void loop() {
    for (var entry = due(); entry != null; entry = due()) {
      try {
        entry.actor.fire(entry);
      } catch (Throwable fault) { // a loop of the runtime: what one actor cannot take must not end all others' time
        log.atError().setCause(fault).addKeyValue("actor", entry.actor.name()).log("a timer's message was lost");
      }
    }
  }

  private @Nullable Entry due() {
    lock.lock();
    try {
      while (!closed) {
        var first = heap[0];
        if (first == null) {
          changed.awaitUninterruptibly();
          continue;
        }
        long left = first.dueNs - System.nanoTime();
        if (left <= 0) {
          take(first);
          return first;
        }
        try {
          changed.awaitNanos(left);
        } catch (InterruptedException e) { // not ours: no thread is ever interrupted, so go on waiting
          Thread.interrupted();
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void remove(Entry entry) {
    lock.lock();
    try {
      if (entry.index >= 0) {
        take(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  private void take(Entry entry) {
    int index = entry.index;
    var last = at(--size);
    heap[size] = null;
    entry.index = -1;
    if (last != entry) {
      place(index, last);
      up(last);
      down(last);
    }
  }

  private void up(Entry entry) {
    while (entry.index > 0) {
      var parent = at((entry.index - 1) / 2);
      if (!entry.before(parent)) {
        return;
      }
      swap(entry, parent);
    }
  }

  private void down(Entry entry) {
    while (2 * entry.index + 1 < size) {
      var child = at(2 * entry.index + 1);
      if (child.index + 1 < size && at(child.index + 1).before(child)) {
        child = at(child.index + 1);
      }
      if (!child.before(entry)) {
        return;
      }
      swap(entry, child);
    }
  }

  private void swap(Entry one, Entry other) {
    int index = one.index;
    place(other.index, one);
    place(index, other);
  }

  private void place(int index, Entry entry) {
    heap[index] = entry;
    entry.index = index;
  }

  private Entry at(int index) {
    var entry = heap[index];
    if (entry == null) {
      throw new IllegalStateException("a hole in the heap at " + index);
    }
    return entry;
  }
}
