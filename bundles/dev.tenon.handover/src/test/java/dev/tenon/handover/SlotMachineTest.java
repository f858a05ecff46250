package dev.tenon.handover;

import static dev.tenon.handover.SlotWalk.ALIKE;
import static dev.tenon.handover.SlotWalk.BROKEN;
import static dev.tenon.handover.SlotWalk.DAMAGED;
import static dev.tenon.handover.SlotWalk.FIRST;
import static dev.tenon.handover.SlotWalk.GENERATIONS_MAX;
import static dev.tenon.handover.SlotWalk.LOST;
import static dev.tenon.handover.SlotWalk.MIGRATES;
import static dev.tenon.handover.SlotWalk.OTHER;
import static dev.tenon.handover.SlotWalk.SECOND;
import static dev.tenon.handover.SlotWalk.SLOT;
import static dev.tenon.handover.SlotWalk.loaded;
import static dev.tenon.handover.SlotWalk.on;
import static dev.tenon.handover.SlotWalk.says;
import static dev.tenon.handover.SlotWalk.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.SlotEffect.Lane;
import dev.tenon.handover.Standby.Stage;
import dev.tenon.runtime.role.Description;
import dev.tenon.slot.HandoverOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: whatever a provider, the disk and the world do, the machine never ends in a phase that nothing leaves, no end
/// of a step finds it unprepared, and nothing is served between fence and record. Method: the states within the bounds
/// are visited, of a slot that reopens all of them, of others the nearest ones; in each, every step under way may
/// succeed, fail or exceed its limit, providers may come and go, the wish may change and the node may stop
/// (`SlotWalk`); and single paths, step by step.
class SlotMachineTest {
  @Test
  void noStateOfAReopeningSlotIsADeadEndOrUnprepared() {
    SlotWalk walk = new SlotWalk(new SlotWalk.Bounds(
        List.of(List.of(), List.of(FIRST), List.of(SECOND), List.of(FIRST, SECOND)), List.of(""), 4)).run();
    assertThat(walk.isWhole()).as("each state within the bounds").isTrue();
    assertThat(walk.seen.size()).isGreaterThan(1_000);
    assertThat(walk.phases).doesNotContain(Phase.HELD, Phase.YIELDING, Phase.HANDING, Phase.BENEATH)
        .hasSize(Phase.values().length - 4);
  }

  @Test
  void noStateOfAHandoverIsADeadEndOrUnprepared() {
    SlotWalk walk =
        new SlotWalk(new SlotWalk.Bounds(List.of(List.of(), List.of(FIRST), List.of(OTHER), List.of(FIRST, OTHER)),
            List.of("plain", "other"), GENERATIONS_MAX), 2 * SlotWalk.STATES_MAX)
            .runFrom(List.of(FIRST, OTHER), "other");
    assertThat(walk.handovers).isGreaterThan(10);
    assertThat(walk.looks).isGreaterThan(10);
    assertThat(walk.phases).contains(Phase.HELD, Phase.YIELDING, Phase.HANDING, Phase.RESUMING, Phase.SEALED);
    assertThat(walk.stages).contains(Stage.READY, Stage.FENCING).doesNotContain(Stage.ASKING, Stage.TURN)
        .hasSize(Stage.values().length - 2);
  }

  @Test
  void noStateOfASlotBetweenOthersIsADeadEndOrUnprepared() {
    SlotWalk walk =
        new SlotWalk(new SlotWalk.Bounds(List.of(List.of(FIRST, OTHER)), List.of("plain", "other"), 3),
            2 * SlotWalk.STATES_MAX).stacked().runFrom(List.of(FIRST, OTHER), "other").wholeAtNight();
    assertThat(walk.handovers).isGreaterThan(10);
    assertThat(walk.phases).contains(Phase.BENEATH, Phase.HELD, Phase.HANDING, Phase.SEALED);
    assertThat(walk.stages).containsExactlyInAnyOrder(Stage.values());
  }

