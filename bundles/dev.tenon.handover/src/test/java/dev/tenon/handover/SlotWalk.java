package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.SlotEffect.Lane;
import dev.tenon.handover.Standby.Stage;
import dev.tenon.runtime.role.Description;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A walk through the states of a slot's machine within some bounds, the nearest first, up to some number: in each,
/// every step under way may succeed, fail or exceed its limit, providers may come and go, the wish may change and the
/// node may stop. What must never be is looked at on the way. It tells whether it was whole.
final class SlotWalk {
  static final String SLOT = "n/journal/test";
  static final Candidate FIRST = new Candidate(1, "plain", "b", "1.0.0");
  static final Candidate SECOND = new Candidate(2, "plain", "b", "1.0.1");
  static final Candidate OTHER = new Candidate(3, "other", "c", "1.0.0");
  static final Candidate ALIKE = new Candidate(4, "alike", "d", "1.0.0");
  static final Terms MIGRATES = new Terms("", false, Terms.OnGone.MIGRATE, Terms.Follow.NONE);
  static final int GENERATIONS_MAX = 4;
  /// A walk visits the nearest states first; a nightly run looks further.
  static final int STATES_MAX = Boolean.getBoolean("tenon.nightly") ? 2_000_000 : 40_000;
  static final Set<Class<?>> STEPS = Set.of(SlotEffect.Load.class, SlotEffect.Take.class,
      SlotEffect.Locate.class, SlotEffect.Commit.class, SlotEffect.Open.class, SlotEffect.Resume.class,
      SlotEffect.Batch.class, SlotEffect.Seal.class, SlotEffect.Mark.class, SlotEffect.Revoke.class,
      SlotEffect.Close.class, SlotEffect.HandOver.class, SlotEffect.Note.class);
  static final Set<Class<?>> STANDBY_STEPS = Set.of(SlotEffect.TakeNext.class, SlotEffect.LocateNext.class,
      SlotEffect.OpenNext.class, SlotEffect.Export.class, SlotEffect.Apply.class, SlotEffect.RevokeNext.class,
      SlotEffect.CloseNext.class, SlotEffect.DropNext.class, SlotEffect.Measure.class);
  /// Slots around it: those beneath serve, or do not, or the node stops.
  static final Footing STACKED = new Footing(false, "", "", false);
  static final Footing MISSING = new Footing(false, "planted", "", false);
  static final Footing STOPPING = new Footing(false, "", "", true);
  static final SlotEvent.Broke BROKEN =
      new SlotEvent.Broke(0, new Failure(Failure.Kind.BROKEN, "planted", new RuntimeException()));
  static final SlotEvent.Broke DAMAGED =
      new SlotEvent.Broke(0, new Failure(Failure.Kind.CORRUPTION, "planted", new RuntimeException()));

  static final SlotEvent.Broke LOST =
      new SlotEvent.Broke(0, new Failure(Failure.Kind.LOST, "planted", new RuntimeException()));

  static final SlotEvent.Broke REFUSED =
      new SlotEvent.Broke(0, new Failure(Failure.Kind.REFUSED, "planted", new RuntimeException()));

  /// What the world may do.
  ///
  /// @param terms what is asked for beside a provider
  /// @param evicts whether the operator may say that calls which do not end are left behind
  /// @param registries what may be registered
  /// @param wishes what may be wished for
  /// @param generationsMax up to which states are visited
  record Bounds(Terms terms, boolean evicts, List<List<Candidate>> registries, List<String> wishes,
      int generationsMax) {
    Bounds(List<List<Candidate>> registries, List<String> wishes, int generationsMax) {
      this(Terms.of(""), false, registries, wishes, generationsMax);
    }
  }

  /// A state of the whole: the machine, whose timers count, and whether somebody waits for the answer to a look.
  record World(SlotModel model, Set<Lane> armed, boolean asked) {}

  final Bounds bounds;
  final Set<Object> seen = new HashSet<>();
  final ArrayDeque<World> open = new ArrayDeque<>();
  final Set<Phase> phases = EnumSet.noneOf(Phase.class);
  final Set<Stage> stages = EnumSet.noneOf(Stage.class);
  /// Which state of the slot follows which, as arrows.
  final Set<String> arrows = new TreeSet<>();
  private final int statesMax;
  private Footing footing = Footing.ALONE;
  private List<List<Long>> hangs = List.of();
  int handovers;
  long looks;
  int going;
  /// States in which a slot has failed because nobody else is there than who hangs.
  int hung;

  SlotWalk(Bounds bounds) {
    this(bounds, STATES_MAX);
  }

  /// @param statesMax where it ends
  SlotWalk(Bounds bounds, int statesMax) {
    this.bounds = bounds;
    this.statesMax = statesMax;
  }

