package dev.tenon.broadcast.ordered;

import dev.tenon.runtime.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What the journals of one node are made to do, and what was asked of them. Outlasts the node's crashes.
final class JournalFaults {
  private final List<Promise<Long>> waiting = new ArrayList<>();
  private boolean isParked;
  /// Whether no more is taken: appends answer BACKOFF, prunes throw.
  boolean isFull;
  /// The journals that cannot be opened, for they are damaged.
  Predicate<String> damaged = name -> false;
  /// The journals in which the replay meets an item that is none.
  Predicate<String> junk = name -> false;
  /// The journals that are found empty at the next opening, though they were durable.
  Predicate<String> lost = name -> false;
  /// Whether the journals were brought back from older storage.
  boolean isRecovered;
  /// The largest item that is taken.
  int itemBytesMax = Integer.MAX_VALUE;
  /// How often their names are not told.
  int namesFail;
  /// How often a journal was opened.
  int opened;
  /// Commits whose end the engine has not handled.
  int unanswered;
  /// Items appended and not yet durable, and the most there ever were of one journal.
  int queued;
  int queuedMax;

  boolean isParked() { return isParked; }

  /// Units wait from now on, and fail after [DiskJournals#PARK_MS].
  void park() {
    isParked = true;
  }

  /// Units are served again, in their order.
  void unpark() {
    isParked = false;
    List<Promise<Long>> woken = List.copyOf(waiting);
    waiting.clear();
    woken.forEach(promise -> promise.done(1L));
  }

  /// How many wait for the slot.
  int waiters() {
    return (int) waiting.stream().filter(promise -> !promise.cancelled()).count();
  }

  void await(Promise<Long> promise) {
    waiting.add(promise);
  }

  /// The node's memory is gone.
  void reboot() {
    waiting.clear();
    queued = 0;
    unanswered = 0;
  }
}
