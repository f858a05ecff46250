package dev.tenon.handover;

import dev.tenon.handover.SlotEffect.Lane;
import dev.tenon.handover.Standby.Stage;
import dev.tenon.runtime.role.Description;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverOutcome.Kind;
import java.util.List;

/// The part of a slot's logic that fills a provider which is to take over, while another one serves, until the tail is
/// over there and compared. From then on [SlotMachine] decides. Pure.
final class StandbyMachine {
  static final String CALLS_IN_FLIGHT = "the calls in flight have not ended in time";

  private final SlotMachine slot;
  private final CommitMachine commit;
  private final SlotLimits limits;
  private final SlotModel.Draft at;
  private final List<SlotEffect> effects;

  StandbyMachine(SlotMachine slot, CommitMachine commit, SlotLimits limits, SlotModel.Draft at,
      List<SlotEffect> effects) {
    this.slot = slot;
    this.commit = commit;
    this.limits = limits;
    this.at = at;
    this.effects = effects;
  }

  /// Looks whether somebody else is wished for than the one that serves, and still the one that is being filled.
  ///
  /// @param news whether the wish or the world has changed: only then a wait is cut short, or steps that end would put
  ///     it off for ever
  void consider(boolean news) {
    Candidate next = Choice.next(at);
    Standby standby = at.standby;
    if (standby != null && !standby.isLook() && !standby.candidate().equals(next) && !isFenced(standby)) {
      abort(Kind.CANCELLED, next == null ? "it is not wished for any more" : "another provider is wished for", true);
      if (next != null) {
        at.outcome = HandoverOutcome.NONE; // nothing has become of this one yet
      }
    }
    boolean atOnce = at.urgent || at.going;
    if (at.standby == null && next != null && at.isServing() && at.isHung(next)) {
      hangs(next);
    } else if (at.standby == null && next != null && at.isServing() && at.retired == null
        && at.footing.missing().isEmpty()) {
          at.standby = Standby.waiting(next, 0);
          arm(atOnce ? 0
              : at.swapFailures > 0 ? limits.swapBackOffMs(at.swapFailures) : limits.swap().quietMs());
        } else
      if (news && atOnce && at.standby != null && at.standby.stage() == Stage.WAITING && at.isServing()) {
        arm(0);
      } else if (at.standby == null && next == null && at.isServing()) {
        at.urgent = false; // who serves is who is wished for
        at.evict = false; // it was for the handover that was asked for, not for the next one
      }
  }

  /// Another attempt would leave another thread behind.
  private void hangs(Candidate next) {
    HandoverOutcome outcome = new HandoverOutcome(Kind.HANGS, next.label(), Choice.HANGS);
    at.urgent = false;
    if (!outcome.equals(at.outcome)) {
      at.outcome = outcome;
      effects.add(new SlotEffect.Tell("is " + outcome));
    }
  }

  /// Behind the fence a handover is not given up any more: the next wish is looked at when it has ended.
  private boolean isFenced(Standby standby) {
    return standby.stage() == Stage.FENCING || at.phase == Phase.HELD || at.phase == Phase.YIELDING;
  }

  /// What is prepared has taken too long: it is given up, and tried again after a back-off if the wish stands.
  void expired(String reason) {
    Standby standby = at.standby;
    if (standby != null && !isFenced(standby)) {
      fail(standby.items() > 0 ? Kind.NOT_CONVERGING : Kind.OVERDUE, reason);
    }
  }

  /// Finds out what a handover would be. Nothing is made, and who serves does not notice.
  void look(long ask, String wish) {
    Candidate candidate = Choice.newest(at.present, wish);
    Fact fact = at.fact;
    if (fact != null && Candidate.matches(wish, fact.provider(), fact.version())) {
      answer(ask, Kind.SERVES, wish, "it is the provider of the slot");
    } else if (at.terms.pinned()) {
      answer(ask, Kind.PINNED, wish, "the slot is pinned");
    } else if (candidate == null) {
      answer(ask, Kind.ABSENT, wish, "no such provider is registered");
    } else if (at.isHung(candidate)) {
      answer(ask, Kind.HANGS, candidate.label(), Choice.HANGS);
    } else if (!at.isServing() || at.retired != null
        || (at.standby != null && at.standby.stage() != Stage.WAITING)) {
          answer(ask, Kind.NOT_NOW, candidate.label(), at.isServing() ? "a handover is under way" : "nobody serves");
        } else {
          at.standby = Standby.looking(ask, candidate);
          take(candidate);
        }
  }

