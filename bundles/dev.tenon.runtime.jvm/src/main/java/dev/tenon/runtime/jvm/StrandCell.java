package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One strand. Between two of its tasks it queues behind the others, so that many strands share few threads fairly.
final class StrandCell implements Strand {
  /// Tasks that may wait.
  static final int QUEUE_MAX = 65_536;

  private record Task<T>(String step, Supplier<T> body, OneShot<T> promise) {
    void refuse(String why) {
      promise.endUnchecked(new Outcome.Failed<>(new UnavailableException(why)));
    }

    void unknown(String strand) {
      promise.endUnchecked(new Outcome.Failed<>(
          new OutcomeUnknownException("step " + step + " ran when strand " + strand + " was given up")));
    }
  }

  private final JvmRuntime runtime;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rest = lock.newCondition();
  private final ArrayDeque<Task<?>> queue = new ArrayDeque<>();
  private boolean scheduled;
  private @Nullable Thread running;
  private @Nullable Task<?> task; // the one that runs
  private boolean left; // whether it runs though the strand was given up, and its thread is counted as lost
  private volatile boolean ended;

  StrandCell(JvmRuntime runtime, String name) {
    this.runtime = runtime;
    this.name = name;
  }

  @Override
  public <T> Completion<T> run(String step, Supplier<T> task) {
    runtime.checkCall();
    var promise = new OneShot<T>(runtime);
    boolean schedule = false;
    boolean refused = false;
    lock.lock();
    try {
      if (ended || queue.size() >= QUEUE_MAX) {
        refused = true;
      } else {
        queue.add(new Task<>(step, task, promise));
        schedule = !scheduled;
        scheduled = true;
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      promise.endUnchecked(new Outcome.Failed<>(new UnavailableException("strand " + name + " takes no task")));
    } else if (schedule) {
      submit();
    }
    return promise;
  }

  @Override
  public <T> T await(Completion<T> owed, long timeoutMs) throws TimeoutException {
    runtime.checkCall();
    Check.that(timeoutMs > 0, "a timeout is above 0");
    Check.that(Caller.strand() == this, "await is called in a task of its strand");
    Check.that(owed instanceof OneShot, "await takes a completion of this runtime");
    var shot = (OneShot<T>) owed;
    long deadlineNs = runtime.clock().monotonicNs() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    return shot.await(timeoutMs, new Permit(runtime), deadlineNs);
  }

  @Override
  public void giveUp() {
    runtime.checkCall();
    abandon();
  }

  @Override
  public List<String> doing(int framesMax) {
    Check.that(framesMax > 0, "some frames");
    List<String> told = new ArrayList<>();
    lock.lock(); // so long its thread takes no other task
    try {
      Thread thread = running;
      Task<?> current = task;
      if (thread != null && current != null) {
        told.add(current.step());
        Arrays.stream(thread.getStackTrace()).limit(framesMax).forEach(frame -> told.add(frame.toString()));
      }
    } finally {
      lock.unlock();
    }
    return told;
  }

  JvmRuntime runtime() {
    return runtime;
  }

  String name() {
    return name;
  }

  void checkAlive() {
    if (ended) {
      throw new Stopped("strand " + name);
    }
  }

  /// The same as [#giveUp], from the end of the node.
  void abandon() {
    List<Task<?>> dropped;
    Task<?> cut;
    lock.lock();
    try {
      ended = true;
      dropped = new ArrayList<>(queue);
      queue.clear();
      cut = task;
      if (running != null) {
        LockSupport.unpark(running); // if it sleeps, it looks and ends
        if (!left) {
          left = true;
          runtime.pools().io().lost(); // under the lock: it must not return before it is counted
        }
      }
    } finally {
      lock.unlock();
    }
    if (cut != null) { // nobody waits for a task that may hang for ever; what it does from here on is refused
      cut.unknown(name);
    }
    dropped.forEach(waiting -> waiting.refuse("strand " + name + " was given up"));
    runtime.ended(this);
  }

  /// @return whether no task of it runs
  boolean awaitRest(long deadlineNs) {
    lock.lock();
    try {
      while (running != null && running != Thread.currentThread()) {
        long left = deadlineNs - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        rest.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // a container's thread; it goes on without us
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void submit() {
    if (!runtime.pools().io().execute(this::one)) {
      abandon(); // the pools are closed
    }
  }

  /// Runs one task, then queues again for the next.
  private void one() {
    var thread = (Caller.WorkerThread) Thread.currentThread();
    Task<?> next;
    lock.lock();
    try {
      next = queue.poll();
      if (next == null) {
        scheduled = false;
        return;
      }
      task = next;
      running = thread;
    } finally {
      lock.unlock();
    }
    thread.strand = this;
    try {
      execute(next);
    } finally { // whatever an error does to the above: a strand that believes to run takes no other task
      thread.strand = null;
      if (ran()) {
        submit();
      }
    }
  }

  /// @return whether more is to be run
  private boolean ran() {
    lock.lock();
    try {
      running = null;
      task = null;
      if (left) {
        left = false;
        runtime.pools().io().returned();
      }
      rest.signalAll();
      scheduled = !queue.isEmpty();
      return scheduled;
    } finally {
      lock.unlock();
    }
  }

  private <T> void execute(Task<T> current) {
    if (current.promise().cancelled()) {
      current.promise().endUnchecked(OneShot.dropped());
      return;
    }
    Outcome<T> outcome;
    try {
      outcome = new Outcome.Done<>(current.body().get());
    } catch (RuntimeException e) {
      outcome = new Outcome.Failed<>(e);
    } catch (Stopped e) {
      outcome = new Outcome.Failed<>(new OutcomeUnknownException("step " + current.step() + ": " + e.getMessage()));
    } catch (Throwable fault) { // the loop of strands: an error of a task ends as its outcome, and is told once
      runtime.taskFailed(name, current.step(), fault);
      outcome = new Outcome.Failed<>(new TaskFailedException(name, current.step(), fault));
    }
    current.promise().endUnchecked(outcome);
  }
}
