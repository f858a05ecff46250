package dev.tenon.handover;

import static dev.tenon.handover.SlotWalk.ALIKE;
import static dev.tenon.handover.SlotWalk.BROKEN;
import static dev.tenon.handover.SlotWalk.DAMAGED;
import static dev.tenon.handover.SlotWalk.FIRST;
import static dev.tenon.handover.SlotWalk.OTHER;
import static dev.tenon.handover.SlotWalk.SLOT;
import static dev.tenon.handover.SlotWalk.loaded;
import static dev.tenon.handover.SlotWalk.on;
import static dev.tenon.handover.SlotWalk.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.Standby.Stage;
import dev.tenon.slot.HandoverOutcome;
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

  private static final List<Candidate> ALL = List.of(FIRST, OTHER, THIRD);

  private static SlotModel asked(String wish) {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), ALL), 1), Phase.ACTIVE);
    model = step(model, new SlotEvent.Wished(Terms.of(wish), true, false));
    model = step(model, new SlotEvent.Late(Present.of(model.standby()).timer()));
    assertThat(Present.of(model.standby()).stage()).isEqualTo(Stage.TAKING);
    return model;
  }

  /// Ends each step of what was given up.
  ///
  /// @return the step after which the next attempt waits
  private static SlotMachine.Step givenUp(SlotModel from) {
    SlotMachine.Step last = new SlotMachine.Step(from, List.of());
    for (int i = 0; i < 10 && Present.of(last.model().standby()).stage() != Stage.WAITING; i++) {
      last = SlotMachine.step(SlotLimits.DEFAULT, last.model(),
          new SlotEvent.Done(Present.of(last.model().standby()).step()));
    }
    return last;
  }

  private static boolean isAtOnce(SlotMachine.Step step) {
    return step.effects().stream().anyMatch(effect -> effect instanceof SlotEffect.Arm arm && arm.delayMs() == 0);
  }

  @Test
  void anotherWishMeanwhileIsNoFailureOfTheNewOneAndDoesNotWait() {
    SlotModel model = step(asked("other"), new SlotEvent.Wished(Terms.of("third"), true, false));
    assertThat(model.outcome().isFailure()).isFalse();
    SlotMachine.Step ended = givenUp(model);
    assertThat(ended.model().outcome().isFailure()).as(ended.model().outcome().toString()).isFalse();
    assertThat(isAtOnce(ended)).isTrue();
    SlotModel taken = step(ended.model(), new SlotEvent.Late(Present.of(ended.model().standby()).timer()));
    assertThat(Present.of(taken.standby()).candidate()).isEqualTo(THIRD);
    assertThat(taken.urgent()).isFalse();
  }

  @Test
  void aWishDuringTheEndOfAnAttemptDoesNotWait() {
    SlotModel model = asked("other");
    model = step(model, new SlotEvent.Broke(Present.of(model.standby()).step(), BROKEN.failure()));
    assertThat(Present.of(model.standby()).stage()).isEqualTo(Stage.REVOKING);
    assertThat(model.outcome().isFailure()).isTrue();
    model = step(model, new SlotEvent.Wished(Terms.of("other"), true, false));
    assertThat(model.outcome()).as("it is tried again").isEqualTo(HandoverOutcome.NONE);
    assertThat(isAtOnce(givenUp(model))).isTrue();
  }

  @Test
  void aWishOutlastsARecovery() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), ALL), 1), Phase.ACTIVE);
    model = step(step(model, new SlotEvent.Work()), new SlotEvent.Wished(Terms.of("other"), true, false));
    model = step(model, new SlotEvent.Broke(model.step(), BROKEN.failure()));
    model = on(model, Phase.WAITING);
    SlotModel resuming = on(model, Phase.RESUMING);
    assertThat(resuming.urgent()).isTrue();
    assertThat(resuming.chosen()).as("who served is opened again first").isEqualTo(FIRST);
  }

  /// A provider opened in place of the one that the record names would be the only one that may open it from then on.
  @Test
  void aStartOpensWhatTheRecordNamesWhateverIsWishedFor() {
    SlotModel model = loaded(SlotModel.fresh(SLOT, Terms.of("alike"), List.of(ALIKE, FIRST)), 3);
    assertThat(model.chosen()).isEqualTo(FIRST);
    model = on(model, Phase.ACTIVE);
    assertThat(Present.of(model.standby()).candidate()).as("it is handed over then").isEqualTo(ALIKE);
    SlotModel gone = loaded(SlotModel.fresh(SLOT, Terms.of("alike"), List.of(ALIKE)), 3);
    assertThat(gone.chosen()).as("who is not there is not waited for").isEqualTo(ALIKE);
  }

  @Test
  void afterAHandoverThatFailedAFailureIsRecoveredFromByTheOneThatServed() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("alike"), List.of(ALIKE, FIRST)), 3), Phase.ACTIVE);
    model = step(model, new SlotEvent.Late(Present.of(model.standby()).timer()));
    model = step(model, new SlotEvent.Taken(Present.of(model.standby()).step(), SlotWalk.of(ALIKE)));
    model = on(step(model, new SlotEvent.Done(Present.of(model.standby()).step())), Phase.OPENING);
    assertThat(model.chosen()).isEqualTo(ALIKE);
    model = on(step(model, new SlotEvent.Broke(model.step(), BROKEN.failure())), Phase.ACTIVE);
    assertThat(model.chosen()).isEqualTo(FIRST);
    model = step(model, new SlotEvent.Work());
    model = step(model, new SlotEvent.Broke(model.step(), BROKEN.failure()));
    for (int attempt = 0; attempt < 3; attempt++) {
      model = on(model, Phase.TAKING);
      assertThat(model.chosen()).isEqualTo(FIRST);
      model = step(model, new SlotEvent.Broke(model.step(), BROKEN.failure()));
    }
  }

  @Test
  void anOperatorWhoIsHeardWhileNobodyServesIsObeyedFirst() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(ALIKE, FIRST)), 3), Phase.OPENING);
    model = step(model, new SlotEvent.Wished(Terms.of("alike"), true, false));
    model = step(model, new SlotEvent.Broke(model.step(), BROKEN.failure()));
    model = on(model, Phase.OPENING);
    assertThat(model.chosen()).isEqualTo(ALIKE);
    model = step(model, new SlotEvent.Broke(model.step(), BROKEN.failure()));
    model = step(on(model, Phase.WAITING), new SlotEvent.Wished(Terms.of("plain"), true, false));
    assertThat(on(model, Phase.OPENING).chosen()).as("and may change his mind").isEqualTo(FIRST);
  }

  /// His word counts for whom he names, and for nobody else.
  @Test
  void whoIsNamedInVainLeavesTheLocationToTheOneThatTheRecordNames() {
    SlotModel broken = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST, ALIKE)), 3), Phase.OPENING);
    broken = step(broken, new SlotEvent.Broke(broken.step(), BROKEN.failure()));
    Terms pinned = new Terms("alike", true, Terms.OnGone.PARK, Terms.Follow.NONE);
    for (Terms terms : List.of(Terms.of(""), Terms.of("nobody"), pinned)) {
      SlotModel model = step(broken, new SlotEvent.Wished(Terms.of("alike"), true, false));
      model = step(model, new SlotEvent.Wished(terms, false, false));
      assertThat(on(model, Phase.OPENING).chosen()).as(terms.toString()).isEqualTo(FIRST);
    }
  }
}