  @Test
  void noStateOfASwitchOfASlotBetweenOthersIsADeadEnd() {
    SlotWalk walk =
        new SlotWalk(new SlotWalk.Bounds(Terms.of(""), true, List.of(List.of(), List.of(FIRST, ALIKE), List.of(ALIKE)),
            List.of("plain", "alike"), GENERATIONS_MAX)).stacked().runFrom(List.of(FIRST, ALIKE), "alike");
    assertThat(walk.phases).contains(Phase.BENEATH, Phase.SEALED);
    assertThat(walk.stages).contains(Stage.ASKING, Stage.TURN, Stage.CLOSING).doesNotContain(Stage.OPENING);
  }

  @Test
  void noStateOfASwitchToAnotherProviderOfTheSameFormatIsADeadEnd() {
    SlotWalk walk =
        new SlotWalk(new SlotWalk.Bounds(Terms.of(""), true, List.of(List.of(), List.of(FIRST, ALIKE), List.of(ALIKE)),
            List.of("plain", "alike"), GENERATIONS_MAX)).runFrom(List.of(FIRST, ALIKE), "alike").wholeAtNight();
    assertThat(walk.handovers).as("nothing is copied").isZero();
    assertThat(walk.stages).contains(Stage.TAKING, Stage.CLOSING).doesNotContain(Stage.OPENING);
  }

  @Test
  void noStateOfAProviderThatGoesAndIsHandedOverFromIsADeadEnd() {
    SlotWalk walk =
        new SlotWalk(new SlotWalk.Bounds(MIGRATES, false,
            List.of(List.of(FIRST), List.of(OTHER), List.of(FIRST, OTHER), List.of()),
            List.of("plain"), GENERATIONS_MAX)).runFrom(List.of(FIRST, OTHER), "plain").wholeAtNight();
    assertThat(walk.handovers).isGreaterThan(10);
    assertThat(walk.going).isGreaterThan(10);
  }

