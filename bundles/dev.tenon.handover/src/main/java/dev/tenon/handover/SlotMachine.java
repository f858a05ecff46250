package dev.tenon.handover;

import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.role.Description;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverOutcome.Kind;
import java.util.ArrayList;
import java.util.List;

/// The whole of a slot's logic: `step(state, event) -> (state, effects)`. Pure; knows no role, no thread and no OSGi.
final class SlotMachine {
  /// What a step gives.
  record Step(SlotModel model, List<SlotEffect> effects) {}

  private final SlotLimits limits;
  private final SlotModel.Draft at;
  private final List<SlotEffect> effects = new ArrayList<>();
  private final StandbyMachine standby;
  private final CommitMachine commit;
  private final LeaveMachine leaving;
  private final FailMachine failing;

  private SlotMachine(SlotLimits limits, SlotModel model) {
    this.limits = limits;
    this.at = new SlotModel.Draft(model);
    this.commit = new CommitMachine(this, limits, at, effects);
    this.leaving = new LeaveMachine(this, limits, at, effects);
    this.failing = new FailMachine(this, limits, at, effects);
    this.standby = new StandbyMachine(this, commit, limits, at, effects);
  }

  static Step step(SlotLimits limits, SlotModel model, SlotEvent event) {
    SlotMachine machine = new SlotMachine(limits, model);
    machine.take(event);
    machine.standby.consider(event instanceof SlotEvent.Wished || event instanceof SlotEvent.Present);
    machine.at.turn &= machine.at.isInTurn();
    return new Step(machine.at.model(), List.copyOf(machine.effects));
  }

  private void take(SlotEvent event) {
    if (event instanceof SlotEvent.Ending ending && isOfAnother(ending)) {
      return;
    }
    switch (event) {
      case SlotEvent.Begin() -> load();
      case SlotEvent.Loaded(var step, var verdict) -> {
        if (ends(step, Phase.LOADING)) {
          loaded(verdict);
        }
      }
      case SlotEvent.Taken(var step, var says) -> {
        if (ends(step, Phase.TAKING)) {
          taken(says);
        }
      }
      case SlotEvent.Exported late -> {}
      case SlotEvent.Measured late -> {}
      case SlotEvent.Refused late -> {}
      case SlotEvent.Done(var step) -> {
        if (step == at.step) {
          done();
        }
      }
      case SlotEvent.Batched(var step, var ran, var more) -> {
        if (step == at.step) {
          batched(ran, more);
        }
      }
      case SlotEvent.Broke(var step, var failure) -> {
        if (step == at.step) {
          broke(failure);
        }
      }
      case SlotEvent.Late(var timer) -> {
        if (timer == at.timer) {
          late();
        }
      }
      case SlotEvent.Overdue(var step) -> {
        if (ends(step, Phase.RUNNING)) {
          failing.giveUp("a call has not ended in time", SlotModel.Goal.RECOVER);
          revoke();
        }
      }
      case SlotEvent.Work() -> {
        if (at.phase == Phase.ACTIVE) {
          batch();
        }
      }
      case SlotEvent.Present(var present) -> present(present);
      case SlotEvent.Hung(var refs) -> {
        at.hung = refs;
        if (isFailedForHanging()) {
          settle();
        }
      }
      case SlotEvent.Stands(var footing) -> stands(footing);
      case SlotEvent.Wished wished -> wished(wished);
      case SlotEvent.Signing(var nothingAbove) -> {
        if (at.fact != null && !at.lost) { // what was found gone since then is written behind it
          at.fact = at.fact.signing(nothingAbove);
        }
      }
      case SlotEvent.Look(var ask, var provider) -> standby.look(ask, provider);
      case SlotEvent.Expired(var reason) -> standby.expired(reason);
      case SlotEvent.Stop() -> leaving.leave(SlotModel.Goal.SEAL, "the node stops");
    }
  }

