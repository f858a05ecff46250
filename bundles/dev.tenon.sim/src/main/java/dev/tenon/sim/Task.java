package dev.tenon.sim;

import dev.tenon.runtime.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One piece of blocking work on a strand, with its own clock.
final class Task implements Caller {
  final SimStrand strand;
  final String step;
  /// Null once its asker was told: the disk's log knows the task for longer, and a provider's classes are not to be.
  private @Nullable Ending<?> ending;
  /// Never behind the loop's time while the task runs; ahead of it by what its calls have cost.
  long clockNs;
  long lastCallNs;
  /// What the task did after this instant did not happen: its view was revoked or its strand given up.
  long cutNs = Long.MAX_VALUE;
  /// Counts the waits, so that a late wake-up of an earlier wait does nothing.
  long wait;
  /// The node crashes while this task is in a call: nothing of it goes on.
  boolean hung;
  boolean begun;
  /// The task's storage calls, for whoever revokes a view of it in between.
  final List<StorageCall> calls = new ArrayList<>();
  @Nullable
  Seat seat;
  @Nullable
  Event end;

  <T> Task(SimStrand strand, String step, Supplier<T> body, SimPromise<T> promise) {
    this.strand = strand;
    this.step = step;
    this.ending = new Ending<>(body, promise);
  }

  @Override
  public Incarnation incarnation() {
    return strand.incarnation();
  }

  boolean isOver() { return hung || cutNs != Long.MAX_VALUE || strand.hasEnded(); }

  String describe() {
    return strand.fullName() + " " + step;
  }

  /// Runs the body; what it throws beside errors is its outcome.
  void execute() {
    Ending<?> run = ending;
    if (run != null) {
      run.execute();
    }
  }

  void fail(RuntimeException cause) {
    Ending<?> failed = ending;
    if (failed != null) {
      failed.outcome = null;
      failed.failure = cause;
    }
  }

  boolean isCancelled() {
    Ending<?> asked = ending;
    return asked != null && asked.promise.cancelled();
  }

  /// Tells the asker, once.
  void deliver() {
    Ending<?> told = ending;
    ending = null;
    if (told != null) {
      told.deliver();
    }
  }

  private static final class Ending<T> {
    private final Supplier<T> body;
    private final SimPromise<T> promise;
    private @Nullable Outcome<T> outcome;
    private @Nullable RuntimeException failure;

    Ending(Supplier<T> body, SimPromise<T> promise) {
      this.body = body;
      this.promise = promise;
    }

    void execute() {
      try {
        outcome = new Outcome.Done<>(body.get());
      } catch (RuntimeException thrown) {
        failure = thrown;
      }
    }

    void deliver() {
      Outcome<T> ended = outcome;
      RuntimeException thrown = failure;
      if (ended != null) {
        promise.settle(ended);
      } else if (thrown != null) {
        promise.settle(new Outcome.Failed<>(thrown));
      }
    }
  }
}
