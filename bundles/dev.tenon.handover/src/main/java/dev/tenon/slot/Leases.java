package dev.tenon.slot;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.UnavailableException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A leased slot as its facade holds it: the tenure that serves, and what waits in front of its door.
///
/// A unit waits only while the door is shut, and a door opens only while none waits; both under the queue's lock. Else
/// a unit would be forgotten, or a caller's next one overtake it. What waits is dispatched in arrival order on the
/// strand of the instance that serves next, counted like all others.
///
/// @param <P> the provider's instance
public final class Leases<P> {
  private static final Logger log = LoggerFactory.getLogger(Leases.class);

  private final SlotPort port;
  private final Tenure<P> vacant;
  /// Holds together that a tenure opens and that it ends: an ended one never opens again. Taken under the queue's.
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Tenure<P> tenure;

  /// Nobody serves yet.
  ///
  /// @param port the slot
  public Leases(SlotPort port) {
    this.port = port;
    this.vacant = Tenure.vacant(port.stripes());
    this.tenure = vacant;
  }

  // The callers' side.

  /// Who serves, or served last.
  ///
  /// @return to be entered, and not to be kept
  public Tenure<P> tenure() {
    return tenure;
  }

  /// A unit that was refused at the door: it is served by who serves next.
  ///
  /// @param <T> its value
  /// @param bytes about what it holds
  /// @param call asks the provider
  /// @return ends with [SlotUnavailableException] if too many wait, or if it has waited for too long
  public <T> Completion<T> later(int bytes, Function<? super P, Completion<T>> call) {
    Promise<T> promise = port.promise();
    Parked<P, T> unit = new Parked<>(this, bytes, promise, call);
    while (true) {
      switch (port.park(unit, () -> !tenure.isOpen())) {
        case WAITS -> {
          promise.onCancel(() -> port.withdraw(unit));
          return promise.completion();
        }
        case FULL -> {
          promise.failed(new SlotUnavailableException(port.name().toString(), port.state(), "the queue is full"));
          return promise.completion();
        }
        case OPEN -> {
          Tenure<P> now = tenure;
          int stripe = now.enter();
          if (stripe >= 0) {
            return admitted(now, stripe, call);
          }
        }
      }
    }
  }

  /// What a caller gets for a call that is inside until it is answered.
  ///
  /// @param <T> its value
  /// @param inside who is asked
  /// @param owed by the provider
  /// @param stripe from the entry; given back when the answer ends, before it is delivered, or where this throws
  /// @return ends as the answer does, or, where the tenure ends before it, with [OutcomeUnknownException]: a provider
  ///     that hangs keeps no caller. A failure is told as by [#broken]
  public <T> Completion<T> until(Tenure<P> inside, @Nullable Completion<T> owed, int stripe) {
    Promise<T> promise = null;
    try {
      promise = port.promise();
    } finally {
      if (promise == null) {
        inside.exit(stripe);
      }
    }
    inside.follow(stripe, promise, owed);
    return promise.completion();
  }

  /// A call that a provider has thrown out of, for its caller: an end like any other. Also an error: where a bundle is
  /// gone whose code still runs a class is not found, and it is the caller's actor that would end by that.
  ///
  /// @param <T> its value
  /// @param inside who was asked
  /// @param stripe from the entry; given back
  /// @param thrown by the provider, whatever it is
  /// @return has ended, with a copy that holds nothing of the provider
  /// @throws Stopped if that is what was thrown: the caller itself has ended
  public <T> Completion<T> broken(Tenure<P> inside, int stripe, Throwable thrown) {
    RuntimeException told = leave(inside, stripe, thrown);
    Promise<T> promise = port.promise();
    promise.failed(told);
    return promise.completion();
  }

  /// Asks what was thrown for its text, and gives the lease back then: what a provider does it does inside.
  ///
  /// @param inside who was asked
  /// @param stripe from the entry; given back
  /// @param thrown by the provider, whatever it is
  /// @return a copy that holds nothing of the provider, for the caller
  /// @throws Stopped if that is what was thrown
  public RuntimeException leave(Tenure<P> inside, int stripe, Throwable thrown) {
    try {
      RuntimeException told = told(thrown);
      if (thrown instanceof Error && inside.isFirstError()) {
        log.atWarn().addKeyValue("slot", port.name()).addKeyValue("generation", inside.generation())
            .addKeyValue("reason", told.getMessage())
            .log("a provider's call has ended with an error; further ones of this generation are not told");
      }
      return told;
    } finally {
      inside.exit(stripe);
    }
  }

  /// Without the provider's frames, which would hold its classes.
  static RuntimeException told(@Nullable Throwable thrown) {
    if (thrown instanceof Stopped ended) {
      throw ended;
    }
    return thrown instanceof UnavailableException
        ? UnavailableException.told(OutcomeUnknownException.text(thrown))
        : OutcomeUnknownException.of(thrown);
  }

  private <T> Completion<T> admitted(Tenure<P> now, int stripe, Function<? super P, Completion<T>> call) {
    Completion<T> owed;
    try {
      owed = call.apply(now.provider());
    } catch (Throwable thrown) {
      return broken(now, stripe, thrown);
    }
    return until(now, owed, stripe);
  }

  // The slot's side: on the strand of an instance, but for end.

  /// Stands for an instance from its opening on; what waits is dispatched to it, callers come in after [#settled].
  ///
  /// @param provider the instance
  /// @param generation of the slot
  /// @return what [QueuedFacade#open] gives
  public Tenure<P> begin(P provider, long generation) {
    return Tenure.of(provider, generation, port.stripes());
  }

  /// After each batch: opens the door of who serves, if none waits.
  ///
  /// @param serving was begun and not ended
  public void settled(Tenure<P> serving) {
    port.ifNoneWaits(() -> {
      lock.lock();
      try {
        if (!serving.hasEnded()) {
          serving.open();
          tenure = serving;
        }
      } finally {
        lock.unlock();
      }
    });
  }

  /// Shuts the door and waits until nobody is inside.
  ///
  /// @param serving who serves
  /// @param deadlineMs how long it waits at most
  /// @return false if somebody still is
  public boolean hold(Tenure<P> serving, long deadlineMs) {
    return serving.shutAndDrain(port.waiter(), port.clock().monotonicNs() + deadlineMs * 1_000_000);
  }

  /// Who is inside. Any thread; what it tells of ages it learns from being asked a few times within `overdueMs`.
  ///
  /// @param looked who serves, or has ended
  /// @param overdueMs what is too long
  /// @return about that
  public CallsInside look(Tenure<P> looked, long overdueMs) {
    return looked.look(port.clock().monotonicNs(), overdueMs * 1_000_000);
  }

  /// Shuts the door for good and lets go of the instance. Any thread; does not wait for who is inside, whose callers
  /// hear that the outcome is unknown.
  ///
  /// @param gone was begun
  public void end(Tenure<P> gone) {
    lock.lock();
    try {
      gone.end();
      if (tenure == gone) {
        tenure = vacant;
      }
    } finally {
      lock.unlock();
    }
    gone.tellLeft();
  }
}