  /// Gives the end of a step, or a limit, to the standby or to what is retired, whichever it belongs to.
  private boolean isOfAnother(SlotEvent.Ending event) {
    long number = event.number();
    Standby next = at.standby;
    SlotModel.Retired old = at.retired;
    if (number > 0 && next != null && (number == next.step() || number == next.timer())) {
      standby.hear(next, event);
      return true;
    }
    if (number > 0 && old != null && (number == old.step() || number == old.timer())) {
      if (number == old.timer()) {
        effects.add(new SlotEffect.GiveUpRetired());
      }
      commit.retired(old);
      return true;
    }
    return false;
  }

  private void wished(SlotEvent.Wished wished) {
    boolean another = !wished.terms().provider().equals(at.terms.provider());
    if (another) {
      at.swapFailures = 0;
      at.outcome = HandoverOutcome.NONE;
      at.evict = false;
    }
    at.terms = wished.terms();
    at.evict |= wished.evict();
    boolean overrules = !at.isServing() && !at.switching && (another || wished.atOnce());
    at.overruled = isUnfulfilled() && (at.overruled || overrules);
    if (wished.atOnce()) {
      at.outcome = HandoverOutcome.NONE;
      at.urgent = true;
    }
    if (at.phase == Phase.FAILED && at.generation > 0 && (another || wished.atOnce())) {
      // The operator's word is worth an attempt. Where record and locations contradict each other it is not enough.
      at.goal = SlotModel.Goal.SERVE;
      at.unfit = List.of();
      at.failed = List.of();
      settle();
    } else if (isWithoutProvider()) {
      settle();
    }
  }

  private boolean isUnfulfilled() { return at.fact != null && !at.fact.fulfils(at.terms.provider()); }

  /// Whether nothing is open, and who is there or what lies beneath may change that.
  private boolean isWithoutProvider() {
    return at.phase == Phase.VACANT || at.phase == Phase.EMPTY || at.phase == Phase.BENEATH || isFailedForHanging();
  }

  /// Whether whoever might be opened is not taken again for now: all other failures are the goal.
  private boolean isFailedForHanging() { return at.phase == Phase.FAILED && at.goal == SlotModel.Goal.SERVE; }

  private void stands(Footing footing) {
    at.footing = footing;
    if (footing.stopping() && at.phase != Phase.YIELDING) {
      standby.abort(Kind.LEFT, "the node stops", true);
    }
    if (at.phase == Phase.BENEATH) {
      settle();
    }
  }

  private boolean ends(long step, Phase phase) {
    return step == at.step && at.phase == phase;
  }

  // Ends of steps.

  private void loaded(StartTable.Verdict verdict) {
    disarm();
    at.overdue = false;
    at.loaded = true;
    at.atStart = true;
    switch (verdict) {
      case StartTable.Verdict.Vacant vacant -> settle();
      case StartTable.Verdict.Serve(var fact, var owner, var aside, var superseded, var kept) -> {
        at.fact = fact;
        at.generation = fact.generation();
        at.closed = owner.state() == Owner.State.CLOSED;
        settle();
      }
      case StartTable.Verdict.Refuse(var reason) -> {
        at.reason = reason;
        at.goal = at.goal == SlotModel.Goal.SEAL ? SlotModel.Goal.SEAL : SlotModel.Goal.FAIL;
        settle();
      }
    }
  }

  private void taken(Description says) {
    Candidate candidate = at.chosen();
    Fact fact = at.fact;
    at.description = says;
    String writes = says.writes();
    if (!at.isWanted()) {
      close();
    } else if (fact != null && !says.reads().contains(fact.format())) {
      at.unfit = with(at.unfit, candidate);
      at.reason = candidate.label() + " does not read format " + fact.format();
      close();
    } else if (fact == null) {
      at.generation = 1;
      begin(Phase.LOCATING, limits.operationDeadlineMs(), new SlotEffect.Locate(at.nextStep(), writes));
    } else {
      boolean sameAgain = at.atStart && candidate.sameAs(fact) && writes.equals(fact.format());
      Fact former = at.before == null ? fact : fact.as(at.before);
      if (at.switching) {
        at.before = former; // until the newcomer serves: an attempt that fails is nobody to go back to
      }
      commit(former.committed(candidate, writes, sameAgain ? at.generation : at.generation + 1, at.wishDigest()));
    }
  }

