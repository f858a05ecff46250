package dev.tenon.handover;

import static dev.tenon.handover.SlotWalk.ALIKE;
import static dev.tenon.handover.SlotWalk.FIRST;
import static dev.tenon.handover.SlotWalk.SLOT;
import static dev.tenon.handover.SlotWalk.loaded;
import static dev.tenon.handover.SlotWalk.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverOutcome.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: a handover whose next provider opens the same location has one end that is told, as any other. Method: single
/// paths through the machine.
class ReopenOutcomeTest {
  /// A batch is in flight, and the next provider is asked what it reads.
  private static SlotModel asked(boolean evict) {
    SlotModel model =
        SlotWalk.on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST, ALIKE)), 1), Phase.ACTIVE);
    model = step(model, new SlotEvent.Work());
    model = step(model, new SlotEvent.Wished(Terms.of("alike"), true, evict));
    return step(model, new SlotEvent.Late(Present.of(model.standby()).timer()));
  }

  /// The batch in flight is waited for.
  private static SlotModel fenced(boolean evict) {
    SlotModel model = asked(evict);
    model = step(model, new SlotEvent.Taken(Present.of(model.standby()).step(), SlotWalk.of(ALIKE)));
    model = step(model, new SlotEvent.Done(Present.of(model.standby()).step()));
    assertThat(model.phase()).isEqualTo(Phase.FENCED);
    return model;
  }

  private static SlotModel drained(boolean evict) {
    SlotModel model = fenced(evict);
    return step(model, new SlotEvent.Batched(model.step(), 1, false));
  }

  private static void endsAs(SlotModel from, Candidate serves, Kind kind) {
    SlotModel model = on(from, Phase.ACTIVE);
    assertThat(model.phase()).isEqualTo(Phase.RUNNING);
    assertThat(model.chosen()).isEqualTo(serves);
    assertThat(model.outcome().kind()).isEqualTo(kind);
    assertThat(model.switching()).isFalse();
    assertThat(model.former()).isEmpty();
  }

  private static SlotModel on(SlotModel from, Phase until) {
    SlotModel model = from;
    for (int i = 0; i < 30 && model.phase() != until && !(until == Phase.ACTIVE && model.isServing()); i++) {
      model = model.phase() == Phase.TAKING
          ? step(model, new SlotEvent.Taken(model.step(), SlotWalk.of(Present.of(model.chosen()))))
          : step(model, new SlotEvent.Done(model.step()));
    }
    return model;
  }

  @Test
  void theNewcomerServes() {
    endsAs(drained(false), ALIKE, Kind.DONE);
  }

  /// Before or after the record names it: who served before is no success.
  @Test
  void theNewcomerIsGoneMeanwhile() {
    for (Phase phase : List.of(Phase.CLOSING, Phase.TAKING, Phase.COMMITTING, Phase.OPENING, Phase.RESUMING)) {
      SlotModel model = on(drained(false), phase);
      assertThat(model.phase()).isEqualTo(phase);
      endsAs(step(model, new SlotEvent.Present(List.of(FIRST))), FIRST, Kind.GONE);
    }
  }

  @Test
  void theNewcomerIsNotWishedForAnyMore() {
    SlotModel model = on(drained(false), Phase.CLOSING);
    endsAs(step(model, new SlotEvent.Wished(Terms.of("plain"), true, false)), FIRST, Kind.CANCELLED);
  }

  /// The wish goes back before the location is let go of.
  @Test
  void theNewcomerIsNotWishedForWhileItIsAskedBefore() {
    SlotModel model = asked(true);
    model = step(model, new SlotEvent.Taken(Present.of(model.standby()).step(), SlotWalk.of(ALIKE)));
    assertThat(Present.of(model.standby()).stage()).isEqualTo(Standby.Stage.CLOSING);
    model = step(model, new SlotEvent.Wished(Terms.of("plain"), true, false));
    model = step(model, new SlotEvent.Done(Present.of(model.standby()).step()));
    endsAs(model, FIRST, Kind.CANCELLED);
  }

  /// What was forced for one handover is not for the next one.
  @Test
  void whatAlreadyServesNeedsNoForce() {
    SlotModel model =
        SlotWalk.on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST, ALIKE)), 1), Phase.ACTIVE);
    assertThat(step(model, new SlotEvent.Wished(Terms.of("plain"), true, true)).evict()).isFalse();
  }

  /// The one before goes too while its last batch drains: it has the time of any other that goes, once.
  @Test
  void theOneBeforeGoesMeanwhile() {
    SlotModel model = step(fenced(false), new SlotEvent.Present(List.of(ALIKE)));
    assertThat(step(model, new SlotEvent.Present(List.of(ALIKE))).timer()).isEqualTo(model.timer());
    SlotModel drained = step(model, new SlotEvent.Batched(model.step(), 1, false));
    assertThat(drained.timer()).isEqualTo(model.timer());
    endsAs(drained, ALIKE, Kind.DONE);
    endsAs(step(model, new SlotEvent.Late(model.timer())), ALIKE, Kind.DONE);
  }

  @Test
  void theNodeStopsMeanwhile() {
    for (SlotModel model : List.of(fenced(false), on(drained(false), Phase.CLOSING), on(drained(false),
        Phase.OPENING))) {
      SlotModel stopped = step(model, new SlotEvent.Stop());
      assertThat(stopped.outcome().kind()).isEqualTo(Kind.LEFT);
      assertThat(stopped.switching()).isFalse();
    }
  }

  /// Nobody goes back to whoever never served.
  @Test
  void theNewcomerThatFailsIsNotTheOneBefore() {
    for (Phase phase : List.of(Phase.OPENING, Phase.RESUMING)) {
      SlotModel model = on(drained(false), phase);
      Fact named = Present.of(model.fact());
      assertThat(named.provider()).isEqualTo(ALIKE.provider());
      assertThat(named.providerBefore()).isEqualTo(FIRST.provider());
      model = SlotWalk.on(step(model, new SlotEvent.Broke(model.step(), SlotWalk.BROKEN.failure())), Phase.ACTIVE);
      assertThat(model.chosen()).isEqualTo(FIRST);
      assertThat(model.outcome().kind()).isEqualTo(Kind.FAILED);
      Fact fact = Present.of(model.fact());
      assertThat(fact.provider()).isEqualTo(FIRST.provider());
      assertThat(fact.providerBefore()).isEmpty();
      assertThat(fact.generation()).isGreaterThan(named.generation());
      assertThat(model.before()).isNull();
    }
  }

  /// The one handover that an operator has forced.
  @Test
  void aCallThatHangsIsLeftBehindForIt() {
    SlotModel model = fenced(true);
    endsAs(step(model, new SlotEvent.Late(model.timer())), ALIKE, Kind.DONE);
  }

  @Test
  void aLossWhoseNoteIsLateIsStillToldAsALoss() {
    Failure lost = new Failure(Failure.Kind.LOST, "items are gone", new IllegalStateException());
    SlotModel model = SlotWalk.on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), List.of(FIRST)), 1),
        Phase.RESUMING);
    model = on(step(model, new SlotEvent.Broke(model.step(), lost)), Phase.NOTING);
    assertThat(model.phase()).isEqualTo(Phase.NOTING);
    model = step(model, new SlotEvent.Late(model.timer()));
    assertThat(model.overdue()).isTrue();
    model = step(model, new SlotEvent.Done(model.step()));
    assertThat(model.phase()).isEqualTo(Phase.FAILED);
    assertThat(model.overdue()).isFalse();
    assertThat(model.reason()).isEqualTo("items are gone");
    assertThat(model.outcome()).isEqualTo(HandoverOutcome.NONE);
  }
}
