package dev.tenon.handover;

import static dev.tenon.handover.SlotWalk.ALIKE;
import static dev.tenon.handover.SlotWalk.FIRST;
import static dev.tenon.handover.SlotWalk.SLOT;
import static dev.tenon.handover.SlotWalk.loaded;
import static dev.tenon.handover.SlotWalk.on;
import static dev.tenon.handover.SlotWalk.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: each step has the limit that its promise names. Method: single paths through the machine; the timer that is
/// armed is looked at.
class SlotDeadlinesTest {
  private static long armedMs(SlotMachine.Step step) {
    return step.effects().stream().filter(effect -> effect instanceof SlotEffect.Arm)
        .mapToLong(effect -> ((SlotEffect.Arm) effect).delayMs()).reduce(-1, (earlier, later) -> later);
  }

  private static SlotMachine.Step take(SlotModel model, SlotEvent event) {
    return SlotMachine.step(SlotLimits.DEFAULT, model, event);
  }

  @Test
  void readingRecordAndLocationsHasALimitThatEndsWithIt() {
    SlotMachine.Step begun = take(SlotModel.fresh(SLOT, Terms.of(""), List.of()), new SlotEvent.Begin());
    assertThat(armedMs(begun)).isEqualTo(SlotLimits.DEFAULT.operationDeadlineMs());
    SlotModel late = step(begun.model(), new SlotEvent.Late(begun.model().timer()));
    assertThat(late.overdue()).isTrue();
    SlotMachine.Step read =
        take(late, new SlotEvent.Loaded(late.step(), new StartTable.Verdict.Vacant(List.of())));
    assertThat(read.model().phase()).isEqualTo(Phase.VACANT);
    assertThat(read.model().overdue()).isFalse();
    assertThat(read.effects()).contains(new SlotEffect.Disarm(SlotEffect.Lane.SERVING));
  }

  @Test
  void aStopOrADepartureInADrainHasTheSealDeadline() {
    for (SlotEvent leaves : List.of(new SlotEvent.Stop(), new SlotEvent.Present(List.of(ALIKE)))) {
      SlotMachine.Step left = take(draining(), leaves);
      assertThat(left.model().phase()).isEqualTo(Phase.FENCED);
      assertThat(armedMs(left)).as("after " + leaves).isEqualTo(SlotLimits.DEFAULT.sealDeadlineMs());
      assertThat(armedMs(take(left.model(), new SlotEvent.Present(List.of())))).as("it is not made longer")
          .isEqualTo(-1);
      assertThat(armedMs(take(left.model(), new SlotEvent.Stop()))).as("nor by a stop").isEqualTo(-1);
      assertThat(armedMs(take(left.model(), new SlotEvent.Batched(left.model().step(), 1, false)))).isEqualTo(-1);
    }
  }

  /// A slot whose batch in flight is waited for, so that another provider may open its location.
  private static SlotModel draining() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST, ALIKE)), 1), Phase.ACTIVE);
    model = step(model, new SlotEvent.Work());
    model = step(model, new SlotEvent.Wished(Terms.of("alike"), true, false));
    model = step(model, new SlotEvent.Late(Present.of(model.standby()).timer()));
    model = step(model, new SlotEvent.Taken(Present.of(model.standby()).step(), SlotWalk.of(ALIKE)));
    model = step(model, new SlotEvent.Done(Present.of(model.standby()).step()));
    assertThat(model.phase()).isEqualTo(Phase.FENCED);
    return model;
  }

  @Test
  void aClosedLocationOpensWithinTheOperationDeadline() {
    SlotModel model = step(draining(), new SlotEvent.Batched(draining().step(), 1, false));
    model = on(model, Phase.COMMITTING);
    SlotMachine.Step opens = take(model, new SlotEvent.Done(model.step()));
    assertThat(opens.model().phase()).isEqualTo(Phase.OPENING);
    assertThat(armedMs(opens)).isEqualTo(SlotLimits.DEFAULT.operationDeadlineMs());
    SlotMachine.Step resumes = take(opens.model(), new SlotEvent.Done(opens.model().step()));
    assertThat(armedMs(resumes)).isEqualTo(SlotLimits.DEFAULT.operationDeadlineMs());
    SlotModel hung = step(opens.model(), new SlotEvent.Late(opens.model().timer()));
    model = on(hung, Phase.COMMITTING);
    assertThat(model.chosen()).isEqualTo(FIRST);
    assertThat(armedMs(take(model, new SlotEvent.Done(model.step())))).as("somebody was in it")
        .isEqualTo(SlotLimits.DEFAULT.openDeadlineMs());
  }

  @Test
  void aLocationThatWasNotClosedHasTheTimeOfARecovery() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST)), 1), Phase.COMMITTING);
    SlotMachine.Step opens = take(model, new SlotEvent.Done(model.step()));
    assertThat(armedMs(opens)).isEqualTo(SlotLimits.DEFAULT.openDeadlineMs());
    assertThat(on(step(opens.model(), new SlotEvent.Late(opens.model().timer())), Phase.FAILED).phase())
        .isEqualTo(Phase.FAILED);
  }

  @Test
  void aFreshLocationOpensWithinTheOperationDeadline() {
    SlotModel model = step(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST)), new SlotEvent.Begin());
    model = step(model, new SlotEvent.Loaded(model.step(), new StartTable.Verdict.Vacant(List.of())));
    model = on(model, Phase.LOCATING);
    SlotMachine.Step opens = take(model, new SlotEvent.Done(model.step()));
    assertThat(opens.model().phase()).isEqualTo(Phase.OPENING);
    assertThat(armedMs(opens)).isEqualTo(SlotLimits.DEFAULT.operationDeadlineMs());
    assertThat(on(step(opens.model(), new SlotEvent.Late(opens.model().timer())), Phase.WAITING).phase())
        .isEqualTo(Phase.WAITING);
  }
}
