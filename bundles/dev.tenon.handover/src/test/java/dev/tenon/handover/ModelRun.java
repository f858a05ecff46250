package dev.tenon.handover;

import dev.tenon.handover.ModelWorld.Call;
import dev.tenon.handover.ModelWorld.Cast;
import dev.tenon.handover.ModelWorld.Copy;
import dev.tenon.handover.ModelWorld.Facade;
import dev.tenon.handover.ModelWorld.Left;
import dev.tenon.handover.ModelWorld.Mirror;
import dev.tenon.handover.ModelWorld.Task;
import dev.tenon.handover.ModelWorld.Tenant;
import dev.tenon.slot.HandoverOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A world while it changes: gives events to the real machine, and its effects to strands, as [Slot] and its runs do.
final class ModelRun {
  static final String SLOT = "n/journal/test";
  static final String SAYS = "planted";
  /// The part of a batch that has taken its units and begun none.
  static final int TAKEN = -1;

  final ModelBounds bounds;
  final List<ModelScript> scripts;
  final ModelMutant mutant;
  SlotModel model;
  List<Long> armed;
  List<Task> tasks;
  List<Tenant> tenants;
  int serving;
  int standby;
  int retired;
  int current;
  ModelFiles files;
  List<Integer> issued;
  List<Integer> acknowledged;
  List<Integer> queue;
  boolean signalled;
  List<Integer> kept;
  List<Mirror> mirrors;
  boolean known;
  @Nullable
  Copy copy;
  Left left;

  ModelRun(ModelBounds bounds, List<ModelScript> scripts, ModelMutant mutant, ModelWorld from) {
    this.bounds = bounds;
    this.scripts = scripts;
    this.mutant = mutant;
    this.model = from.model();
    this.armed = new ArrayList<>(from.armed());
    this.tasks = new ArrayList<>(from.tasks());
    this.tenants = new ArrayList<>(from.cast().tenants());
    this.serving = from.cast().serving();
    this.standby = from.cast().standby();
    this.retired = from.cast().retired();
    this.current = from.cast().current();
    this.files = from.files();
    this.issued = new ArrayList<>(from.facade().issued());
    this.acknowledged = new ArrayList<>(from.facade().acknowledged());
    this.queue = new ArrayList<>(from.facade().queue());
    this.signalled = from.facade().signalled();
    this.kept = new ArrayList<>(from.facade().kept());
    this.mirrors = new ArrayList<>(from.facade().mirrors());
    this.known = from.facade().known();
    this.copy = from.copy();
    this.left = from.left();
  }

  // Events.

  void hear(SlotEvent event) {
    SlotMachine.Step step = SlotMachine.step(SlotLimits.DEFAULT, model, event);
    model = step.model();
    List<Long> cut = new ArrayList<>();
    step.effects().forEach(effect -> perform(effect, cut));
    cut.forEach(number -> broke(number, Failure.Kind.BROKEN));
  }

  /// A task ends badly. What no longer counts is not told.
  void broke(long step, Failure.Kind kind) {
    if (isAwaited(step)) {
      hear(new SlotEvent.Broke(step, new Failure(kind, SAYS, new IllegalStateException(SAYS))));
    }
  }

  boolean isAwaited(long step) {
    Standby next = model.standby();
    SlotModel.Retired old = model.retired();
    return step > 0 && (step == model.step() || (next != null && step == next.step())
        || (old != null && step == old.step()));
  }

