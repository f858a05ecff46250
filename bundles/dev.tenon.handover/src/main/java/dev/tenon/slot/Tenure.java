package dev.tenon.slot;

import dev.tenon.codec.Check;
import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Stripes;
import dev.tenon.runtime.Waiter;
import dev.tenon.runtime.storage.FencedException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One provider's time in a leased slot: counts the calls that are inside, and has a door that shuts.
///
/// A caller is counted, then looks at the door; whoever fences shuts the door, then reads the counts. All of these are
/// volatile accesses or atomic updates, so they have one order that agrees with each thread's own: either the caller
/// sees the shut door, or its count is seen. Each cell only counts entries and exits of the same calls, so it is never
/// negative, and zero read once means that nobody of this cell is inside or can come. The exit crosses the drainer's
/// sleep in the same way, so nobody sleeps for ever. The counts belong to the tenure, not to the slot: a late exit
/// after an eviction changes a dead object and nothing else.
///
/// A cell has a count for each of the [Groups] by which the age of calls is told, all in its one line. Which of them a
/// call is counted in makes no difference to the above: the drain reads each of them.
///
/// @param <P> the provider's instance
public final class Tenure<P> {
  private static final VarHandle IN_FLIGHT = MethodHandles.arrayElementVarHandle(long[].class);
  /// 16 longs are 128 bytes: adjacent cache lines are fetched in pairs.
  private static final int STRIDE_SHIFT = 4;

  private final @Nullable P provider;
  private final long generation;
  private final Stripes stripes;
  private final int mask;
  /// A cell per 128 bytes; the first line stays empty, for the array's head lies in it.
  private final long[] inFlight;
  /// Under the lock.
  private final Groups groups = new Groups();
  /// Looks exclude each other.
  private final ReentrantLock looking = new ReentrantLock();
  /// One a cell: callers on two cores would else wait for one lock.
  private final Followed[] followed;
  /// The group in which newcomers count, here for one load less. Written under the lock.
  private volatile int group;
  private volatile boolean open;
  /// Written by [Leases] under its lock.
  private volatile boolean ended;
  private volatile @Nullable Waiter drainer;
  private final AtomicBoolean erred = new AtomicBoolean();

  private Tenure(@Nullable P provider, long generation, Stripes stripes) {
    Check.that(Integer.bitCount(stripes.count()) == 1, "cells are a power of two");
    this.provider = provider;
    this.generation = generation;
    this.stripes = stripes;
    this.mask = stripes.count() - 1;
    this.inFlight = new long[(stripes.count() + 1) << STRIDE_SHIFT];
    this.followed = new Followed[stripes.count()];
    Arrays.setAll(followed, cell -> new Followed());
  }

  /// A tenure whose door is shut for now.
  ///
  /// @param <P> the provider's instance
  /// @param provider the instance
  /// @param generation of the slot's record
  /// @param stripes cells for the counts
  /// @return nobody is inside
  public static <P> Tenure<P> of(P provider, long generation, Stripes stripes) {
    return new Tenure<>(provider, generation, stripes);
  }

  /// Nobody's: its door never opens.
  static <P> Tenure<P> vacant(Stripes stripes) {
    return new Tenure<>(null, 0, stripes);
  }

  /// The instance. Only for who is inside.
  ///
  /// @return always the same
  public P provider() {
    P found = provider;
    if (found == null) {
      throw new CheckFailed("nobody comes into a vacant slot");
    }
    return found;
  }

  /// The generation.
  ///
  /// @return of the slot's record
  public long generation() {
    return generation;
  }

  /// Comes in, if the door is open.
  ///
  /// @return the stripe to give back to [#exit], or -1 if the door is shut
  public int enter() {
    int stripe = count();
    if (open) {
      return stripe;
    }
    exit(stripe);
    return -1;
  }