  private void done() {
    switch (at.phase) {
      case LOCATING -> {
        if (at.isWanted()) {
          open();
        } else {
          end();
        }
      }
      case COMMITTING -> {
        at.committed = true;
        if (!at.stray.isEmpty()) {
          effects.add(new SlotEffect.Forget(at.stray));
          at.stray = "";
        }
        if (!at.isWanted()) {
          end();
        } else if (at.instance) {
          resume();
        } else {
          open();
        }
      }
      case OPENING -> {
        Fact fact = at.fact;
        if (!at.isWanted()) {
          end();
        } else if (at.committed) {
          resume();
        } else {
          Candidate by = at.chosen();
          commit(fact == null
              ? new Fact(0, at.node(), at.slot, by.provider(), by.bundle(), by.version(), "", "", "", at.writes(), 1,
                  at.location(1), at.wishDigest(), 0)
              : fact.committed(by, at.writes(), at.generation + 1, at.wishDigest()));
        }
      }
      case YIELDING -> commit.yielded();
      case HANDING -> commit.handed();
      case RESUMING -> {
        if (at.goal == SlotModel.Goal.SERVE) {
          serve();
        } else {
          seal();
        }
      }
      case SEALING -> {
        at.phase = Phase.MARKING;
        effects.add(new SlotEffect.Mark(at.nextStep(), Present.of(at.fact)));
      }
      case MARKING -> {
        revoke();
        at.closed = true;
      }
      case REVOKING -> close();
      case CLOSING -> closed();
      case NOTING -> {
        disarm();
        at.overdue = false;
        at.lost = false;
        settle();
      }
      case LOADING, VACANT, EMPTY, TAKING, ACTIVE, RUNNING, FENCED, HELD, WAITING, BENEATH, FAILED, SEALED ->
          throw unexpected(at.phase);
    }
  }

  private void serve() {
    at.closed = false;
    if (at.switching) {
      swapEnded(who(at.chosen()).equals(at.former)
          ? new HandoverOutcome(Kind.GONE, "", "it is gone")
          : new HandoverOutcome(Kind.DONE, at.chosen().label(), ""));
    }
    if (Choice.next(at) == null) {
      at.swapFailures = 0;
      at.evict = false;
    }
    at.switching = false;
    at.before = null;
    at.atStart = false;
    at.unfit = List.of();
    at.failed = List.of();
    at.reason = "";
    disarm();
    at.recovering = false;
    at.overruled = false;
    effects.add(new SlotEffect.Tell("serves"));
    at.phase = Phase.ACTIVE;
    effects.add(new SlotEffect.Serve());
    batch();
  }

  private void batched(int ran, boolean more) {
    if (ran > 0) {
      at.failures = 0;
    }
    if (at.phase == Phase.FENCED && more && at.goal == SlotModel.Goal.SEAL) {
      // Nobody serves what is left later: it runs now, as far as the deadline allows.
      effects.add(new SlotEffect.Batch(at.nextStep()));
    } else if (at.phase == Phase.FENCED) {
      if (at.switching && at.isWanted()) {
        arm(limits.sealDeadlineMs()); // until here it was the drain's
      }
      seal();
    } else if (at.standby != null && at.standby.stage() == Standby.Stage.FENCING) {
      standby.held();
    } else if (more) {
      batch();
    } else {
      at.phase = Phase.ACTIVE;
    }
  }

  private void broke(Failure failure) {
    switch (at.phase) {
      case LOADING, TAKING, LOCATING, COMMITTING, OPENING, RESUMING, RUNNING -> {
        failing.fail(failure);
        end();
      }
      case YIELDING -> {
        failing.fail(failure);
        end();
      }
      case HANDING -> {
        commit.unknown(failure);
        failing.fail(failure);
        end();
      }
      case FENCED, SEALING, MARKING -> {
        at.reason = failure.text();
        revoke();
      }
      case CLOSING -> closed();
      case REVOKING -> close();
      case NOTING -> failing.unnoted(failure);
      case VACANT, EMPTY, ACTIVE, HELD, WAITING, BENEATH, FAILED, SEALED -> throw unexpected(at.phase);
    }
  }