  /// With slots around it, whose condition changes.
  SlotWalk stacked() {
    footing = STACKED;
    return this;
  }

  /// With providers that are not taken for now.
  SlotWalk hanging(List<List<Long>> refs) {
    hangs = refs;
    return this;
  }

  SlotWalk run() {
    push(new World(stands(SlotModel.fresh(SLOT, Terms.of(""), List.of())), EnumSet.noneOf(Lane.class), false),
        new SlotEvent.Begin());
    return visit();
  }

  /// From a slot that serves and whose wish was just changed.
  SlotWalk runFrom(List<Candidate> present, String wish) {
    SlotModel serving = on(loaded(stands(SlotModel.fresh(SLOT, bounds.terms().wishing("plain"), present)), 1),
        Phase.ACTIVE);
    push(new World(serving, EnumSet.noneOf(Lane.class), false),
        new SlotEvent.Wished(bounds.terms().wishing(wish), true, false));
    return visit();
  }

  /// Whether each state within the bounds was visited, and not only the nearest ones.
  boolean isWhole() { return open.isEmpty(); }

  /// A nightly run has room for each state within these bounds.
  SlotWalk wholeAtNight() {
    assertThat(isWhole() || !Boolean.getBoolean("tenon.nightly")).as("each state within %s", bounds).isTrue();
    return this;
  }

  private SlotModel stands(SlotModel fresh) {
    return step(fresh, new SlotEvent.Stands(footing));
  }

  private SlotWalk visit() {
    while (!open.isEmpty() && seen.size() < statesMax) {
      World world = open.remove();
      SlotModel model = world.model();
      phases.add(model.phase());
      if (model.going()) {
        going++;
        assertThat(model.isPresent(model.chosen())).isFalse();
        assertThat(world.armed()).as("it ends in time: %s", model).contains(Lane.SERVING);
      }
      hung += model.phase() == Phase.FAILED && model.goal() == SlotModel.Goal.SERVE ? 1 : 0;
      if (model.standby() != null) {
        stages.add(model.standby().stage());
      }
      List<SlotEvent> events = events(world);
      assertThat(endsInTime(world)).as("something leaves %s, armed are %s", model, world.armed()).isTrue();
      boolean waitsForTheWorld = model.state() == SlotState.FAILED || switch (model.phase()) {
        case VACANT, EMPTY, WAITING, BENEATH -> true;
        default -> false;
      };
      assertThat(!waitsForTheWorld || !Choice.reason(model).isEmpty()).as("it says why: %s", model).isTrue();
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
      for (Footing next : footing.alone() ? List.<Footing>of() : List.of(STACKED, MISSING, STOPPING)) {
        if (!next.equals(model.footing())) {
          events.add(new SlotEvent.Stands(next));
        }
      }
      for (List<Long> refs : hangs) {
        if (!refs.equals(model.hung())) {
          events.add(new SlotEvent.Hung(refs));
        }
      }
      events.add(new SlotEvent.Look(1, bounds.wishes().getLast()));
      events.add(new SlotEvent.Expired("planted"));
      events.add(new SlotEvent.Stop());
      for (SlotEvent event : events) {
        push(world, event);
      }
    }
    System.out.printf("a walk visited %,d states of a slot, %s; wishes %s, %d registries, %d generations, %s%n",
        seen.size() - open.size(), isWhole() ? "which are all within its bounds" : "the nearest of more",
        bounds.wishes(), bounds.registries().size(), bounds.generationsMax(),
        footing.alone() ? "alone" : "between others");
    return this;
  }

  /// Whether what is under way has a limit, or one that has passed and is shown as failed until it ends. A batch of who
  /// serves is looked at as time passes ([Slot#tick]).
  private static boolean endsInTime(World world) {
    SlotModel model = world.model();
    Set<Lane> armed = world.armed();
    boolean serving = model.overdue() || switch (model.phase()) {
      case VACANT, EMPTY, BENEATH, ACTIVE, RUNNING, FAILED, SEALED -> true;
      case HELD -> armed.contains(Lane.STANDBY);
      case FENCED -> armed.contains(Lane.SERVING) || armed.contains(Lane.STANDBY);
      case LOADING, TAKING, LOCATING, COMMITTING, OPENING, RESUMING, YIELDING, HANDING, SEALING, MARKING, REVOKING,
          CLOSING, NOTING, WAITING -> armed.contains(Lane.SERVING);
    };
    Standby standby = model.standby();
    boolean filling = standby == null || switch (standby.stage()) {
      case ASKING, READY -> true;
      default -> armed.contains(Lane.STANDBY);
    };
    return serving && filling && (model.retired() == null || model.retired().step() == 0
        || armed.contains(Lane.RETIRED));
  }

