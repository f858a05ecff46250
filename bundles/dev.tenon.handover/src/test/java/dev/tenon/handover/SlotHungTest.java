package dev.tenon.handover;

import static dev.tenon.handover.SlotWalk.ALIKE;
import static dev.tenon.handover.SlotWalk.FIRST;
import static dev.tenon.handover.SlotWalk.OTHER;
import static dev.tenon.handover.SlotWalk.SLOT;
import static dev.tenon.handover.SlotWalk.loaded;
import static dev.tenon.handover.SlotWalk.on;
import static dev.tenon.handover.SlotWalk.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.Standby.Stage;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotState;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: a provider whose calls hang takes a bounded number of threads, and the slot says so. Method: the machine, with
/// the test in place of the slot, which counts what was left behind.
class SlotHungTest {
  private static final Candidate OTHER_AGAIN = new Candidate(13, "other", "c", "1.0.0");
  private static final Candidate FIRST_AGAIN = new Candidate(11, "plain", "b", "1.0.0");

  private static SlotModel serving(Candidate... present) {
    return on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(present)), 1), Phase.ACTIVE);
  }

  /// As many attempts as are made where each hangs in its first call.
  private static SlotModel hangs(SlotModel from, int attemptsExpected) {
    SlotModel model = from;
    int attempts = 0;
    for (int steps = 0; model.standby() != null && steps < 1_000; steps++) {
      Standby standby = Present.of(model.standby());
      switch (standby.stage()) {
        case WAITING -> model = step(model, new SlotEvent.Late(standby.timer()));
        case TAKING -> {
          attempts++;
          SlotMachine.Step late = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Late(standby.timer()));
          assertThat(late.effects()).contains(new SlotEffect.GiveUpNext());
          model = late.model();
          if (attempts == SlotLimits.HUNG_MAX) {
            model = step(model, new SlotEvent.Hung(List.of(OTHER.ref())));
          }
        }
        default -> model = step(model, new SlotEvent.Done(standby.step()));
      }
    }
    assertThat(attempts).isEqualTo(attemptsExpected);
    return model;
  }

  private static void assertHangs(SlotModel model) {
    assertThat(model.standby()).isNull();
    assertThat(model.phase()).isEqualTo(Phase.ACTIVE);
    assertThat(model.outcome().kind()).isEqualTo(HandoverOutcome.Kind.HANGS);
    assertThat(model.outcome().toString()).contains("other@1.0.0", "registered anew");
  }

  @Test
  void whoIsToTakeOverAndHangsIsNotTriedForEver() {
    SlotModel model = hangs(step(serving(FIRST, OTHER), new SlotEvent.Wished(Terms.of("other"), true, false)),
        SlotLimits.HUNG_MAX);
    assertHangs(model);
    assertThat(model.swapFailures()).isEqualTo(SlotLimits.HUNG_MAX);
    assertHangs(step(model, new SlotEvent.Wished(Terms.of("other"), true, false))); // an operator is told the same
    assertHangs(step(model, new SlotEvent.Present(List.of(FIRST, ALIKE, OTHER))));
  }

  @Test
  void itIsTriedAgainWhenACallHasReturnedOrItIsRegisteredAnew() {
    SlotModel model = hangs(step(serving(FIRST, OTHER), new SlotEvent.Wished(Terms.of("other"), true, false)),
        SlotLimits.HUNG_MAX);
    for (SlotEvent event : List.of(new SlotEvent.Hung(List.of()),
        new SlotEvent.Present(List.of(FIRST, OTHER_AGAIN)))) {
      Standby next = Present.of(step(model, event).standby());
      assertThat(next.stage()).isEqualTo(Stage.WAITING);
      assertThat(next.candidate().provider()).isEqualTo("other");
    }
  }

  @Test
  void aHandoverThatWaitsForItsTimeIsNotBegunAnyMore() {
    SlotModel model = step(serving(FIRST, OTHER), new SlotEvent.Wished(Terms.of("other"), false, false));
    assertThat(Present.of(model.standby()).stage()).isEqualTo(Stage.WAITING);
    model = step(model, new SlotEvent.Hung(List.of(OTHER.ref())));
    assertHangs(step(model, new SlotEvent.Late(Present.of(model.standby()).timer())));
  }

  @Test
  void aLookTakesNobodyWhoHangs() {
    SlotModel model = step(serving(FIRST, OTHER), new SlotEvent.Hung(List.of(OTHER.ref())));
    SlotMachine.Step look = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Look(1, "other"));
    assertThat(look.model().standby()).isNull();
    assertThat(look.effects()).singleElement().isInstanceOfSatisfying(SlotEffect.Answer.class,
        answer -> assertThat(answer.outcome().kind()).isEqualTo(HandoverOutcome.Kind.HANGS));
  }

  /// A slot whose provider serves and hangs, has hung before, and is given up.
  private static SlotModel givenUp(Candidate... present) {
    SlotModel model = step(serving(present), new SlotEvent.Work());
    model = step(model, new SlotEvent.Overdue(model.step()));
    model = step(model, new SlotEvent.Hung(List.of(FIRST.ref())));
    model = on(model, Phase.WAITING);
    return step(model, new SlotEvent.Late(model.timer()));
  }

  @Test
  void whereWhoServesHangsTheNextOneIsTaken() {
    SlotModel model = givenUp(FIRST, ALIKE);
    assertThat(model.phase()).isEqualTo(Phase.TAKING);
    assertThat(model.chosen()).isEqualTo(ALIKE);
    assertThat(on(model, Phase.ACTIVE).chosen()).isEqualTo(ALIKE);
  }

  @Test
  void whereNobodyElseReadsTheFormatTheSlotFailsAndSaysWhy() {
    SlotModel model = on(givenUp(FIRST, OTHER), Phase.FAILED);
    assertThat(model.state()).isEqualTo(SlotState.FAILED);
    assertThat(model.reason()).contains("plain@1.0.0 hangs", "registered anew");
    SlotModel again = step(model, new SlotEvent.Wished(Terms.of("plain"), true, false));
    assertThat(again.chosen()).as("the operator's word is worth an attempt with the others").isEqualTo(OTHER);
    assertThat(on(again, Phase.FAILED).phase()).isEqualTo(Phase.FAILED);
    assertThat(step(model, new SlotEvent.Stop()).phase()).isEqualTo(Phase.SEALED);
    assertThat(step(model, new SlotEvent.Present(List.of())).phase()).isEqualTo(Phase.EMPTY);
  }

  @Test
  void itServesAgainWhenACallHasReturnedOrItIsRegisteredAnew() {
    SlotModel failed = givenUp(FIRST);
    assertThat(failed.phase()).isEqualTo(Phase.FAILED);
    for (SlotEvent event : List.of(new SlotEvent.Hung(List.of()), new SlotEvent.Present(List.of(FIRST_AGAIN)),
        new SlotEvent.Present(List.of(FIRST, ALIKE)))) {
      SlotModel model = on(step(failed, event), Phase.ACTIVE);
      assertThat(model.phase()).as("after %s: %s", event, model.reason()).isEqualTo(Phase.ACTIVE);
    }
  }

  @Test
  void aSlotThatFailedForAnotherReasonIsNotOpenedByAReturn() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST)), 3), Phase.COMMITTING);
    model = step(model, new SlotEvent.Broke(model.step(), SlotWalk.DAMAGED.failure()));
    model = on(model, Phase.FAILED);
    model = step(model, new SlotEvent.Hung(List.of(FIRST.ref())));
    assertThat(step(model, new SlotEvent.Hung(List.of())).phase()).isEqualTo(Phase.FAILED);
  }

  @Test
  void noStateOfASlotWhoseProvidersHangIsADeadEnd() {
    SlotWalk walk = new SlotWalk(new SlotWalk.Bounds(
        List.of(List.of(), List.of(FIRST), List.of(FIRST, ALIKE)), List.of("plain", "alike"), SlotWalk.GENERATIONS_MAX))
        .hanging(List.of(List.of(), List.of(FIRST.ref()), List.of(FIRST.ref(), ALIKE.ref())))
        .runFrom(List.of(FIRST, ALIKE), "alike");
    assertThat(walk.hung).isGreaterThan(10);
    assertThat(walk.phases).contains(Phase.FAILED, Phase.TAKING, Phase.ACTIVE);
  }
}
