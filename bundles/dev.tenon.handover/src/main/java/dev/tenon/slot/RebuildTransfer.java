package dev.tenon.slot;

import dev.tenon.slot.HandoverOutcome.Kind;
import dev.tenon.slot.Shadow.Derived;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Mode *rebuild*: nothing is carried over. The next instance is reset at a safe head, is fed with what the one that
/// serves has fetched since, and has to derive the same outputs. It takes over where the one that serves has emitted
/// nothing beyond the safe head; else the handover is given up and tried again.
///
/// @param <I> what is fetched
/// @param <O> what is emitted
public final class RebuildTransfer<I, O> implements QueuedTransfer {
  private static final int PIECE_INPUTS = 256;
  private static final long PIECE_BYTES = 256 << 10;
  /// Pieces by which a round is made longer at most, until nothing is emitted beyond the safe head.
  private static final int WAITS_MAX = 64;

  private final int pieceInputs;
  private final int waitsMax;
  private final RebuildLog<I, O> log;
  private final Function<Object, Shadow<I, O>> shadows;
  private final Predicate<Object> held;
  /// Number of the output that was reset to; -1 before.
  private long resetAt = -1;
  /// Number of the next input to feed. Export and apply follow each other, each on its strand.
  private volatile long next;
  /// Inputs that were there when the round began; -1 between two rounds.
  private long roundTo = -1;
  private int waits;
  /// Digests of what was derived, as far as they may still be compared.
  private final TreeMap<Long, Long> derived = new TreeMap<>();
  private long derivedNext;
  /// Whether all that the one that serves will ever have fetched was fed.
  private boolean complete;

  private record Feed<I, O>(@Nullable Reset<O> reset, List<I> inputs, boolean last) {}

  private record Reset<O>(long next, @Nullable O head) {}

  /// Begins.
  ///
  /// @param log of the slot
  /// @param shadows the instance in standby as what is rebuilt
  /// @param held whether the instance that serves has come to rest
  public RebuildTransfer(RebuildLog<I, O> log, Function<Object, Shadow<I, O>> shadows, Predicate<Object> held) {
    this(log, shadows, held, PIECE_INPUTS, WAITS_MAX);
  }

  /// A test takes few.
  RebuildTransfer(RebuildLog<I, O> log, Function<Object, Shadow<I, O>> shadows, Predicate<Object> held,
      int pieceInputs, int waitsMax) {
    this.pieceInputs = pieceInputs;
    this.waitsMax = waitsMax;
    this.log = log;
    this.shadows = shadows;
    this.held = held;
  }

  @Override
  public Piece export(Object from) {
    if (resetAt < 0) {
      return begin();
    }
    if (next < log.fetchedFirst() && next < log.fetchedNext()) {
      throw new HandoverRefusedException(Kind.NO_HISTORY,
          "rebuilding begins at input " + next + ", those that are kept begin at " + log.fetchedFirst());
    }
    boolean rests = held.test(from);
    if (rests && log.emittedNext() > log.safeNext()) {
      throw new HandoverRefusedException(Kind.AHEAD, "it has emitted " + (log.emittedNext() - log.safeNext())
          + " beyond the safe head");
    }
    if (roundTo < 0) {
      roundTo = log.fetchedNext();
    }
    List<I> inputs = log.inputs(next, pieceInputs, PIECE_BYTES);
    long after = next + inputs.size();
    boolean endsRound = after >= roundTo;
    if (endsRound && !rests && log.emittedNext() > log.safeNext() && waits < waitsMax) {
      endsRound = false; // a fence would find it ahead
      waits++;
    }
    if (endsRound) {
      roundTo = -1;
      waits = 0;
    }
    long left = Math.max(0, log.fetchedNext() - after);
    return new Piece(new Feed<I, O>(null, inputs, rests && left == 0), inputs.size(), 0, left, endsRound);
  }

  private Piece begin() {
    RebuildLog.Start<O> start = log.start();
    resetAt = start.next();
    derivedNext = resetAt;
    RebuildLog.Output<O> head = start.head();
    if (resetAt > 0 && head == null) {
      throw new HandoverRefusedException(Kind.NO_HISTORY, "output " + (resetAt - 1) + " is not kept");
    }
    O content = head == null ? null : head.content();
    return new Piece(new Feed<I, O>(new Reset<>(resetAt, content), List.of(), false), 0, 0,
        log.fetchedNext() - log.fetchedFirst(), false);
  }

  @Override
  @SuppressWarnings("unchecked") // what export made
  public void apply(Object to, Piece piece) {
    Shadow<I, O> shadow = shadows.apply(to);
    Feed<I, O> feed = (Feed<I, O>) piece.content();
    Reset<O> reset = feed.reset();
    long first = reset == null ? next : shadow.reset(reset.next(), reset.head());
    for (I input : feed.inputs()) {
      for (Derived each : shadow.feed(input)) {
        if (each.number() != derivedNext) {
          throw new HandoverRefusedException(Kind.DIVERGED, "output " + each.number() + " is derived, " + derivedNext
              + " is next");
        }
        derived.put(derivedNext++, each.digest());
      }
    }
    next = first + feed.inputs().size();
    complete = feed.last();
  }

  @Override
  public void verify(Object to) {
    for (RebuildLog.Output<O> each : log.last()) {
      Long digest = derived.get(each.number());
      if (digest != null && digest != each.digest()) {
        throw new HandoverRefusedException(Kind.DIVERGED, "output " + each.number() + " has digest "
            + Long.toHexString(digest) + ", " + Long.toHexString(each.digest()) + " was emitted");
      }
      if (digest == null && complete && each.number() >= resetAt) {
        throw new HandoverRefusedException(Kind.DIVERGED,
            "output " + each.number() + " was emitted and is not derived");
      }
    }
    derived.headMap(log.emittedNext() - log.compared()).clear();
  }

  /// All that tells one state from another, for a test.
  String state() {
    return resetAt + " " + next + " " + roundTo + " " + waits + derived + derivedNext + complete;
  }
}
