package dev.tenon.runtime.jvm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Platform threads behind one queue, started when needed. Unlike the JDK's pools it never interrupts a thread, and it
/// adds a thread for each one that waits in [Permit#sleepUntil], so that what they wait for can run: those that wait
/// never take the place of those that work. As many wait as are allowed to; one more is refused at once.
///
/// In the same way it adds a thread for each one whose task was left behind ([#lost]), as many as are allowed to: code
/// that hangs must not take the threads of all others. Beyond that bound each such call has one thread of those that
/// work, until it returns.
final class Workers {
  private static final Logger log = LoggerFactory.getLogger(Workers.class);

  private final String name;
  private final int threadsWanted;
  private final int waitingMax;
  private final int lostMax;
  private final int queueMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private int started;
  private int idle;
  private int blocked;
  private int lost;
  private boolean closed;

  /// @param threadsWanted that may run at once
  /// @param waitingMax beside them, threads that wait
  /// @param lostMax beside them, threads whose task was left behind
  /// @param queueMax tasks that may wait
  Workers(String name, int threadsWanted, int waitingMax, int lostMax, int queueMax) {
    this.name = name;
    this.threadsWanted = threadsWanted;
    this.waitingMax = waitingMax;
    this.lostMax = lostMax;
    this.queueMax = queueMax;
  }

  /// @return false if the queue is full or the pool is closed
  boolean execute(Runnable task) {
    lock.lock();
    try {
      if (closed || queue.size() >= queueMax) {
        return false;
      }
      queue.add(task);
      startOrWake();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// The calling thread is about to wait for other work.
  ///
  /// @return false if too many wait already; else [#unblocked] follows
  boolean blocked() {
    return !isWorker() || change(1);
  }

  /// It waits no more.
  void unblocked() {
    if (isWorker()) {
      change(-1);
    }
  }

  /// Nobody waits any more for the task that one of its threads runs, and it may never return.
  void lost() {
    lock.lock();
    try {
      lost++;
      startOrWake();
    } finally {
      lock.unlock();
    }
  }

  /// Such a task has returned: its thread works again.
  void returned() {
    lock.lock();
    try {
      lost--;
    } finally {
      lock.unlock();
    }
  }

  /// How many threads it has.
  int size() {
    lock.lock();
    try {
      return threads.size();
    } finally {
      lock.unlock();
    }
  }

  /// Tasks in the queue are still run, new ones refused.
  ///
  /// @return false if some were still running at the end of the time
  boolean close(long timeoutNs) {
    List<Thread> running;
    lock.lock();
    try {
      closed = true;
      work.signalAll();
      running = List.copyOf(threads);
    } finally {
      lock.unlock();
    }
    return Joining.join(running, timeoutNs);
  }

  private static boolean isWorker() { return Thread.currentThread() instanceof Caller.WorkerThread; }

  private boolean change(int by) {
    lock.lock();
    try {
      if (threads.contains(Thread.currentThread())) {
        if (by > 0 && blocked >= waitingMax) {
          return false;
        }
        blocked += by;
        startOrWake();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void startOrWake() {
    if (queue.isEmpty()) {
      return;
    }
    if (idle > 0) {
      work.signal();
    }
    if (queue.size() > idle && threads.size() < threadsMax()) {
      var thread = new Caller.WorkerThread(this::loop, "tenon-" + name + "-" + started++);
      threads.add(thread);
      thread.start();
    }
  }

  private int threadsMax() {
    return threadsWanted + blocked + Math.min(lost, lostMax);
  }

  private void loop() {
    for (var task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable fault) { // a loop of strands: nothing that a task does may end its thread
        log.atError().setCause(fault).addKeyValue("pool", name).log("task failed outside of its strand");
      }
      Thread.interrupted(); // an interrupted thread would not park any more
    }
  }

  private @org.jspecify.annotations.Nullable Runnable next() {
    lock.lock();
    try {
      while (queue.isEmpty() || threads.size() > threadsMax()) {
        boolean surplus = threads.size() > threadsMax();
        if (surplus || closed) {
          threads.remove(Thread.currentThread());
          if (!queue.isEmpty() && idle > 0) {
            work.signal();
          }
          return null;
        }
        idle++;
        try {
          work.awaitUninterruptibly();
        } finally {
          idle--;
        }
      }
      return queue.poll();
    } finally {
      lock.unlock();
    }
  }

  /// Waiting for threads to end.
  static final class Joining {
    private Joining() {}

    static boolean join(List<Thread> threads, long timeoutNs) {
      long deadlineNs = System.nanoTime() + timeoutNs;
      boolean ended = true;
      for (var thread : threads) {
        long left = Math.max(1, deadlineNs - System.nanoTime());
        try {
          ended &= thread == Thread.currentThread() || thread.join(java.time.Duration.ofNanos(left));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt(); // a container's thread; it goes on without us
          return false;
        }
      }
      return ended;
    }

    static long ms(long ms) {
      return TimeUnit.MILLISECONDS.toNanos(ms);
    }
  }
}
