package dev.tenon.slot.storage;

import java.beans.PropertyChangeListener;
import java.beans.PropertyChangeSupport;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What outlives a provider in a process: threads, timers, listeners, and what engines keep. Public, as its provider is
/// of another loader.
public final class LeftBehind implements AutoCloseable {
  /// What a provider may leave behind.
  public enum Pin {
    /// Kept by an engine.
    RECORD(true),
    /// Likewise.
    ITERATOR(true),
    /// Likewise.
    LAMBDA(true),
    /// Likewise.
    ENUM(true),
    /// Likewise.
    METHOD_HANDLE(true),
    /// The JDK's own, thrown through the provider's frames.
    EXCEPTION(true),
    /// A value on a thread of a pool.
    THREAD_LOCAL(true),
    /// One that runs.
    THREAD(true),
    /// A pool's thread has it as its context loader.
    CONTEXT_LOADER(true),
    /// Not taken back.
    SHUTDOWN_HOOK(true),
    /// Not cancelled.
    TIMER(true),
    /// Not removed.
    LISTENER(true),
    /// Hung on a future that never completes.
    STAGE(true),
    /// Has not returned.
    CALL(true),
    /// The reference.
    NOTHING(false),
    /// It runs no more.
    ENDED_THREAD(false),
    /// Whom only a weak reference holds.
    WEAK_LISTENER(false),
    /// It would have run in a day.
    CANCELLED_TIMER(false),
    /// The provider's own.
    STATIC(false),
    /// Made by the metrics that the slot has given it, and not removed: they hold numbers, and ask nobody.
    GAUGE(false),
    /// Thrown in a unit: its caller keeps what he was told, which is a copy.
    FAILURE(false);

    private final boolean holds;

    Pin(boolean holds) {
      this.holds = holds;
    }

    boolean holds() {
      return holds;
    }
  }

  private final ExecutorService pool = Executors.newSingleThreadExecutor();
  private final CountDownLatch answer = new CountDownLatch(1);
  private final Timer timer = new Timer("left behind", true);
  private @Nullable Object kept;
  private final List<WeakReference<PropertyChangeListener>> weak = new ArrayList<>();
  private @Nullable Thread hook;
  private @Nullable CompletableFuture<String> future = new CompletableFuture<>();
  private @Nullable PropertyChangeSupport listeners = new PropertyChangeSupport(this);

  LeftBehind() throws InterruptedException, ExecutionException {
    run(() -> {}); // its thread is not made by a provider
  }

  /// An engine keeps it.
  ///
  /// @param object anything
  public void keep(Object object) {
    kept = object;
  }

  @Nullable
  Object kept() {
    return kept;
  }

  /// Runs on a thread that goes on afterwards.
  ///
  /// @param task to its end
  public void run(Runnable task) throws InterruptedException, ExecutionException {
    pool.submit(task).get();
  }

  /// Runs on a thread that nobody waits for.
  ///
  /// @param task may hang
  public void begin(Runnable task) {
    pool.execute(task);
  }

  /// Until the end.
  public void awaitAnswer() {
    try {
      answer.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return goes on to the end
  public Timer timer() {
    return timer;
  }

  /// @return completes never
  public CompletableFuture<String> future() {
    return Objects.requireNonNull(future);
  }

  /// @param listener is told nothing
  public void listen(PropertyChangeListener listener) {
    Objects.requireNonNull(listeners).addPropertyChangeListener(listener);
  }

  /// @param listener is held by nobody here
  public void listenWeakly(PropertyChangeListener listener) {
    weak.add(new WeakReference<>(listener));
  }

  /// @param thread would run at the process's end
  public void hook(Thread thread) {
    hook = thread;
    Runtime.getRuntime().addShutdownHook(thread);
  }

  /// Everything ends, and nothing is kept.
  void letGo() throws InterruptedException {
    kept = null;
    future = null;
    listeners = null;
    close();
    if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
      throw new AssertionError("the pool's thread does not end");
    }
  }

  @Override
  public void close() {
    timer.cancel();
    answer.countDown();
    pool.shutdown();
    Thread hooked = hook;
    hook = null;
    if (hooked != null) {
      Runtime.getRuntime().removeShutdownHook(hooked);
    }
  }
}