  private void perform(SlotEffect effect, List<Long> cut) {
    switch (effect) {
      case SlotEffect.Load(var step) -> tasks.add(Task.of(Call.LOAD, -1, step));
      case SlotEffect.Take(var step, var candidate) -> {
        serving = taken(candidate);
        tasks.add(Task.of(Call.TAKE, serving, step));
      }
      case SlotEffect.Locate(var step, var writes) ->
          tasks.add(Task.of(Call.LOCATE, -1, step).about(null, location(1)));
      case SlotEffect.Commit(var step, var fact) -> tasks.add(Task.of(Call.COMMIT, -1, step).about(fact, ""));
      case SlotEffect.Open(var step, var generation, var location) -> {
        change(serving, tenant -> tenant.opened(generation, ModelFiles.number(location)));
        tasks.add(Task.of(Call.OPEN, serving, step));
      }
      case SlotEffect.Resume(var step) -> tasks.add(Task.of(Call.RESUME, serving, step));
      case SlotEffect.Batch(var step) -> tasks.add(Task.of(Call.BATCH, serving, step));
      case SlotEffect.Seal(var step) -> tasks.add(Task.of(Call.SEAL, serving, step));
      case SlotEffect.Note(var step, var fact) -> tasks.add(Task.of(Call.NOTE, -1, step).about(fact, ""));
      case SlotEffect.Mark(var step, var fact) -> tasks.add(Task.of(Call.MARK, -1, step).about(fact, ""));
      case SlotEffect.Revoke(var step) -> tasks.add(Task.of(Call.REVOKE, serving, step));
      case SlotEffect.Close(var step) -> {
        tasks.add(Task.of(Call.CLOSE, serving, step));
        serving = -1;
      }
      case SlotEffect.GiveUp() -> giveUp(cut);
      case SlotEffect.TakeNext(var step, var candidate) -> {
        standby = taken(candidate);
        tasks.add(Task.of(Call.TAKE, standby, step));
      }
      case SlotEffect.Measure(var step, var location) -> {
        tasks.removeIf(task -> task.call() == Call.MEASURE && !task.hung()); // it is asked for when the one before ends
        tasks.add(Task.of(Call.MEASURE, -1, step));
      }
      case SlotEffect.LocateNext(var step, var location, var generation, var writes) ->
          tasks.add(Task.of(Call.LOCATE, -1, step).about(null, location));
      case SlotEffect.OpenNext(var step, var generation, var location) -> {
        change(standby, tenant -> tenant.opened(generation, ModelFiles.number(location)));
        tasks.add(Task.of(Call.OPEN, standby, step));
      }
      case SlotEffect.Export(var step) -> tasks.add(Task.of(Call.EXPORT, serving, step));
      case SlotEffect.Apply(var step, var verify) ->
          tasks.add(Task.of(Call.APPLY, standby, step).verifying(verify));
      case SlotEffect.AskTurn(var step) -> throw new ModelWrong("there is no other slot");
      case SlotEffect.RevokeNext(var step) -> {
        change(standby, tenant -> tenant.ended(false));
        copy = null;
        tasks.add(Task.of(Call.REVOKE, standby, step));
      }
      case SlotEffect.CloseNext(var step) -> {
        tasks.add(Task.of(Call.CLOSE, standby, step));
        standby = -1;
      }
      case SlotEffect.DropNext(var step, var location) ->
          tasks.add(Task.of(Call.DROP, -1, step).about(null, location));
      case SlotEffect.GiveUpNext() -> giveUpNext(cut);
      case SlotEffect.Promote() -> promote();
      case SlotEffect.HandOver(var step, var fact) -> tasks.add(Task.of(Call.HAND_OVER, -1, step).about(fact, ""));
      case SlotEffect.Own(var fact) -> tasks.add(Task.of(Call.OWN, serving, -1).about(fact, ""));
      case SlotEffect.Retire(var step) -> tasks.add(Task.of(Call.CLOSE, retired, step));
      case SlotEffect.Retain(var before) -> retain(before);
      case SlotEffect.GiveUpRetired() -> abandon(retired, cut);
      case SlotEffect.Forget(var location) -> tasks.add(Task.of(Call.FORGET, -1, -1).about(null, location));
      case SlotEffect.Arm(var lane, var number, var delayMs) -> armed.set(place(lane), number);
      case SlotEffect.Disarm(var lane) -> armed.set(place(lane), 0L);
      case SlotEffect.Serve() -> {}
      case SlotEffect.Evicted _,SlotEffect.Answer _ -> {}
      case SlotEffect.SwapEnded(var outcome) -> {}
      case SlotEffect.Tell(var text) -> {}
    }
  }

  private void giveUpNext(List<Long> cut) {
    if (standby >= 0) {
      abandon(standby, cut);
    } else {
      leaveClosing();
    }
  }

