package dev.tenon.runtime.jvm;

import dev.tenon.runtime.Stopped;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The threads that all nodes of a process share.
public final class JvmPools implements AutoCloseable {
  /// Computations that may wait.
  static final int COMPUTE_QUEUE_MAX = 65_536;
  /// Strands that may wait for others at once: a thread each, beside those that work.
  static final int IO_WAITING_MAX = 512;
  /// Calls that were left behind when their strand was given up, and hang: a thread each, beside those that work.
  static final int IO_LOST_MAX = 64;
  private static final int IO_QUEUE_MAX = 1 << 20; // strands, each once; far above what a node has
  private static final long CLOSE_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /// How many threads of each kind.
  ///
  /// @param actorThreads 1 to 1,024
  /// @param ioThreads 1 to 64; up to 512 more are added for strands that wait for others, and up to 64 for tasks
  ///     that hang on a strand which was given up
  /// @param syncThreads 1 to 64
  /// @param computeThreads 1 to 1,024
  public record Threads(int actorThreads, int ioThreads, int syncThreads, int computeThreads) {
    /// @param cores of the machine
    /// @return what a node runs well with
    public static Threads forCores(int cores) {
      // A thread for each core: handlers are short, and on two cores one fewer left half of the machine idle.
      return new Threads(Math.max(2, cores), 16, 16, Math.max(1, cores));
    }
  }

  private final ForkJoinPool actors;
  private final Workers io;
  private final Workers syncers;
  private final Workers compute;
  private final Timers timers = new Timers();
  private final LinkTable links = new LinkTable();

  /// @param threads how many
  public JvmPools(Threads threads) {
    this(threads, IO_WAITING_MAX, IO_LOST_MAX);
  }

  JvmPools(Threads threads, int ioWaitingMax, int ioLostMax) {
    var number = new AtomicInteger();
    actors = new ForkJoinPool(threads.actorThreads(), pool -> new Caller.ActorThread(pool, number.getAndIncrement()),
        null, true);
    io = new Workers("io", threads.ioThreads(), ioWaitingMax, ioLostMax, IO_QUEUE_MAX);
    syncers = new Workers("sync", threads.syncThreads(), 0, 0, IO_QUEUE_MAX);
    compute = new Workers("compute", threads.computeThreads(), 0, 0, COMPUTE_QUEUE_MAX);
    timers.start();
  }

  /// Ends all threads; within a second. The nodes are closed before.
  @Override
  public void close() {
    timers.close(CLOSE_NS);
    compute.close(CLOSE_NS);
    io.close(CLOSE_NS);
    syncers.close(CLOSE_NS);
    actors.shutdown();
  }

  void run(ForkJoinTask<Void> turn) {
    try {
      actors.execute(turn);
    } catch (RejectedExecutionException e) {
      throw new Stopped("the actors' pool");
    }
  }

  Workers io() {
    return io;
  }

  Workers syncers() {
    return syncers;
  }

  Workers compute() {
    return compute;
  }

  Timers timers() {
    return timers;
  }

  LinkTable links() {
    return links;
  }
}
