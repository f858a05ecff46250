package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.SlotEffect.Lane;
import dev.tenon.handover.Standby.Stage;
import dev.tenon.runtime.role.Description;
import dev.tenon.slot.HandoverOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Goal: whatever a provider, the disk and the world do, the machine never ends in a phase that nothing leaves, no end
/// of a step finds it unprepared, and nothing is served between fence and record. Method: all states within the bounds
/// are visited; in each, every step under way may succeed, fail or exceed its limit, providers may come and go, the
/// wish may change and the node may stop.
class SlotMachineTest {
  private static final String SLOT = "n/journal/test";
  private static final Candidate FIRST = new Candidate(1, "plain", "b", "1.0.0");
  private static final Candidate SECOND = new Candidate(2, "plain", "b", "1.0.1");
  private static final Candidate OTHER = new Candidate(3, "other", "c", "1.0.0");
  private static final Candidate ALIKE = new Candidate(4, "alike", "d", "1.0.0");
  private static final Terms MIGRATES = new Terms("", false, Terms.OnGone.MIGRATE, Terms.Follow.NONE);
  private static final int GENERATIONS_MAX = 4;
  /// A walk visits the nearest states first; a nightly run looks further.
  private static final int STATES_MAX = Boolean.getBoolean("tenon.nightly") ? 2_000_000 : 20_000;
  private static final Set<Class<?>> STEPS = Set.of(SlotEffect.Load.class, SlotEffect.Take.class,
      SlotEffect.Locate.class, SlotEffect.Commit.class, SlotEffect.Open.class, SlotEffect.Resume.class,
      SlotEffect.Batch.class, SlotEffect.Seal.class, SlotEffect.Mark.class, SlotEffect.Revoke.class,
      SlotEffect.Close.class, SlotEffect.HandOver.class);
  private static final Set<Class<?>> STANDBY_STEPS = Set.of(SlotEffect.TakeNext.class, SlotEffect.LocateNext.class,
      SlotEffect.OpenNext.class, SlotEffect.Export.class, SlotEffect.Apply.class, SlotEffect.RevokeNext.class,
      SlotEffect.CloseNext.class, SlotEffect.DropNext.class, SlotEffect.Measure.class);
  private static final SlotEvent.Broke BROKEN =
      new SlotEvent.Broke(0, new Failure(Failure.Kind.BROKEN, "planted", new RuntimeException()));
  private static final SlotEvent.Broke DAMAGED =
      new SlotEvent.Broke(0, new Failure(Failure.Kind.CORRUPTION, "planted", new RuntimeException()));

  private static final SlotEvent.Broke REFUSED =
      new SlotEvent.Broke(0, new Failure(Failure.Kind.REFUSED, "planted", new RuntimeException()));

  /// What the world may do.
  ///
  /// @param terms what is asked for beside a provider
  /// @param evicts whether the operator may say that calls which do not end are left behind
  /// @param registries what may be registered
  /// @param wishes what may be wished for
  /// @param generationsMax up to which states are visited
  private record Bounds(Terms terms, boolean evicts, List<List<Candidate>> registries, List<String> wishes,
      int generationsMax) {
    Bounds(List<List<Candidate>> registries, List<String> wishes, int generationsMax) {
      this(Terms.of(""), false, registries, wishes, generationsMax);
    }
  }

  /// A state of the whole: the machine, whose timers count, and whether somebody waits for the answer to a look.
  private record World(SlotModel model, Set<Lane> armed, boolean asked) {}

  /// A walk through all states within the bounds.
  private static final class Walk {
    final Bounds bounds;
    final Set<Object> seen = new HashSet<>();
    final ArrayDeque<World> open = new ArrayDeque<>();
    final Set<Phase> phases = EnumSet.noneOf(Phase.class);
    final Set<Stage> stages = EnumSet.noneOf(Stage.class);
    int handovers;
    long looks;
    int going;

    Walk(Bounds bounds) {
      this.bounds = bounds;
    }

