package dev.tenon.slot;

import dev.tenon.slot.HandoverOutcome.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The real log and transfer of mode *rebuild* in a world where one thing happens at a time and any order may be asked
/// for: an actor that fetches, derives and says, an outside that hears it and moves the safe head, and the steps of a
/// slot's strands, as `HandoverModelTest` shows that the slot's machine makes them. After each of them a crash may
/// come. Outputs are numbered through all lives of the node; the log of a life begins with 0 at the safe head.
final class RebuildModel {
  /// How far it goes.
  ///
  /// @param script how many outputs follow from each input, a digit each
  /// @param compared so many outputs are compared
  /// @param inputsMax of the log
  /// @param outputsMax of the log
  /// @param bytesMax of the log; inputs and outputs hold 1 and 2 by turns
  /// @param swaps handovers that are wished for, one after the other
  /// @param plants shadows that derive otherwise
  /// @param faults calls that fail or are late, whoever's
  /// @param crashes of the node
  record Bounds(String script, int compared, int inputsMax, int outputsMax, int bytesMax, int swaps, int plants,
      int faults, int crashes) {
    Bounds(String script, int swaps, int plants, int faults, int crashes) {
      this(script, 2, 12, 12, 99, swaps, plants, faults, crashes);
    }

    /// Whether the log drops what a handover may need.
    boolean keepsLittle() {
      return inputsMax < script.length() || bytesMax < 2 * script.length();
    }
  }

  enum Mutant {
    NONE,
    /// Of all outputs only the last one is compared.
    LAST_ONLY,
    /// Outputs that are missing at the end are not noticed.
    MISSING_IGNORED,
    /// The record is written before what was fed at last is compared.
    RECORD_FIRST,
    /// What was fetched since the last round is not fed any more.
    REST_NOT_FED,
    /// It is handed over though the one that serves is ahead of the safe head.
    AHEAD_IGNORED,
    /// Who serves is not waited for to rest.
    NOT_AT_REST,
    /// Where the log does not reach back, rebuilding begins with what there is.
    FED_WITH_A_GAP,
    /// The next actor says all that it has derived.
    SAID_AGAIN,
    /// After a crash the node begins behind what was said.
    BEHIND_THE_SAFE_HEAD,
    /// A safe head that is told before the log knows of the output is cut.
    SAFE_CUT,
    /// Who was sealed in vain is not told to go on.
    STAYS_SEALED,
    /// What was refused is not tried again.
    TRIED_ONCE,
    /// As long as who serves is ahead there is one more round.
    ROUNDS_WITHOUT_END,
    /// More is kept than the bounds say.
    UNBOUNDED
  }

  /// What is wrong with a shadow, from some output on.
  enum Plant {
    NONE,
    /// That output alone is another one.
    SLIPS,
    /// That one, and all that follow from it.
    WANDERS,
    /// That one has the next one's number.
    SKIPS,
    /// That one and all others do not come.
    STOPS
  }

  enum Act {
    FETCHES, SAYS, NOTES, RESTS, SAFE, OPENS, EXPORTS, APPLIES, VERIFIES, SEALS, YIELDS, RECORDS, STARTS, APPLY_FAILS,
    SEAL_IS_LATE, RECORD_FAILS, START_FAILS, SERVING_FAILS, CRASH
  }

  /// What happens next.
  ///
  /// @param at number of an output, where it is about one
  /// @param during what happens in the midst of it
  record Move(Act act, int at, Plant plant, @Nullable Move during) {
    Move(Act act) {
      this(act, 0, Plant.NONE, null);
    }

    boolean isFault() {
      return act.compareTo(Act.APPLY_FAILS) >= 0 || plant != Plant.NONE;
    }

    @Override
    public String toString() {
      return act + (act == Act.SAFE || plant != Plant.NONE ? " " + at : "") + (plant == Plant.NONE ? "" : " " + plant)
          + (during == null ? "" : ", meanwhile " + during);
    }
  }

  /// A state that must not be.
  static final class Wrong extends AssertionError {
    private static final long serialVersionUID = 1L;

    Wrong(String what) {
      super(what);
    }
  }

  /// One output.
  ///
  /// @param sum of all before it and its own
  /// @param says what the outside sees of it
  record Out(int number, int input, int place, long sum, long says) {}

  private enum Stage {
    IDLE, EXPORT, APPLY, VERIFY, SEAL, SEALED, READY, RECORD, START
  }

