package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Chance;
import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One actor: its mailbox, its inbox, and the turns in which it handles both.
///
/// It is a task of the actors' pool while it is *scheduled*, and nothing while it is *idle*. Who puts a message in and
/// finds it idle schedules it. The turn that finds nothing more says so and looks once again; between saying and
/// looking, and between putting and asking, lies a full fence, so one of the two sees the other and no message is left
/// lying.
final class ActorCell<M> implements Mailbox<M>, Context<M> {
  /// Messages a turn; then other actors have theirs.
  static final int TURN_MESSAGES_MAX = 64;
  private static final long SLOW_NS = 50_000_000;

  private static final Logger log = LoggerFactory.getLogger(ActorCell.class);
  private static final VarHandle SCHEDULED;

  static {
    try {
      SCHEDULED = MethodHandles.lookup().findVarHandle(ActorCell.class, "scheduled", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// What the pool runs, again and again: it never completes, so it can be submitted again without a new object.
  private final class Turn extends ForkJoinTask<Void> {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Void getRawResult() { return null; }

    @Override
    protected void setRawResult(@Nullable Void value) {}

    @Override
    protected boolean exec() {
      turn();
      return false;
    }
  }

  private final JvmRuntime runtime;
  private final String name;
  private final MailboxSpec<M> spec;
  private final Chance chance;
  private final List<Ring<M>> lanes;
  private final ConcurrentLinkedQueue<Object> inbox = new ConcurrentLinkedQueue<>();
  private final Turn turn = new Turn();
  private final CountDownLatch ending = new CountDownLatch(1);
  private @Nullable Function<Context<M>, Actor<M>> factory;
  private @Nullable Actor<M> actor;
  private volatile ActorMetrics metrics;
  @SuppressWarnings("UnusedVariable") // by its handle
  private volatile boolean scheduled;
  private volatile boolean stopAsked;
  private volatile boolean ended;
  private boolean telling; // in `failed`, where offers to others still work

  ActorCell(JvmRuntime runtime, String name, MailboxSpec<M> spec, Chance chance,
      Function<Context<M>, Actor<M>> factory) {
    this.runtime = runtime;
    this.name = name;
    this.spec = spec;
    this.chance = chance;
    this.factory = factory;
    this.metrics = runtime.actorMetrics("starting");
    lanes = new ArrayList<>(spec.lanes());
    for (int i = 0; i < spec.lanes(); i++) {
      lanes.add(new Ring<>(spec.laneCapacity()));
    }
  }

  @Override
  public Offer offer(M message) {
    var caller = Caller.actor();
    if (caller == null || !caller.telling) {
      Caller.checkAlive();
    }
    if (ended) {
      return Offer.CLOSED;
    }
    int number = spec.laneOf().applyAsInt(message);
    Check.that(number >= 0 && number < lanes.size(), "laneOf names a lane of the mailbox");
    var lane = lanes.get(number);
    if (!lane.offer(message)) {
      var policy = spec.whenFull().apply(message);
      metrics.rejected().increment();
      switch (policy) {
        case REJECT -> {
          return Offer.REJECTED;
        }
        case SATISFIED -> {
          return Offer.OK;
        }
        case REPLACE_OLDEST -> {
          if (!replaceOldest(lane, message)) {
            return Offer.REJECTED;
          }
        }
      }
    }
    schedule();
    return lane.size() > lane.capacity() - (lane.capacity() >> 2) ? Offer.BACKOFF : Offer.OK;
  }

  @Override
  public int depth() {
    int depth = 0;
    for (var lane : lanes) {
      depth += lane.size();
    }
    return depth;
  }

  @Override
  public Mailbox<M> self() {
    checkContext();
    return this;
  }

  @Override
  public Clock clock() {
    checkContext();
    return runtime.clock();
  }

  @Override
  public Chance chance() {
    checkContext();
    return chance;
  }

  @Override
  public Timer after(long delayMs, M message) {
    checkContext();
    return runtime.pools().timers().after(this, message, delayMs);
  }

  @Override
  public void stop() {
    checkContext();
    stopAsked = true;
  }

  JvmRuntime runtime() {
    return runtime;
  }

  String name() {
    return name;
  }

  void checkAlive() {
    if (ended) {
      throw new Stopped("actor " + name);
    }
  }

  /// From outside: ends it before its next message.
  void askStop() {
    stopAsked = true;
    schedule();
  }

  /// Open once [Actor#stopped] or [Actor#failed] has returned.
  CountDownLatch ending() {
    return ending;
  }

  void fire(Timers.Entry due) {
    toInbox(due);
  }

  void complete(OneShot<?> completed) {
    toInbox(completed);
  }

  void schedule() {
    VarHandle.fullFence();
    if (!scheduled && SCHEDULED.compareAndSet(this, false, true)) {
      runtime.pools().run(turn);
    }
  }

  private void toInbox(Object event) {
    if (!ended) {
      inbox.add(event);
      schedule();
    }
  }

  /// Another producer may take the freed place first, hence a few tries; nobody spins.
  private boolean replaceOldest(Ring<M> lane, M message) {
    for (int tries = 0; tries < 4; tries++) {
      lane.poll();
      if (lane.offer(message)) {
        return true;
      }
    }
    return false;
  }

  private void checkContext() {
    runtime.checkCall();
    Check.that(Caller.actor() == this, "a context is used by its own actor, in its turns");
  }

  private void turn() {
    var thread = (Caller.ActorThread) Thread.currentThread();
    thread.actor = this;
    boolean more;
    try {
      more = !ended && messages();
    } finally {
      thread.actor = null;
    }
    if (more) {
      runtime.pools().run(turn);
      return;
    }
    scheduled = false;
    VarHandle.fullFence();
    if (ended) {
      clear();
    } else if (stopAsked || !inbox.isEmpty() || depth() > 0) {
      schedule();
    }
  }

  /// @return whether there may be more to do
  private boolean messages() {
    long beganNs = System.nanoTime();
    try {
      var handler = actor;
      if (handler == null) {
        handler = begin();
        beganNs = measure(beganNs);
      }
      for (int handled = 0; handled < TURN_MESSAGES_MAX; handled++) {
        if (stopAsked) {
          end(null);
          return false;
        }
        M message = next();
        if (message == null) {
          return false;
        }
        handler.handle(message);
        beganNs = measure(beganNs);
      }
      return true;
    } catch (Throwable fault) { // the loop of actors: a handler that throws ends its actor, whatever it threw
      end(fault);
      return false;
    }
  }

  private Actor<M> begin() {
    var make = factory;
    Check.that(make != null, "an actor begins once");
    factory = null;
    var made = java.util.Objects.requireNonNull(make).apply(this);
    metrics = runtime.actorMetrics(ActorMetrics.kind(made.getClass()));
    actor = made;
    made.start();
    return made;
  }

  /// The inbox first, then the lanes in order.
  @SuppressWarnings("unchecked") // only the actor's own calls put into its inbox
  private @Nullable M next() {
    for (var event = inbox.poll(); event != null; event = inbox.poll()) {
      if (event instanceof OneShot<?> completed) {
        var message = completed.message();
        if (message != null) {
          return (M) message;
        }
      }
      if (event instanceof Timers.Entry entry && !entry.cancelled()) {
        return (M) entry.message;
      }
    }
    for (var lane : lanes) {
      M message = lane.poll();
      if (message != null) {
        return message;
      }
    }
    return null;
  }

  private long measure(long beganNs) {
    long nowNs = System.nanoTime();
    long tookNs = nowNs - beganNs;
    metrics.handleSeconds().observe(tookNs * 1e-9);
    if (tookNs > SLOW_NS && runtime.slowWarnings().permits(nowNs)) {
      log.atWarn().addKeyValue("node", runtime.node()).addKeyValue("actor", name)
          .addKeyValue("took_ms", tookNs / 1_000_000).log("a handler took long");
    }
    return nowNs;
  }

  boolean hasEnded() { return ended; }

  private void end(@Nullable Throwable fault) {
    var handler = actor;
    Throwable bug = fault instanceof Stopped && runtime.isClosing() ? null : fault;
    ended = true;
    if (bug != null) {
      metrics.failed().increment();
      JvmRuntime.told(bug, cause -> log.atError().setCause(cause).addKeyValue("node", runtime.node())
          .addKeyValue("actor", name).log("an actor has ended because its handler threw"));
    }
    try {
      if (handler != null && bug != null) {
        telling = true;
        handler.failed(bug);
      } else if (handler != null) {
        handler.stopped();
      }
    } catch (Stopped late) {
      log.atDebug().addKeyValue("actor", name).log("an ended actor called its runtime");
    } catch (Throwable second) { // the loop of actors
      JvmRuntime.told(second, cause -> log.atError().setCause(cause).addKeyValue("node", runtime.node())
          .addKeyValue("actor", name).log("an actor's last call threw"));
    } finally {
      telling = false;
      runtime.ended(this);
      runtime.pools().timers().forget(this);
      clear();
      ending.countDown();
    }
  }

  /// Nothing that an ended actor was sent keeps memory, or the class loader of its sender, alive.
  private void clear() {
    inbox.clear();
    for (var lane : lanes) {
      for (var late = lane.poll(); late != null; late = lane.poll()) {
        log.atTrace().addKeyValue("actor", name).log("message to an ended actor dropped");
      }
    }
    actor = null;
    factory = null;
  }
}