  /// A limit has passed.
  private void late() {
    switch (at.phase) {
      case WAITING -> {
        if (!at.lost) {
          at.goal = SlotModel.Goal.SERVE;
        }
        if (at.loaded) {
          settle();
        } else {
          load();
        }
      }
      case OPENING -> {
        // Where there was nothing to recover another attempt may help; that one has the time of a recovery.
        failing.giveUp("open has not ended in time", opensAtOnce() ? SlotModel.Goal.RECOVER : SlotModel.Goal.FAIL);
        revoke();
      }
      case TAKING, RESUMING, SEALING -> {
        failing.giveUp("a call has not ended in time", SlotModel.Goal.RECOVER);
        revoke();
      }
      case FENCED -> {
        if (at.switching && at.isWanted() && !at.evict) {
          leaving.unfence();
        } else {
          leaving.evict();
        }
      }
      case ACTIVE, RUNNING, HELD -> {
        standby.abort(Kind.OVERDUE, "the one before goes, and its time is over", true);
        if (at.going) {
          leaving.goneForGood();
        }
      }
      case CLOSING -> {
        failing.giveUp("close has not ended in time", SlotModel.Goal.RECOVER);
        closed();
      }
      // The desk writes; what it does cannot be undone, so it is waited for.
      case LOADING, LOCATING, COMMITTING, YIELDING, HANDING, MARKING, REVOKING, NOTING -> {
        at.overdue = true;
        if (!at.lost) {
          at.reason = "a write has not returned";
        }
      }
      case VACANT, EMPTY, BENEATH, FAILED, SEALED -> throw unexpected(at.phase);
    }
  }

  // What the world does.

  private void present(List<Candidate> present) {
    at.present = present;
    at.unfit = still(at.unfit, present);
    at.failed = still(at.failed, present);
    Candidate chosen = at.chosen;
    Standby next = at.standby;
    if (next != null && next.isFilling() && at.phase != Phase.YIELDING && !present.contains(next.candidate())) {
      standby.abort(Kind.GONE, "it is gone", true);
    }
    if (at.going && at.isPresent()) {
      at.going = false;
      disarm();
    }
    if (chosen != null && !present.contains(chosen)) {
      leaving.gone();
    } else if (isWithoutProvider()) {
      settle();
    }
  }

  // Steps.

  private void load() {
    begin(Phase.LOADING, limits.operationDeadlineMs(), new SlotEffect.Load(at.nextStep()));
  }

  /// Nothing is open: does what the goal says, once the record says what is gone.
  void settle() {
    if (at.lost) {
      begin(Phase.NOTING, limits.operationDeadlineMs(), new SlotEffect.Note(at.nextStep(), Present.of(at.fact)));
      return;
    }
    switch (at.goal) {
      case SEAL -> rest(Phase.SEALED);
      case FAIL -> rest(Phase.FAILED);
      case RECOVER -> {
        rest(Phase.WAITING);
        arm(limits.backOffMs(Math.max(1, at.failures)));
      }
      case SERVE -> {
        Candidate candidate = Choice.best(at);
        Candidate hangs = candidate == null ? Choice.hanging(at) : null;
        if (hangs != null) {
          rest(Phase.FAILED);
          at.reason = hangs.label() + " hangs: " + Choice.HANGS;
        } else if (candidate == null) {
          rest(at.fact == null ? Phase.VACANT : Phase.EMPTY);
          if (at.reason.isEmpty()) {
            at.reason = at.terms.provider().isEmpty()
                ? "no provider"
                : "no provider that fits, wished is " + at.terms.provider();
          }
        } else if (!at.footing.missing().isEmpty()) {
          rest(Phase.BENEATH);
          at.reason = at.footing.missing();
        } else {
          if (!at.recovering && !at.lost) {
            at.reason = ""; // what it waited for is there
          }
          if (at.switching && at.fact != null && candidate.sameAs(at.fact) && who(candidate).equals(at.former)) {
            at.switching = false;
            if (Choice.newest(at.present, at.terms.provider()) == null) {
              swapEnded(new HandoverOutcome(Kind.GONE, "", "it is gone"));
            } else {
              swapEnded(new HandoverOutcome(Kind.CANCELLED, "", "it is not wished for any more"));
            }
          }
          at.chosen = candidate;
          at.description = null;
          at.committed = false;
          begin(Phase.TAKING, limits.operationDeadlineMs(), new SlotEffect.Take(at.nextStep(), candidate));
        }
      }
    }
  }

