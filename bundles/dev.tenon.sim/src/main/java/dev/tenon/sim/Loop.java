package dev.tenon.sim;

import dev.tenon.codec.Check;
import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.Stopped;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Takes events off the heap, one by one, and passes the baton when a task waits.
///
/// Whoever runs holds the baton; exactly one thread does, so all fields are plain and every hand-over is a semaphore.
/// The loop runs on a virtual thread of its own, so that a task may be left waiting on its stack when a run ends. The
/// thread that asked for the run meanwhile watches that steps end.
final class Loop {
  private static final int STUCK_AFTER_CHECKS = 4;
  private static final long STUCK_CHECK_MS = 2_500;
  private static final long TURN_LATENCY_NS_MAX = 20_000;
  private static final long TURN_LATENCY_RARE_NS_MAX = 500_000;
  private static final int RARE = 64;

  final EventHeap heap = new EventHeap();
  final Trace trace = new Trace();
  final long seed;
  private final Rng ties;
  private final Rng latencies;
  private final AtomicLong steps = new AtomicLong();
  long nowNs;
  long handlerRuns;
  long stuckCheckMs = STUCK_CHECK_MS; // real time; a test of the watch shortens it
  @Nullable
  Caller caller;
  private long sequence;
  private BooleanSupplier done = () -> true;
  private long limitNs;
  private boolean running;
  private Semaphore finished = new Semaphore(0);
  private @Nullable Throwable failure;
  private @Nullable Seat handover;
  private @Nullable Seat unwinding;
  private volatile @Nullable Thread leader;

  Loop(long seed) {
    this.seed = seed;
    ties = new Rng(seed, "ties");
    latencies = new Rng(seed, "latencies");
  }

  /// @return the instant at which the caller is: a task's own clock, else the loop's
  long instant() {
    return caller instanceof Task task ? task.clockNs : nowNs;
  }

  /// @return the task that calls; blocking is for strands only
  Task task() {
    if (caller instanceof Task task) {
      return task;
    }
    throw new CheckFailed("blocking calls are for tasks of strands");
  }

  void add(Event event, long timeNs) {
    event.timeNs = Math.max(timeNs, nowNs);
    event.tie = (int) ties.nextLong();
    event.sequence = sequence++;
    heap.add(event);
  }

  /// Until a woken actor or strand gets its turn: mostly short, now and then long.
  long turnLatencyNs() {
    long drawn = latencies.nextLong();
    long bound = (drawn & (RARE - 1)) == 0 ? TURN_LATENCY_RARE_NS_MAX : TURN_LATENCY_NS_MAX;
    return 1 + Math.unsignedMultiplyHigh(drawn, bound);
  }

  int turnLength(int max) {
    return 1 + latencies.nextInt(max);
  }

  /// Every runtime call passes here: it counts, and may be the one at which the node is to crash.
  void call() {
    if (enter()) {
      throw new Stopped("the node has crashed at this call");
    }
  }

  /// @return true if the node crashes during this call; only a storage call may then still have an effect
  boolean enter() {
    Caller self = caller;
    if (self == null) {
      return false;
    }
    Check.that(!(self instanceof Caller.Pure), "no runtime calls from Compute");
    alive();
    if (self instanceof Task task) {
      task.clockNs++;
      task.lastCallNs = task.clockNs;
    }
    return self.incarnation().simNode().countCall(self);
  }

  /// For calls without effect, such as reading a clock: not counted, but they end with their caller too.
  void alive() {
    Caller self = caller;
    boolean over = switch (self) {
      case null -> false;
      case Task task -> task.incarnation().hasEnded() || task.isOver();
      case SimActor<?> actor -> actor.incarnation().hasEnded() || actor.isSilent();
      case Caller.Boot boot -> boot.incarnation().hasEnded();
      case Caller.Pure pure -> pure.incarnation().hasEnded();
    };
    if (over) {
      throw new Stopped("its node, strand or actor has ended");
    }
  }

  /// Does now what an actor asks for, and at a task's own instant what a task asks for.
  void emit(Runnable action, Runnable undo) {
    if (caller instanceof Task task) {
      add(new Emission(task, action, undo), task.clockNs);
    } else {
      action.run();
    }
  }

  void emit(Runnable action) {
    emit(action, () -> {});
  }

