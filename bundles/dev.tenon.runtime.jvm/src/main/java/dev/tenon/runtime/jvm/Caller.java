package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Stopped;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/// Who calls: the actor or strand whose code runs on the current thread, if any.
final class Caller {
  private Caller() {}

  /// A thread of the actors' pool; knows the actor whose turn it runs.
  static final class ActorThread extends ForkJoinWorkerThread {
    @Nullable
    ActorCell<?> actor;

    ActorThread(ForkJoinPool pool, int number) {
      super(pool);
      setName("tenon-actor-" + number);
      setDaemon(true);
    }
  }

  /// A thread of the other pools; knows the strand whose task it runs.
  static final class WorkerThread extends Thread {
    @Nullable
    StrandCell strand;

    WorkerThread(Runnable body, String name) {
      super(body, name);
      setDaemon(true);
    }
  }

  static @Nullable ActorCell<?> actor() {
    return Thread.currentThread() instanceof ActorThread thread ? thread.actor : null;
  }

  static @Nullable StrandCell strand() {
    return Thread.currentThread() instanceof WorkerThread thread ? thread.strand : null;
  }

  /// @throws Stopped if the calling actor or strand has ended
  static void checkAlive() {
    switch (Thread.currentThread()) {
      case ActorThread thread when thread.actor != null -> thread.actor.checkAlive();
      case WorkerThread thread when thread.strand != null -> thread.strand.checkAlive();
      default -> {}
    }
  }

  /// For what blocks.
  static void checkMayBlock() {
    checkAlive();
    Check.that(actor() == null, "a handler never blocks");
  }
}