  private void push(World before, SlotEvent event) {
    SlotMachine.Step step = SlotMachine.step(SlotLimits.DEFAULT, before.model(), event);
    SlotModel model = step.model();
    SlotState from = before.model().state();
    if (from != model.state()) {
      arrows.add(from + " --> " + model.state());
    }
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
    assertThat(model.lost() && (model.isServing() || model.phase() == Phase.FAILED))
        .as("the record says first that items are gone: %s", step).isFalse();
    assertThat(!model.lost() || model.isSigningOff()).as("nothing is signed then: %s", step).isTrue();
    Standby filled = model.standby();
    assertThat(model.phase() != Phase.HELD || (filled != null && filled.isFilling()))
        .as("the fence is shut for a newcomer only: %s", step).isTrue();
    assertThat(serving).as("one step at a time: %s", step).isLessThanOrEqualTo(1);
    assertThat(standby).as("one step of the standby at a time: %s", step).isLessThanOrEqualTo(1);
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
    assertThat(answers).as("answers to %s questions: %s", asked, step).isLessThanOrEqualTo(asked);
    Standby standby = step.model().standby();
    boolean waits = asked > answers;
    assertThat(!waits || (standby != null && standby.isLook() && asked - answers == 1)).as("who waits is answered: %s",
        step).isTrue();
    return waits;
  }

  /// What must never be.
  private void check(SlotModel before, SlotModel after, SlotEffect effect) {
    switch (effect) {
      case SlotEffect.Batch _ -> assertThat(after.phase()).as("a batch runs on who is in charge")
          .isIn(Phase.RUNNING, Phase.FENCED);
      case SlotEffect.Take(var step, var candidate) -> assertThat(after.hung()).doesNotContain(candidate.ref());
      case SlotEffect.TakeNext(var step, var candidate) ->
          assertThat(after.hung()).doesNotContain(candidate.ref());
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
          standby.location(), standby.rounds(), Math.min(standby.itemsLeft(), 1), cut(standby), 0, 0, 0, 0,
          false);
    }
    SlotModel.Retired retired = model.retired();
    if (retired != null) {
      draft.retired = new SlotModel.Retired(retired.candidate(), retired.fact(), Math.min(retired.step(), 1), 0);
    }
    return List.of(draft.model(), world.armed(), world.asked());
  }

  /// What a round has carried matters as far as the fence may come after it.
  static long cut(Standby standby) {
    return standby.roundItems() > SwapLimits.TAIL_ITEMS ? SwapLimits.TAIL_ITEMS + 1 : 0;
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
      case LOCATING, COMMITTING, YIELDING, HANDING, OPENING, RESUMING, SEALING, MARKING, REVOKING, CLOSING,
          NOTING -> events.add(new SlotEvent.Done(step));
      case VACANT, EMPTY, HELD, WAITING, BENEATH, FAILED, SEALED -> {}
    }
    if (!model.phase().rests() && model.phase() != Phase.HELD) {
      events.add(new SlotEvent.Broke(step, BROKEN.failure()));
      events.add(new SlotEvent.Broke(step, DAMAGED.failure()));
      events.add(new SlotEvent.Broke(step, REFUSED.failure()));
      if (model.phase() == Phase.RESUMING) {
        events.add(new SlotEvent.Broke(step, LOST.failure()));
      }
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
      case ASKING -> {
        events.add(new SlotEvent.Done(step));
        events.add(new SlotEvent.Refused(step));
      }
      case WAITING, TURN, FENCING, READY -> {}
    }
    boolean fails = switch (standby.stage()) {
      case WAITING, ASKING, TURN, FENCING, READY -> false;
      default -> true;
    };
    if (fails) {
      events.add(new SlotEvent.Broke(step, BROKEN.failure()));
    }
  }

  // Steps, one by one.

  static SlotModel step(SlotModel model, SlotEvent event) {
    return SlotMachine.step(SlotLimits.DEFAULT, model, event).model();
  }

  /// A slot that has begun and found a record of a generation.
  static SlotModel loaded(SlotModel fresh, long generation) {
    SlotModel loading = step(fresh, new SlotEvent.Begin());
    return step(loading, new SlotEvent.Loaded(loading.step(), found(generation)));
  }

  static StartTable.Verdict found(long generation) {
    return new StartTable.Verdict.Serve(StartTableTest.fact(generation, "journal/test/1"),
        new Owner(SLOT, generation, "f", Owner.State.OWNED, 0), List.of(), List.of(), List.of());
  }

  /// Ends each step well, up to a phase that it is given or that rests.
  static SlotModel on(SlotModel from, Phase until) {
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

  static Description of(Candidate candidate) {
    return says(candidate.equals(OTHER) ? "g" : "f");
  }

  static Description says(String format) {
    return new Description("plain", format, List.of(format), 1_024);
  }
}
