package dev.tenon.handover;

import static dev.tenon.handover.SlotWalk.BROKEN;
import static dev.tenon.handover.SlotWalk.DAMAGED;
import static dev.tenon.handover.SlotWalk.FIRST;
import static dev.tenon.handover.SlotWalk.OTHER;
import static dev.tenon.handover.SlotWalk.SLOT;
import static dev.tenon.handover.SlotWalk.loaded;
import static dev.tenon.handover.SlotWalk.on;
import static dev.tenon.handover.SlotWalk.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: a wish is answered with what became of it and of no other, and an operator's is not kept waiting. Method:
/// single paths through the machine.
class SlotWishTest {
  private static final Candidate THIRD = new Candidate(9, "third", "e", "1.0.0");

  private static SlotModel failed() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST)), 3), Phase.COMMITTING);
    model = step(model, new SlotEvent.Broke(model.step(), DAMAGED.failure()));
    model = step(model, new SlotEvent.Done(model.step()));
    assertThat(model.phase()).isEqualTo(Phase.FAILED);
    return model;
  }

  @Test
  void onlyTheOperatorsWordOrAnotherProviderOpensWhatHasFailed() {
    Terms pinned = new Terms("plain", true, Terms.OnGone.PARK, Terms.Follow.NONE);
    assertThat(step(failed(), new SlotEvent.Wished(pinned, false, false)).phase()).isEqualTo(Phase.FAILED);
    assertThat(step(failed(), new SlotEvent.Wished(Terms.of("plain"), true, false)).phase()).isEqualTo(Phase.TAKING);
    assertThat(step(failed(), new SlotEvent.Wished(Terms.of("plain@1.0.0"), false, false)).phase())
        .isEqualTo(Phase.TAKING);
  }
}
