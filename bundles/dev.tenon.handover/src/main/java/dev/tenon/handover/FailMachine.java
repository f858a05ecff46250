package dev.tenon.handover;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverOutcome.Kind;
import java.util.List;

/// The part of a slot's logic that decides what follows from a failure: who is asked next, and what the record has to
/// say first. Pure.
final class FailMachine {
  private final SlotMachine slot;
  private final SlotLimits limits;
  private final SlotModel.Draft at;
  private final List<SlotEffect> effects;

  FailMachine(SlotMachine slot, SlotLimits limits, SlotModel.Draft at, List<SlotEffect> effects) {
    this.slot = slot;
    this.limits = limits;
    this.at = at;
    this.effects = effects;
  }

  /// Notes a failure and what follows from it.
  void fail(Failure failure) {
    at.going = false;
    slot.standby().abort(Kind.FAILED, "the provider that serves failed: " + failure.text(), false);
    at.reason = failure.text();
    Fact fact = at.fact;
    if (failure.kind() == Failure.Kind.LOST && fact != null) {
      // Also where the one before is asked next: a stop in between would forget it.
      at.fact = fact.lost();
      at.lost = true;
    }
    boolean fellBack = fallBack(failure.text());
    if (at.goal == SlotModel.Goal.SERVE) {
      // What the record's write found damaged is so for everybody, what the newcomer says on opening is not.
      boolean lasting = failure.kind() != Failure.Kind.BROKEN && (at.phase == Phase.COMMITTING
          || (!fellBack && (at.phase == Phase.OPENING || at.phase == Phase.RESUMING)));
      at.goal = lasting ? SlotModel.Goal.FAIL : SlotModel.Goal.RECOVER;
    }
    at.recovering = true;
    at.failures++;
    at.atStart = false;
    effects.add(new SlotEffect.Tell("failed: " + failure.text()));
  }

  /// Where the one that was wished for did not open the location, the one before does.
  private boolean fallBack(String why) {
    Candidate failed = at.chosen;
    if (!at.switching || failed == null) {
      return false;
    }
    at.switching = false;
    at.swapFailures++;
    slot.swapEnded(new HandoverOutcome(Kind.FAILED, failed.label(), why));
    at.failed = SlotMachine.with(at.failed, failed);
    return true;
  }

  void giveUp(String reason, SlotModel.Goal goal) {
    at.going = false;
    slot.standby().abort(Kind.FAILED, "the provider that serves failed: " + reason, false);
    at.reason = reason;
    boolean opens = at.phase == Phase.TAKING || at.phase == Phase.OPENING || at.phase == Phase.RESUMING;
    boolean fellBack = opens && fallBack(reason);
    if (at.goal == SlotModel.Goal.SERVE) {
      at.goal = fellBack ? SlotModel.Goal.RECOVER : goal;
      at.recovering = true;
      at.failures++;
      at.atStart = false;
    }
    effects.add(new SlotEffect.GiveUp());
    effects.add(new SlotEffect.Tell(reason));
  }

  /// Until the record says what is gone nobody serves, and the operator is not asked: a start would know nothing of it.
  /// A node that stops cannot wait for it.
  void unnoted(Failure failure) {
    slot.disarm();
    at.overdue = false;
    effects.add(new SlotEffect.Tell("has lost acknowledged items, and its record does not say so: " + failure.text()));
    if (at.goal == SlotModel.Goal.SEAL) {
      at.lost = false;
      slot.settle();
    } else {
      at.failures++;
      slot.rest(Phase.WAITING);
      slot.arm(limits.backOffMs(at.failures));
    }
  }
}
