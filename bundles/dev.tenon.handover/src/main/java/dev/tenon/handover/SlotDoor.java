package dev.tenon.handover;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Stripes;
import dev.tenon.runtime.Waiter;
import dev.tenon.slot.SlotMailbox;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotUnavailableException;
import dev.tenon.slot.SlotUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/// A slot as its facade sees it: any thread, from memory.
final class SlotDoor implements SlotPort {
  private final Runtime runtime;
  private final SlotName name;
  private final SlotQueue queue;
  private final Supplier<SlotLimits> limits;
  private final ReentrantLock lock = new ReentrantLock();
  /// Under the lock; in the order of asking.
  private final List<Promise<Long>> waiting = new ArrayList<>();
  private final List<SlotMailbox<?>> mailboxes = new CopyOnWriteArrayList<>();
  private final AtomicInteger actors = new AtomicInteger();
  private volatile SlotModel model;
  /// Under the lock.
  private boolean ended;

  SlotDoor(Runtime runtime, SlotName name, SlotQueue queue, SlotModel model, Supplier<SlotLimits> limits) {
    this.runtime = runtime;
    this.name = name;
    this.queue = queue;
    this.model = model;
    this.limits = limits;
  }

  /// The conductor shows the newest state; who waits for it is told.
  void show(SlotModel next) {
    List<Promise<Long>> served = List.of();
    lock.lock();
    try {
      model = next;
      if (next.isServing() && !waiting.isEmpty()) {
        served = List.copyOf(waiting);
        waiting.clear();
      }
    } finally {
      lock.unlock();
    }
    for (Promise<Long> promise : served) {
      promise.done(next.generation());
    }
  }

  /// The slot's place is given up: it will not be active any more.
  void end() {
    List<Promise<Long>> left;
    lock.lock();
    try {
      ended = true;
      left = List.copyOf(waiting);
      waiting.clear();
    } finally {
      lock.unlock();
    }
    left.forEach(promise -> promise.failed(gone()));
  }

  private SlotUnavailableException gone() {
    return new SlotUnavailableException(name.toString(), SlotState.SEALED, model.reason());
  }

  SlotModel model() {
    return model;
  }

  @Override
  public SlotName name() {
    return name;
  }

  @Override
  public SlotState state() {
    return model.state();
  }

  @Override
  public String reason() {
    return model.reason();
  }

  @Override
  public boolean signingOff() {
    return model.isSigningOff();
  }

  @Override
  public boolean isRecovered() { return model.isRecovered(); }

  @Override
  public long generation() {
    return model.generation();
  }

  @Override
  public <T> Promise<T> promise() {
    return runtime.promise();
  }

  @Override
  public boolean offer(SlotUnit unit) {
    if (!unit.parks() && model.isLost()) {
      return false;
    }
    return queue.offer(unit, unit.expires() ? runtime.clock().monotonicNs() : 0);
  }

  @Override
  public Parking park(SlotUnit unit, BooleanSupplier shut) {
    return queue.park(unit, unit.expires() ? runtime.clock().monotonicNs() : 0, shut);
  }

  @Override
  public boolean ifNoneWaits(Runnable action) {
    return queue.ifNoneWaits(action);
  }

  @Override
  public Stripes stripes() {
    return runtime.stripes();
  }

  @Override
  public Waiter waiter() {
    return runtime.waiter();
  }

  @Override
  public Clock clock() {
    return runtime.clock();
  }

  @Override
  public void withdraw(SlotUnit unit) {
    queue.withdraw(unit);
  }

  @Override
  public void release(int units, long bytes) {
    queue.release(units, bytes);
  }

  @Override
  public <M> SlotMailbox<M> mailbox(MailboxSpec<M> spec, ToIntFunction<M> bytesOf) {
    SlotMailbox<M> made = new SlotMailbox<>(this, spec, bytesOf);
    mailboxes.add(made);
    return made;
  }

  /// The mailboxes of its facade, if its role has any.
  List<SlotMailbox<?>> mailboxes() {
    return mailboxes;
  }

  @Override
  public <M> Mailbox<M> spawn(MailboxSpec<M> spec, Function<Context<M>, Actor<M>> factory) {
    return runtime.spawn("slot:" + name + ":actor:" + actors.incrementAndGet(), spec, factory);
  }

  @Override
  public int heldUnitsMax() {
    return queue.unitsMax();
  }

  @Override
  public long heldBytesMax() {
    return queue.bytesMax();
  }

  @Override
  public long sealDeadlineMs() {
    return limits.get().sealDeadlineMs();
  }

  @Override
  public Completion<Long> whenActive() {
    Promise<Long> promise = runtime.promise();
    long generation = 0;
    boolean over;
    lock.lock();
    try {
      over = ended;
      if (model.isServing()) {
        generation = model.generation();
      } else if (!over) {
        waiting.add(promise);
      }
    } finally {
      lock.unlock();
    }
    if (generation > 0) {
      promise.done(generation);
    } else if (over) {
      promise.failed(gone());
    } else {
      promise.onCancel(() -> forget(promise));
    }
    return promise.completion();
  }

  private void forget(Promise<Long> promise) {
    lock.lock();
    try {
      waiting.remove(promise);
    } finally {
      lock.unlock();
    }
  }
}
