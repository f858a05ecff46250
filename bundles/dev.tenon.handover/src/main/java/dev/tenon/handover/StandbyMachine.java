package dev.tenon.handover;

import dev.tenon.handover.SlotEffect.Lane;
import dev.tenon.handover.Standby.Stage;
import dev.tenon.runtime.role.Description;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of a slot's logic that fills a provider which is to take over, while another one serves, until the tail is
/// over there and compared. From then on [SlotMachine] decides. Pure.
final class StandbyMachine {
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
  void consider(boolean atOnce) {
    Candidate next = Choice.next(at);
    Standby standby = at.standby;
    boolean committed = at.phase == Phase.HELD || at.phase == Phase.YIELDING;
    if (standby != null && !standby.candidate().equals(next) && !committed) {
      abort("another provider is wished for", true);
    }
    if (at.standby == null && next != null && at.isServing() && at.retired == null) {
      at.standby = Standby.waiting(next, ++at.counter);
      long restMs = at.swapFailures > 0 ? limits.backOffMs(at.swapFailures) : atOnce ? 0 : limits.swap().quietMs();
      effects.add(new SlotEffect.Arm(Lane.STANDBY, at.standby.timer(), restMs));
    }
  }

  /// What is prepared is given up, and tried again after a back-off if the wish stands. Behind the fence nothing is
  /// given up any more.
  void cancel(String reason) {
    if (at.standby != null && at.phase != Phase.HELD && at.phase != Phase.YIELDING) {
      fail(reason);
    }
  }

  // Ends of steps.

  /// The end of the standby's step, or its limit.
  void hear(Standby standby, SlotEvent.Ending event) {
    switch (event) {
      case SlotEvent.Taken(var step, var says) -> taken(standby, says);
      case SlotEvent.Exported piece -> exported(standby, piece);
      case SlotEvent.Done(var step) -> done(standby);
      case SlotEvent.Broke(var step, var failure) -> broke(standby, failure);
      case SlotEvent.Late(var timer) -> late(standby);
    }
  }

  private void taken(Standby standby, Description says) {
    Fact fact = Present.of(at.fact);
    Description serving = at.description;
    at.standby = standby.described(says);
    if (serving != null && says.itemBytesMax() < serving.itemBytesMax()) {
      fail("its items have at most " + says.itemBytesMax() + " bytes, those that are there up to "
          + serving.itemBytesMax());
    } else if (says.reads().contains(fact.format()) && says.writes().equals(fact.format())) {
      // The same location serves under it: nothing is copied, and A need not wait for B to be filled. What would write
      // another format there is copied to: A could not open it again.
      at.switching = true;
      step(Stage.CLOSING, limits.sealDeadlineMs(), number -> new SlotEffect.CloseNext(number));
    } else {
      long generation = at.generation + 1;
      String location = at.location(generation);
      at.standby = at.standby.located(generation, location);
      step(Stage.LOCATING, limits.operationDeadlineMs(),
          number -> new SlotEffect.LocateNext(number, location, generation, says.writes()));
    }
  }

  private void exported(Standby standby, SlotEvent.Exported piece) {
    at.standby = standby.copied(piece.items(), piece.bytes(), piece.left());
    boolean verify = piece.endsRound();
    step(verify ? Stage.VERIFYING : Stage.APPLYING, limits.operationDeadlineMs(),
        number -> new SlotEffect.Apply(number, verify));
  }

  private void done(Standby standby) {
    switch (standby.stage()) {
      case LOCATING -> step(Stage.OPENING, limits.openDeadlineMs(),
          number -> new SlotEffect.OpenNext(number, standby.generation(), standby.location()));
      case OPENING, APPLYING -> export();
      case VERIFYING -> verified(standby);
      case REVOKING -> step(Stage.CLOSING, limits.sealDeadlineMs(), number -> new SlotEffect.CloseNext(number));
      case CLOSING -> closed(standby);
      case DROPPING -> ended();
      case WAITING, TAKING, EXPORTING, FENCING, READY -> throw SlotMachine.unexpected(at.phase);
    }
  }

  private void broke(Standby standby, Failure failure) {
    switch (standby.stage()) {
      case REVOKING -> step(Stage.CLOSING, limits.sealDeadlineMs(), number -> new SlotEffect.CloseNext(number));
      case CLOSING -> closed(standby);
      case DROPPING -> ended();
      case TAKING, LOCATING, OPENING, EXPORTING, APPLYING, VERIFYING -> fail(failure.text());
      case WAITING, FENCING, READY -> throw SlotMachine.unexpected(at.phase);
    }
  }

  private void late(Standby standby) {
    switch (standby.stage()) {
      case WAITING -> {
        Candidate next = Choice.next(at);
        if (next == null || !at.isServing()) {
          at.standby = null;
        } else {
          effects.add(new SlotEffect.Tell("is to be handed over to " + next.label()));
          step(Stage.TAKING, limits.operationDeadlineMs(), number -> new SlotEffect.TakeNext(number, next));
        }
      }
      case TAKING, OPENING, APPLYING, VERIFYING -> {
        effects.add(new SlotEffect.GiveUpNext());
        fail("a call of it has not ended in time");
      }
      case EXPORTING -> fail(at.phase == Phase.HELD ? "the tail was not copied in time" : "reading took too long");
      case FENCING -> fail("the calls in flight have not ended in time");
      // The desk writes; what it does cannot be undone, so it is waited for.
      case LOCATING, REVOKING, DROPPING, READY -> arm(limits.operationDeadlineMs());
      case CLOSING -> {
        effects.add(new SlotEffect.GiveUpNext());
        closed(standby);
      }
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
    if (ended.itemsLeft() <= SwapLimits.TAIL_ITEMS) {
      fence();
    } else if (ended.rounds() < SwapLimits.ROUNDS_MAX) {
      export();
    } else if (ended.itemsLeft() <= SwapLimits.TAIL_ITEMS_MAX) {
      fence();
    } else {
      fail("not converging: after " + ended.rounds() + " rounds " + ended.itemsLeft() + " items are left");
    }
  }

  private void export() {
    step(Stage.EXPORTING, limits.operationDeadlineMs(), number -> new SlotEffect.Export(number));
  }

  private void fence() {
    if (at.phase == Phase.ACTIVE) {
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
    arm(limits.swap().fenceBudgetMs());
  }

  // Giving up.

  private void fail(String reason) {
    at.swapFailures++;
    abort(reason, true);
  }

  /// What was filled is given up; who serves goes on.
  ///
  /// @param admit whether units are served again at once, where the fence was reached
  void abort(String reason, boolean admit) {
    Standby standby = at.standby;
    if (standby == null) {
      return;
    }
    switch (standby.stage()) {
      case WAITING -> {
        at.standby = null;
        effects.add(new SlotEffect.Disarm(Lane.STANDBY));
      }
      case TAKING, LOCATING, OPENING, EXPORTING, APPLYING, VERIFYING, FENCING, READY -> {
        at.outcome = "not handed over to " + standby.candidate().label() + ": " + reason;
        effects.add(new SlotEffect.Tell(at.outcome));
        step(Stage.REVOKING, limits.operationDeadlineMs(), number -> new SlotEffect.RevokeNext(number));
        if (admit && at.phase == Phase.HELD) {
          slot.admit();
        }
      }
      case REVOKING, CLOSING, DROPPING -> {}
    }
    at.switching = false;
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
      slot.reopen();
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
