package dev.tenon.slot.storage;

import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The changes of one journal by their number: those that are not durable, and older ones that are used again. A ring,
/// in which a change's number is its place: nothing is moved when others become durable, and the owner looks at what
/// the strand writes only when it comes to a place whose change it does not know to be free. The owner's, but for
/// [#durable] and [#left].
final class Changes {
  private static final int FIRST_CAPACITY = 4;
  /// As many as an owner may append between two commits without making new ones. More are there until no more than half
  /// as many are not durable.
  private static final int REUSED_MAX = 4_096;

  private final JournalHandle handle;
  /// Of each change that was taken, the number modulo the length is its place; one that was not taken lies behind them.
  private @Nullable Change[] ring = new @Nullable Change[FIRST_CAPACITY];
  /// The number of the newest one that was taken.
  private long last;
  /// Up to here the owner knows all to be free.
  private long free;
  private volatile long durable;
  /// Durable, and their batches have left them: a commit that was asked for after them was answered. Above `durable`
  /// only where the owner has ended.
  private volatile long left;

  Changes(JournalHandle handle) {
    this.handle = handle;
  }

  /// From the strand: so many are durable.
  void durable(long number) {
    durable = number;
  }

  /// How many are durable. Any thread.
  long durable() {
    return durable;
  }

  /// From the strand: neither queue nor strand looks at the first so many any more, and they are durable.
  void left(long number) {
    left = number;
  }

  /// The number of the newest one, which is how many there were.
  long last() {
    return last;
  }

  /// One to be filled in and offered with the number after [#last]. It counts once [#taken].
  Change next() {
    if (ring.length > REUSED_MAX && last - durable <= REUSED_MAX / 2) {
      resize(REUSED_MAX);
    }
    while (true) {
      int place = place(last + 1);
      Change used = ring[place];
      if (used != null && (isFree(used.number) || used.number > last)) {
        return used;
      }
      if (used == null || (ring.length >= REUSED_MAX && used.number <= durable)) {
        Change made = new Change(handle);
        ring[place] = made;
        return made;
      }
      resize(2 * ring.length);
    }
  }

  /// The queue took the one that [#next] gave.
  void taken() {
    last++;
  }

  /// Those that were taken and are not durable now, in their order.
  Iterable<Change> pending() {
    return () -> LongStream.rangeClosed(durable + 1, last)
        .mapToObj(number -> Objects.requireNonNull(ring[place(number)])).iterator();
  }

  private boolean isFree(long number) {
    if (number > free) {
      free = left;
    }
    return number <= free;
  }

  private int place(long number) {
    return (int) number & (ring.length - 1);
  }

  private void resize(int capacity) {
    @Nullable Change[] next = new @Nullable Change[capacity];
    for (Change change : ring) {
      if (change != null && change.number <= last && change.number > last - capacity) {
        next[(int) change.number & (capacity - 1)] = change;
      }
    }
    ring = next;
  }
}
