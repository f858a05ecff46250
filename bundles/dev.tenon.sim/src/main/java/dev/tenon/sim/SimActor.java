package dev.tenon.sim;

import dev.tenon.codec.Check;
import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Chance;
import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.Timer;
import dev.tenon.runtime.Traced;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An actor with its mailbox, inbox and context.
final class SimActor<M> implements Mailbox<M>, Context<M>, Caller {
  private static final int TURN_MESSAGES_MAX = 64;
  private static final long NS_PER_MS = 1_000_000;

  private final Incarnation incarnation;
  private final Loop loop;
  private final String name;
  private final long id;
  private final MailboxSpec<M> spec;
  private final Function<Context<M>, Actor<M>> factory;
  private final List<ArrayDeque<M>> lanes = new ArrayList<>();
  /// How many messages of tasks are on their way to a lane: their places are taken.
  private final int[] coming;
  private final ArrayDeque<Own<M>> inbox = new ArrayDeque<>();
  private final Rng chance;
  private final Event turn;
  private @Nullable Actor<M> actor;
  private boolean scheduled;
  private boolean stopping;
  private boolean ended;
  private boolean failing;

  SimActor(Incarnation incarnation, String name, MailboxSpec<M> spec, Function<Context<M>, Actor<M>> factory) {
    this.incarnation = incarnation;
    this.loop = incarnation.loop();
    this.name = name;
    this.id = Rng.hash(incarnation.name() + "/" + name);
    this.spec = spec;
    this.factory = factory;
    for (int lane = 0; lane < spec.lanes(); lane++) {
      lanes.add(new ArrayDeque<>());
    }
    coming = new int[spec.lanes()];
    chance = incarnation.stream("chance/" + name);
    turn = new Event(incarnation) {
      @Override
      void fire() {
        scheduled = false;
        takeTurn();
      }
    };
  }

  @Override
  public Incarnation incarnation() {
    return incarnation;
  }

  String name() {
    return name;
  }

  /// The next turn, a little after the caller's instant.
  void schedule() {
    if (!scheduled && !ended) {
      scheduled = true;
      loop.add(turn, loop.instant() + loop.turnLatencyNs());
    }
  }

  @Override
  public Offer offer(M message) {
    if (!(loop.caller instanceof SimActor<?> teller && teller.failing)) {
      loop.call();
    }
    if (ended || incarnation.hasEnded()) {
      return Offer.CLOSED;
    }
    int lane = spec.laneOf().applyAsInt(message);
    ArrayDeque<M> queue = lanes.get(lane);
    int taken = queue.size() + coming[lane];
    if (taken >= spec.laneCapacity()) {
      switch (spec.whenFull().apply(message)) {
        case REJECT -> {
          return Offer.REJECTED;
        }
        case SATISFIED -> {
          return Offer.OK;
        }
        case REPLACE_OLDEST -> {}
      }
    }
    if (loop.caller instanceof Task) {
      coming[lane]++;
      loop.emit(() -> {
        coming[lane]--;
        put(lane, message);
      }, () -> coming[lane]--);
    } else {
      put(lane, message);
    }
    return (taken + 1) * 4L > spec.laneCapacity() * 3L ? Offer.BACKOFF : Offer.OK;
  }

  private void put(int lane, M message) {
    if (ended) {
      return;
    }
    ArrayDeque<M> queue = lanes.get(lane);
    if (queue.size() >= spec.laneCapacity()) {
      queue.poll();
    }
    queue.add(message);
    schedule();
  }

  @Override
  public int depth() {
    int depth = 0;
    for (ArrayDeque<M> queue : lanes) {
      depth += queue.size();
    }
    return depth;
  }

  MailboxLoad load() {
    return new MailboxLoad(name, depth(), spec.lanes() * spec.laneCapacity(), inbox.size());
  }

  @Override
  public Mailbox<M> self() {
    return this;
  }

  @Override
  public Clock clock() {
    return incarnation.clock();
  }

  @Override
  public Chance chance() {
    return chance;
  }

  @Override
  public Timer after(long delayMs, M message) {
    loop.call();
    own();
    Check.that(delayMs >= 0, "a delay is not negative");
    Later later = new Later(message);
    loop.add(new Event(incarnation) {
      @Override
      void fire() {
        if (!later.cancelled) {
          deliver(later);
        }
      }
    }, loop.nowNs + delayMs * NS_PER_MS);
    return later;
  }

  @Override
  public void stop() {
    loop.call();
    own();
    stopping = true;
  }

