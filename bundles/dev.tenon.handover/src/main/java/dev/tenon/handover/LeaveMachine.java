package dev.tenon.handover;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverOutcome.Kind;
import java.util.List;

/// The part of a slot's logic by which who serves stops doing so: it is gone, the node stops, another one is to open
/// its location, or a call of it does not end. Pure.
final class LeaveMachine {
  private static final String REOPENS = "another provider is to open the location";

  private final SlotMachine slot;
  private final SlotLimits limits;
  private final SlotModel.Draft at;
  private final List<SlotEffect> effects;

  LeaveMachine(SlotMachine slot, SlotLimits limits, SlotModel.Draft at, List<SlotEffect> effects) {
    this.slot = slot;
    this.limits = limits;
    this.at = at;
    this.effects = effects;
  }

  /// The provider that serves goes. It lets itself be handed over from as long as its budget lasts, if that is asked
  /// for and somebody else is there; what is left of the budget is for its seal.
  void gone() {
    boolean serves = at.phase == Phase.ACTIVE || at.phase == Phase.RUNNING || at.phase == Phase.HELD;
    long budgetMs = limits.swap().goneBudgetMs() - limits.sealDeadlineMs();
    if (at.going && serves && Choice.next(at) != null) {
      return;
    }
    at.going = at.terms.onGone() == Terms.OnGone.MIGRATE && serves && at.goal == SlotModel.Goal.SERVE && budgetMs > 0;
    if (at.going && Choice.next(at) != null) {
      effects.add(new SlotEffect.Tell("is to be handed over before its provider is gone"));
      slot.arm(budgetMs);
    } else {
      goneForGood();
    }
  }

  void goneForGood() {
    at.going = false;
    leave(SlotModel.Goal.SERVE, "provider " + at.chosen().label() + " is gone");
  }

  /// The provider or the node goes: fence, drain, seal and mark, all within the seal deadline; then close.
  void leave(SlotModel.Goal goal, String reason) {
    at.going = false;
    if (at.phase != Phase.YIELDING) {
      slot.standby().abort(Kind.LEFT, reason, false);
    }
    boolean drains = at.switching && at.reason.equals(REOPENS); // and nobody has left since
    if (goal == SlotModel.Goal.SEAL && at.switching) {
      slot.swapEnded(new HandoverOutcome(Kind.LEFT, "", reason));
      at.switching = false;
    }
    boolean failed = at.goal == SlotModel.Goal.FAIL;
    SlotModel.Goal before = at.goal;
    at.goal = before == SlotModel.Goal.SEAL || (failed && goal != SlotModel.Goal.SEAL) ? before : goal;
    if (!failed) {
      at.reason = reason;
    }
    switch (at.phase) {
      case ACTIVE, HELD -> {
        slot.arm(limits.sealDeadlineMs());
        if (at.goal == SlotModel.Goal.SEAL) {
          at.phase = Phase.FENCED;
          effects.add(new SlotEffect.Batch(at.nextStep()));
        } else {
          slot.seal();
        }
      }
      case RUNNING -> {
        slot.arm(at.switching ? limits.swap().drainDeadlineMs() : limits.sealDeadlineMs());
        at.phase = Phase.FENCED;
      }
      case TAKING, OPENING, RESUMING -> {
        // It may be long in there, and what it would give is not wanted any more.
        effects.add(new SlotEffect.GiveUp());
        slot.revoke();
      }
      case VACANT, EMPTY, WAITING, BENEATH, FAILED -> {
        slot.disarm();
        slot.settle();
      }
      case FENCED -> {
        if (drains) {
          // It was for a handover, and may take no longer than any other that goes.
          slot.arm(limits.sealDeadlineMs());
        }
      }
      // The step under way ends first; it looks at the goal.
      case LOADING, LOCATING, COMMITTING, YIELDING, HANDING, SEALING, MARKING, REVOKING, CLOSING, NOTING, SEALED -> {}
    }
  }

  /// Nothing was lost, and the call that does not end is still counted: who served goes on.
  void unfence() {
    at.switching = false;
    at.swapFailures++;
    at.reason = "";
    Candidate next = Choice.next(at);
    slot.swapEnded(new HandoverOutcome(Kind.OVERDUE, next == null ? "" : next.label(), StandbyMachine.CALLS_IN_FLIGHT));
    slot.disarm();
    at.phase = Phase.RUNNING;
  }

  /// A call does not end, and its provider has to let go: its strand is left to it, then its location is fenced, so
  /// that whatever it still writes is refused. Whoever reads the format opens the location next.
  void evict() {
    at.going = false;
    at.switching &= at.phase == Phase.FENCED && at.goal == SlotModel.Goal.SERVE; // the next one opens the location
    at.reason = "a call of " + at.chosen().label() + " has not ended in time: it was left behind";
    effects.add(new SlotEffect.GiveUp());
    effects.add(new SlotEffect.Evicted(at.chosen().label()));
    effects.add(new SlotEffect.Tell(at.reason));
    slot.revoke();
  }

  /// Another provider opens the same location.
  void reopen() {
    at.former = SlotMachine.who(at.chosen());
    leave(SlotModel.Goal.SERVE, REOPENS);
  }
}
