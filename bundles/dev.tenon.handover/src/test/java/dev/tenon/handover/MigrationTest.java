package dev.tenon.handover;

import static dev.tenon.handover.SlotWalk.BROKEN;
import static dev.tenon.handover.SlotWalk.FIRST;
import static dev.tenon.handover.SlotWalk.MIGRATES;
import static dev.tenon.handover.SlotWalk.OTHER;
import static dev.tenon.handover.SlotWalk.SLOT;
import static dev.tenon.handover.SlotWalk.loaded;
import static dev.tenon.handover.SlotWalk.on;
import static dev.tenon.handover.SlotWalk.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.Standby.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: a provider that goes is handed over from as long as its budget lasts and somebody is there who has not failed
/// at it. Method: single paths through the machine.
class MigrationTest {
  private static final Candidate THIRD = new Candidate(9, "third", "e", "1.0.0");

  private static SlotModel serving() {
    return on(loaded(SlotModel.fresh(SLOT, MIGRATES, List.of(FIRST, OTHER, THIRD)), 1), Phase.ACTIVE);
  }

  /// Ends each step of what was given up, and the wait before the next attempt.
  private static SlotModel next(SlotModel from) {
    SlotModel model = from;
    for (int i = 0; i < 10 && (model.standby() == null || Present.of(model.standby()).stage() != Stage.TAKING); i++) {
      Standby standby = Present.of(model.standby());
      model = step(model, standby.stage() == Stage.WAITING
          ? new SlotEvent.Late(standby.timer())
          : new SlotEvent.Done(standby.step()));
    }
    return model;
  }

  @Test
  void aLookThatFailsDoesNotEndIt() {
    SlotModel model = step(serving(), new SlotEvent.Look(1, "third"));
    model = step(model, new SlotEvent.Present(List.of(OTHER, THIRD)));
    assertThat(model.going()).isTrue();
    model = step(model, new SlotEvent.Broke(Present.of(model.standby()).step(), BROKEN.failure()));
    assertThat(model.going()).as(model.phase() + " " + model.reason()).isTrue();
    model = next(model);
    assertThat(Present.of(model.standby()).isLook()).isFalse();
    assertThat(Present.of(model.standby()).stage()).isEqualTo(Stage.TAKING);
  }

  @Test
  void whoFailsAtItGivesWayToTheOthersAndTheLastOneEndsIt() {
    SlotModel model = step(serving(), new SlotEvent.Present(List.of(OTHER, THIRD)));
    model = next(model);
    Candidate one = Present.of(model.standby()).candidate();
    model = step(model, new SlotEvent.Broke(Present.of(model.standby()).step(), BROKEN.failure()));
    assertThat(model.going()).isTrue();
    model = next(model);
    assertThat(Present.of(model.standby()).candidate()).isNotEqualTo(one);
    model = step(model, new SlotEvent.Broke(Present.of(model.standby()).step(), BROKEN.failure()));
    assertThat(model.going()).isFalse();
    assertThat(model.phase()).isEqualTo(Phase.SEALING);
  }
}
