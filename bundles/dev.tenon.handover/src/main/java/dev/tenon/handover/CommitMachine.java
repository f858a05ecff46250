package dev.tenon.handover;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverOutcome.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of a slot's logic that makes a handover a fact: from the compared tail to the record, and to the end of
/// what was handed over from. Pure.
final class CommitMachine {
  private final SlotMachine slot;
  private final SlotLimits limits;
  private final SlotModel.Draft at;
  private final List<SlotEffect> effects;

  CommitMachine(SlotMachine slot, SlotLimits limits, SlotModel.Draft at, List<SlotEffect> effects) {
    this.slot = slot;
    this.limits = limits;
    this.at = at;
    this.effects = effects;
  }

  /// The tail is over there and compared: from the end of this step on nobody writes to what served.
  void yieldTo() {
    Candidate next = Present.of(at.standby).candidate();
    effects.add(new SlotEffect.Tell("is about to be handed over to " + next.label()));
    effects.add(new SlotEffect.Disarm(SlotEffect.Lane.STANDBY));
    at.going = false; // from here on it only ends well, or as any other failure does
    slot.begin(Phase.YIELDING, limits.operationDeadlineMs(), new SlotEffect.Revoke(at.nextStep()));
  }

  void yielded() {
    Standby next = Present.of(at.standby);
    if (!at.present.contains(next.candidate())) {
      slot.standby().abort(Kind.GONE, "it is gone", false);
      slot.close();
      return;
    }
    Fact fact = Present.of(at.fact);
    at.before = fact;
    at.retired = new SlotModel.Retired(at.chosen(), null, 0, 0);
    at.chosen = next.candidate();
    at.description = next.description();
    at.standby = null;
    at.committed = false;
    effects.add(new SlotEffect.Promote());
    at.fact = fact.handedOver(at.chosen(), at.writes(), next.generation(), next.location(), at.wishDigest());
    at.generation = next.generation();
    slot.begin(Phase.HANDING, limits.operationDeadlineMs(), new SlotEffect.HandOver(at.nextStep(), at.fact));
  }

  void handed() {
    at.committed = true;
    at.evict = false;
    effects.add(new SlotEffect.Own(Present.of(at.fact)));
    boolean wanted = at.isWanted();
    if (wanted) {
      // There is nothing to apply again: it is activated only, and before the end of whom it follows, for callers wait.
      slot.begin(Phase.RESUMING, limits.operationDeadlineMs(), new SlotEffect.Resume(at.nextStep()));
    }
    retire(at.before);
    at.before = null;
    slot.swapEnded(new HandoverOutcome(Kind.DONE, at.chosen().label(), ""));
    if (!wanted) {
      slot.end();
    }
  }

  /// The record could not be written: either version may be there, and nobody serves until a later one says that what
  /// was in charge still is.
  void unknown(Failure failure) {
    retire(null);
    at.stray = Present.of(at.fact).location();
    at.fact = at.before;
    at.before = null;
    at.swapFailures++;
    Candidate failed = at.chosen();
    slot.swapEnded(new HandoverOutcome(Kind.RECORD, failed.label(), "the record could not be written: "
        + failure.text()));
    at.failed = SlotMachine.with(at.failed, failed);
  }

  /// @param fact what the record said of it; null where it is still in charge
  private void retire(@Nullable Fact fact) {
    SlotModel.Retired waiting = Present.of(at.retired);
    at.retired = new SlotModel.Retired(waiting.candidate(), fact, ++at.counter, ++at.counter);
    effects.add(new SlotEffect.Arm(SlotEffect.Lane.RETIRED, at.retired.timer(), limits.sealDeadlineMs()));
    effects.add(new SlotEffect.Retire(at.retired.step()));
  }

  void retired(SlotModel.Retired ended) {
    effects.add(new SlotEffect.Disarm(SlotEffect.Lane.RETIRED));
    effects.add(new SlotEffect.Retain(ended.fact()));
    at.retired = null;
  }
}