  private static final int PIECE_INPUTS = 2;
  private static final int WAITS_MAX = 1;
  /// Outputs that may be said beyond the safe head.
  private static final int AHEAD_MAX = 2;
  private static final int TAIL_MAX = 1;
  private static final int ROUNDS_MAX = 2;

  private final Bounds bounds;
  private final Mutant mutant;
  /// What has to be said.
  private final List<Out> right = new ArrayList<>();

  // The outside: all that a crash leaves.
  private int said;
  private int safe;
  private int swapped;

  // A life of the node.
  private int base;
  private RebuildLog<Integer, Out> log;
  private @Nullable RebuildDeriver serving;
  /// Said, and not in the log yet.
  private @Nullable Out half;
  private int emitted;
  private int fetchedFrom;
  private int fetched;
  private boolean sealing;
  private boolean rests;

  // A handover.
  private Stage stage = Stage.IDLE;
  private @Nullable RebuildDeriver standby;
  private @Nullable RebuildTransfer<Integer, Out> transfer;
  private QueuedTransfer.@Nullable Piece piece;
  private boolean begun;
  private int rounds;
  private long roundItems;
  private long left;
  private @Nullable Move during;
  private boolean refusedForHistory;
  /// The next one derives otherwise what nobody has said yet: nothing that there is could have told.
  private boolean unknowable;
  private boolean givesUp;

  private int plants;
  private int faults;
  private int crashes;
  /// How the last handover was given up, for whoever counts.
  @Nullable
  Kind refused;

  RebuildModel(Bounds bounds, Mutant mutant) {
    this.bounds = bounds;
    this.mutant = mutant;
    RebuildDeriver all = new RebuildDeriver(bounds.script(), 0, null, Plant.NONE, 0);
    for (int input = 0; input < bounds.script().length(); input++) {
      all.derive(input);
    }
    right.addAll(all.pending);
    log = newLog();
    serving = recovered();
  }

  private RebuildLog<Integer, Out> newLog() {
    int more = mutant == Mutant.UNBOUNDED ? 1 : 0;
    return new RebuildLog<>(bounds.inputsMax() + more, bounds.outputsMax() + more, bounds.bytesMax() + more,
        bounds.compared());
  }

  private RebuildDeriver deriver(Plant plant, int at) {
    RebuildDeriver made = new RebuildDeriver(bounds.script(), base, base == 0 ? null : right.get(base - 1), plant, at);
    return mutant == Mutant.FED_WITH_A_GAP ? made.takingAGap(log::fetchedFirst) : made;
  }

  /// Begins behind what was said last in this life, or behind the safe head.
  private RebuildDeriver recovered() {
    RebuildDeriver made = deriver(Plant.NONE, 0);
    made.reset(emitted, emitted == 0 ? null : right.get(base + emitted - 1));
    return made;
  }

