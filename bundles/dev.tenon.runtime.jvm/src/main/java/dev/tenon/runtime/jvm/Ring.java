package dev.tenon.runtime.jvm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A bounded queue for many producers and one consumer; one lane of a mailbox.
///
/// Each cell carries a sequence number. A producer owns position `p` when the cell's number is `p` and it has moved the
/// tail from `p` to `p + 1`; it publishes by writing `p + 1`. A consumer owns it when the number is `p + 1`, and frees
/// it for the next round with `p + capacity`. Consuming is a compare-and-set too, because a producer may drop the
/// oldest. Nobody ever waits here: a full ring refuses, and an unpublished cell looks empty until its producer
/// announces it.
final class Ring<M> {
  private static final VarHandle SEQUENCE = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle COUNTER = SEQUENCE;

  /// Head and tail lie a pair of cache lines apart, so that consumer and producers do not disturb each other.
  private static final int TAIL = 16;
  private static final int HEAD = 32;
  private static final int COUNTERS = 48;

  private final long[] counters = new long[COUNTERS];
  private final long[] sequences;
  private final @Nullable Object[] items;
  private final int mask;

  Ring(int capacity) {
    this.mask = capacity - 1;
    this.sequences = new long[capacity];
    this.items = new Object[capacity];
    for (int i = 0; i < capacity; i++) {
      sequences[i] = i;
    }
  }

  /// @return false if it is full
  boolean offer(M message) {
    while (true) {
      long position = (long) COUNTER.getVolatile(counters, TAIL);
      int cell = (int) position & mask;
      long ahead = (long) SEQUENCE.getAcquire(sequences, cell) - position;
      if (ahead == 0) {
        if (COUNTER.compareAndSet(counters, TAIL, position, position + 1)) {
          items[cell] = message;
          SEQUENCE.setRelease(sequences, cell, position + 1);
          return true;
        }
      } else if (ahead < 0 && position == (long) COUNTER.getVolatile(counters, TAIL)) {
        return false;
      }
    }
  }

  /// @return the oldest message, or null if none is published
  @SuppressWarnings("unchecked") // only offer writes items
  @Nullable
  M poll() {
    while (true) {
      long position = (long) COUNTER.getVolatile(counters, HEAD);
      int cell = (int) position & mask;
      long ahead = (long) SEQUENCE.getAcquire(sequences, cell) - (position + 1);
      if (ahead == 0) {
        if (COUNTER.compareAndSet(counters, HEAD, position, position + 1)) {
          M message = (M) items[cell];
          items[cell] = null;
          SEQUENCE.setRelease(sequences, cell, position + mask + 1);
          return message;
        }
      } else if (ahead < 0 && position == (long) COUNTER.getVolatile(counters, HEAD)) {
        return null;
      }
    }
  }

  /// @return messages taken and not yet handled; exact when nobody is inside
  int size() {
    long head = (long) COUNTER.getVolatile(counters, HEAD);
    long size = (long) COUNTER.getVolatile(counters, TAIL) - head;
    return (int) Math.max(0, Math.min(size, mask + 1L));
  }

  int capacity() {
    return mask + 1;
  }
}