  private void promote() {
    retired = serving;
    serving = standby;
    standby = -1;
    copy = null;
    change(serving, Tenant::promoted);
  }

  private void retain(@Nullable Fact before) {
    tasks.removeIf(task -> task.tenant() == retired && task.call() == Call.CLOSE);
    retired = -1;
    if (before != null) {
      tasks.add(Task.of(Call.RETAIN, -1, -1).about(before, ""));
    }
  }

  /// A wish ends with `~` where a provider that goes is to be handed over from, with `!` where a call that does not end
  /// is left behind.
  Terms terms(int wish) {
    String text = bounds.wishes().get(wish);
    Terms plain = Terms.of(text.replaceAll("[~!]", ""));
    return new Terms(plain.provider(), false, text.contains("~") ? Terms.OnGone.MIGRATE : Terms.OnGone.PARK,
        plain.follow());
  }

  static int place(SlotEffect.Lane lane) {
    return switch (lane) {
      case SERVING -> 0;
      case STANDBY -> 1;
      case RETIRED -> 2;
    };
  }

  static String location(long number) {
    return "journal/test/" + number;
  }

  // Tenants and strands.

  private int taken(Candidate candidate) {
    int id = tenants.stream().mapToInt(Tenant::id).max().orElse(-1) + 1;
    tenants.add(Tenant.of(id, candidate));
    return id;
  }

  Tenant tenant(int id) {
    for (Tenant tenant : tenants) {
      if (tenant.id() == id) {
        return tenant;
      }
    }
    throw new ModelWrong("nobody is taken");
  }

  void change(int id, UnaryOperator<Tenant> by) {
    tenants.replaceAll(tenant -> tenant.id() == id ? by.apply(tenant) : tenant);
  }

  /// The strand of who serves is left to what hangs on it.
  private void giveUp(List<Long> cut) {
    if (serving < 0) {
      leaveClosing();
      return;
    }
    List<Integer> again = new ArrayList<>();
    for (Task task : List.copyOf(tasks)) {
      if (task.call() == Call.BATCH && task.tenant() == serving && !task.left()) {
        int begun = task.part() <= 0 ? Math.min(task.part() + 1, task.units().size()) : task.units().size();
        if (task.part() == TAKEN && mutant == ModelMutant.TAKEN_UNSEEN) {
          continue;
        }
        for (int i = 0; i < task.units().size(); i++) {
          int unit = task.units().get(i);
          boolean change = scripts.get(unit / 16).isChange(unit % 16);
          if (i >= begun) {
            again.add(unit);
          } else if (!change) {
            queue.add(unit); // its caller hears that the outcome is unknown, and asks again
          }
        }
      }
    }
    abandon(serving, cut);
    queue.addAll(0, again);
  }

  /// The strand of who is in its close is left to what hangs there: nothing of it goes on, its view has ended.
  private void leaveClosing() {
    List<Integer> closing = tasks.stream().filter(task -> task.call() == Call.CLOSE && !isAwaited(task.step()))
        .map(Task::tenant).toList();
    tasks.removeIf(task -> !task.call().isAtDesk() && closing.contains(task.tenant()));
  }

  private void abandon(int id, List<Long> cut) {
    boolean first = true;
    for (Task task : List.copyOf(tasks)) {
      if (task.tenant() != id || task.call().isAtDesk() || task.left()) {
        continue;
      }
      int at = tasks.indexOf(task);
      boolean writes = task.call() == Call.BATCH ? !task.units().isEmpty() && task.part() != TAKEN
          : task.call() == Call.RESUME && (task.part() > 0 || task.hung());
      if (first && writes && !tenant(id).revoked()) {
        tasks.set(at, task.leftBehind());
      } else {
        tasks.remove(at);
      }
      cut.add(task.step());
      first = false;
    }
    change(id, Tenant::alone);
    if (current == id) {
      current = -1;
    }
  }

  // The whole.