  /// A slot whose first provider was sealed for another one that reads the format.
  private static SlotModel switching(List<Candidate> present) {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), present), 1), Phase.ACTIVE);
    model = step(model, new SlotEvent.Wished(Terms.of("alike"), true, false));
    model = step(model, new SlotEvent.Late(Present.of(model.standby()).timer()));
    model = step(model, new SlotEvent.Taken(Present.of(model.standby()).step(), SlotWalk.of(ALIKE)));
    model = step(model, new SlotEvent.Done(Present.of(model.standby()).step()));
    assertThat(model.switching()).isTrue();
    assertThat(model.phase()).isEqualTo(Phase.SEALING);
    return model;
  }

  @Test
  void aNewcomerThatCannotOpenTheLocationGivesItBackWhateverItSays() {
    for (Failure.Kind kind : Failure.Kind.values()) {
      SlotModel model = on(switching(List.of(FIRST, ALIKE)), Phase.OPENING);
      assertThat(model.chosen()).isEqualTo(ALIKE);
      model = step(model, new SlotEvent.Broke(model.step(), new Failure(kind, "planted", new RuntimeException())));
      model = on(model, Phase.ACTIVE);
      assertThat(model.phase()).as("after " + kind + ": " + model.reason()).isEqualTo(Phase.ACTIVE);
      assertThat(model.chosen()).isEqualTo(FIRST);
      assertThat(model.isSigningOff()).as("what somebody found gone stays in the record")
          .isEqualTo(kind == Failure.Kind.LOST);
    }
  }

  private static SlotModel lost() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST)), 3), Phase.RESUMING);
    model = step(model, new SlotEvent.Broke(model.step(), LOST.failure()));
    model = on(model, Phase.NOTING);
    assertThat(model.phase()).isEqualTo(Phase.NOTING);
    return model;
  }

  @Test
  void thatItemsAreGoneIsWrittenBeforeTheSlotHasFailedAndWhoeverServesNextSignsNothing() {
    SlotModel model = lost();
    // An operator's word that came before counts no more.
    model = step(model, new SlotEvent.Signing(true));
    model = step(model, new SlotEvent.Done(model.step()));
    assertThat(model.phase()).isEqualTo(Phase.FAILED);
    assertThat(model.isSigningOff() && model.isRecovered()).isTrue();
    model = on(step(model, new SlotEvent.Wished(Terms.of(""), true, false)), Phase.ACTIVE);
    assertThat(model.phase()).isEqualTo(Phase.ACTIVE);
    assertThat(model.isSigningOff() && model.isRecovered()).isTrue();
  }

  @Test
  void whereItCannotBeWrittenTheSlotTriesAgainAndServesNobody() {
    SlotModel model = lost();
    for (int times = 0; times < 3; times++) {
      model = step(model, new SlotEvent.Broke(model.step(), BROKEN.failure()));
      assertThat(model.phase()).isEqualTo(Phase.WAITING);
      model = step(model, new SlotEvent.Present(List.of(FIRST, SECOND)));
      assertThat(model.phase()).isEqualTo(Phase.WAITING);
      model = step(model, new SlotEvent.Late(model.timer()));
      assertThat(model.phase()).isEqualTo(Phase.NOTING);
    }
    SlotModel stops = step(step(model, new SlotEvent.Stop()), new SlotEvent.Broke(model.step(), BROKEN.failure()));
    assertThat(stops.phase()).as("a node that stops does not wait for it").isEqualTo(Phase.SEALED);
    assertThat(step(model, new SlotEvent.Done(model.step())).phase()).isEqualTo(Phase.FAILED);
  }

  @Test
  void aNewcomerThatHangsGivesTheLocationBack() {
    for (Phase hangs : List.of(Phase.TAKING, Phase.OPENING, Phase.RESUMING)) {
      SlotModel model = on(switching(List.of(FIRST, ALIKE)), hangs);
      assertThat(model.chosen()).isEqualTo(ALIKE);
      model = step(model, new SlotEvent.Late(model.timer()));
      model = on(model, Phase.ACTIVE);
      assertThat(model.phase()).as("after it hung in " + hangs).isEqualTo(Phase.ACTIVE);
      assertThat(model.chosen()).isEqualTo(FIRST);
    }
  }

  @Test
  void theOneBeforeIsNotSetAsideForTheNewcomersSake() {
    SlotModel model = switching(List.of(FIRST, ALIKE));
    model = step(model, new SlotEvent.Present(List.of(FIRST)));
    model = on(model, Phase.OPENING);
    assertThat(model.chosen()).isEqualTo(FIRST);
    model = step(model, new SlotEvent.Broke(model.step(), BROKEN.failure()));
    assertThat(on(model, Phase.ACTIVE).phase()).as("it is there, and one attempt has failed")
        .isEqualTo(Phase.ACTIVE);
  }

  @Test
  void aStartKeepsTheGenerationAndAnotherVersionRaisesIt() {
    for (Candidate candidate : List.of(FIRST, SECOND)) {
      SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of(""), List.of(candidate)), 3), Phase.COMMITTING);
      assertThat(model.phase()).isEqualTo(Phase.COMMITTING);
      assertThat(model.generation()).isEqualTo(candidate.equals(FIRST) ? 3 : 4);
    }
  }

  /// There is no record yet that could be lost: the operator's word is worth an attempt here too.
  @Test
  void aSlotThatFailedAtItsFirstOpeningIsTriedOnceMore() {
    SlotModel model = step(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST)), new SlotEvent.Begin());
    model = step(model, new SlotEvent.Loaded(model.step(), new StartTable.Verdict.Vacant(List.of())));
    model = SlotWalk.on(model, Phase.OPENING);
    model = step(model, new SlotEvent.Broke(model.step(), SlotWalk.REFUSED.failure()));
    model = SlotWalk.on(model, Phase.FAILED);
    assertThat(model.phase()).isEqualTo(Phase.FAILED);
    assertThat(model.fact()).isNull();
    model = SlotWalk.on(step(model, new SlotEvent.Wished(Terms.of("plain"), true, false)), Phase.ACTIVE);
    assertThat(model.isServing()).isTrue();
    assertThat(Present.of(model.fact()).location()).isEqualTo("journal/test/1");
  }

  @Test
  void aFailedSlotIsTriedOnceMoreWhenSomethingElseIsWishedFor() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST)), 3), Phase.COMMITTING);
    model = step(model, new SlotEvent.Broke(model.step(), DAMAGED.failure()));
    model = step(model, new SlotEvent.Done(model.step()));
    assertThat(model.phase()).isEqualTo(Phase.FAILED);
    assertThat(step(model, new SlotEvent.Present(List.of(FIRST, SECOND))).phase()).isEqualTo(Phase.FAILED);
    assertThat(step(model, new SlotEvent.Wished(Terms.of("other"), true, false)).phase()).isEqualTo(Phase.TAKING);
  }

  @Test
  void aRecordThatMayHaveBeenWrittenIsNeverUsedTwice() {
    SlotModel model = loaded(SlotModel.fresh(SLOT, Terms.of(""), List.of(FIRST)), 3);
    for (long expected = 3; expected < 6; expected++) {
      model = on(model, Phase.COMMITTING);
      assertThat(model.generation()).isEqualTo(expected);
      model = step(model, new SlotEvent.Broke(model.step(), BROKEN.failure()));
      model = step(model, new SlotEvent.Done(model.step()));
      assertThat(model.phase()).isEqualTo(Phase.WAITING);
    }
  }

  /// A slot that serves, and whose next provider was taken.
  private static SlotModel taken(List<Candidate> present, String wish, Description says) {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), present), 1), Phase.ACTIVE);
    model = step(model, new SlotEvent.Wished(Terms.of(wish), true, false));
    model = step(model, new SlotEvent.Late(Present.of(model.standby()).timer()));
    return step(model, new SlotEvent.Taken(Present.of(model.standby()).step(), says));
  }

  /// A handover up to a stage, or to the phase behind the fence.
  private static SlotModel filled(Stage until) {
    SlotModel model = taken(List.of(FIRST, OTHER), "other", says("g"));
    for (int i = 0; i < 30; i++) {
      Standby standby = Present.of(model.standby());
      if (standby.stage() == until || model.phase() == Phase.HELD) {
        return model;
      }
      model = step(model, switch (standby.stage()) {
        case MEASURING -> new SlotEvent.Measured(standby.step(), 100, 10, 130, 0);
        case EXPORTING -> new SlotEvent.Exported(standby.step(), 1, 1, 0, true);
        default -> new SlotEvent.Done(standby.step());
      });
    }
    return model;
  }

  /// A slot at the end of a round, whose pieces had so many items, and what is left then.
  private static SlotModel rounded(SlotModel from, long left, int... pieces) {
    SlotModel model = from;
    for (int i = 0; i < pieces.length; i++) {
      boolean ends = i == pieces.length - 1;
      model = step(model, new SlotEvent.Exported(Present.of(model.standby()).step(), pieces[i], 1, left, ends));
      model = step(model, new SlotEvent.Done(Present.of(model.standby()).step()));
    }
    return model;
  }

  /// While many items are applied and compared as many may come in, all of which would be copied behind the fence.
  @Test
  void aRoundOfManyItemsIsFollowedByAnotherHoweverLittleIsLeft() {
    SlotModel model = filled(Stage.EXPORTING);
    assertThat(rounded(model, 0, 64).phase()).isEqualTo(Phase.HELD);
    for (SlotModel copying : List.of(rounded(model, 0, 65), rounded(model, 0, 40, 25), rounded(model, 65, 1))) {
      assertThat(copying.phase()).isEqualTo(Phase.ACTIVE);
      assertThat(Present.of(copying.standby()).stage()).isEqualTo(Stage.EXPORTING);
      assertThat(rounded(copying, 0, 64).phase()).as("what the rounds before carried does not count")
          .isEqualTo(Phase.HELD);
    }
  }

  @Test
  void roundsThatDoNotGetShorterEndAllTheSame() {
    SlotModel model = filled(Stage.EXPORTING);
    for (int round = 1; round < SwapLimits.ROUNDS_MAX; round++) {
      model = rounded(model, 64, 65);
      assertThat(Present.of(model.standby()).stage()).isEqualTo(Stage.EXPORTING);
    }
    assertThat(rounded(model, SwapLimits.TAIL_ITEMS_HARD, 65).phase()).isEqualTo(Phase.HELD);
    assertThat(rounded(model, SwapLimits.TAIL_ITEMS_HARD + 1, 65).outcome().kind())
        .isEqualTo(HandoverOutcome.Kind.NOT_CONVERGING);
  }

  @Test
  void aProviderOfSmallerItemsIsRefusedBeforeAnythingIsMade() {
    SlotModel model = taken(List.of(FIRST, OTHER), "other", new Description("other", "g", List.of("g"), 1_023));
    assertThat(model.outcome().kind()).isEqualTo(HandoverOutcome.Kind.LIMITS);
    assertThat(Present.of(model.standby()).location()).isEmpty();
    assertThat(taken(List.of(FIRST, OTHER), "other", new Description("other", "g", List.of("g"), 1_024)).outcome())
        .isEqualTo(HandoverOutcome.NONE);
  }

  @Test
  void aDiskWithoutRoomForAFifthMoreAndTheTailIsRefused() {
    SlotModel model = taken(List.of(FIRST, OTHER), "other", says("g"));
    long measuring = Present.of(model.standby()).step();
    SlotModel tight = step(model, new SlotEvent.Measured(measuring, 100, 10, 129, 0));
    assertThat(tight.outcome().kind()).isEqualTo(HandoverOutcome.Kind.NO_SPACE);
    assertThat(Present.of(tight.standby()).location()).isEmpty();
    SlotModel enough = step(model, new SlotEvent.Measured(measuring, 100, 10, 130, 0));
    assertThat(Present.of(enough.standby()).stage()).isEqualTo(Stage.LOCATING);
  }

  @Test
  void aLookLeavesNoTraceInOutcomeAndFailures() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST, OTHER)), 1), Phase.ACTIVE);
    SlotModel looking = step(model, new SlotEvent.Look(7, "other"));
    looking = step(looking,
        new SlotEvent.Taken(Present.of(looking.standby()).step(), new Description("other", "g", List.of("g"), 9)));
    looking = step(looking, new SlotEvent.Done(Present.of(looking.standby()).step()));
    looking = step(looking, new SlotEvent.Done(Present.of(looking.standby()).step()));
    assertThat(looking.standby()).isNull();
    assertThat(looking.outcome()).isEqualTo(HandoverOutcome.NONE);
    assertThat(looking.swapFailures()).isZero();
    assertThat(looking.phase()).isEqualTo(Phase.ACTIVE);
  }

  @Test
  void aWishThatChangesBehindTheFenceIsFulfilledAfterwards() {
    SlotModel model = filled(Stage.FENCING);
    assertThat(model.phase()).isEqualTo(Phase.HELD);
    model = step(model, new SlotEvent.Wished(Terms.of("plain"), true, false));
    assertThat(model.phase()).isEqualTo(Phase.HELD);
    assertThat(Present.of(model.standby()).candidate()).isEqualTo(OTHER);
    assertThat(step(model, new SlotEvent.Expired("late")).phase()).isEqualTo(Phase.HELD);
  }

  @Test
  void aWishThatChangesBeforeTheFenceEndsWhatIsPrepared() {
    SlotModel model = step(filled(Stage.OPENING), new SlotEvent.Wished(Terms.of("plain"), true, false));
    assertThat(Present.of(model.standby()).stage()).isEqualTo(Stage.REVOKING);
    assertThat(model.outcome().kind()).isEqualTo(HandoverOutcome.Kind.CANCELLED);
    assertThat(model.swapFailures()).isZero();
  }

  @Test
  void fromTheThirdFailureOnItIsTriedLessAndLessOftenUntilAnOperatorAsks() {
    SlotLimits limits = SlotLimits.DEFAULT;
    assertThat(limits.swapBackOffMs(1)).isEqualTo(100);
    assertThat(limits.swapBackOffMs(2)).isEqualTo(200);
    assertThat(limits.swapBackOffMs(3)).isEqualTo(10_000);
    assertThat(limits.swapBackOffMs(4)).isEqualTo(20_000);
    assertThat(limits.swapBackOffMs(60)).isEqualTo(SwapLimits.BACK_OFF_MS_MAX);
    SlotModel model = filled(Stage.OPENING);
    model = step(model, new SlotEvent.Broke(Present.of(model.standby()).step(), BROKEN.failure()));
    while (model.standby() != null && Present.of(model.standby()).stage() != Stage.WAITING) {
      model = step(model, new SlotEvent.Done(Present.of(model.standby()).step()));
    }
    SlotMachine.Step asked = SlotMachine.step(limits, model, new SlotEvent.Wished(Terms.of("other"), true, false));
    assertThat(asked.effects()).anySatisfy(effect -> assertThat(effect).isInstanceOfSatisfying(SlotEffect.Arm.class,
        arm -> assertThat(arm.delayMs()).isZero()));
  }

  /// It reads the format and has only failed, so it is tried again; who does not read the format is not.
  @Test
  void whoFailedToTakeOverIsOpenedAgainWhereNobodyElseIs() {
    SlotModel model = on(switching(List.of(FIRST, ALIKE)), Phase.OPENING);
    model = step(model, new SlotEvent.Present(List.of(ALIKE)));
    model = step(model, new SlotEvent.Broke(model.step(), BROKEN.failure()));
    model = on(model, Phase.WAITING);
    assertThat(model.phase()).isEqualTo(Phase.WAITING);
    model = on(model, Phase.ACTIVE);
    assertThat(model.phase()).as(model.reason()).isEqualTo(Phase.ACTIVE);
    assertThat(model.chosen()).isEqualTo(ALIKE);
  }

  @Test
  void aLocationWhoseRecordFailedIsDroppedOnceALaterRecordIsDurable() {
    SlotModel model = filled(Stage.FENCING);
    while (model.phase() != Phase.HANDING) {
      Standby standby = model.standby();
      model = step(model, model.phase() == Phase.YIELDING || standby == null
          ? new SlotEvent.Done(model.step())
          : standby.stage() == Stage.EXPORTING
              ? new SlotEvent.Exported(standby.step(), 0, 0, 0, true)
          : new SlotEvent.Done(standby.step()));
    }
    model = step(model, new SlotEvent.Broke(model.step(), BROKEN.failure()));
    model = on(model, Phase.WAITING);
    model = on(model, Phase.COMMITTING);
    assertThat(model.generation()).isEqualTo(3);
    assertThat(SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Done(model.step())).effects())
        .contains(new SlotEffect.Forget("journal/test/2"));
  }

  @Test
  void aProviderThatGoesIsHandedOverFromFirstWhereThatIsAskedFor() {
    SlotModel serving = on(loaded(SlotModel.fresh(SLOT, MIGRATES.wishing("plain"), List.of(FIRST, OTHER)), 1),
        Phase.ACTIVE);
    SlotMachine.Step gone = SlotMachine.step(SlotLimits.DEFAULT, serving, new SlotEvent.Present(List.of(OTHER)));
    assertThat(gone.model().phase()).isEqualTo(Phase.ACTIVE);
    assertThat(gone.effects()).contains(new SlotEffect.Arm(Lane.SERVING, gone.model().timer(), 3_000));
    assertThat(Present.of(gone.model().standby()).candidate()).isEqualTo(OTHER);
    SlotModel late = step(gone.model(), new SlotEvent.Late(gone.model().timer()));
    assertThat(late.phase()).as("what is left of the budget is for the seal").isEqualTo(Phase.SEALING);
    assertThat(step(serving, new SlotEvent.Present(List.of())).phase()).as("nobody is there to go to")
        .isEqualTo(Phase.SEALING);
    SlotModel parks = step(serving, new SlotEvent.Wished(Terms.of("plain"), false, false));
    assertThat(step(parks, new SlotEvent.Present(List.of(OTHER))).phase()).isEqualTo(Phase.SEALING);
  }

  @Test
  void aCallThatDoesNotEndKeepsItsProviderUnlessTheOperatorSaysOtherwise() {
    for (boolean evict : new boolean[] {false, true}) {
      SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST, ALIKE)), 1), Phase.ACTIVE);
      model = step(model, new SlotEvent.Wished(Terms.of("alike"), true, evict));
      model = step(model, new SlotEvent.Late(Present.of(model.standby()).timer()));
      model = step(model, new SlotEvent.Work());
      model = step(model, new SlotEvent.Taken(Present.of(model.standby()).step(), SlotWalk.of(ALIKE)));
      model = step(model, new SlotEvent.Done(Present.of(model.standby()).step()));
      assertThat(model.phase()).isEqualTo(Phase.FENCED);
      SlotMachine.Step late = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Late(model.timer()));
      if (evict) {
        assertThat(late.model().phase()).isEqualTo(Phase.REVOKING);
        assertThat(late.effects()).contains(new SlotEffect.GiveUp(), new SlotEffect.Evicted(FIRST.label()));
        assertThat(on(late.model(), Phase.ACTIVE).chosen()).isEqualTo(ALIKE);
      } else {
        assertThat(late.model().phase()).isEqualTo(Phase.RUNNING);
        assertThat(late.model().chosen()).isEqualTo(FIRST);
        assertThat(late.model().outcome().kind()).isEqualTo(HandoverOutcome.Kind.OVERDUE);
        assertThat(step(late.model(), new SlotEvent.Batched(late.model().step(), 1, false)).phase())
            .as("the call still ends").isEqualTo(Phase.ACTIVE);
      }
    }
  }

  @Test
  void aCallThatDoesNotEndIsLeftBehindWhereItsProviderIsGone() {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST)), 1), Phase.ACTIVE);
    model = step(model, new SlotEvent.Work());
    model = step(model, new SlotEvent.Present(List.of()));
    SlotMachine.Step late = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Late(model.timer()));
    assertThat(late.effects()).contains(new SlotEffect.Evicted(FIRST.label()));
    SlotModel empty = on(late.model(), Phase.EMPTY);
    assertThat(empty.phase()).isEqualTo(Phase.EMPTY);
    assertThat(empty.reason()).contains("was left behind");
  }

  @Test
  void aNewerVersionTakesOverOnlyAsFarAsItIsFollowed() {
    Candidate minor = new Candidate(5, "plain", "b", "1.1.0");
    Candidate major = new Candidate(6, "plain", "b", "2.0.0");
    List<Candidate> all = List.of(FIRST, SECOND, minor, major, OTHER);
    for (Terms.Follow follow : Terms.Follow.values()) {
      Terms terms = new Terms("plain", false, Terms.OnGone.PARK, follow);
      SlotModel model = on(loaded(SlotModel.fresh(SLOT, terms, List.of(FIRST)), 1), Phase.ACTIVE);
      model = step(model, new SlotEvent.Present(all));
      Standby standby = model.standby();
      Candidate next = standby == null ? null : standby.candidate();
      assertThat(next).as("" + follow).isEqualTo(switch (follow) {
        case NONE -> null;
        case PATCH -> SECOND;
        case MINOR -> minor;
      });
      assertThat(model.offered()).isEqualTo("plain@2.0.0");
      assertThat(step(model, new SlotEvent.Wished(new Terms("plain@1.0.0", false, Terms.OnGone.PARK, follow), true,
          false)).standby()).as("a version that is named stays").isNull();
    }
  }

  @Test
  void whereTheWishNamesAVersionEachNewerOneIsOffered() {
    for (Terms.Follow follow : Terms.Follow.values()) {
      Terms terms = new Terms("plain@1.0.0", false, Terms.OnGone.PARK, follow);
      SlotModel model = on(loaded(SlotModel.fresh(SLOT, terms, List.of(FIRST)), 1), Phase.ACTIVE);
      model = step(model, new SlotEvent.Present(List.of(FIRST, SECOND)));
      assertThat(model.standby()).isNull();
      assertThat(model.offered()).as("" + follow).isEqualTo(SECOND.label());
    }
  }
}
