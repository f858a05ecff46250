package dev.tenon.handover;

import dev.tenon.handover.ModelWorld.Call;
import dev.tenon.handover.ModelWorld.Facade;
import dev.tenon.handover.ModelWorld.Left;
import dev.tenon.handover.ModelWorld.Mirror;
import dev.tenon.handover.ModelWorld.Task;
import dev.tenon.handover.SlotEffect.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All that may happen in a state.
final class ModelMoves implements ModelSpace<ModelWorld> {
  private static final int TASK = 0;
  private static final int DESK_RETURNS = 1;
  private static final int CALLER = 2;
  private static final int LIMIT = 4;

  private final ModelBounds bounds;
  private final ModelMutant mutant;
  private final List<ModelScript> scripts = new ArrayList<>();
  private List<Move<ModelWorld>> moves = new ArrayList<>();

  ModelMoves(ModelBounds bounds, ModelMutant mutant) {
    this.bounds = bounds;
    this.mutant = mutant;
    for (int caller = 0; caller < bounds.scripts().size(); caller++) {
      scripts.add(new ModelScript(bounds.held().get(caller), bounds.scripts().get(caller)));
    }
  }

  @Override
  public ModelWorld first() {
    List<Integer> none = scripts.stream().map(each -> 0).toList();
    List<ModelJournal> held = scripts.stream().map(each -> each.after(0)).toList();
    ModelFiles.Place place = new ModelFiles.Place(1, Owner.State.CLOSED, 1, held,
        held.stream().map(each -> List.<ModelJournal.Op>of()).toList());
    List<@Nullable Fact> slots = new ArrayList<>();
    slots.add(bounds.vacant() ? null : firstFact());
    slots.add(null);
    ModelFiles files = new ModelFiles(slots, 1, bounds.vacant() ? 0 : 1, null, 0,
        bounds.vacant() ? List.of() : List.of(place));
    ModelWorld empty =
        new ModelWorld(SlotModel.fresh(ModelRun.SLOT, Terms.of(""), List.of()), List.of(0L, 0L, 0L), List.of(),
            new ModelWorld.Cast(List.of(), -1, -1, -1, -1), files,
            new Facade(none, none, List.of(), false, List.of(), scripts.stream().map(each -> Mirror.NONE).toList(),
                false),
            null, new Left(0, bounds.crashes(), bounds.faults(), bounds.departures(), bounds.stops(), bounds.backups(),
                List.of(), false, false));
    ModelRun run = new ModelRun(bounds, scripts, mutant, empty);
    run.start(files, bounds.registered());
    return run.world();
  }

  private Fact firstFact() {
    Candidate by = bounds.registered().getFirst();
    return new Fact(1, "n", ModelRun.SLOT, by.provider(), by.bundle(), by.version(), "", "", "", "f", 1,
        ModelRun.location(1), 0, 0);
  }

  @Override
  public List<Move<ModelWorld>> from(ModelWorld world) {
    moves = new ArrayList<>();
    new ModelStart(run(world)).check();
    for (int i = 0; i < world.tasks().size(); i++) {
      task(world, world.tasks().get(i));
    }
    callers(world);
    limits(world);
    registry(world);
    ends(world);
    return moves;
  }

  private ModelRun run(ModelWorld world) {
    return new ModelRun(bounds, scripts, mutant, world);
  }

  private void add(String label, int order, ModelWorld from, Consumer<ModelRun> change) {
    ModelRun run = run(from);
    try {
      change.accept(run);
    } catch (ModelWrong | RuntimeException | dev.tenon.codec.CheckFailed wrong) {
      ModelWrong told = new ModelWrong(wrong.getMessage() + "; at: " + label);
      told.initCause(wrong);
      throw told;
    }
    moves.add(new Move<>(label, order, run.world()));
  }

  // Calls.