  /// The node starts: nothing is left but what lies on disk.
  void start(ModelFiles found, List<Candidate> present) {
    files = found;
    Fact newest = found.newest();
    if (newest == null || !newest.isSigningOff()) {
      left = left.forgotten(); // what may be so only as long as nobody was told: each state is looked at for it
    }
    tasks = new ArrayList<>();
    tenants = new ArrayList<>();
    serving = -1;
    standby = -1;
    retired = -1;
    current = -1;
    queue = new ArrayList<>();
    signalled = false;
    kept = new ArrayList<>();
    mirrors = new ArrayList<>(scripts.stream().map(each -> Mirror.NONE).toList());
    known = false;
    copy = null;
    armed = new ArrayList<>(List.of(0L, 0L, 0L));
    model = SlotModel.fresh(SLOT, terms(left.wish()), present);
    hear(new SlotEvent.Begin());
  }

  /// Equal worlds are made equal: numbers of steps, timers and tenants only grow.
  ModelWorld world() {
    SlotModel.Draft at = new SlotModel.Draft(model);
    TreeSet<Long> live = new TreeSet<>(List.of(at.step, at.timer));
    Standby next = at.standby;
    SlotModel.Retired old = at.retired;
    if (next != null) {
      live.addAll(List.of(next.step(), next.timer()));
    }
    if (old != null) {
      live.addAll(List.of(old.step(), old.timer()));
    }
    live.remove(0L);
    List<Long> ranks = List.copyOf(live);
    at.counter = ranks.size();
    at.step = ranks.indexOf(at.step) + 1L;
    at.timer = ranks.indexOf(at.timer) + 1L;
    at.reason = "";
    at.outcome = HandoverOutcome.NONE;
    at.failures = Math.min(at.failures, 1);
    at.swapFailures = Math.min(at.swapFailures, 1);
    at.fact = at.fact == null ? null : at.fact.numbered(0);
    at.before = at.before == null ? null : at.before.numbered(0);
    if (next != null) {
      at.standby = new Standby(next.look(), next.stage(), next.candidate(), next.description(), next.generation(),
          next.location(), next.rounds(), next.itemsLeft(), SlotWalk.cut(next), 0, 0,
          ranks.indexOf(next.step()) + 1L, ranks.indexOf(next.timer()) + 1L, false);
    }
    if (old != null) {
      Fact fact = old.fact();
      at.retired = new SlotModel.Retired(old.candidate(), fact == null ? null : fact.numbered(0),
          ranks.indexOf(old.step()) + 1L, ranks.indexOf(old.timer()) + 1L);
    }
    List<Integer> ids = new ArrayList<>();
    for (int id : new int[] {serving, standby, retired}) {
      if (id >= 0 && !ids.contains(id)) {
        ids.add(id);
      }
    }
    tasks.stream().map(Task::tenant).filter(id -> id >= 0 && !ids.contains(id)).distinct().sorted().forEach(ids::add);
    // It would be refused.
    tasks.removeIf(task -> task.call() == Call.EXPORT && !task.hung() && !isAwaited(task.step()));
    List<Task> steps = new ArrayList<>();
    for (Task task : tasks) {
      steps
          .add(task.numbered(ids.indexOf(task.tenant()), isAwaited(task.step()) ? ranks.indexOf(task.step()) + 1 : -1));
    }
    List<Tenant> people = new ArrayList<>();
    for (int id : ids) {
      people.add(tenant(id).as(people.size()));
    }
    // Who of two callers came first is nobody's promise, and their journals are not the same.
    queue.sort((one, other) -> Integer.compare(one / 16, other / 16));
    kept.sort((one, other) -> Integer.compare(one / 16, other / 16));
    List<Long> timers = new ArrayList<>();
    armed.forEach(number -> timers.add(ranks.indexOf(number) + 1L));
    return new ModelWorld(at.model(), List.copyOf(timers), List.copyOf(steps),
        new Cast(List.copyOf(people), ids.indexOf(serving), ids.indexOf(standby), ids.indexOf(retired),
            ids.indexOf(current)),
        files.canonical(), new Facade(List.copyOf(issued), List.copyOf(acknowledged), List.copyOf(queue), signalled,
            List.copyOf(kept), List.copyOf(mirrors), known),
        copy, left);
  }
}
