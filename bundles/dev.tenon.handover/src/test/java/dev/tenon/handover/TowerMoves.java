package dev.tenon.handover;

import dev.tenon.handover.ModelWorld.Call;
import dev.tenon.handover.ModelWorld.Cast;
import dev.tenon.handover.ModelWorld.Task;
import dev.tenon.handover.SlotEffect.Lane;
import dev.tenon.handover.TowerWorld.Left;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All that may happen to two slots, one above the other.
final class TowerMoves implements ModelSpace<TowerWorld> {
  private static final int TASK = 0;
  private static final int DESK_RETURNS = 1;
  private static final int CALLER = 2;
  private static final int LIMIT = 4;
  private static final int RETURNS = 5;
  /// A back-off, or the next question whether to fence: the longer wait.
  private static final int REST = 6;

  private final TowerBounds bounds;
  private final TowerMutant mutant;
  private List<Move<TowerWorld>> moves = new ArrayList<>();

  TowerMoves(TowerBounds bounds, TowerMutant mutant) {
    this.bounds = bounds;
    this.mutant = mutant;
  }

  @Override
  public TowerWorld first() {
    Cast nobody = new Cast(List.of(), -1, -1, -1, -1);
    List<ModelJournal> held =
        new ArrayList<>(Collections.nCopies(TowerRun.LOCATIONS + 1, ModelJournal.ABSENT));
    held.set(0, new ModelJournal(0, TowerRun.HELD_BELOW));
    held.set(1, new ModelJournal(0, TowerRun.HELD_ABOVE));
    ModelFiles below = files(TowerRun.LOWER.toString(), "base/test/1", held);
    ModelFiles above = files(TowerRun.UPPER.toString(), "top/test/1", List.of());
    TowerWorld empty = new TowerWorld(
        new TowerWorld.Side(SlotModel.fresh(TowerRun.LOWER.toString(), Terms.of(""), List.of()), List.of(0L, 0L, 0L),
            List.of(), nobody, below, false),
        new TowerWorld.Side(SlotModel.fresh(TowerRun.UPPER.toString(), Terms.of(""), List.of()), List.of(0L, 0L, 0L),
            List.of(), nobody, above, false),
        new TowerWorld.Base(0, 0, List.of(), false, List.of(), List.of(), false, List.of(), List.of()),
        new TowerWorld.Top(0, 0, List.of(), false, true, List.of(), List.of(), -1, ""),
        new Left(bounds.crashes(), bounds.faults(), 0, 0, bounds.departures(), false, bounds.stops(), false, false));
    TowerRun run = run(empty);
    run.start(below, above);
    return run.world();
  }

  private static ModelFiles files(String slot, String location, List<ModelJournal> held) {
    Candidate by = TowerBounds.PROVIDERS.getFirst();
    List<@Nullable Fact> slots = new ArrayList<>();
    slots.add(new Fact(1, "n", slot, by.provider(), by.bundle(), by.version(), "", "", "", "f", 1, location, 0, 0));
    slots.add(null);
    return new ModelFiles(slots, 1, 1, null, 0, List.of(new ModelFiles.Place(1, Owner.State.CLOSED, 1, held,
        held.stream().map(each -> List.<ModelJournal.Op>of()).toList())));
  }

  private TowerRun run(TowerWorld world) {
    return new TowerRun(bounds, mutant, world);
  }

  @Override
  public List<Move<TowerWorld>> from(TowerWorld world) {
    moves = new ArrayList<>();
    run(world).check();
    for (boolean isUpper : new boolean[] {false, true}) {
      for (Task task : side(world, isUpper).tasks()) {
        task(world, isUpper, task);
      }
      limits(world, isUpper);
    }
    callers(world);
    wishes(world);
    ends(world);
    return moves;
  }

  private static TowerWorld.Side side(TowerWorld world, boolean isUpper) {
    return isUpper ? world.upper() : world.lower();
  }

  private static TowerSide side(TowerRun run, boolean isUpper) {
    return isUpper ? run.upper : run.lower;
  }