    Walk run() {
      push(new World(SlotModel.fresh(SLOT, Terms.of(""), List.of()), EnumSet.noneOf(Lane.class), false),
          new SlotEvent.Begin());
      return visit();
    }

    /// From a slot that serves and whose wish was just changed.
    Walk runFrom(List<Candidate> present, String wish) {
      SlotModel serving = on(loaded(SlotModel.fresh(SLOT, bounds.terms().wishing("plain"), present), 1),
          Phase.ACTIVE);
      push(new World(serving, EnumSet.noneOf(Lane.class), false),
          new SlotEvent.Wished(bounds.terms().wishing(wish), true, false));
      return visit();
    }

    private Walk visit() {
      while (!open.isEmpty() && seen.size() < STATES_MAX) {
        World world = open.remove();
        SlotModel model = world.model();
        phases.add(model.phase());
        if (model.going()) {
          going++;
          assertThat(model.isPresent(model.chosen())).isFalse();
          assertThat(world.armed()).as("it ends in time: " + model).contains(Lane.SERVING);
        }
        if (model.standby() != null) {
          stages.add(model.standby().stage());
        }
        List<SlotEvent> events = events(world);
        boolean waitsForTheWorld = switch (model.phase()) {
          case VACANT, EMPTY, ACTIVE, FAILED, SEALED -> true;
          default -> false;
        };
        assertThat(waitsForTheWorld || !events.isEmpty()).as("something leaves " + model).isTrue();
        for (List<Candidate> registry : bounds.registries()) {
          if (!registry.equals(model.present())) {
            events.add(new SlotEvent.Present(registry));
          }
        }
        for (String wish : bounds.wishes()) {
          if (!wish.equals(model.terms().provider())) {
            events.add(new SlotEvent.Wished(bounds.terms().wishing(wish), true, false));
            if (bounds.evicts()) {
              events.add(new SlotEvent.Wished(bounds.terms().wishing(wish), true, true));
            }
          }
        }
        events.add(new SlotEvent.Look(1, bounds.wishes().getLast()));
        events.add(new SlotEvent.Expired("planted"));
        events.add(new SlotEvent.Stop());
        for (SlotEvent event : events) {
          push(world, event);
        }
      }
      return this;
    }

    private void push(World before, SlotEvent event) {
      SlotMachine.Step step = SlotMachine.step(SlotLimits.DEFAULT, before.model(), event);
      SlotModel model = step.model();
      Set<Lane> armed = EnumSet.noneOf(Lane.class);
      armed.addAll(before.armed());
      if (event instanceof SlotEvent.Late(var timer)) {
        armed.removeIf(lane -> timer == timer(before.model(), lane));
      }
      int serving = 0;
      int standby = 0;
      for (SlotEffect effect : step.effects()) {
        if (effect instanceof SlotEffect.Arm arm) {
          armed.add(arm.lane());
        } else if (effect instanceof SlotEffect.Disarm disarm) {
          armed.remove(disarm.lane());
        }
        serving += STEPS.contains(effect.getClass()) ? 1 : 0;
        standby += STANDBY_STEPS.contains(effect.getClass()) ? 1 : 0;
        check(before.model(), model, effect);
      }
      if (step.effects().contains(new SlotEffect.GiveUp())) {
        SlotModel late = step(model, new SlotEvent.Broke(before.model().step(), BROKEN.failure()));
        assertThat(late).as("the end of a step that was given up still comes, and counts no more").isEqualTo(model);
      }
      assertThat(serving).as("one step at a time: " + step).isLessThanOrEqualTo(1);
      assertThat(standby).as("one step of the standby at a time: " + step).isLessThanOrEqualTo(1);
      boolean bounded = model.generation() <= bounds.generationsMax() && model.failures() <= 1
          && model.swapFailures() <= 1 && model.counter() <= 400;
      World after = new World(model, armed, answered(before, step, event));
      if (bounded && seen.add(shape(after))) {
        open.add(after);
      }
    }