  /// Comes in past the shut door, unless it is shut for good: for who dispatches the units that wait in front of it.
  ///
  /// @return the stripe to give back to [#exit]
  /// @throws FencedException if it has ended: its instance is left, and maybe another one serves
  public int enterPastDoor() {
    int stripe = count();
    if (ended) {
      exit(stripe);
      throw new FencedException("generation " + generation + " has ended");
    }
    return stripe;
  }

  private int count() {
    int stripe = (((stripes.current() & mask) + 1) << STRIDE_SHIFT) + group;
    IN_FLIGHT.getAndAdd(inFlight, stripe, 1L);
    return stripe;
  }

  /// Leaves. Any thread, once for each entry; wakes whoever waits for the last one.
  ///
  /// @param stripe from the entry
  public void exit(int stripe) {
    IN_FLIGHT.getAndAdd(inFlight, stripe, -1L);
    if (!open) {
      Waiter waiting = drainer;
      if (waiting != null) {
        waiting.wake();
      }
    }
  }

  /// Leaves when an answer ends, before it is delivered.
  ///
  /// @param stripe from the entry
  /// @param promise ends with the answer, or, where the tenure ends before it, with
  ///     [dev.tenon.runtime.OutcomeUnknownException]
  <T> void follow(int stripe, Promise<T> promise, @Nullable Completion<T> owed) {
    followed[(stripe >> STRIDE_SHIFT) - 1].follow(this, stripe, promise, owed);
  }

  /// Shuts the door and waits until nobody is inside. On a strand; one at a time.
  ///
  /// @param me wakes this strand
  /// @param deadlineNs on the node's clock
  /// @return false if somebody still is inside: the door stays shut
  public boolean shutAndDrain(Waiter me, long deadlineNs) {
    drainer = me;
    open = false;
    for (int stripe = 1 << STRIDE_SHIFT; stripe < inFlight.length; stripe += 1 << STRIDE_SHIFT) {
      for (int count = stripe; count < stripe + Groups.COUNT; count++) {
        while ((long) IN_FLIGHT.getVolatile(inFlight, count) != 0) {
          if (!me.sleepUntil(deadlineNs)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /// Opens the door. The fencing side's, and only while no unit waits in front of it: a later one of a caller would
  /// overtake.
  public void open() {
    drainer = null;
    open = true;
  }

  /// Shuts the door for good and waits for nobody. [#tellLeft] follows.
  void end() {
    ended = true;
    open = false;
  }

  /// Ends the calls that have no answer.
  void tellLeft() {
    for (Followed each : followed) {
      each.end();
    }
  }

  boolean hasEnded() { return ended; }

  /// Whether none of its calls has ended with an error before: true once, so that a log does not fill.
  boolean isFirstError() { return erred.compareAndSet(false, true); }

  /// Whether callers come in.
  ///
  /// @return what the door is now
  public boolean isOpen() { return open; }

  /// Who is inside: a look at the cells one after the other, for people. Ages are told by looks: often enough, a few
  /// times within what is too long. Any thread.
  ///
  /// @param nowNs on the node's clock
  /// @param overdueNs what is too long
  /// @return about that
  public CallsInside look(long nowNs, long overdueNs) {
    looking.lock();
    try {
      CallsInside found = groups.look(counts(), nowNs, overdueNs);
      group = groups.now();
      return found;
    } finally {
      looking.unlock();
    }
  }

  private long[] counts() {
    long[] counts = new long[Groups.COUNT];
    for (int stripe = 1 << STRIDE_SHIFT; stripe < inFlight.length; stripe += 1 << STRIDE_SHIFT) {
      for (int each = 0; each < Groups.COUNT; each++) {
        counts[each] += (long) IN_FLIGHT.getVolatile(inFlight, stripe + each);
      }
    }
    return counts;
  }

  /// How many calls are inside: a look at the cells one after the other, for people.
  ///
  /// @return about so many
  public long inside() {
    return Arrays.stream(counts()).sum();
  }
}
