package dev.tenon.slot;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Chance;
import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.Stripes;
import dev.tenon.runtime.Timer;
import dev.tenon.runtime.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// A slot for [MailboxModel]: its actors take their turns when they are told to.
final class ModelPort implements SlotPort {
  final List<Host<?>> hosts = new ArrayList<>();
  @Nullable
  SlotUnit broken;

  /// An actor of the runtime: its inbox is emptied before its mailbox, as the contract says.
  static final class Host<M> implements Mailbox<M>, Context<M> {
    private final Function<Context<M>, Actor<M>> factory;
    private final List<M> inbox = new ArrayList<>();
    private final List<M> timers = new ArrayList<>();
    private final List<M> lane = new ArrayList<>();
    private @Nullable Actor<M> actor;
    private boolean stopped;
    /// Whether the next offer is one of a caller that was given up.
    boolean stopsCaller;

    Host(Function<Context<M>, Actor<M>> factory) {
      this.factory = factory;
    }

    void moves(int number, List<String> moves) {
      if (stopped) {
        return;
      }
      if (actor == null || !inbox.isEmpty() || !lane.isEmpty()) {
        moves.add("host " + number + " turn");
      }
      for (int i = 0; i < timers.size(); i++) {
        moves.add("host " + number + " timer " + i);
      }
    }

    void go(String[] words) {
      if (words[2].equals("timer")) {
        inbox.add(timers.remove(Integer.parseInt(words[3])));
        return;
      }
      Actor<M> living = actor;
      if (living == null) {
        living = factory.apply(this);
        actor = living;
        living.start();
      } else {
        living.handle(inbox.isEmpty() ? lane.removeFirst() : inbox.removeFirst());
      }
      if (stopped) {
        living.stopped();
      }
    }

    @Override
    public Offer offer(M message) {
      if (stopsCaller) {
        stopsCaller = false;
        throw new Stopped("a strand");
      }
      if (!stopped && !lane.contains(message)) {
        lane.add(message);
      }
      return stopped ? Offer.CLOSED : Offer.OK;
    }

    @Override
    public int depth() {
      return lane.size();
    }

    @Override
    public Mailbox<M> self() {
      return this;
    }

    @Override
    public Clock clock() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Chance chance() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Timer after(long delayMs, M message) {
      timers.add(message);
      return () -> timers.remove(message);
    }

    @Override
    public void stop() {
      stopped = true;
      inbox.clear();
      timers.clear();
      lane.clear();
    }

    @Override
    public String toString() {
      return (stopped ? "stopped" : String.valueOf(actor)) + inbox + timers + lane;
    }
  }

  private static final class Owed<T> implements Promise<T>, Completion<T> {
    private @Nullable Outcome<T> outcome;
    private Consumer<Outcome<T>> told = end -> {};

    @Override
    public Completion<T> completion() {
      return this;
    }

    @Override
    public boolean end(Outcome<T> end) {
      if (outcome != null) {
        return false;
      }
      outcome = end;
      told.accept(end);
      return true;
    }

    @Override
    public boolean cancelled() {
      return false;
    }

    @Override
    public void onCancel(Runnable action) {}

    @Override
    public <M> void then(Function<Outcome<T>, M> message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void cancel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void onEnd(Consumer<Outcome<T>> to) {
      told = to;
    }
  }

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
  public int heldUnitsMax() { return 1_000; }

  @Override
  public <T> Promise<T> promise() {
    return new Owed<>();
  }

  @Override
  public boolean offer(SlotUnit unit) {
    broken = unit;
    return true;
  }

  @Override
  public Parking park(SlotUnit unit, BooleanSupplier shut) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean ifNoneWaits(Runnable action) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Stripes stripes() {
    throw new UnsupportedOperationException();
  }

  /// The strand looks by itself whether it was woken.
  @Override
  public Waiter waiter() {
    return new Waiter() {
      @Override
      public void wake() {}

      @Override
      public boolean sleepUntil(long deadlineNs) {
        return false;
      }
    };
  }

  @Override
  public Clock clock() {
    return new Clock() {
      @Override
      public long monotonicNs() {
        return 0;
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
  public <M> Mailbox<M> spawn(MailboxSpec<M> spec, Function<Context<M>, Actor<M>> factory) {
    Host<M> host = new Host<>(factory);
    hosts.add(host);
    return host;
  }

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
    throw new UnsupportedOperationException();
  }
}