    /// Whoever asks is answered, once.
    ///
    /// @return whether somebody still waits
    private boolean answered(World before, SlotMachine.Step step, SlotEvent event) {
      int answers = (int) step.effects().stream().filter(effect -> effect instanceof SlotEffect.Answer).count();
      int asked = (before.asked() ? 1 : 0) + (event instanceof SlotEvent.Look ? 1 : 0);
      looks += answers;
      assertThat(answers).as("answers to " + asked + " questions: " + step).isLessThanOrEqualTo(asked);
      Standby standby = step.model().standby();
      boolean waits = asked > answers;
      assertThat(!waits || (standby != null && standby.isLook() && asked - answers == 1)).as("who waits is answered: "
          + step).isTrue();
      return waits;
    }

    /// What must never be.
    private void check(SlotModel before, SlotModel after, SlotEffect effect) {
      switch (effect) {
        case SlotEffect.Batch _ -> assertThat(after.phase()).as("a batch runs on who is in charge")
            .isIn(Phase.RUNNING, Phase.FENCED);
        case SlotEffect.Promote _ -> {
          handovers++;
          assertThat(before.phase()).isEqualTo(Phase.YIELDING);
          assertThat(Present.of(before.standby()).itemsLeft()).as("nothing is left behind").isZero();
        }
        case SlotEffect.HandOver(var step, var fact) ->
            assertThat(fact.generation()).isGreaterThan(Present.of(before.fact()).generation());
        case SlotEffect.Commit(var step, var fact) -> assertThat(fact.generation())
            .isGreaterThanOrEqualTo(before.generation());
        case SlotEffect.DropNext(var step, var location) -> {
          assertThat(location).isNotEqualTo(Present.of(after.fact()).location());
          assertThat(location).as("it may be what the record says").isNotEqualTo(
              after.before() == null ? "" : after.before().location());
        }
        default -> {}
      }
    }

    private static long timer(SlotModel model, Lane lane) {
      return switch (lane) {
        case SERVING -> model.timer();
        case STANDBY -> model.standby() == null ? -1 : model.standby().timer();
        case RETIRED -> model.retired() == null ? -1 : model.retired().timer();
      };
    }

    /// Numbers of steps and timers only grow, and sums of items: what matters is the rest.
    private static Object shape(World world) {
      SlotModel model = world.model();
      SlotModel.Draft draft = new SlotModel.Draft(model);
      draft.step = 0;
      draft.timer = 0;
      draft.counter = 0;
      draft.reason = "";
      draft.outcome = HandoverOutcome.NONE;
      Standby standby = model.standby();
      if (standby != null) {
        draft.standby = new Standby(Math.min(standby.look(), 1), standby.stage(), standby.candidate(),
            standby.description(), standby.generation(),
            standby.location(), standby.rounds(), Math.min(standby.itemsLeft(), 1), 0, 0, 0, 0);
      }
      SlotModel.Retired retired = model.retired();
      if (retired != null) {
        draft.retired = new SlotModel.Retired(retired.candidate(), retired.fact(), Math.min(retired.step(), 1), 0);
      }
      return List.of(draft.model(), world.armed(), world.asked());
    }