  /// Lets the loop come as far as the running task's clock, so that what the task does next sees all that happened.
  void catchUp() {
    if (!(caller instanceof Task task) || task.clockNs <= nowNs) {
      return;
    }
    Event next = heap.peek();
    if (task.clockNs <= limitNs && (next == null || next.timeNs > task.clockNs)) {
      nowNs = task.clockNs;
      return;
    }
    wakeAt(task, task.clockNs);
    park(task);
  }

  /// Gives the baton away until somebody resumes this task.
  void park(Task task) {
    Seat seat = new Seat();
    task.seat = seat;
    caller = null;
    startLeader();
    seat.baton.acquireUninterruptibly();
    task.seat = null;
    task.wait++;
    caller = task;
    if (seat.killed) {
      throw new Stopped(task.describe() + " has ended");
    }
    task.clockNs = Math.max(task.clockNs, nowNs);
  }

  /// Resumes a parked task at an instant, unless it has gone on before.
  void wakeAt(Task task, long timeNs) {
    long wait = task.wait;
    add(new Event(task.incarnation()) {
      @Override
      void fire() {
        Seat seat = task.seat;
        if (seat != null && task.wait == wait) {
          handover = seat;
        }
      }
    }, timeNs);
  }

  /// Lets a parked task's stack run to its end with [Stopped]; returns when it has.
  void unwind(Task task) {
    Seat seat = task.seat;
    if (seat == null) {
      return;
    }
    Caller self = caller;
    seat.killed = true;
    unwinding = seat;
    seat.baton.release();
    seat.left.acquireUninterruptibly();
    caller = self;
  }

  /// Ends the run after this step; the run throws it.
  void report(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    }
  }

  boolean isRunning() { return running; }

  /// Runs until the condition holds, the time is over, or a step fails.
  boolean drive(BooleanSupplier until, long untilNs) {
    Check.that(!running, "a run inside a run");
    running = true;
    done = until;
    limitNs = untilNs;
    finished = new Semaphore(0);
    startLeader();
    watch();
    running = false;
    Throwable thrown = failure;
    failure = null;
    if (thrown != null) {
      throw sneaky(thrown);
    }
    return until.getAsBoolean();
  }

  private void startLeader() {
    leader = Thread.ofVirtual().start(this::lead);
  }

  private void lead() {
    try {
      while (failure == null && !done.getAsBoolean()) {
        Event next = heap.peek();
        if (next == null || next.timeNs > limitNs) {
          nowNs = Math.max(nowNs, limitNs);
          break;
        }
        heap.poll();
        nowNs = Math.max(nowNs, next.timeNs);
        steps.lazySet(steps.getPlain() + 1);
        if (next.wanted()) {
          next.fire();
        } else {
          next.dropped();
        }
        if (passedOn()) {
          return;
        }
      }
    } catch (Throwable thrown) {
      if (passedOn()) {
        return;
      }
      report(thrown);
    }
    finished.release();
  }

  /// @return true if this thread no longer holds the baton and has to end
  private boolean passedOn() {
    Seat ended = unwinding;
    if (ended != null) {
      unwinding = null;
      ended.left.release();
      return true;
    }
    Seat next = handover;
    if (next == null) {
      return false;
    }
    handover = null;
    leader = next.thread;
    next.baton.release();
    return true;
  }

  private void watch() {
    long seen = -1;
    int same = 0;
    try {
      while (!finished.tryAcquire(stuckCheckMs, TimeUnit.MILLISECONDS)) {
        long at = steps.get();
        same = at == seen ? same + 1 : 0;
        seen = at;
        if (same >= STUCK_AFTER_CHECKS) {
          throw stuck();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a simulation runs", interrupted);
    }
  }

  private AssertionError stuck() {
    AssertionError error = new AssertionError("seed " + seed + ": one step takes more than "
        + STUCK_AFTER_CHECKS * stuckCheckMs + " ms of real time");
    Thread running = leader;
    if (running != null) {
      error.setStackTrace(running.getStackTrace());
    }
    return error;
  }

  @SuppressWarnings("unchecked") // the step's own exception, as the test wrote it
  private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /// What a task sends out, at the task's own instant. It does not happen if the task was cut off before.
  private static final class Emission extends Event {
    private final Task task;
    private final Runnable action;
    private final Runnable undo;

    Emission(Task task, Runnable action, Runnable undo) {
      super(task.incarnation());
      this.task = task;
      this.action = action;
      this.undo = undo;
    }

    @Override
    boolean wanted() {
      return super.wanted() && timeNs <= task.cutNs;
    }

    @Override
    void fire() {
      action.run();
    }

    @Override
    void dropped() {
      undo.run();
    }
  }
}