  void rest(Phase phase) {
    at.phase = phase;
    at.chosen = null;
    at.description = null;
    effects.add(new SlotEffect.Tell("is " + phase));
  }

  private void commit(Fact fact) {
    // From here on the record may say so, whether or not the write comes back.
    at.fact = fact;
    at.overruled &= isUnfulfilled();
    at.generation = fact.generation();
    begin(Phase.COMMITTING, limits.operationDeadlineMs(), new SlotEffect.Commit(at.nextStep(), fact));
  }

  private void open() {
    Fact fact = at.fact;
    at.instance = true;
    begin(Phase.OPENING, openDeadlineMs(),
        new SlotEffect.Open(at.nextStep(), at.generation, fact == null ? at.location(1) : fact.location()));
  }

  private void resume() {
    begin(Phase.RESUMING, openDeadlineMs(), new SlotEffect.Resume(at.nextStep()));
  }

  private long openDeadlineMs() {
    return opensAtOnce() ? limits.operationDeadlineMs() : limits.openDeadlineMs();
  }

  /// Whether the location is fresh or was ended cleanly: nothing in it has to be recovered.
  private boolean opensAtOnce() {
    return at.closed || at.fact == null;
  }

  private void batch() {
    at.phase = Phase.RUNNING;
    effects.add(new SlotEffect.Batch(at.nextStep()));
  }

  void seal() {
    at.phase = Phase.SEALING;
    effects.add(new SlotEffect.Seal(at.nextStep()));
  }

  void revoke() {
    at.closed &= !at.instance;
    begin(Phase.REVOKING, limits.operationDeadlineMs(), new SlotEffect.Revoke(at.nextStep()));
  }

  void close() {
    begin(Phase.CLOSING, limits.sealDeadlineMs(), new SlotEffect.Close(at.nextStep()));
  }

  /// Ends what is open, if anything is.
  void end() {
    if (at.instance) {
      revoke();
    } else {
      close();
    }
  }

  private void closed() {
    at.nextStep(); // where the close was given up, its end still comes
    disarm();
    at.instance = false;
    at.committed = false;
    at.chosen = null;
    at.description = null;
    settle();
  }

  void begin(Phase phase, long limitMs, SlotEffect effect) {
    at.phase = phase;
    arm(limitMs);
    effects.add(effect);
  }

  void arm(long delayMs) {
    at.timer = ++at.counter;
    effects.add(new SlotEffect.Arm(SlotEffect.Lane.SERVING, at.timer, delayMs));
  }

  void disarm() {
    effects.add(new SlotEffect.Disarm(SlotEffect.Lane.SERVING));
  }

  // For the machines of a handover.

  StandbyMachine standby() {
    return standby;
  }

  LeaveMachine leaving() {
    return leaving;
  }

  /// Units are served again by who served before.
  void admit() {
    batch();
  }

  static String who(Candidate candidate) {
    return candidate.bundle() + " " + candidate.label();
  }

  void swapEnded(HandoverOutcome outcome) {
    at.outcome = outcome;
    effects.add(new SlotEffect.SwapEnded(outcome));
  }

  private static List<Long> still(List<Long> refs, List<Candidate> present) {
    return refs.stream().filter(ref -> present.stream().anyMatch(candidate -> candidate.ref() == ref)).toList();
  }

  static List<Long> with(List<Long> refs, Candidate candidate) {
    List<Long> more = new ArrayList<>(refs);
    more.add(candidate.ref());
    return List.copyOf(more);
  }

  static CheckFailed unexpected(Phase phase) {
    return new CheckFailed("nothing ends in phase " + phase);
  }
}