  private void add(String label, int order, TowerWorld from, Consumer<TowerRun> change) {
    TowerRun run = run(from);
    try {
      change.accept(run);
      moves.add(new Move<>(label, order, run.world()));
    } catch (ModelWrong | RuntimeException | dev.tenon.codec.CheckFailed wrong) {
      ModelWrong told = new ModelWrong(wrong.getMessage() + "; at: " + label);
      told.initCause(wrong);
      throw told;
    }
  }

  // Calls.

  private static boolean isFirst(TowerWorld.Side side, Task task) {
    for (Task each : side.tasks()) {
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
        && (one.call().isAtDesk() || one.tenant() == other.tenant());
  }

  private static boolean isEnabled(TowerWorld world, boolean isUpper, Task task) {
    TowerWorld.Side side = side(world, isUpper);
    boolean awaitsOwner = task.call() == Call.BATCH && task.part() == 2 && side.tasks().stream()
        .anyMatch(each -> each.call() == Call.OWN && each.tenant() == task.tenant());
    return isFirst(side, task) && task.part() >= 0 && !task.hung() && !task.left() && !awaitsOwner
        && !TowerCalls.waits(world, isUpper, task);
  }

  private void task(TowerWorld world, boolean isUpper, Task task) {
    String label = (isUpper ? "above " : "beneath ") + task.call() + " of " + task.tenant() + " part " + task.part();
    if (task.left()) {
      add(label + " goes on, long given up", NEVER, world, run -> calls(run, isUpper).go(task));
    } else if (isFirst(side(world, isUpper), task) && task.hung()) {
      add(label + " returns", task.call().isAtDesk() ? DESK_RETURNS : NEVER, world,
          run -> side(run, isUpper).tasks.replaceAll(each -> each.equals(task) ? task.hanging(false) : each));
    } else if (isEnabled(world, isUpper, task)) {
      add(label, TASK, world, run -> whole(run, isUpper, task));
      if (world.left().faults() > 0) {
        faults(world, isUpper, task, label);
      }
    } else if (TowerCalls.waits(world, isUpper, task) && world.left().faults() > 0) {
      add(label + " has waited too long", NEVER, world, run -> {
        run.left = run.left.fault();
        run.replies.set(run.upper.tenant(task.tenant()).place(), TowerWorld.Reply.NONE);
        calls(run, true).fail(task, false, Failure.Kind.BROKEN);
      });
    }
  }

  private static TowerCalls calls(TowerRun run, boolean isUpper) {
    return new TowerCalls(run, side(run, isUpper));
  }

  /// Where nothing ends between two parts of a task any more, they are one step; what a crash would leave is looked at
  /// after each of them.
  private static void whole(TowerRun run, boolean isUpper, Task task) {
    Left left = run.left;
    Task now = task;
    while (now != null) {
      int before = now.part();
      calls(run, isUpper).go(now);
      now = null;
      if (left.faults() + left.crashes() == 0 && !(isUpper && task.call() != Call.COMMIT)) {
        run.check();
        for (Task each : side(run, isUpper).tasks) {
          if (each.call() == task.call() && each.tenant() == task.tenant() && each.step() == task.step()
              && each.part() > before && !each.left() && !(each.call() == Call.BATCH && each.part() == 2)) {
            now = each;
          }
        }
      }
    }
  }

  private void faults(TowerWorld world, boolean isUpper, Task task, String label) {
    add(label + " hangs", NEVER, world, run -> {
      run.left = task.call() == Call.OPEN ? run.left.fault().excuse() : run.left.fault();
      calls(run, isUpper).hang(task);
    });
    if (task.call() == Call.REVOKE || (task.call() == Call.BATCH && task.part() == 2)) {
      return;
    }
    add(label + " fails", NEVER, world, run -> {
      run.left = run.left.fault();
      calls(run, isUpper).fail(task, false, Failure.Kind.BROKEN);
    });
    boolean leaves = switch (task.call()) {
      case COMMIT, HAND_OVER, NOTE, LOCATE, MARK, OWN, RETAIN, DROP, FORGET -> true;
      case BATCH, APPLY, SEAL, RESUME -> !isUpper;
      case LOAD, TAKE, OPEN, REVOKE, CLOSE, EXPORT, MEASURE -> false;
    };
    if (leaves && !(task.call() == Call.RESUME && side(world, isUpper).cast().tenants().get(task.tenant()).adopted())) {
      add(label + " fails after its effect", NEVER, world, run -> {
        run.left = run.left.fault();
        calls(run, isUpper).fail(task, true, Failure.Kind.BROKEN);
      });
    }
  }

  // Callers.

  private void callers(TowerWorld world) {
    TowerWorld.Base base = world.base();
    if (base.known() && base.issued() < bounds.lowerItems().length() && base.acknowledged() == base.issued()
        && world.lower().model().phase() != Phase.SEALED) {
      add("the caller beneath asks", CALLER, world, run -> {
        run.queue.add((int) bounds.lowerItems().charAt(run.issued));
        run.issued++;
        run.work();
      });
    }
    TowerWorld.Top top = world.top();
    if (!top.unknown() && top.issued() < bounds.upperItems().length() && top.acknowledged() == top.issued()
        && world.upper().model().phase() != Phase.SEALED) {
      add("the caller above asks", CALLER, world, run -> {
        run.upperQueue.add((int) bounds.upperItems().charAt(run.upperIssued));
        run.upperIssued++;
        if (!run.upperSignalled) {
          run.upperSignalled = true;
          run.hear(run.upper, new SlotEvent.Work());
        }
      });
    }
  }

  // Limits.

  private void limits(TowerWorld world, boolean isUpper) {
    TowerWorld.Side side = side(world, isUpper);
    SlotModel model = side.model();
    String where = isUpper ? " above" : " beneath";
    for (Lane lane : Lane.values()) {
      long timer = side.armed().get(ModelRun.place(lane));
      if (timer > 0) {
        long step = switch (lane) {
          case SERVING -> model.phase() == Phase.WAITING ? 0 : model.step();
          case STANDBY -> standbyStep(model);
          case RETIRED -> model.retired() == null ? 0 : model.retired().step();
        };
        late(world, isUpper, "limit of " + lane + where, LIMIT, step, run -> {
          side(run, isUpper).armed.set(ModelRun.place(lane), 0L);
          run.hear(side(run, isUpper), new SlotEvent.Late(timer));
        });
      }
    }
    if (model.phase() == Phase.RUNNING) {
      late(world, isUpper, "a batch is overdue" + where, OVERDUE, model.step(),
          run -> run.hear(side(run, isUpper), new SlotEvent.Overdue(side(run, isUpper).model.step())));
    }
  }

  private static long standbyStep(SlotModel model) {
    Standby standby = model.standby();
    if (standby == null) {
      return 0;
    }
    return switch (standby.stage()) {
      case WAITING, TURN -> 0;
      case FENCING, READY -> model.step();
      default -> standby.step();
    };
  }

  /// Where its call hangs a limit passes by itself; elsewhere the call is only slow, which is a fault. A question
  /// whether to fence waits for the strands above.
  private void late(TowerWorld world, boolean isUpper, String label, int order, long step, Consumer<TowerRun> then) {
    TowerWorld.Side side = side(world, isUpper);
    boolean hangs = step == 0;
    boolean openHangs = false;
    Standby standby = side.model().standby();
    boolean asks = standby != null && standby.stage() == Standby.Stage.ASKING && step == standby.step();
    for (Task task : asks ? world.upper().tasks() : side.tasks()) {
      if (asks) {
        hangs |= task.hung() && !task.left() && !task.call().isAtDesk();
      } else if (task.step() == step && step > 0) {
        for (Task each : side.tasks()) {
          hangs |= sameStrand(each, task) && each.hung();
        }
        openHangs |= task.call() == Call.OPEN;
      }
    }
    boolean excused = openHangs;
    if (hangs) {
      add(label, step == 0 || asks ? REST : order, world, then);
    } else if (world.left().faults() > 0) {
      add(label + ", the call is slow", NEVER, world, run -> {
        run.left = excused ? run.left.fault().excuse() : run.left.fault();
        then.accept(run);
      });
    }
  }

  // The world.

  private void wishes(TowerWorld world) {
    Left left = world.left();
    if (left.lowerWish() + 1 < bounds.lowerWishes().size() && !left.stopping()) {
      add("the wish beneath changes", NEVER, world, run -> {
        run.left = run.left.wished(true);
        run.hear(run.lower,
            new SlotEvent.Wished(Terms.of(bounds.lowerWishes().get(run.left.lowerWish())), true, false));
      });
    }
    if (left.upperWish() + 1 < bounds.upperWishes().size() && !left.stopping()) {
      add("the wish above changes", NEVER, world, run -> {
        run.left = run.left.wished(false);
        run.hear(run.upper,
            new SlotEvent.Wished(Terms.of(bounds.upperWishes().get(run.left.upperWish())), true, false));
      });
    }
    if (left.gone()) {
      add("the provider beneath is back", RETURNS, world, run -> {
        run.left = run.left.returns();
        List<Candidate> all = new ArrayList<>(TowerBounds.PROVIDERS);
        Candidate gone = all.removeFirst();
        all.add(new Candidate(gone.ref() + 10, gone.provider(), gone.bundle(), gone.version()));
        run.hear(run.lower, new SlotEvent.Present(List.copyOf(all)));
      });
    } else if (left.departures() > 0 && !left.stopping()) {
      add("the provider beneath goes", NEVER, world, run -> {
        run.left = run.left.departs();
        run.hear(run.lower, new SlotEvent.Present(TowerBounds.PROVIDERS.subList(1, 2)));
      });
    }
  }

  private void ends(TowerWorld world) {
    Left left = world.left();
    boolean ended = world.lower().model().isEnded() && world.upper().model().isEnded();
    if (left.stops() > 0 && !left.stopping()) {
      add("the node stops", NEVER, world, run -> {
        run.left = run.left.stop();
        run.settle();
      });
    }
    if (left.crashes() > 0 || ended) {
      for (ModelFiles below : world.lower().files().crashes()) {
        for (ModelFiles above : world.upper().files().crashes()) {
          add(ended ? "the node starts" : "the node crashes", NEVER, world, run -> {
            run.left = ended ? run.left.starts() : run.left.crash();
            run.start(below, above);
          });
        }
      }
    }
  }

  @Override
  public boolean isServed(TowerWorld world) {
    if (world.left().stopping()) {
      return world.lower().model().isEnded() && world.upper().model().isEnded();
    }
    if (!rests(world.lower()) || !rests(world.upper())) {
      return false;
    }
    Phase below = world.lower().model().phase();
    Phase above = world.upper().model().phase();
    boolean lowerServed = (below == Phase.ACTIVE && world.base().acknowledged() == bounds.lowerItems().length())
        || (below == Phase.FAILED && world.left().excused());
    boolean upperServed = (above == Phase.ACTIVE && world.top().acknowledged() == bounds.upperItems().length())
        || ((above == Phase.FAILED || below == Phase.FAILED) && world.left().excused() && above.rests());
    return lowerServed && upperServed;
  }

  /// A voluntary handover waits for a call that hangs, and is tried again: that is its promise.
  private static boolean rests(TowerWorld.Side side) {
    boolean hangs = side.tasks().stream().anyMatch(task -> task.hung() && !task.left() && !task.call().isAtDesk());
    return (side.model().standby() == null || hangs) && side.model().retired() == null;
  }

  // States.

  @Override
  public Object[] parts(TowerWorld world) {
    return new Object[] {world.lower().model(), world.lower().armed(), world.lower().tasks(), world.lower().cast(),
        world.lower().files(), world.lower().paused(), world.upper().model(), world.upper().armed(),
        world.upper().tasks(), world.upper().cast(), world.upper().files(), world.upper().paused(), world.base(),
        world.top(), world.left()};
  }

  @Override
  public TowerWorld world(Object[] parts) {
    return new TowerWorld(side(parts, 0), side(parts, 6), (TowerWorld.Base) parts[12], (TowerWorld.Top) parts[13],
        (Left) parts[14]);
  }

  @SuppressWarnings("unchecked") // as above
  private static TowerWorld.Side side(Object[] parts, int at) {
    return new TowerWorld.Side((SlotModel) parts[at], (List<Long>) parts[at + 1], (List<Task>) parts[at + 2],
        (Cast) parts[at + 3], (ModelFiles) parts[at + 4], (Boolean) parts[at + 5]);
  }
}