  private void own() {
    Check.that(loop.caller == this, "a context belongs to its actor, in its turns");
  }

  private void deliver(Own<M> own) {
    if (!ended) {
      inbox.add(own);
      schedule();
    }
  }

  /// @return where a completion goes that the caller, an actor in its turn, has asked for
  static <T, M> SimPromise.Delivery<M> delivery(@Nullable Caller caller, SimPromise<T> promise,
      Function<Outcome<T>, M> message) {
    if (!(caller instanceof SimActor<?> actor)) {
      throw new CheckFailed("then is for the handler of an actor");
    }
    @SuppressWarnings("unchecked") // the contract: the message is one of that actor's
    SimActor<M> asker = (SimActor<M>) actor;
    return () -> asker.deliver(() -> {
      Outcome<T> outcome = promise.take();
      return outcome == null ? null : message.apply(outcome);
    });
  }

  private void takeTurn() {
    if (ended) {
      return;
    }
    loop.caller = this;
    try {
      Actor<M> self = actor;
      if (self == null) {
        trace("start", "", 0);
        self = factory.apply(this);
        actor = self;
        self.start();
      }
      int budget = loop.turnLength(TURN_MESSAGES_MAX);
      while (budget-- > 0 && !stopping) {
        M message = next();
        if (message == null) {
          break;
        }
        trace(message);
        self.handle(message);
      }
      if (stopping) {
        end();
        ending(self::stopped);
      } else if (!inbox.isEmpty() || depth() > 0) {
        schedule();
      }
    } catch (Stopped stopped) {
      Actor<M> self = actor;
      if (!incarnation.hasEnded() && self != null) {
        end(); // something else that it used has ended, and so it ends too
        ending(self::stopped);
      }
    } catch (Throwable thrown) {
      fail(thrown);
    } finally {
      loop.caller = null;
    }
  }

  private @Nullable M next() {
    while (!inbox.isEmpty()) {
      M own = inbox.remove().take();
      if (own != null) {
        return own;
      }
    }
    for (ArrayDeque<M> queue : lanes) {
      M message = queue.poll();
      if (message != null) {
        return message;
      }
    }
    return null;
  }

  private void fail(Throwable thrown) {
    end();
    failing = true; // so that it may still offer
    Actor<M> self = actor;
    if (self != null) {
      ending(() -> self.failed(thrown));
    }
    incarnation.failed(incarnation.name() + "/" + name, thrown);
  }

  private void ending(Runnable last) {
    try {
      last.run();
    } catch (Stopped stopped) {
      // The contract says that its runtime calls throw this.
      return;
    }
  }

  /// The node ends in order.
  void shutDown() {
    Actor<M> self = actor;
    if (!ended && self != null) {
      end();
      loop.caller = this;
      try {
        ending(self::stopped);
      } finally {
        loop.caller = null;
      }
    }
  }

  boolean hasEnded() {
    return ended;
  }

  /// True during its last call after a stop: no runtime call works any more.
  boolean isSilent() { return ended; }

  private void end() {
    ended = true;
    lanes.forEach(ArrayDeque::clear);
    inbox.clear();
    incarnation.forget(this);
  }

  private void trace(M message) {
    Class<?> type = message.getClass();
    long kind = type.isHidden() ? 0 : type.getName().hashCode();
    long value = switch (message) {
      case Traced traced -> Rng.mix(kind) + traced.trace();
      case Number number -> Rng.mix(kind) + number.longValue();
      case CharSequence text -> Rng.mix(kind) + Rng.hash(text.toString());
      case Enum<?> constant -> Rng.mix(kind) + Rng.hash(constant.name());
      default -> kind;
    };
    loop.handlerRuns++;
    trace("handle", type.isHidden() ? "" : type.getName(), value);
  }

  private void trace(String what, String kind, long value) {
    loop.trace.mix(loop.nowNs, id, value);
    if (loop.trace.wantsLines()) {
      loop.trace.line(loop.nowNs, incarnation.name() + "/" + name, what, kind, value);
    }
  }

  /// What lies in an inbox: a timer's or a completion's message.
  private interface Own<M> {
    /// @return the message, or nothing if it was taken back
    @Nullable
    M take();
  }

  /// A timer and its message.
  private final class Later implements Timer, Own<M> {
    private final M message;
    private boolean cancelled;

    Later(M message) {
      this.message = message;
    }

    @Override
    public void cancel() {
      loop.call();
      cancelled = true;
    }

    @Override
    public @Nullable M take() {
      return cancelled ? null : message;
    }
  }
}