  /// Whether a task may go on: whatever was given to the same strand before it has ended.
  private static boolean isFirst(ModelWorld world, Task task) {
    for (Task each : world.tasks()) {
      if (each.equals(task)) {
        return true;
      }
      if (sameStrand(each, task)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameStrand(Task one, Task other) {
    return !one.left() && !other.left() && one.call().isAtDesk() == other.call().isAtDesk()
        && one.call().isSwept() == other.call().isSwept()
        && (one.call() == Call.MEASURE) == (other.call() == Call.MEASURE)
        && (one.call().isAtDesk() || one.tenant() == other.tenant());
  }

  private void task(ModelWorld world, Task task) {
    String label = task.call() + " of " + task.tenant() + " part " + task.part();
    if (task.left()) {
      add(label + " goes on, long given up", NEVER, world, run -> new ModelCalls(run).go(task));
      return;
    }
    if (!isFirst(world, task)) {
      return;
    }
    if (task.hung()) {
      add(label + " returns", task.call().isAtDesk() ? DESK_RETURNS : NEVER, world,
          run -> run.tasks.set(run.tasks.indexOf(task), task.hanging(false)));
      return;
    }
    if (task.call() == Call.BATCH && task.part() == 2 && awaitsOwner(world, task)) {
      return;
    }
    add(label, TASK, world, run -> whole(run, task));
    if (task.call() == Call.OPEN && !world.cast().tenants().get(task.tenant()).revoked()
        && world.files().place(world.cast().tenants().get(task.tenant()).place()) != null) {
      opensWithLess(world, task, label);
    }
    if (world.left().faults() > 0) {
      faults(world, task, label);
    }
  }

  /// Where nothing ends between two parts of a task any more, they are one step; what a crash would leave is looked at
  /// after each of them.
  private static void whole(ModelRun run, Task task) {
    Left left = run.left;
    Task now = task;
    while (now != null) {
      int before = now.part();
      new ModelCalls(run).go(now);
      now = null;
      if (left.faults() + left.crashes() + left.backups() == 0) {
        new ModelStart(run).check();
        for (Task each : run.tasks) {
          if (each.call() == task.call() && each.tenant() == task.tenant() && each.step() == task.step()
              && each.part() > before && !(each.call() == Call.BATCH && each.part() == 2)) {
            now = each;
          }
        }
      }
    }
  }

  private boolean awaitsOwner(ModelWorld world, Task task) {
    return mutant != ModelMutant.OWNER_NOT_AWAITED && world.tasks().stream()
        .anyMatch(each -> each.call() == Call.OWN && each.tenant() == task.tenant());
  }

  /// What was not synced may be gone with the instance before.
  private void opensWithLess(ModelWorld world, Task task, String label) {
    ModelFiles.Place place = Present.of(world.files().place(world.cast().tenants().get(task.tenant()).place()));
    ModelFiles.Place less = place.cut(new int[place.durable().size()]);
    if (!less.durable().equals(place.synced().durable())) {
      add(label + ", what was not synced is gone", NEVER, world, run -> {
        run.files = run.files.with(less);
        new ModelCalls(run).go(task);
      });
    }
  }

  private void faults(ModelWorld world, Task task, String label) {
    add(label + " hangs", NEVER, world, run -> {
      run.left = excuse(run.left.fault(), task.call() == Call.OPEN);
      new ModelCalls(run).hang(task);
    });
    if (task.call() == Call.BATCH && task.part() == 0 && task.units().isEmpty() && !world.facade().queue().isEmpty()) {
      add(label + " stalls with what it has taken", NEVER, world, run -> {
        run.left = run.left.fault();
        new ModelCalls(run).stall(task);
      });
    }
    if (task.call() == Call.REVOKE || (task.call() == Call.BATCH && task.part() == 2)) {
      return; // it is done in memory
    }
    add(label + " fails", NEVER, world, run -> {
      run.left = run.left.fault();
      new ModelCalls(run).fail(task, false, Failure.Kind.BROKEN);
    });
    boolean leaves = switch (task.call()) {
      case COMMIT, HAND_OVER, NOTE, LOCATE, MARK, BATCH, APPLY, SEAL, OWN, RETAIN, DROP, FORGET, RESUME ->
          task.call() != Call.RESUME || !world.cast().tenants().get(task.tenant()).adopted();
      case LOAD, TAKE, OPEN, REVOKE, CLOSE, EXPORT, MEASURE -> false;
    };
    if (leaves) {
      add(label + " fails after its effect", NEVER, world, run -> {
        run.left = run.left.fault();
        new ModelCalls(run).fail(task, true, Failure.Kind.BROKEN);
      });
    }
    if (task.call() == Call.RESUME && task.part() == 0 && !world.cast().tenants().get(task.tenant()).adopted()) {
      add(label + " finds acknowledged items gone", NEVER, world, run -> {
        run.left = run.left.fault().excuse().lose();
        new ModelCalls(run).fail(task, false, Failure.Kind.LOST);
      });
    }
    if (task.call() == Call.OPEN) {
      add(label + " finds damage", NEVER, world, run -> {
        run.left = run.left.fault().excuse();
        new ModelCalls(run).fail(task, false, Failure.Kind.CORRUPTION);
      });
    }
  }

  private static Left excuse(Left left, boolean excused) {
    return excused ? left.excuse() : left;
  }

  // Callers.

  private void callers(ModelWorld world) {
    if (world.model().phase() == Phase.SEALED || !world.facade().known()) {
      return; // the facade is registered once the slot serves
    }
    for (int caller = 0; caller < scripts.size(); caller++) {
      ModelScript script = scripts.get(caller);
      int next = world.facade().issued().get(caller);
      boolean waits = next < script.length()
          && (script.waits(next) || (next > 0 && script.waits(next - 1)))
          && world.facade().acknowledged().get(caller) < next && !allAcknowledged(world, caller, script, next);
      if (next < script.length() && !waits) {
        int unit = caller * 16 + next;
        int each = caller;
        add("caller " + caller + " asks " + next, CALLER, world, run -> {
          run.queue.add(unit);
          run.issued.set(each, next + 1);
          if (!run.signalled) {
            run.signalled = true;
            run.hear(new SlotEvent.Work());
          }
        });
      }
    }
  }

  /// Whether nothing that has an answer is outstanding: changes alone have none.
  private static boolean allAcknowledged(ModelWorld world, int caller, ModelScript script, int next) {
    for (int position = world.facade().acknowledged().get(caller); position < next; position++) {
      if (!script.isChange(position)) {
        return false;
      }
    }
    return true;
  }

  // Limits.

  private void limits(ModelWorld world) {
    SlotModel model = world.model();
    for (Lane lane : Lane.values()) {
      long timer = world.armed().get(ModelRun.place(lane));
      if (timer > 0) {
        long step = switch (lane) {
          case SERVING -> model.phase() == Phase.WAITING || model.going() ? 0 : model.step();
          case STANDBY -> step(model);
          case RETIRED -> model.retired() == null ? 0 : model.retired().step();
        };
        late(world, "limit of " + lane, LIMIT, step, run -> {
          run.armed.set(ModelRun.place(lane), 0L);
          run.hear(new SlotEvent.Late(timer));
        });
      }
    }
    if (model.phase() == Phase.RUNNING) {
      late(world, "a batch is overdue", OVERDUE, model.step(),
          run -> run.hear(new SlotEvent.Overdue(run.model.step())));
    }
    if (model.standby() != null && world.left().faults() > 0) {
      add("the preparation has expired", NEVER, world, run -> {
        run.left = run.left.fault();
        run.hear(new SlotEvent.Expired(ModelRun.SAYS));
      });
    }
  }

  private static long step(SlotModel model) {
    Standby standby = model.standby();
    if (standby == null || standby.stage() == Standby.Stage.WAITING) {
      return 0;
    }
    return standby.stage() == Standby.Stage.FENCING || standby.stage() == Standby.Stage.READY
        ? model.step()
        : standby.step();
  }

  /// Where its call hangs a limit passes by itself; elsewhere the call is only slow, which is a fault.
  private void late(ModelWorld world, String label, int order, long step, Consumer<ModelRun> then) {
    boolean hangs = step == 0;
    boolean openHangs = false;
    for (Task task : world.tasks()) {
      if (task.step() == step && step > 0) {
        for (Task each : world.tasks()) {
          hangs |= sameStrand(each, task) && each.hung();
        }
        openHangs |= task.call() == Call.OPEN;
      }
    }
    boolean excused = openHangs;
    if (hangs) {
      add(label, order, world, then);
    } else if (world.left().faults() > 0) {
      add(label + ", the call is slow", NEVER, world, run -> {
        run.left = excuse(run.left.fault(), excused);
        then.accept(run);
      });
    }
  }

  // The world.

  private void registry(ModelWorld world) {
    SlotModel model = world.model();
    Left left = world.left();
    if (model.phase() == Phase.SEALED) {
      return;
    }
    if (left.wish() + 1 < bounds.wishes().size()) {
      add("the wish changes", NEVER, world, run -> {
        run.left = run.left.wished();
        int wish = run.left.wish();
        run.hear(new SlotEvent.Wished(run.terms(wish), true, bounds.wishes().get(wish).contains("!")));
      });
    }
    for (Candidate candidate : model.present()) {
      if (left.departures() > 0) {
        add(candidate.label() + " goes", NEVER, world, run -> {
          run.left = run.left.departed(candidate);
          run.hear(new SlotEvent.Present(model.present().stream().filter(each -> !each.equals(candidate)).toList()));
        });
      }
    }
    for (int i = 0; i < left.gone().size(); i++) {
      Candidate gone = left.gone().get(i);
      int index = i;
      add(gone.label() + " is back", NEVER, world, run -> {
        run.left = run.left.returned(index);
        List<Candidate> present = new ArrayList<>(model.present());
        present.add(new Candidate(gone.ref() + 10, gone.provider(), gone.bundle(), gone.version()));
        run.hear(new SlotEvent.Present(List.copyOf(present)));
      });
    }
  }

  private void ends(ModelWorld world) {
    SlotModel model = world.model();
    if (world.left().stops() > 0 && model.phase() != Phase.SEALED) {
      add("the node stops", NEVER, world, run -> {
        run.left = run.left.stop();
        run.hear(new SlotEvent.Stop());
      });
    }
    boolean ended = model.isEnded();
    if (world.left().crashes() > 0 || ended) {
      for (ModelFiles files : world.files().crashes()) {
        add(ended ? "the node starts" : "the node crashes", NEVER, world, run -> {
          run.left = ended ? run.left : run.left.crash();
          again(run, files);
        });
      }
    }
    if (world.left().backups() > 0 && !bounds.vacant()) {
      add("the node crashes, an old record is restored", NEVER, world, run -> {
        run.left = run.left.backup();
        List<@Nullable Fact> slots = new ArrayList<>();
        slots.add(firstFact());
        slots.add(null);
        ModelFiles now = run.files.crashes().getLast();
        again(run, new ModelFiles(slots, 1, 1, null, 0, now.places()));
      });
    }
  }

  private void again(ModelRun run, ModelFiles files) {
    run.files = files;
    List<Candidate> present = run.model.present();
    run.start(files, present);
  }

  /// Whether nothing is owed to anybody any more, or nobody may be asked but the operator or who brings a provider.
  @Override
  public boolean isServed(ModelWorld world) {
    SlotModel model = world.model();
    // A voluntary handover waits for a call that hangs, and is tried again: that is its promise.
    boolean hangs = world.tasks().stream().anyMatch(task -> task.hung() && task.tenant() == world.cast().serving()
        && !task.left() && !task.call().isAtDesk());
    if ((model.standby() != null && !hangs) || model.retired() != null) {
      return false;
    }
    return switch (model.phase()) {
      case ACTIVE -> {
        boolean all = true;
        for (int caller = 0; caller < scripts.size(); caller++) {
          all &= world.facade().acknowledged().get(caller) == scripts.get(caller).length();
        }
        yield all;
      }
      case VACANT ->
          model.present().stream().noneMatch(each -> Candidate.matches(model.terms().provider(), each.provider(),
              each.version()));
      case EMPTY -> model.present().stream().noneMatch(each -> reads(each, Present.of(model.fact())));
      case FAILED -> world.left().excused();
      case SEALED -> true;
      case LOADING, TAKING, LOCATING, COMMITTING, OPENING, RESUMING, RUNNING, FENCED, HELD, YIELDING, HANDING, SEALING,
          MARKING, REVOKING, CLOSING, NOTING, WAITING, BENEATH -> false;
    };
  }

  @Override
  public Object[] parts(ModelWorld world) {
    return new Object[] {world.model(), world.armed(), world.tasks(), world.cast(), world.files(), world.facade(),
        world.copy() == null ? "none" : world.copy(), world.left()};
  }

  @Override
  @SuppressWarnings("unchecked") // as above
  public ModelWorld world(Object[] parts) {
    return new ModelWorld((SlotModel) parts[0], (List<Long>) parts[1], (List<Task>) parts[2],
        (ModelWorld.Cast) parts[3], (ModelFiles) parts[4], (Facade) parts[5],
        parts[6] instanceof ModelWorld.Copy carried ? carried : null, (Left) parts[7]);
  }

  private static boolean reads(Candidate candidate, Fact fact) {
    return fact.format().equals(candidate.provider().equals("other") ? "g" : "f");
  }
}
