package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Both sides of one slow call. The lock is held for a few instructions and never while foreign code runs.
final class OneShot<T> implements Completion<T>, Promise<T> {
  private final JvmRuntime runtime;
  private final ReentrantLock lock = new ReentrantLock();
  /// What can be seen of the end.
  private @Nullable Outcome<T> outcome;
  /// True from the first end on: whoever watches is told between the two.
  private boolean claimed;
  private @Nullable Consumer<Outcome<T>> watcher;
  private @Nullable ActorCell<?> asker;
  private @Nullable Function<Outcome<T>, ?> message;
  private @Nullable Permit sleeper;
  private List<Runnable> onCancel = List.of();
  private boolean cancelled;
  private boolean delivered;

  OneShot(JvmRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public Completion<T> completion() {
    return this;
  }

  @Override
  public <M> void then(Function<Outcome<T>, M> makesMessage) {
    runtime.checkCall();
    var caller = Caller.actor();
    if (caller == null) {
      throw new CheckFailed("then is for the handler of an actor");
    }
    Outcome<T> ended;
    lock.lock();
    try {
      Check.that(asker == null && sleeper == null, "a completion is asked once");
      asker = caller;
      message = makesMessage;
      if (cancelled) {
        return;
      }
      ended = outcome;
    } finally {
      lock.unlock();
    }
    if (ended != null) {
      caller.complete(this);
    }
  }

  @Override
  public void cancel() {
    List<Runnable> actions;
    lock.lock();
    try {
      if (delivered || cancelled) {
        return;
      }
      cancelled = true;
      message = null;
      actions = onCancel; // none after the end
      onCancel = List.of();
    } finally {
      lock.unlock();
    }
    actions.forEach(Runnable::run);
  }

  @Override
  public boolean end(Outcome<T> end) {
    Caller.checkAlive();
    return endUnchecked(end);
  }

  /// The same for the loops of the runtime, whose strand may have ended.
  boolean endUnchecked(Outcome<T> end) {
    Consumer<Outcome<T>> watching;
    lock.lock();
    try {
      if (claimed) {
        return false;
      }
      claimed = true;
      watching = watcher;
      watcher = null;
      if (watching == null) {
        outcome = end;
      }
    } finally {
      lock.unlock();
    }
    try {
      if (watching != null) {
        watching.accept(end);
      }
    } finally {
      publish(end);
    }
    return true;
  }

  private void publish(Outcome<T> end) {
    ActorCell<?> waiting;
    Permit sleeping;
    lock.lock();
    try {
      outcome = end;
      onCancel = List.of();
      waiting = cancelled ? null : asker;
      sleeping = sleeper;
    } finally {
      lock.unlock();
    }
    if (waiting != null) {
      waiting.complete(this);
    }
    if (sleeping != null) {
      sleeping.wake();
    }
  }

  @Override
  public void onEnd(Consumer<Outcome<T>> told) {
    Outcome<T> ended;
    lock.lock();
    try {
      Check.that(watcher == null && (claimed == (outcome != null)), "a completion is watched once");
      ended = outcome;
      if (ended == null) {
        watcher = told;
      }
    } finally {
      lock.unlock();
    }
    if (ended != null) {
      told.accept(ended);
    }
  }

  /// The end of what its asker gave up before it began.
  static <T> Outcome<T> dropped() {
    return new Outcome.Failed<>(new UnavailableException("its asker gave up before it began"));
  }

  @Override
  public boolean cancelled() {
    lock.lock();
    try {
      return cancelled;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onCancel(Runnable action) {
    lock.lock();
    try {
      if (!cancelled) {
        if (outcome == null) {
          onCancel = new ArrayList<>(onCancel);
          onCancel.add(action);
        }
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  /// Makes the message; runs in the asker's turn. None if the asker has given up since the end.
  @Nullable
  Object message() {
    Function<Outcome<T>, ?> makes;
    Outcome<T> end;
    lock.lock();
    try {
      makes = message;
      end = outcome;
      message = null;
      delivered = true;
    } finally {
      lock.unlock();
    }
    return makes == null || end == null ? null : makes.apply(end);
  }

  /// Waits on the calling strand.
  T await(long timeoutMs, Permit permit, long deadlineNs) throws TimeoutException {
    lock.lock();
    try {
      Check.that(asker == null && sleeper == null, "a completion is asked once");
      sleeper = permit;
    } finally {
      lock.unlock();
    }
    while (true) {
      Outcome<T> end;
      lock.lock();
      try {
        end = outcome;
      } finally {
        lock.unlock();
      }
      switch (end) {
        case Outcome.Done<T>(T value) -> {
          return value;
        }
        case Outcome.Failed<T>(RuntimeException cause) -> throw cause;
        case null -> {}
      }
      if (!permit.sleepUntil(deadlineNs) && !ended()) {
        cancel();
        if (!ended()) {
          throw new TimeoutException("no answer within " + timeoutMs + " ms");
        }
      }
    }
  }

  private boolean ended() {
    lock.lock();
    try {
      return outcome != null;
    } finally {
      lock.unlock();
    }
  }
}