  private static <T> T of(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a move that was not possible");
    }
    return value;
  }

  // What may happen.

  List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    if (unknowable) {
      return moves;
    }
    others(moves);
    if (sealing && !rests) {
      moves.add(new Move(Act.RESTS));
    }
    List<Move> meanwhile = List.copyOf(moves);
    slot(moves);
    if (stage == Stage.EXPORT && begun && !rests) {
      for (Move each : meanwhile) {
        if (each.act() != Act.RESTS) {
          moves.add(new Move(Act.EXPORTS, 0, Plant.NONE, each));
        }
      }
    }
    faults(moves);
    return moves;
  }

  /// The actor that serves, and who hears it.
  private void others(List<Move> moves) {
    RebuildDeriver actor = serving;
    if (half != null) {
      moves.add(new Move(Act.NOTES));
    } else if (actor != null && !sealing) {
      if (actor.nextInput < bounds.script().length()) {
        moves.add(new Move(Act.FETCHES));
      }
      Out next = actor.pending.peekFirst();
      if (next != null && next.number() < base + log.safeNext() + AHEAD_MAX) {
        moves.add(new Move(Act.SAYS));
      }
    }
    if (safe < said) {
      moves.add(new Move(Act.SAFE, said, Plant.NONE, null));
    }
    if (safe + 1 < said) {
      moves.add(new Move(Act.SAFE, safe + 1, Plant.NONE, null));
    }
  }

  private void slot(List<Move> moves) {
    switch (stage) {
      case IDLE -> {
        if (serving != null && swapped < bounds.swaps() && !givesUp) {
          moves.add(new Move(Act.OPENS));
          for (int at = base; at < right.size() && plants < bounds.plants(); at++) {
            for (Plant plant : Plant.values()) {
              if (plant != Plant.NONE) {
                moves.add(new Move(Act.OPENS, at, plant, null));
              }
            }
          }
        }
      }
      case EXPORT -> moves.add(new Move(Act.EXPORTS));
      case APPLY -> moves.add(new Move(Act.APPLIES));
      case VERIFY -> moves.add(new Move(Act.VERIFIES));
      case SEAL -> {
        if (half == null) { // both are under the mailbox's lock
          moves.add(new Move(Act.SEALS));
        }
      }
      case SEALED -> {}
      case READY -> moves.add(new Move(Act.YIELDS));
      case RECORD -> moves.add(new Move(Act.RECORDS));
      case START -> moves.add(new Move(Act.STARTS));
    }
  }

  private void faults(List<Move> moves) {
    if (crashes < bounds.crashes()) {
      moves.add(new Move(Act.CRASH));
    }
    if (faults >= bounds.faults()) {
      return;
    }
    switch (stage) {
      case APPLY -> moves.add(new Move(Act.APPLY_FAILS));
      case SEALED -> moves.add(new Move(Act.SEAL_IS_LATE));
      case RECORD -> moves.add(new Move(Act.RECORD_FAILS));
      case START -> moves.add(new Move(Act.START_FAILS));
      case IDLE, EXPORT, VERIFY, SEAL, READY -> {}
    }
    if (serving != null && half == null) {
      moves.add(new Move(Act.SERVING_FAILS));
    }
  }

  void go(Move move) {
    switch (move.act()) {
      case FETCHES -> fetches();
      case SAYS -> says();
      case NOTES -> {
        Out out = of(half);
        half = null;
        emitted++;
        log.emitted(out, out.says(), size(out.number() - base));
      }
      case RESTS -> {
        rests = true;
        stage = mutant == Mutant.REST_NOT_FED ? Stage.READY : Stage.EXPORT;
      }
      case SAFE -> {
        safe = move.at();
        log.safe(mutant == Mutant.SAFE_CUT ? Math.min(safe - base, emitted) : safe - base);
      }
      case OPENS -> opens(move);
      case EXPORTS -> exports(move.during());
      case APPLIES -> applies();
      case VERIFIES -> verifies();
      case SEALS -> {
        sealing = mutant != Mutant.NOT_AT_REST;
        stage = sealing ? Stage.SEALED : Stage.EXPORT;
      }
      case YIELDS -> {
        serving = sealing ? null : serving;
        stage = Stage.RECORD;
      }
      case RECORDS -> records();
      case STARTS -> starts();
      case APPLY_FAILS -> {
        faults++;
        givenUp(Kind.FAILED);
      }
      case SEAL_IS_LATE -> {
        faults++;
        givenUp(Kind.OVERDUE);
      }
      case RECORD_FAILS, SERVING_FAILS -> {
        faults++;
        givenUp(Kind.FAILED);
        serving = recovered();
      }
      case START_FAILS -> {
        faults++;
        handed();
        serving = recovered();
      }
      case CRASH -> crashes();
    }
  }

  private static int size(int number) {
    return 1 + number % 2;
  }

  private void fetches() {
    RebuildDeriver actor = of(serving);
    int input = actor.nextInput;
    log.fetched(input, input, size(input));
    fetchedFrom = fetched == 0 ? input : fetchedFrom;
    fetched = Math.max(fetched, input + 1);
    actor.derive(input);
  }

  /// The outside hears it before the log does, as in a [DeliveryWindow].
  private void says() {
    RebuildDeriver actor = of(serving);
    Out out = actor.pending.removeFirst();
    if (stage == Stage.START) {
      throw new Wrong("who was superseded says output " + out.number());
    }
    if (out.number() != said) {
      throw new Wrong("output " + out.number() + " is said, " + said + " is next");
    }
    if (!out.equals(right.get(said))) {
      throw new Wrong("output " + said + " is said otherwise");
    }
    half = out;
    said++;
  }

  private void crashes() {
    crashes++;
    base = mutant == Mutant.BEHIND_THE_SAFE_HEAD ? said : safe;
    said = safe;
    emitted = 0;
    fetched = 0;
    fetchedFrom = 0;
    half = null;
    forget();
    log = newLog();
    serving = recovered();
  }

  // The slot.

  private void opens(Move move) {
    plants += move.plant() == Plant.NONE ? 0 : 1;
    refusedForHistory = false;
    standby = deriver(move.plant(), move.at());
    // Asked once in an export, after its look at what is kept: there others go on.
    transfer = new RebuildTransfer<>(log, to -> (RebuildDeriver) to, from -> {
      Move meanwhile = during;
      during = null;
      if (meanwhile != null) {
        go(meanwhile);
      }
      return rests && mutant != Mutant.MISSING_IGNORED;
    }, PIECE_INPUTS, WAITS_MAX);
    stage = Stage.EXPORT;
  }

  private void exports(@Nullable Move meanwhile) {
    if (mutant == Mutant.AHEAD_IGNORED && rests) {
      log.safe(log.emittedNext());
    }
    if (mutant == Mutant.MISSING_IGNORED && rests && log.emittedNext() > log.safeNext()) {
      givenUp(Kind.AHEAD);
      return;
    }
    during = meanwhile;
    try {
      QueuedTransfer.Piece read = of(transfer).export(of(serving));
      begun = true;
      piece = read;
      left = read.itemsLeft();
      roundItems += read.items();
      stage = Stage.APPLY;
    } catch (HandoverRefusedException refusal) {
      refused(refusal);
    }
  }

  private void applies() {
    QueuedTransfer.Piece read = of(piece);
    piece = null;
    try {
      of(transfer).apply(of(standby), read);
      stage = !read.endsRound() ? Stage.EXPORT
          : mutant == Mutant.RECORD_FIRST && rests && left == 0 ? Stage.READY : Stage.VERIFY;
    } catch (HandoverRefusedException refusal) {
      refused(refusal);
    }
  }

  private void verifies() {
    RebuildDeriver shadow = of(standby);
    try {
      if (mutant == Mutant.LAST_ONLY) {
        for (RebuildLog.Output<Out> each : log.last()) {
          Long made = shadow.made.get(base + (int) each.number());
          if (each.number() == log.emittedNext() - 1 && (made == null ? rests : made != each.digest())) {
            throw new HandoverRefusedException(Kind.DIVERGED, "the last one");
          }
        }
      } else {
        of(transfer).verify(shadow);
      }
      verified();
    } catch (HandoverRefusedException refusal) {
      refused(refusal);
    }
  }

  /// As the slot's machine does.
  private void verified() {
    rounds += mutant == Mutant.ROUNDS_WITHOUT_END && said > safe ? 0 : 1;
    boolean isShort = Math.max(left, roundItems) <= TAIL_MAX;
    roundItems = 0;
    if (rests || rounds > ROUNDS_MAX) { // with a mutant it is taken for resting
      stage = left == 0 ? Stage.READY : Stage.EXPORT;
    } else if ((rounds > 0 && isShort) || rounds == ROUNDS_MAX) {
      rounds = ROUNDS_MAX;
      stage = Stage.SEAL;
    } else {
      stage = Stage.EXPORT;
    }
  }

  /// Is it the right reason?
  private void refused(HandoverRefusedException refusal) {
    RebuildDeriver shadow = of(standby);
    boolean isRight = switch (refusal.kind()) {
      case AHEAD -> rests && said > safe;
      case NO_HISTORY -> begun ? shadow.nextInput < keptFrom() : !keepsHead();
      case DIVERGED -> shadow.plant != Plant.NONE;
      default -> false;
    };
    if (!isRight) {
      throw new Wrong("refused as " + refusal.kind() + " (" + refusal.getMessage() + ") while " + said
          + " outputs were said, " + safe + " are safe, " + shadow.plant + " is planted");
    }
    givenUp(refusal.kind());
    refusedForHistory = refusal.kind() == Kind.NO_HISTORY;
  }

  private void givenUp(Kind why) {
    refused = why;
    givesUp = mutant == Mutant.TRIED_ONCE;
    boolean stays = mutant == Mutant.STAYS_SEALED && sealing && serving != null;
    forget();
    sealing = stays;
    rests = stays;
  }

  /// Of the handover there is nothing left.
  private void forget() {
    stage = Stage.IDLE;
    standby = null;
    transfer = null;
    piece = null;
    begun = false;
    rounds = 0;
    roundItems = 0;
    left = 0;
    sealing = false;
    rests = false;
    refusedForHistory = false;
  }

  private void records() {
    RebuildDeriver next = of(standby);
    if (said > safe) {
      throw new Wrong("it takes over, and " + (said - safe) + " outputs beyond the safe head were said");
    }
    if (next.nextInput < fetched) {
      throw new Wrong("it takes over, and has not been fed input " + next.nextInput);
    }
    for (int number = Math.max(base, said - bounds.compared()); number < said; number++) {
      Long made = next.made.get(number);
      if (made == null || made != right.get(number).says()) {
        throw new Wrong("it takes over, and has " + (made == null ? "not derived output " : "derived another output ")
            + number);
      }
    }
    unknowable = next.plant != Plant.NONE && next.at >= said;
    swapped++;
    stage = Stage.START;
  }

  private void starts() {
    RebuildDeriver next = of(standby);
    while (mutant != Mutant.SAID_AGAIN && !next.pending.isEmpty() && next.pending.getFirst().number() < said) {
      next.pending.removeFirst();
    }
    serving = next;
    next.made.clear();
    handed();
  }

  private void handed() {
    forget();
    refused = Kind.DONE;
  }

  // What has to be so.

  /// First input that the bounds let the log keep.
  private int keptFrom() {
    int first = fetched;
    int bytes = 0;
    while (first > fetchedFrom && fetched - first < bounds.inputsMax()
        && bytes + size(first - 1) <= bounds.bytesMax()) {
      bytes += size(--first);
    }
    return first;
  }

  /// Whether the log has to keep the output before the reset.
  private boolean keepsHead() {
    int head = Math.max(0, Math.min(safe - base, emitted - bounds.compared())) - 1;
    int bytes = 0;
    for (int number = Math.max(0, head); number < emitted; number++) {
      bytes += size(number);
    }
    return head < 0 || head >= emitted - bounds.compared() - 1
        || (emitted - head <= bounds.outputsMax() && bytes <= bounds.bytesMax());
  }

  /// What the log holds, which is looked at anew in each state.
  void check() {
    if (log.fetchedNext() != fetched || log.fetchedFirst() != keptFrom()) {
      throw new Wrong("inputs " + log.fetchedFirst() + " to " + log.fetchedNext() + " are kept, " + keptFrom() + " to "
          + fetched + " are to be");
    }
    int kept = 0;
    int bytes = 0;
    for (int number = 0; number < emitted; number++) {
      RebuildLog.Output<Out> output = log.output(number);
      if (output != null) {
        kept++;
        bytes += size(number);
      } else if (kept > 0 || number >= emitted - bounds.compared() - 1) {
        throw new Wrong("output " + number + " of " + emitted + " is not kept");
      }
    }
    if (kept > bounds.compared() + 1 && (kept > bounds.outputsMax() || bytes > bounds.bytesMax())) {
      throw new Wrong(kept + " outputs of " + bytes + " bytes are kept");
    }
    if (stage == Stage.IDLE && sealing) {
      throw new Wrong("nobody wants who serves to rest, and he was not told to go on");
    }
    if (said < safe || base + emitted + (half == null ? 0 : 1) != said) {
      throw new Wrong("after a crash at " + base + " " + emitted + " outputs were said, up to " + said);
    }
  }

  /// Whether all is done that can be: it was handed over, or what is missing to that will never be kept again.
  boolean isEnd() {
    RebuildDeriver actor = serving;
    return unknowable || (actor != null && stage == Stage.IDLE && half == null && (swapped == bounds.swaps()
        || (refusedForHistory && !rests && safe == said && actor.nextInput == bounds.script().length()
            && actor.pending.isEmpty())));
  }

  boolean isUnknowable() { return unknowable; }

  /// All that tells one state from another.
  String key() {
    RebuildTransfer<Integer, Out> made = transfer;
    Out saying = half;
    List<Long> numbers = List.of((long) rounds, roundItems, left, (long) plants, (long) faults, (long) crashes);
    return said + " " + safe + " " + swapped + " " + base + log.state() + "|" + serving
        + (saying == null ? -1 : saying.number()) + " " + emitted + " " + fetchedFrom + " " + fetched + sealing + rests
        + stage + "|" + standby + "|" + (made == null ? "" : made.state()) + piece + begun + refusedForHistory
        + unknowable + givesUp + numbers;
  }
}
