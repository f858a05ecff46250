package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Goal: whatever a provider, the disk and the world do, the machine never ends in a phase that nothing leaves, and no
/// end of a step finds it unprepared. Method: all states within the bounds are visited; in each, every step under way
/// may succeed, fail or exceed its limit, the provider may come and go and the node may stop.
class SlotMachineTest {
  private static final String SLOT = "n/journal/test";
  private static final Candidate FIRST = new Candidate(1, "plain", "b", "1.0.0");
  private static final Candidate SECOND = new Candidate(2, "plain", "b", "1.0.1");
  private static final List<List<Candidate>> REGISTRIES = List.of(List.of(), List.of(FIRST), List.of(SECOND),
      List.of(FIRST, SECOND));
  private static final int GENERATIONS_MAX = 4;
  private static final int STEPS_MAX = 34;

  /// A state of the whole: the machine, and whether its timer counts.
  private record World(SlotModel model, boolean armed) {}

  @Test
  void noStateWithinTheBoundsIsADeadEndOrUnprepared() {
    Set<Object> seen = new HashSet<>();
    ArrayDeque<World> open = new ArrayDeque<>();
    push(open, seen, SlotMachine.step(SlotLimits.DEFAULT, SlotModel.fresh(SLOT, "", List.of()), new SlotEvent.Begin()),
        false);
    int visited = 0;
    Set<Phase> phases = EnumSet.noneOf(Phase.class);
    while (!open.isEmpty()) {
      World world = open.remove();
      visited++;
      SlotModel model = world.model();
      phases.add(model.phase());
      List<SlotEvent> events = events(world);
      boolean waitsForTheWorld = switch (model.phase()) {
        case VACANT, EMPTY, ACTIVE, FAILED, SEALED -> true;
        default -> false;
      };
      assertThat(waitsForTheWorld || !events.isEmpty()).as("something leaves " + model).isTrue();
      for (List<Candidate> registry : REGISTRIES) {
        if (!registry.equals(model.present())) {
          events.add(new SlotEvent.Present(registry));
        }
      }
      events.add(new SlotEvent.Stop());
      for (SlotEvent event : events) {
        boolean fired = event instanceof SlotEvent.Late late && late.timer() == model.timer();
        push(open, seen, SlotMachine.step(SlotLimits.DEFAULT, model, event), world.armed() && !fired);
      }
    }
    assertThat(visited).isGreaterThan(1_000);
    // Each phase was seen.
    assertThat(phases).containsExactlyInAnyOrder(Phase.values());
  }

  /// What may happen to the step and the timer that are under way.
  private static List<SlotEvent> events(World world) {
    SlotModel model = world.model();
    long step = model.step();
    List<SlotEvent> events = new ArrayList<>();
    switch (model.phase()) {
      case LOADING -> {
        events.add(new SlotEvent.Loaded(step, new StartTable.Verdict.Vacant(List.of())));
        events.add(new SlotEvent.Loaded(step, new StartTable.Verdict.Refuse("planted")));
        events.add(new SlotEvent.Loaded(step, new StartTable.Verdict.Serve(StartTableTest.fact(1, "journal/test/1"),
            new Owner(SLOT, 1, "f", Owner.State.OWNED, 0), List.of(), List.of())));
      }
      case TAKING -> {
        events.add(new SlotEvent.Taken(step, "f", List.of("f")));
        events.add(new SlotEvent.Taken(step, "g", List.of("g")));
      }
      case ACTIVE -> events.add(new SlotEvent.Work());
      case RUNNING, FENCED -> {
        events.add(new SlotEvent.Batched(step, 1, false));
        events.add(new SlotEvent.Batched(step, 1, true));
        events.add(new SlotEvent.Overdue(step));
      }
      case LOCATING, COMMITTING, OPENING, RESUMING, SEALING, MARKING, REVOKING, CLOSING -> events.add(
          new SlotEvent.Done(step));
      case VACANT, EMPTY, WAITING, FAILED, SEALED -> {}
    }
    if (!model.phase().rests()) {
      events.add(new SlotEvent.Broke(step, new Failure(Failure.Kind.BROKEN, "planted", new RuntimeException())));
      events.add(new SlotEvent.Broke(step, new Failure(Failure.Kind.CORRUPTION, "planted", new RuntimeException())));
      events.add(new SlotEvent.Broke(step, new Failure(Failure.Kind.REFUSED, "planted", new RuntimeException())));
    }
    // Ends of steps and limits that no longer count.
    events.add(new SlotEvent.Done(step - 1));
    events.add(new SlotEvent.Broke(step - 1, new Failure(Failure.Kind.BROKEN, "late", new RuntimeException())));
    events.add(new SlotEvent.Late(model.timer() - 1));
    if (world.armed()) {
      events.add(new SlotEvent.Late(model.timer()));
    }
    return events;
  }