  private void answer(long ask, Kind kind, String provider, String text) {
    effects.add(new SlotEffect.Answer(ask, new HandoverOutcome(kind, provider, text)));
  }

  // Ends of steps.

  /// The end of the standby's step, or its limit.
  void hear(Standby standby, SlotEvent.Ending event) {
    switch (event) {
      case SlotEvent.Taken(var step, var says) -> taken(standby, says);
      case SlotEvent.Measured found -> measured(standby, found);
      case SlotEvent.Exported piece -> exported(standby, piece);
      case SlotEvent.Done(var step) -> done(standby);
      case SlotEvent.Refused(var step) -> refused(standby);
      case SlotEvent.Broke(var step, var failure) -> broke(standby, failure);
      case SlotEvent.Late(var timer) -> late(standby);
    }
  }

  private void take(Candidate candidate) {
    step(Stage.TAKING, limits.operationDeadlineMs(), number -> new SlotEffect.TakeNext(number, candidate));
  }

  private void taken(Standby standby, Description says) {
    at.standby = standby.described(says);
    Description serving = at.description;
    String tooSmall = serving == null ? "" : Preflight.limits(serving, says);
    if (!at.footing.cycle().isEmpty()) {
      fail(Kind.CYCLE, at.footing.cycle());
    } else if (!tooSmall.isEmpty()) {
      fail(Kind.LIMITS, tooSmall);
    } else if (!at.reopens && !says.reads().contains(Present.of(at.fact).format())) {
      fail(Kind.FAILED, "it does not read format " + Present.of(at.fact).format());
    } else if (!at.reopens || !Preflight.reopens(Present.of(at.fact), says)) {
      step(Stage.MEASURING, limits.operationDeadlineMs(),
          number -> new SlotEffect.Measure(number, Present.of(at.fact).location()));
    } else if (standby.isLook()) {
      looked(standby, new HandoverOutcome(Kind.POSSIBLE, standby.candidate().label(),
          "opens the location that is there: nothing is copied"));
    } else {
      // The same location serves under it: who serves need not wait for it to be filled.
      at.switching = true;
      turn();
    }
  }

  private void measured(Standby standby, SlotEvent.Measured found) {
    HandoverOutcome space = Preflight.space(standby.candidate().label(), found);
    if (space.isFailure()) {
      fail(space.kind(), space.text());
    } else if (standby.isLook()) {
      looked(standby, space);
    } else {
      long generation = at.generation + 1;
      String location = at.location(generation);
      at.standby = standby.located(generation, location);
      step(Stage.LOCATING, limits.operationDeadlineMs(), number -> new SlotEffect.LocateNext(number, location,
          generation, Present.of(standby.description()).writes()));
    }
  }

  /// All that was asked for is known.
  private void looked(Standby standby, HandoverOutcome outcome) {
    effects.add(new SlotEffect.Answer(standby.look(), outcome));
    step(Stage.CLOSING, limits.sealDeadlineMs(), number -> new SlotEffect.CloseNext(number));
  }

  private void exported(Standby standby, SlotEvent.Exported piece) {
    at.standby = standby.copied(piece.items(), piece.bytes(), piece.left());
    boolean verify = piece.endsRound();
    step(verify ? Stage.VERIFYING : Stage.APPLYING, limits.operationDeadlineMs(),
        number -> new SlotEffect.Apply(number, verify));
  }

  private void done(Standby standby) {
    switch (standby.stage()) {
      case LOCATING -> step(Stage.OPENING, limits.operationDeadlineMs(), // a fresh one holds nothing to recover
          number -> new SlotEffect.OpenNext(number, standby.generation(), standby.location()));
      case OPENING, APPLYING -> export();
      case VERIFYING -> verified(standby);
      case REVOKING -> step(Stage.CLOSING, limits.sealDeadlineMs(), number -> new SlotEffect.CloseNext(number));
      case CLOSING -> closed(standby);
      case DROPPING -> ended();
      case ASKING -> fence();
      case WAITING, TAKING, MEASURING, EXPORTING, TURN, FENCING, READY -> throw SlotMachine.unexpected(at.phase);
    }
  }

