package dev.tenon.handover;

import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.slot.QueuedTransfer;
import dev.tenon.slot.SlotUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What hangs on one taking of a provider. Written on its strand, but for the view.
final class Tenant {
  /// Tasks that have begun and not returned, on its strand and on those that were given up. Holds nothing of a
  /// provider.
  ///
  /// @param ref the provider's
  /// @param count of them
  record Calls(long ref, AtomicInteger count) {
    boolean isInside() { return count.get() > 0; }
  }

  private enum Use {
    NONE, TAKEN, BACK
  }

  private final ProviderSource source;
  /// All slots of a framework share one count of uses: each is given back once, and none that was not taken.
  private final AtomicReference<Use> use = new AtomicReference<>(Use.NONE);
  final Calls calls;
  private final Clock clock;
  /// Its own, so that it may hang alone.
  Strand strand;
  @Nullable
  Object provider;
  @Nullable
  Object instance;
  @Nullable
  Storage view;
  /// What carries over into it; made on the strand of the instance that serves, as is each piece. Both strands are
  /// never in it at once: their tasks are steps that follow each other.
  @Nullable
  volatile QueuedTransfer transfer;
  volatile QueuedTransfer.@Nullable Piece piece;
  volatile boolean givenUp;
  final Flight flight = new Flight();
  /// The unit whose own call is under way; null in a sync.
  volatile @Nullable SlotUnit running;
  /// What it has of the slots beneath. The conductor's.
  @Nullable
  TenantBeneath beneath;
  /// The conductor sets it before the opening.
  volatile SlotSeries.@Nullable Instance series;
  /// The instance after its end, where calls past the queue were inside then; they hold its classes.
  volatile @Nullable Object left;
  /// Whether it was closed, or its close has failed.
  volatile boolean closed;
  /// Whether its close has begun, or is done without its instance: one of the two gives its provider back.
  final AtomicBoolean ending = new AtomicBoolean();
  /// Written and read by the conductor.
  boolean abandoned;
  /// Whether it was filled by a handover and has not served yet. On its strand, but for the start.
  boolean adopted;
  /// Whether the owner file of its location says so; false only for a moment after a handover.
  volatile boolean owned = true;
  /// Ends with that; null before it is asked for. Set before a task on its strand looks.
  @Nullable
  volatile Completion<Boolean> owning;

  /// Whether a handover's reading waits for its strand, or is inside. Set by the conductor, which asks for one at a
  /// time: a strand that hangs must not gather those of each attempt.
  volatile boolean read;

  /// So many frames show where a call hangs.
  private static final int FRAMES_MAX = 32;

  /// When the task that is under way, or was last, has begun. Written before that counts.
  volatile long begunNs;
  /// Whether the batch that was asked for last has begun.
  volatile boolean batchBegun;

  Tenant(long ref, ProviderSource source, Strand strand, Clock clock) {
    this.calls = new Calls(ref, new AtomicInteger());
    this.source = source;
    this.strand = strand;
    this.clock = clock;
  }

  /// Takes its provider. On its strand; one that was given back meanwhile, as that strand was given up, is given back
  /// at once.
  Object take() {
    Object taken = source.take();
    if (!use.compareAndSet(Use.NONE, Use.TAKEN)) {
      source.release();
      throw new UnavailableException("it was given up while its provider was taken");
    }
    return taken;
  }

  /// Gives its provider back. Any thread; nothing where it was not taken, or a second time.
  void giveBack() {
    if (use.getAndSet(Use.BACK) == Use.TAKEN) {
      source.release();
    }
  }

  /// A task of its strand. What a provider throws is asked for its text there: that is a call of it like another, and
  /// may hang or throw.
  <T> Completion<T> run(String step, Supplier<T> task) {
    return strand.run(step, () -> {
      begunNs = clock.monotonicNs();
      calls.count().incrementAndGet();
      try {
        return task.get();
      } catch (RuntimeException thrown) {
        throw Failure.of(thrown).passed();
      } catch (Error thrown) { // told by the strand, which asks it again: one that hangs there has to be counted
        OutcomeUnknownException.text(thrown);
        throw thrown;
      } finally {
        calls.count().decrementAndGet();
      }
    });
  }

  /// What it counted goes with it. Any thread; nothing a second time.
  void endSeries() {
    SlotSeries.Instance made = series;
    if (made != null) {
      made.end();
    }
  }

  /// The step that its strand is in, and where; empty while it rests.
  List<String> doing() {
    return strand.doing(FRAMES_MAX);
  }

  /// Whether code of its provider runs. One whose strand was given up may do so for ever, and holds its classes.
  boolean isInside() { return calls.isInside(); }

  /// Whether its strand has been kept for too long since a batch was asked for: by the batch, or by a call before it.
  /// A batch that waits for a thread has done nothing yet: that all are taken is not its provider's fault.
  boolean isOverdue(long askedNs, long nowNs, long limitNs) {
    return (batchBegun || isInside()) && nowNs - Math.max(askedNs, begunNs) > limitNs;
  }
}
