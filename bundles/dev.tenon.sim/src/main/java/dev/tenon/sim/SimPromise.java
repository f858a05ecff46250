package dev.tenon.sim;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Both sides of something that is owed.
final class SimPromise<T> implements Promise<T>, Completion<T> {
  private final Loop loop;
  private boolean claimed;
  private boolean cancelled;
  private boolean delivered;
  private @Nullable Outcome<T> outcome;
  private final List<Runnable> onCancel = new ArrayList<>();
  private @Nullable Consumer<Outcome<T>> watcher;
  private @Nullable Delivery<?> delivery;
  private @Nullable Task sleeper;

  SimPromise(Loop loop) {
    this.loop = loop;
  }

  @Override
  public Completion<T> completion() {
    return this;
  }

  @Override
  public boolean end(Outcome<T> end) {
    loop.call();
    if (claimed) {
      return false;
    }
    claimed = true;
    loop.emit(() -> settle(end));
    return true;
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }

  @Override
  public void onCancel(Runnable action) {
    if (cancelled) {
      action.run();
    } else if (outcome == null) {
      onCancel.add(action);
    }
  }

  @Override
  public <M> void then(Function<Outcome<T>, M> message) {
    loop.call();
    Check.that(delivery == null && sleeper == null, "then is called once, and not on what a strand waits for");
    Delivery<M> mine = SimActor.delivery(loop.caller, this, message);
    delivery = mine;
    if (outcome != null) {
      mine.due();
    }
  }

  @Override
  public void onEnd(Consumer<Outcome<T>> told) {
    Check.that(watcher == null, "a completion is watched once");
    watcher = told;
    if (outcome != null) {
      told.accept(outcome);
    }
  }

  @Override
  public void cancel() {
    loop.call();
    abandon();
  }

  /// The asker has given up: no message will come, even if the end is on its way.
  void abandon() {
    if (cancelled || delivered) {
      return;
    }
    cancelled = true;
    List<Runnable> actions = List.copyOf(onCancel); // none after the end
    onCancel.clear();
    actions.forEach(Runnable::run);
  }

  void claim() {
    claimed = true;
  }

  void settle(Outcome<T> end) {
    if (outcome != null) {
      return;
    }
    outcome = end;
    onCancel.clear();
    if (watcher != null) {
      watcher.accept(end);
    }
    Delivery<?> asked = cancelled ? null : delivery;
    Task asleep = sleeper;
    if (asked != null) {
      asked.due();
    } else if (asleep != null) {
      sleeper = null;
      loop.wakeAt(asleep, loop.nowNs + loop.turnLatencyNs());
    }
  }

  @Nullable
  Outcome<T> outcome() {
    return outcome;
  }

  void sleep(Task task) {
    Check.that(delivery == null && sleeper == null, "a strand waits for what has no other asker");
    sleeper = task;
  }

  /// One message that an actor is to get.
  interface Delivery<M> {
    /// The outcome is there: the message goes into the actor's inbox.
    void due();
  }

  /// @return the outcome for the message that is made now, or nothing if the asker has given up
  @Nullable
  Outcome<T> take() {
    if (cancelled) {
      return null;
    }
    delivered = true;
    return outcome;
  }
}
