package dev.tenon.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A binary heap of events: earliest first, then by seeded tie bits, then by sequence.
final class EventHeap {
  private static final int INITIAL_CAPACITY = 1_024;

  private @Nullable Event[] events = new Event[INITIAL_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  @Nullable
  Event peek() {
    return size == 0 ? null : events[0];
  }

  void add(Event event) {
    if (size == events.length) {
      events = Arrays.copyOf(events, size * 2);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      Event above = at(parent);
      if (!event.before(above)) {
        break;
      }
      events[at] = above;
      at = parent;
    }
    events[at] = event;
  }

  Event poll() {
    Event first = at(0);
    Event last = at(--size);
    events[size] = null;
    if (size > 0) {
      sink(last);
    }
    return first;
  }

  private void sink(Event event) {
    int at = 0;
    int half = size >>> 1;
    while (at < half) {
      int child = 2 * at + 1;
      Event least = at(child);
      if (child + 1 < size && at(child + 1).before(least)) {
        least = at(++child);
      }
      if (event.before(least)) {
        break;
      }
      events[at] = least;
      at = child;
    }
    events[at] = event;
  }

  private Event at(int index) {
    Event event = events[index];
    if (event == null) {
      throw new IllegalStateException("no event at " + index);
    }
    return event;
  }
}