  private static void push(ArrayDeque<World> open, Set<Object> seen, SlotMachine.Step step, boolean armedBefore) {
    SlotModel model = step.model();
    boolean armed = armedBefore;
    int strandSteps = 0;
    for (SlotEffect effect : step.effects()) {
      switch (effect) {
        case SlotEffect.Arm arm -> armed = true;
        case SlotEffect.Disarm disarm -> armed = false;
        case SlotEffect.GiveUp giveUp -> {}
        case SlotEffect.Serve serve -> {}
        case SlotEffect.Tell tell -> {}
        default -> strandSteps++;
      }
    }
    assertThat(strandSteps).as("one step at a time: " + step).isLessThanOrEqualTo(1);
    boolean bounded = model.generation() <= GENERATIONS_MAX && model.failures() <= 2 && model.step() <= STEPS_MAX;
    // Numbers of steps and timers only grow: what matters is the rest.
    Object shape = List.of(model.phase(), model.goal(), model.present(), String.valueOf(model.chosen()), model.unfit(),
        String.valueOf(model.fact()), model.generation(), model.loaded(), model.atStart(), model.committed(),
        List.of(model.instance(), model.recovering(), model.failures(), model.overdue(), armed));
    if (bounded && seen.add(shape)) {
      open.add(new World(model, armed));
    }
  }

  @Test
  void aStartKeepsTheGenerationAndAnotherVersionRaisesIt() {
    for (Candidate candidate : List.of(FIRST, SECOND)) {
      SlotModel model = SlotMachine.step(SlotLimits.DEFAULT, SlotModel.fresh(SLOT, "", List.of(candidate)),
          new SlotEvent.Begin()).model();
      model = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Loaded(model.step(),
          new StartTable.Verdict.Serve(StartTableTest.fact(3, "journal/test/1"),
              new Owner(SLOT, 3, "f", Owner.State.OWNED, 0), List.of(), List.of())))
          .model();
      model = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Taken(model.step(), "f", List.of("f"))).model();
      assertThat(model.phase()).isEqualTo(Phase.COMMITTING);
      assertThat(model.generation()).isEqualTo(candidate.equals(FIRST) ? 3 : 4);
    }
  }

  @Test
  void aRecordThatMayHaveBeenWrittenIsNeverUsedTwice() {
    SlotModel model = SlotMachine.step(SlotLimits.DEFAULT, SlotModel.fresh(SLOT, "", List.of(FIRST)),
        new SlotEvent.Begin()).model();
    model = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Loaded(model.step(),
        new StartTable.Verdict.Serve(StartTableTest.fact(3, "journal/test/1"),
            new Owner(SLOT, 3, "f", Owner.State.OWNED, 0), List.of(), List.of())))
        .model();
    for (long expected = 3; expected < 6; expected++) {
      model = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Taken(model.step(), "f", List.of("f"))).model();
      assertThat(model.generation()).isEqualTo(expected);
      model = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Broke(model.step(),
          new Failure(Failure.Kind.BROKEN, "planted", new RuntimeException()))).model();
      model = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Done(model.step())).model();
      assertThat(model.phase()).isEqualTo(Phase.WAITING);
      model = SlotMachine.step(SlotLimits.DEFAULT, model, new SlotEvent.Late(model.timer())).model();
    }
  }
}
