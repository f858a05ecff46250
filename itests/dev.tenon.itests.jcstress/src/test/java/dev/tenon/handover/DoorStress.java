package dev.tenon.handover;

import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Stripes;
import dev.tenon.runtime.Waiter;
import dev.tenon.slot.Leases;
import dev.tenon.slot.SlotMailbox;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotUnit;
import dev.tenon.slot.Tenure;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/// A caller with two units against a handover from one provider to another: whatever waits in front of the door is
/// dispatched by the fencing side, which then opens the next one's. In this package for the real queue.
///
/// How often each provider was called, which unit came second on the second one or 0, and how many units wait.
@JCStressTest
@org.openjdk.jcstress.annotations.Outcome(id = "2, 0, 0, 0", expect = Expect.ACCEPTABLE, desc = "Before the fence.")
@org.openjdk.jcstress.annotations.Outcome(id = "1, 1, 0, 0", expect = Expect.ACCEPTABLE, desc = "Around it.")
@org.openjdk.jcstress.annotations.Outcome(id = "0, 2, 2, 0", expect = Expect.ACCEPTABLE, desc = "Behind it, in order.")
@org.openjdk.jcstress.annotations.Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, reordered or left waiting.")
@State
public class DoorStress {
  private static final int UNITS_MAX = 64;

  /// Its fields are plain: one caller and, behind the fence, one strand.
  private static final class Provider {
    int calls;
    int last;

    Completion<Integer> ask(int unit) {
      calls++;
      last = unit;
      return new Ended(unit);
    }
  }

  private final Door door = new Door();
  private final Leases<Provider> slot = new Leases<>(door);
  private final Provider a = new Provider();
  private final Provider b = new Provider();
  private final Tenure<Provider> first;

  public DoorStress() {
    first = slot.begin(a, 1);
    slot.settled(first);
  }

  @Actor
  public void caller() {
    ask(1);
    ask(2);
  }

  private void ask(int unit) {
    Tenure<Provider> tenure = slot.tenure();
    int stripe = tenure.enter();
    if (stripe < 0) {
      slot.later(1, provider -> provider.ask(unit));
    } else {
      slot.until(tenure, tenure.provider().ask(unit), stripe);
    }
  }

  @Actor
  public void handover() {
    if (!slot.hold(first, 2_000)) {
      return; // seen by the arbiter: nobody serves what waits
    }
    Tenure<Provider> next = slot.begin(b, 2);
    do {
      List<SlotUnit> units = door.queue.take(SlotLimits.BATCH_UNITS);
      units.forEach(unit -> unit.run(next));
      slot.settled(next);
      door.queue.release(units.size(), units.size());
    } while (!next.isOpen());
  }

  @Arbiter
  public void look(IIII_Result result) {
    result.r1 = a.calls;
    result.r2 = b.calls;
    result.r3 = b.calls == 2 ? b.last : 0;
    result.r4 = door.queue.waiting();
  }

  /// A completion that has ended: nobody asks for more of it here.
  private record Ended(int value) implements Completion<Integer> {
    @Override
    public <M> void then(Function<Outcome<Integer>, M> message) {}

    @Override
    public void onEnd(Consumer<Outcome<Integer>> told) {
      told.accept(new Outcome.Done<>(value));
    }

    @Override
    public void cancel() {}
  }

  private static final class Dropped<T> implements Promise<T>, Completion<T> {
    @Override
    public Completion<T> completion() {
      return this;
    }

    @Override
    public boolean end(Outcome<T> outcome) {
      return true;
    }

    @Override
    public boolean cancelled() {
      return false;
    }

    @Override
    public void onCancel(Runnable action) {}

    @Override
    public <M> void then(Function<Outcome<T>, M> message) {}

    @Override
    public void onEnd(Consumer<Outcome<T>> told) {}

    @Override
    public void cancel() {}
  }

  private static final class Door implements SlotPort {
    final SlotQueue queue = new SlotQueue(UNITS_MAX, 1 << 20, () -> {});

    @Override
    public SlotName name() {
      return new SlotName("n", "role", "use");
    }

    @Override
    public SlotState state() {
      return SlotState.ACTIVE;
    }

    @Override
    public String reason() {
      return "";
    }

    @Override
    public long generation() {
      return 1;
    }

    @Override
    public boolean signingOff() {
      return false;
    }

    @Override
    public boolean isRecovered() { return false; }

    @Override
    public <T> Promise<T> promise() {
      return new Dropped<>();
    }

    @Override
    public boolean offer(SlotUnit unit) {
      return queue.offer(unit, 0);
    }

    @Override
    public Parking park(SlotUnit unit, BooleanSupplier shut) {
      return queue.park(unit, 0, shut);
    }

    @Override
    public boolean ifNoneWaits(Runnable action) {
      return queue.ifNoneWaits(action);
    }

    @Override
    public Stripes stripes() {
      return new Stripes() {
        @Override
        public int count() {
          return 2;
        }

        @Override
        public int current() {
          return (int) Thread.currentThread().threadId();
        }
      };
    }

    @Override
    public Waiter waiter() {
      CountDownLatch woken = new CountDownLatch(1); // a second wake may come too: the drain then looks again
      return new Waiter() {
        @Override
        public void wake() {
          woken.countDown();
        }

        @Override
        public boolean sleepUntil(long deadlineNs) {
          try {
            return woken.await(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
          }
        }
      };
    }

    @Override
    public Clock clock() {
      return new Clock() {
        @Override
        public long monotonicNs() {
          return System.nanoTime();
        }

        @Override
        public long wallMs() {
          return 0;
        }
      };
    }

    @Override
    public void withdraw(SlotUnit unit) {}

    @Override
    public void release(int units, long bytes) {}

    @Override
    public <M> SlotMailbox<M> mailbox(MailboxSpec<M> spec, ToIntFunction<M> bytesOf) {
      return new SlotMailbox<>(this, spec, bytesOf);
    }

    @Override
    public <M> Mailbox<M> spawn(MailboxSpec<M> spec, Function<Context<M>, dev.tenon.runtime.Actor<M>> factory) {
      throw new UnsupportedOperationException("no actors here");
    }

    @Override
    public int heldUnitsMax() { return 1_000; }

    @Override
    public long heldBytesMax() {
      return 1 << 20;
    }

    @Override
    public long sealDeadlineMs() {
      return 2_000;
    }

    @Override
    public Completion<Long> whenActive() {
      return new Dropped<>();
    }
  }
}
