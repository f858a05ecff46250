package dev.tenon.slot;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.role.RoleActor;
import java.util.ArrayDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A provider's actor as the runtime sees it. Its inbox is the provider's own, and ends with it; messages of the
/// contract it takes from the slot's mailbox, one after the other. Seals come before all else.
final class Seated<M, O, S> implements Actor<Object> {
  /// There is something to look at: a seal, its end, or messages.
  enum Look {
    AGAIN
  }

  private final Seat<M, S> seat;
  private final Context<Object> context;
  private final Function<Context<O>, RoleActor<M, O, S>> factory;
  /// Its own messages that came while it rested; [Seat#OWN_MAX] at most, else it has failed.
  private final ArrayDeque<O> later = new ArrayDeque<>();
  private @Nullable RoleActor<M, O, S> actor;
  /// The seal that it was told of and that was not taken back.
  private @Nullable Sealing<S> told;
  private boolean over;
  /// Whether the slot has heard that it has failed.
  private boolean heard;

  Seated(Seat<M, S> seat, Context<Object> context, Function<Context<O>, RoleActor<M, O, S>> factory) {
    this.seat = seat;
    this.context = context;
    this.factory = factory;
  }

  @Override
  public void start() {
    guarded(this::begin);
  }

  @SuppressWarnings("unchecked") // what it is given comes back to it alone
  private void begin() {
    RoleActor<M, O, S> made = factory.apply((Context<O>) (Context<?>) context);
    actor = made;
    made.start();
  }

  @Override
  public void handle(Object message) {
    guarded(() -> take(message));
  }

  /// What the provider throws ends this actor, and the slot opens its provider again.
  private void guarded(Runnable turn) {
    if (over) {
      return;
    }
    if (seat.isOver()) {
      over = true;
      context.stop();
      return;
    }
    try {
      turn.run();
    } catch (RuntimeException thrown) {
      context.stop();
      broke(thrown);
    } catch (Stopped ended) {
      throw ended;
    } catch (Error thrown) { // its runtime ends this actor, and tells of the error
      broke(thrown);
      throw thrown;
    }
  }

  /// In its turn, where whoever waits for its seal can be woken.
  private void broke(Throwable thrown) {
    over = true;
    seat.broke(thrown);
    heard = true;
    Sealing<S> seal = seat.sealing();
    if (seal != null) {
      seal.wake();
    }
  }

  @SuppressWarnings("unchecked") // all but a look is its own
  private void take(Object message) {
    RoleActor<M, O, S> living = living();
    obey(living);
    if (message instanceof Look) {
      messages(living);
    } else if (rests()) {
      // At rest it asks for nothing more, but what has its inbox from before may go on for ever. None may be left out:
      // it could not resume.
      if (later.size() >= Seat.OWN_MAX) {
        throw new UnavailableException("it rests, and more than " + Seat.OWN_MAX + " of its own messages wait");
      }
      later.add((O) message);
    } else {
      living.own((O) message);
    }
  }

  private RoleActor<M, O, S> living() {
    RoleActor<M, O, S> living = actor;
    if (living == null) {
      throw new IllegalStateException("it has not begun");
    }
    return living;
  }

  /// Seals come first, and so does their end.
  private void obey(RoleActor<M, O, S> living) {
    Sealing<S> asked = seat.sealing();
    Sealing<S> before = told;
    if (asked != before) {
      told = asked;
      if (before != null) {
        living.resume();
      }
      if (asked != null) {
        living.seal(asked);
      }
    }
    while (!later.isEmpty() && !rests()) {
      living.own(later.remove());
    }
  }

  private boolean rests() {
    Sealing<S> seal = told;
    return seal != null && seal.isAnswered();
  }

  private void messages(RoleActor<M, O, S> living) {
    for (int i = 0; i < seat.mailbox().turnMessages; i++) {
      M message = seat.mailbox().take(seat);
      if (message == null) {
        return;
      }
      living.handle(message);
      obey(living);
    }
    seat.look();
  }

  /// For tests that compare states.
  @Override
  public String toString() {
    return (over ? "over" : told == null ? "goes" : rests() ? "rests" : "comes to rest")
        + (told == seat.sealing() ? "" : ", not told") + ", later " + later;
  }

  @Override
  public void stopped() {
    RoleActor<M, O, S> living = actor;
    if (living != null) {
      living.stopped();
    }
  }

  /// By an error, of which the slot has heard, or by the end of something else: its runtime calls but offers do not
  /// work any more.
  @Override
  public void failed(Throwable cause) {
    over = true;
    if (!heard) {
      seat.broke(cause);
    }
  }
}
