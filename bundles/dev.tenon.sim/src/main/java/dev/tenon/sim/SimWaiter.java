package dev.tenon.sim;

import dev.tenon.runtime.Waiter;
import org.jspecify.annotations.Nullable;

/// One permit; its sleeper is a strand's task.
final class SimWaiter implements Waiter {
  private final Incarnation incarnation;
  private final Loop loop;
  private boolean permit;
  private @Nullable Task sleeper;

  SimWaiter(Incarnation incarnation) {
    this.incarnation = incarnation;
    this.loop = incarnation.loop();
  }

  @Override
  public void wake() {
    loop.call();
    loop.emit(this::leave);
  }

  private void leave() {
    permit = true;
    Task asleep = sleeper;
    if (asleep != null) {
      sleeper = null;
      loop.wakeAt(asleep, loop.nowNs + loop.turnLatencyNs());
    }
  }

  @Override
  public boolean sleepUntil(long deadlineNs) {
    loop.call();
    Task task = loop.task();
    loop.catchUp();
    if (!permit) {
      sleeper = task;
      loop.wakeAt(task, deadlineNs - incarnation.originNs());
      loop.park(task);
      sleeper = null;
    }
    boolean got = permit;
    permit = false;
    return got;
  }
}