  private void broke(Standby standby, Failure failure) {
    switch (standby.stage()) {
      case REVOKING -> step(Stage.CLOSING, limits.sealDeadlineMs(), number -> new SlotEffect.CloseNext(number));
      case CLOSING -> closed(standby);
      case DROPPING -> ended();
      case EXPORTING -> {
        if (failure.outcome() == Kind.OVERDUE) {
          stuck(failure.text());
        } else {
          fail(failure.outcome(), failure.text());
        }
      }
      case TAKING, MEASURING, LOCATING, OPENING, APPLYING, VERIFYING -> fail(failure.outcome(), failure.text());
      case WAITING, ASKING, TURN, FENCING, READY -> throw SlotMachine.unexpected(at.phase);
    }
  }

  private void late(Standby standby) {
    switch (standby.stage()) {
      case WAITING -> {
        Candidate next = Choice.next(at);
        if (next == null || !at.isServing() || !at.footing.missing().isEmpty() || at.isHung(next)) {
          at.standby = null; // where a slot beneath is missing, it begins anew when that one serves
        } else {
          at.urgent = false;
          effects.add(new SlotEffect.Tell("is to be handed over to " + next.label()));
          take(next);
        }
      }
      case TAKING, OPENING, APPLYING, VERIFYING -> {
        effects.add(new SlotEffect.GiveUpNext());
        fail(Kind.OVERDUE, "a call of it has not ended in time");
      }
      // What the desk still writes cannot be undone: revoking, closing and dropping wait for it.
      case MEASURING, LOCATING -> fail(Kind.OVERDUE, "the disk did not answer in time");
      case EXPORTING -> stuck(at.phase == Phase.HELD ? "the tail was not copied in time" : "reading took too long");
      case ASKING -> fail(Kind.OVERDUE, "a slot above has not paused in time");
      case TURN -> {
        if (at.switching) {
          turn();
        } else {
          export();
        }
      }
      case FENCING -> stuck(CALLS_IN_FLIGHT);
      case REVOKING, DROPPING -> {
        if (!standby.overdue()) {
          effects.add(new SlotEffect.Tell("waits for a disk that has not deleted in time what a handover has left"));
        }
        at.standby = standby.late();
        arm(limits.operationDeadlineMs());
      }
      case READY -> arm(limits.operationDeadlineMs()); // what the record's step takes is seen where that is
      case CLOSING -> {
        effects.add(new SlotEffect.GiveUpNext());
        closed(standby);
      }
    }
  }

  /// Who serves does not let go of its strand: it keeps it, unless the operator has said otherwise.
  private void stuck(String reason) {
    if (at.evict && !at.going) {
      at.swapFailures++;
      abort(Kind.OVERDUE, reason, false);
      slot.leaving().evict();
    } else {
      fail(Kind.OVERDUE, reason);
    }
  }

  private void verified(Standby standby) {
    if (at.phase == Phase.HELD) {
      if (standby.itemsLeft() == 0) {
        at.standby = standby.at(Stage.READY, 0);
        commit.yieldTo();
      } else {
        export();
      }
      return;
    }
    Standby ended = standby.roundEnded();
    at.standby = ended;
    if (standby.isTailShort(limits.swap().tailItemsMax())) {
      turn();
    } else if (ended.rounds() < limits.swap().roundsMax()) {
      export();
    } else if (ended.itemsLeft() <= limits.swap().tailItemsHardMax()) {
      turn();
    } else {
      fail(Kind.NOT_CONVERGING,
          "not converging: after " + ended.rounds() + " rounds " + ended.itemsLeft() + " items are left");
    }
  }

  private void export() {
    step(Stage.EXPORTING, limits.operationDeadlineMs(), number -> new SlotEffect.Export(number));
  }

  /// Slots that stand on each other are not fenced at the same time, and those above pause first.
  private void turn() {
    if (at.footing.alone()) {
      fence();
    } else {
      at.turn = true;
      step(Stage.ASKING, limits.swap().drainDeadlineMs(), number -> new SlotEffect.AskTurn(number));
    }
  }

