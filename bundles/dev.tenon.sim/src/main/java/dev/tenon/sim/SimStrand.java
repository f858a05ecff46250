package dev.tenon.sim;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Tasks one after the other, each run in one go with a clock of its own.
final class SimStrand implements Strand {
  private static final long NS_PER_MS = 1_000_000;

  private final Incarnation incarnation;
  private final Loop loop;
  private final String name;
  private final long id;
  private final ArrayDeque<Task> waiting = new ArrayDeque<>();
  private @Nullable Task running;
  private boolean ended;

  SimStrand(Incarnation incarnation, String name) {
    this.incarnation = incarnation;
    this.loop = incarnation.loop();
    this.name = name;
    this.id = Rng.hash(fullName());
  }

  Incarnation incarnation() {
    return incarnation;
  }

  String fullName() {
    return incarnation.name() + "/" + name;
  }

  String name() {
    return name;
  }

  boolean hasEnded() {
    return ended;
  }

  @Nullable
  Task running() {
    return running;
  }

  @Override
  public <T> Completion<T> run(String step, Supplier<T> body) {
    loop.call();
    SimPromise<T> promise = new SimPromise<>(loop);
    promise.claim();
    Task task = new Task(this, step, body, promise);
    loop.emit(() -> submit(task));
    return promise;
  }

  private void submit(Task task) {
    if (ended) {
      refuse(task);
      return;
    }
    waiting.add(task);
    if (running == null) {
      next();
    }
  }

  private void next() {
    Task task = waiting.poll();
    running = task;
    if (task != null) {
      loop.add(new Event(incarnation) {
        @Override
        boolean wanted() {
          return super.wanted() && running == task;
        }

        @Override
        void fire() {
          begin(task);
        }
      }, loop.nowNs + loop.turnLatencyNs());
    }
  }

  private void begin(Task task) {
    if (task.isCancelled()) {
      running = null;
      task.fail(new UnavailableException(task.describe() + ": its asker gave up before it began"));
      task.deliver();
      next();
      return;
    }
    trace(task, "begin", 1);
    task.begun = true;
    task.clockNs = loop.nowNs;
    loop.caller = task;
    try {
      task.execute();
    } catch (Stopped stopped) {
      if (incarnation.hasEnded() || task.isOver()) {
        return;
      }
      task.fail(new OutcomeUnknownException(task.describe() + ": what it used has ended"));
    } catch (Throwable thrown) {
      task.fail(new IllegalStateException(task.describe() + " threw an error", thrown));
      incarnation.failed(task.describe(), thrown);
    } finally {
      loop.caller = null;
    }
    if (!incarnation.hasEnded() && !task.isOver()) {
      endAt(task, task.clockNs + 1);
    }
  }

  private void endAt(Task task, long timeNs) {
    Event end = new Event(incarnation) {
      @Override
      boolean wanted() {
        return super.wanted() && task.end == this;
      }

      @Override
      void fire() {
        trace(task, "end", 2);
        running = null;
        task.deliver();
        if (ended) {
          incarnation.lingersNoMore(task);
        } else {
          next();
        }
      }
    };
    task.end = end;
    loop.add(end, timeNs);
  }

  private void trace(Task task, String what, long value) {
    long step = Rng.hash(task.step) + value;
    loop.trace.mix(loop.nowNs, id, step);
    if (loop.trace.wantsLines()) {
      loop.trace.line(loop.nowNs, fullName(), what, task.step, step);
    }
  }

  @Override
  public <T> T await(Completion<T> owed, long timeoutMs) throws TimeoutException {
    loop.call();
    Check.that(timeoutMs > 0, "a deadline above 0");
    Check.that(owed instanceof SimPromise, "await takes a completion of this runtime");
    Task task = loop.task();
    Check.that(task.strand == this, "await is for a task of this strand");
    SimPromise<T> promise = (SimPromise<T>) owed;
    loop.catchUp();
    if (promise.outcome() == null) {
      promise.sleep(task);
      loop.wakeAt(task, task.clockNs + timeoutMs * NS_PER_MS);
      loop.park(task);
    }
    return switch (promise.outcome()) {
      case null -> {
        promise.abandon();
        throw new TimeoutException(task.describe() + " has waited " + timeoutMs + " ms");
      }
      case Outcome.Done<T>(var value) -> value;
      case Outcome.Failed<T>(var cause) -> throw cause;
    };
  }

  @Override
  public void giveUp() {
    loop.call();
    loop.emit(this::end);
  }

  @Override
  public List<String> doing(int framesMax) {
    Check.that(framesMax > 0, "some frames");
    Task task = running;
    return task == null || !task.begun ? List.of() : List.of(task.step);
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    incarnation.forget(this);
    waiting.forEach(this::refuse);
    waiting.clear();
    Task task = running;
    if (task == null) {
      return;
    }
    if (!task.begun) {
      running = null;
      refuse(task);
    } else if (task.seat == null) {
      // It has run ahead, to its end and by a little only: what it did in memory has happened, so it ends in its time.
      incarnation.linger(task);
    } else {
      cut(task, loop.nowNs, new OutcomeUnknownException(task.describe() + ": its strand was given up"));
    }
  }

  /// Makes undone what a task has done after this instant in the calls that it has made ahead of time; it then fails.
  void cut(Task task, long timeNs, RuntimeException cause) {
    boolean asleep = task.seat != null;
    if (!asleep && task.lastCallNs <= timeNs) {
      return;
    }
    task.cutNs = timeNs;
    incarnation.simNode().disk().forget(task, timeNs);
    loop.unwind(task);
    task.fail(cause);
    endAt(task, timeNs + 1);
  }

  private void refuse(Task task) {
    task.fail(new UnavailableException(task.describe() + ": the strand has ended"));
    task.deliver();
  }
}