    /// What may happen to the steps and the timers that are under way.
    private static List<SlotEvent> events(World world) {
      SlotModel model = world.model();
      long step = model.step();
      List<SlotEvent> events = new ArrayList<>();
      switch (model.phase()) {
        case LOADING -> {
          events.add(new SlotEvent.Loaded(step, new StartTable.Verdict.Vacant(List.of())));
          events.add(new SlotEvent.Loaded(step, new StartTable.Verdict.Refuse("planted")));
          events.add(new SlotEvent.Loaded(step, found(1)));
        }
        case TAKING -> events.add(new SlotEvent.Taken(step, of(Present.of(model.chosen()))));
        case ACTIVE -> events.add(new SlotEvent.Work());
        case RUNNING, FENCED -> {
          events.add(new SlotEvent.Batched(step, 1, false));
          events.add(new SlotEvent.Batched(step, 1, true));
          events.add(new SlotEvent.Overdue(step));
        }
        case LOCATING, COMMITTING, YIELDING, HANDING, OPENING, RESUMING, SEALING, MARKING, REVOKING, CLOSING ->
            events.add(new SlotEvent.Done(step));
        case VACANT, EMPTY, HELD, WAITING, FAILED, SEALED -> {}
      }
      if (!model.phase().rests() && model.phase() != Phase.HELD) {
        events.add(new SlotEvent.Broke(step, BROKEN.failure()));
        events.add(new SlotEvent.Broke(step, DAMAGED.failure()));
        events.add(new SlotEvent.Broke(step, REFUSED.failure()));
      }
      Standby standby = model.standby();
      if (standby != null) {
        eventsOf(standby, events);
      }
      if (model.retired() != null && model.retired().step() > 0) {
        events.add(new SlotEvent.Done(model.retired().step()));
        events.add(new SlotEvent.Broke(model.retired().step(), BROKEN.failure()));
      }
      // Ends of steps and limits that no longer count.
      events.add(new SlotEvent.Done(-1));
      events.add(new SlotEvent.Broke(-1, BROKEN.failure()));
      events.add(new SlotEvent.Late(-1));
      for (Lane lane : world.armed()) {
        events.add(new SlotEvent.Late(timer(model, lane)));
      }
      return events;
    }

    private static void eventsOf(Standby standby, List<SlotEvent> events) {
      long step = standby.step();
      switch (standby.stage()) {
        case TAKING -> events.add(new SlotEvent.Taken(step, of(standby.candidate())));
        case MEASURING -> {
          events.add(new SlotEvent.Measured(step, 100, 10, 130, 0));
          events.add(new SlotEvent.Measured(step, 100, 10, 129, 0));
        }
        case EXPORTING -> {
          events.add(new SlotEvent.Exported(step, 1, 1, 0, true));
          events.add(new SlotEvent.Exported(step, 1, 1, 100, false));
          if (standby.rounds() < 1 || standby.rounds() == SwapLimits.ROUNDS_MAX - 1) {
            events.add(new SlotEvent.Exported(step, 1, 1, 100, true));
          }
        }
        case LOCATING, OPENING, APPLYING, VERIFYING, REVOKING, CLOSING, DROPPING ->
            events.add(new SlotEvent.Done(step));
        case WAITING, FENCING, READY -> {}
      }
      if (standby.stage() != Stage.WAITING && standby.stage() != Stage.FENCING && standby.stage() != Stage.READY) {
        events.add(new SlotEvent.Broke(step, BROKEN.failure()));
      }
    }
  }

  @Test
  void noStateOfAReopeningSlotIsADeadEndOrUnprepared() {
    Walk walk = new Walk(new Bounds(
        List.of(List.of(), List.of(FIRST), List.of(SECOND), List.of(FIRST, SECOND)), List.of(""), 4)).run();
    assertThat(walk.seen.size()).isGreaterThan(1_000);
    assertThat(walk.phases).doesNotContain(Phase.HELD, Phase.YIELDING, Phase.HANDING).hasSize(
        Phase.values().length - 3);
  }

  @Test
  void noStateOfAHandoverIsADeadEndOrUnprepared() {
    Walk walk = new Walk(new Bounds(List.of(List.of(), List.of(FIRST), List.of(OTHER), List.of(FIRST, OTHER)),
        List.of("plain", "other"), GENERATIONS_MAX)).runFrom(List.of(FIRST, OTHER), "other");
    assertThat(walk.handovers).isGreaterThan(10);
    assertThat(walk.looks).isGreaterThan(10);
    assertThat(walk.phases).contains(Phase.HELD, Phase.YIELDING, Phase.HANDING, Phase.RESUMING, Phase.SEALED);
    assertThat(walk.stages).containsExactlyInAnyOrder(Stage.values());
  }

