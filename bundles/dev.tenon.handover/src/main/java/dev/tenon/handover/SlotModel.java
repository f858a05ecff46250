package dev.tenon.handover;

import dev.tenon.runtime.role.Description;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that a slot's machine knows. Immutable.
///
/// @param slot the full name
/// @param phase where it stands
/// @param reason why, where that needs one
/// @param terms what is asked for
/// @param present providers registered now, sorted by `ref`
/// @param chosen the provider taken, opening or serving
/// @param description what it said of itself, once it was asked
/// @param unfit `ref`s of present providers that do not read the format
/// @param failed `ref`s of present providers that could not take over: others are preferred until one serves
/// @param hung `ref`s of providers that are not taken, because calls of them were left behind and have not returned
/// @param fact what the record says or, after a failed write, may say
/// @param generation the highest that was used
/// @param loaded whether record and locations were read
/// @param atStart whether nothing was opened since: the same provider then keeps its generation
/// @param committed whether this attempt's record is durable
/// @param closed whether the location was ended cleanly and nobody has been in it since: it opens without recovery
/// @param instance whether an instance, or a storage view, is alive
/// @param recovering whether a failure led here
/// @param overruled whether an operator has asked for somebody while nobody served: he is asked before the one that the
///     record names
/// @param lost whether acknowledged items are gone and the record on disk does not say so yet
/// @param goal what follows once the instance is closed
/// @param failures in a row
/// @param overdue whether a step at the desk has not ended in time: a write is inside the kernel
/// @param step number of the step under way
/// @param timer number of the timer that counts
/// @param counter the highest number of a step or timer
/// @param standby what is filled to take over, if anything is
/// @param before what the record said, until the record of a handover is known to be durable or, where the next one
///     opens the same location, until somebody serves
/// @param retired who was handed over from and is not closed yet
/// @param switching whether the instance is sealed only for another provider to open its location
/// @param former who served when that began, its bundle, name and version; or empty
/// @param swapFailures handovers that failed in a row
/// @param outcome how the last handover ended
/// @param stray a location whose record could not be written: nothing is in it once a later one is durable; or empty
/// @param going whether the provider that serves goes, and waits for a handover
/// @param evict whether a call that does not end is left behind for the handover that was asked for
/// @param urgent whether an operator waits for what is wished for, and nothing was taken for it yet
/// @param reopens whether a provider of the same format opens the same location
/// @param footing what it stands on
/// @param turn whether its handover is between the question whether it may fence, and its end
record SlotModel(String slot, Phase phase, String reason, Terms terms, List<Candidate> present,
    @Nullable Candidate chosen, @Nullable Description description, List<Long> unfit, List<Long> failed,
    List<Long> hung, @Nullable Fact fact, long generation, boolean loaded, boolean atStart, boolean committed,
    boolean closed, boolean instance, boolean recovering, boolean overruled, boolean lost,
    Goal goal, int failures, boolean overdue, long step, long timer, long counter,
    @Nullable Standby standby, @Nullable Fact before, @Nullable Retired retired, boolean switching, String former,
    int swapFailures,
    HandoverOutcome outcome, String stray, boolean going, boolean evict, boolean urgent, boolean reopens,
    Footing footing, boolean turn) {
  /// Who was handed over from.
  ///
  /// @param candidate the provider
  /// @param fact what the record said of it; null where it is still in charge
  /// @param step number of its closing
  /// @param timer number of the timer that counts
  record Retired(Candidate candidate, @Nullable Fact fact, long step, long timer) {}

  /// What follows once nothing is open any more.
  enum Goal {
    /// Whoever reads the format, at once.
    SERVE,
    /// The same, after the back-off.
    RECOVER,
    /// The operator.
    FAIL,
    /// Nothing.
    SEAL
  }

  static SlotModel fresh(String slot, Terms terms, List<Candidate> present) {
    return fresh(slot, terms, present, true);
  }

  static SlotModel fresh(String slot, Terms terms, List<Candidate> present, boolean reopens) {
    return new SlotModel(slot, Phase.LOADING, "", terms, present, null, null, List.of(), List.of(), List.of(), null,
        0, false, true, false, false, false, false, false, false, Goal.SERVE, 0, false, 0, 0, 0, null, null, null,
        false, "", 0, HandoverOutcome.NONE, "", false, false, false, reopens, Footing.ALONE, false);
  }

  SlotState state() {
    SlotState state = phase.state(recovering);
    if (overdue) {
      return SlotState.FAILED;
    }
    return state == SlotState.ACTIVE && standby != null && standby.isFilling() ? SlotState.PREPARING : state;
  }

  /// Whether what was given up of a handover has not gone in time: the disk has not answered.
  boolean isLeftoverOverdue() {
    Standby next = standby;
    return next != null && next.overdue();
  }

  /// Whether units are served rather than parked.
  boolean isServing() { return phase == Phase.ACTIVE || phase == Phase.RUNNING; }

  /// Whether units wait: nobody serves, or the fence is shut and what is in flight ends.
  boolean isPaused() {
    Standby next = standby;
    return !isServing() || (next != null && next.stage() == Standby.Stage.FENCING);
  }

  /// Whether whoever signs stays silent, as [Fact#SIGNING_OFF] says.
  boolean isSigningOff() { return fact != null && fact.isSigningOff(); }

  /// Whether it was recovered, as [Fact#RECOVERED] says.
  boolean isRecovered() { return fact != null && fact.isRecovered(); }

  /// Whether units find nobody, and it is not only for the moment of a handover: who waits on a strand is not to wait.
  boolean isLost() { return !isServing() && !turn; }

  /// A newer version of the provider's bundle that is installed and does not take over by itself.
  ///
  /// @return `name@version`, or empty
  String offered() {
    Candidate newer = fact == null ? null : Choice.newer(fact, present, Terms.Follow.NONE);
    boolean follows = newer != null && terms.provider().indexOf('@') < 0
        && terms.follow().takes(Present.of(fact).version(), newer.version());
    return newer == null || follows ? "" : newer.label();
  }

  boolean uses(long ref) {
    return (chosen != null && chosen.ref() == ref)
        || (standby != null && standby.holdsItsProvider() && standby.candidate().ref() == ref)
        || (retired != null && retired.candidate().ref() == ref);
  }

  /// Whether nothing is open and nothing will be.
  boolean isEnded() { return phase == Phase.SEALED && standby == null && retired == null; }

  boolean isPresent(@Nullable Candidate candidate) {
    return candidate != null && present.contains(candidate);
  }

  /// The components while they change, within one step.
  static final class Draft {
    final String slot;
    Phase phase;
    String reason;
    Terms terms;
    List<Candidate> present;
    @Nullable Candidate chosen;
    @Nullable Description description;
    List<Long> unfit;
    List<Long> failed;
    List<Long> hung;
    @Nullable Fact fact;
    long generation;
    boolean loaded;
    boolean atStart;
    boolean committed;
    boolean closed;
    boolean instance;
    boolean recovering;
    boolean overruled;
    boolean lost;
    Goal goal;
    int failures;
    boolean overdue;
    long step;
    long timer;
    long counter;
    @Nullable Standby standby;
    @Nullable Fact before;
    @Nullable Retired retired;
    boolean switching;
    String former;
    int swapFailures;
    HandoverOutcome outcome;
    String stray;
    boolean going;
    boolean evict;
    boolean urgent;
    final boolean reopens;
    Footing footing;
    boolean turn;

    Draft(SlotModel from) {
      slot = from.slot;
      phase = from.phase;
      reason = from.reason;
      terms = from.terms;
      present = from.present;
      chosen = from.chosen;
      description = from.description;
      unfit = from.unfit;
      failed = from.failed;
      hung = from.hung;
      fact = from.fact;
      generation = from.generation;
      loaded = from.loaded;
      atStart = from.atStart;
      committed = from.committed;
      closed = from.closed;
      instance = from.instance;
      recovering = from.recovering;
      overruled = from.overruled;
      lost = from.lost;
      goal = from.goal;
      failures = from.failures;
      overdue = from.overdue;
      step = from.step;
      timer = from.timer;
      counter = from.counter;
      standby = from.standby;
      before = from.before;
      retired = from.retired;
      switching = from.switching;
      former = from.former;
      swapFailures = from.swapFailures;
      outcome = from.outcome;
      stray = from.stray;
      going = from.going;
      evict = from.evict;
      urgent = from.urgent;
      reopens = from.reopens;
      footing = from.footing;
      turn = from.turn;
    }

    /// The number of the next step of who serves.
    long nextStep() {
      overdue = false;
      step = ++counter;
      return step;
    }

    Candidate chosen() {
      return Present.of(chosen);
    }

    /// The format that the provider writes.
    String writes() {
      return Present.of(description).writes();
    }

    String node() {
      return slot.substring(0, slot.indexOf('/'));
    }

    /// The location that a generation makes.
    String location(long made) {
      return slot.substring(slot.indexOf('/') + 1) + "/" + made;
    }

    int wishDigest() {
      byte[] asked = terms.provider().getBytes(StandardCharsets.UTF_8);
      return RecordCodec.crc(asked, asked.length);
    }

    boolean isHung(Candidate candidate) {
      return hung.contains(candidate.ref());
    }

    boolean isPresent() { return chosen != null && present.contains(chosen); }

    /// Whether what is under way is still asked for.
    boolean isWanted() { return goal == Goal.SERVE && isPresent(); }

    /// Whether units are served and will be.
    boolean isServing() { return (phase == Phase.ACTIVE || phase == Phase.RUNNING) && goal == Goal.SERVE; }

    /// Whether a handover is between the question whether it may fence, and its end.
    boolean isInTurn() {
      Standby.Stage stage = standby == null ? Standby.Stage.WAITING : standby.stage();
      boolean asks = stage == Standby.Stage.ASKING || stage == Standby.Stage.FENCING;
      return switch (phase) {
        case ACTIVE, RUNNING -> asks || (switching && stage == Standby.Stage.CLOSING);
        case HELD, YIELDING, HANDING -> true;
        case RESUMING -> goal == Goal.SERVE;
        case FENCED, SEALING, MARKING, REVOKING, CLOSING, TAKING, COMMITTING, OPENING -> switching
            && goal == Goal.SERVE;
        case LOADING, VACANT, EMPTY, LOCATING, NOTING, WAITING, BENEATH, FAILED, SEALED -> false;
      };
    }

    SlotModel model() {
      return new SlotModel(slot, phase, reason, terms, present, chosen, description, unfit, failed, hung, fact,
          generation, loaded, atStart, committed, closed, instance, recovering, overruled, lost, goal, failures,
          overdue, step, timer, counter, standby, before, retired, switching, switching ? former : "", swapFailures,
          outcome, stray, going, evict, urgent, reopens, footing, turn);
    }
  }
}
