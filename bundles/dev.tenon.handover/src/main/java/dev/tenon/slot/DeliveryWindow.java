package dev.tenon.slot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What an actor role delivers to a consumer, in the hands of its facade: numbered items, each of which the consumer
/// sees once and in order, whoever delivers them. Items stay here until they are acknowledged; the next actor is told
/// of them as delivered. Bounded. Any thread.
///
/// @param <T> the items, of the contract
public final class DeliveryWindow<T> {
  /// One item.
  ///
  /// @param <T> its content
  /// @param height its number
  /// @param content the role's own
  public record Delivery<T>(long height, T content) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final int itemsMax;
  private final Runnable signal;
  private final ArrayDeque<Delivery<T>> unacknowledged = new ArrayDeque<>();
  private long next;
  private long nextTaken;

  /// Nothing was delivered below a height.
  ///
  /// @param next the first height
  /// @param itemsMax items that wait for their acknowledgement at most
  /// @param signal tells the consumer that there are more; called outside the lock
  public DeliveryWindow(long next, int itemsMax, Runnable signal) {
    this.next = next;
    this.nextTaken = next;
    this.itemsMax = itemsMax;
    this.signal = signal;
  }

  /// What became of an item.
  public enum Taken {
    /// It is new.
    NEW,
    /// It was delivered before: not again.
    BEFORE,
    /// So many wait for their acknowledgement that it was not taken: again after the next one.
    FULL
  }

  /// An actor delivers. What a former one says does not count.
  ///
  /// @param by whose say it is
  /// @param height the item's
  /// @param content immutable
  /// @param beside what the facade notes of it where it is new: a few instructions, as in [Seat#say]
  /// @return what became of it; [Taken#BEFORE] too where it does not count
  /// @throws IllegalArgumentException if a height is left out
  public Taken deliver(Seat<?, ?> by, long height, T content, Runnable beside) {
    List<Taken> taken = new ArrayList<>(1);
    boolean counts = by.say(() -> {
      taken.add(put(height, content));
      if (taken.getFirst() == Taken.NEW) {
        beside.run();
      }
    });
    if (!counts) {
      return Taken.BEFORE;
    }
    if (taken.getFirst() == Taken.NEW) {
      signal.run();
    }
    return taken.getFirst();
  }

  private Taken put(long height, T content) {
    lock.lock();
    try {
      if (height < next) {
        return Taken.BEFORE;
      }
      if (height > next) {
        throw new IllegalArgumentException("height " + height + " is delivered, " + next + " is next");
      }
      if (unacknowledged.size() >= itemsMax) {
        return Taken.FULL;
      }
      unacknowledged.add(new Delivery<>(height, content));
      next++;
      return Taken.NEW;
    } finally {
      lock.unlock();
    }
  }

  /// The consumer's: the next item that it has not taken.
  ///
  /// @return nothing if there is none
  public @Nullable Delivery<T> take() {
    lock.lock();
    try {
      for (Delivery<T> each : unacknowledged) {
        if (each.height() == nextTaken) {
          nextTaken++;
          return each;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// The consumer needs nothing more up to here.
  ///
  /// @param height inclusive; what it has not taken stays
  public void acknowledge(long height) {
    lock.lock();
    try {
      while (!unacknowledged.isEmpty() && unacknowledged.getFirst().height() <= Math.min(height, nextTaken - 1)) {
        unacknowledged.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The next height: all below were delivered.
  ///
  /// @return what the next actor is told
  public long next() {
    lock.lock();
    try {
      return next;
    } finally {
      lock.unlock();
    }
  }

  /// What waits for its acknowledgement.
  ///
  /// @return in order
  public List<Delivery<T>> unacknowledged() {
    lock.lock();
    try {
      return List.copyOf(unacknowledged);
    } finally {
      lock.unlock();
    }
  }
}