  private void refused(Standby standby) {
    at.turn = false;
    at.standby = standby.uncounted().at(Stage.TURN, 0);
    arm(SwapLimits.TURN_MS);
  }

  private void fence() {
    if (at.switching) {
      step(Stage.CLOSING, limits.sealDeadlineMs(), number -> new SlotEffect.CloseNext(number));
    } else if (at.phase == Phase.ACTIVE) {
      held();
    } else {
      at.standby = Present.of(at.standby).at(Stage.FENCING, 0);
      arm(limits.swap().drainDeadlineMs());
    }
  }

  /// No batch is in flight any more and none will be: the tail is copied.
  void held() {
    at.phase = Phase.HELD;
    effects.add(new SlotEffect.Tell("is fenced"));
    export();
    // Where calls reach the instance past the queue, this step waits for them first.
    arm(limits.swap().fenceBudgetMs() + (at.reopens ? 0 : limits.swap().drainDeadlineMs()));
  }

  // Giving up.

  private void fail(Kind kind, String reason) {
    if (!Present.of(at.standby).isLook()) {
      at.swapFailures++;
    }
    abort(kind, reason, true);
  }

  /// What was filled is given up; who serves goes on.
  ///
  /// @param admit whether units are served again at once, where the fence was reached
  void abort(Kind kind, String reason, boolean admit) {
    Standby standby = at.standby;
    if (standby == null) {
      return;
    }
    switch (standby.stage()) {
      case WAITING -> {
        at.standby = null;
        effects.add(new SlotEffect.Disarm(Lane.STANDBY));
      }
      case TAKING, MEASURING, LOCATING, OPENING, EXPORTING, APPLYING, VERIFYING, ASKING, TURN, FENCING, READY -> {
        HandoverOutcome outcome = new HandoverOutcome(kind, standby.candidate().label(), reason);
        if (standby.isLook()) {
          effects.add(new SlotEffect.Answer(standby.look(), outcome));
        } else {
          slot.swapEnded(outcome);
        }
        step(Stage.REVOKING, limits.operationDeadlineMs(), number -> new SlotEffect.RevokeNext(number));
        if (admit && at.phase == Phase.HELD) {
          slot.admit();
        }
      }
      case REVOKING, CLOSING, DROPPING -> {
        if (at.switching && !standby.isLook()) { // it was about to open the location
          slot.swapEnded(new HandoverOutcome(kind, standby.candidate().label(), reason));
        }
      }
    }
    at.switching = false;
    if (at.going && !standby.isLook() && kind != Kind.CANCELLED) {
      at.failed = SlotMachine.with(at.failed, standby.candidate());
      Candidate other = Choice.next(at);
      if (other == null || at.failed.contains(other.ref())) {
        slot.leaving().goneForGood();
      }
    }
  }

  private void closed(Standby standby) {
    if (standby.location().isEmpty() || at.goal == SlotModel.Goal.SEAL) {
      ended(); // a location that stays is moved aside at the next start
    } else {
      step(Stage.DROPPING, limits.operationDeadlineMs(),
          number -> new SlotEffect.DropNext(number, standby.location()));
    }
  }

  private void ended() {
    at.standby = null;
    effects.add(new SlotEffect.Disarm(Lane.STANDBY));
    if (at.switching && at.isServing()) {
      slot.leaving().reopen();
    } else {
      at.switching = false;
    }
  }

  private interface Making {
    SlotEffect with(long number);
  }

  private void step(Stage stage, long limitMs, Making effect) {
    long number = ++at.counter;
    at.standby = Present.of(at.standby).at(stage, number);
    // Behind the fence the budget counts, not the single step.
    if (at.phase != Phase.HELD || !Present.of(at.standby).isFilling()) {
      arm(limitMs);
    }
    effects.add(effect.with(number));
  }

  private void arm(long limitMs) {
    at.standby = Present.of(at.standby).timed(++at.counter);
    effects.add(new SlotEffect.Arm(Lane.STANDBY, Present.of(at.standby).timer(), limitMs));
  }
}