  @Test
  void noStateOfASwitchToAnotherProviderOfTheSameFormatIsADeadEnd() {
    Walk walk = new Walk(new Bounds(Terms.of(""), true, List.of(List.of(), List.of(FIRST, ALIKE), List.of(ALIKE)),
        List.of("plain", "alike"), GENERATIONS_MAX)).runFrom(List.of(FIRST, ALIKE), "alike");
    assertThat(walk.handovers).as("nothing is copied").isZero();
    assertThat(walk.stages).contains(Stage.TAKING, Stage.CLOSING).doesNotContain(Stage.OPENING);
  }

  @Test
  void noStateOfAProviderThatGoesAndIsHandedOverFromIsADeadEnd() {
    Walk walk =
        new Walk(new Bounds(MIGRATES, false, List.of(List.of(FIRST), List.of(OTHER), List.of(FIRST, OTHER), List.of()),
            List.of("plain"), GENERATIONS_MAX)).runFrom(List.of(FIRST, OTHER), "plain");
    assertThat(walk.handovers).isGreaterThan(10);
    assertThat(walk.going).isGreaterThan(10);
  }

  private static SlotModel step(SlotModel model, SlotEvent event) {
    return SlotMachine.step(SlotLimits.DEFAULT, model, event).model();
  }

  /// A slot that has begun and found a record of a generation.
  private static SlotModel loaded(SlotModel fresh, long generation) {
    SlotModel loading = step(fresh, new SlotEvent.Begin());
    return step(loading, new SlotEvent.Loaded(loading.step(), found(generation)));
  }

  private static StartTable.Verdict found(long generation) {
    return new StartTable.Verdict.Serve(StartTableTest.fact(generation, "journal/test/1"),
        new Owner(SLOT, generation, "f", Owner.State.OWNED, 0), List.of(), List.of());
  }

  /// A slot whose first provider was sealed for another one that reads the format.
  private static SlotModel switching(List<Candidate> present) {
    SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of("plain"), present), 1), Phase.ACTIVE);
    model = step(model, new SlotEvent.Wished(Terms.of("alike"), true, false));
    model = step(model, new SlotEvent.Late(Present.of(model.standby()).timer()));
    model = step(model, new SlotEvent.Taken(Present.of(model.standby()).step(), of(ALIKE)));
    model = step(model, new SlotEvent.Done(Present.of(model.standby()).step()));
    assertThat(model.switching()).isTrue();
    assertThat(model.phase()).isEqualTo(Phase.SEALING);
    return model;
  }

  /// Ends each step well, up to a phase that it is given or that rests.
  private static SlotModel on(SlotModel from, Phase until) {
    SlotModel model = from;
    for (int i = 0; i < 30 && model.phase() != until; i++) {
      SlotEvent event = switch (model.phase()) {
        case TAKING -> new SlotEvent.Taken(model.step(), of(Present.of(model.chosen())));
        case RUNNING -> new SlotEvent.Batched(model.step(), 1, false);
        case WAITING -> new SlotEvent.Late(model.timer());
        default -> new SlotEvent.Done(model.step());
      };
      if (model.phase() == Phase.EMPTY || model.phase() == Phase.FAILED || model.phase() == Phase.ACTIVE) {
        return model;
      }
      model = step(model, event);
    }
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
    }
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

  private static Description of(Candidate candidate) {
    return says(candidate.equals(OTHER) ? "g" : "f");
  }

  private static Description says(String format) {
    return new Description("plain", format, List.of(format), 1_024);
  }

  @Test
  void aStartKeepsTheGenerationAndAnotherVersionRaisesIt() {
    for (Candidate candidate : List.of(FIRST, SECOND)) {
      SlotModel model = on(loaded(SlotModel.fresh(SLOT, Terms.of(""), List.of(candidate)), 3), Phase.COMMITTING);
      assertThat(model.phase()).isEqualTo(Phase.COMMITTING);
      assertThat(model.generation()).isEqualTo(candidate.equals(FIRST) ? 3 : 4);
    }
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
      model = step(model, new SlotEvent.Taken(Present.of(model.standby()).step(), of(ALIKE)));
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
}
