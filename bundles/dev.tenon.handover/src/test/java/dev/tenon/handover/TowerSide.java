package dev.tenon.handover;

import dev.tenon.handover.ModelWorld.Call;
import dev.tenon.handover.ModelWorld.Cast;
import dev.tenon.handover.ModelWorld.Task;
import dev.tenon.handover.ModelWorld.Tenant;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotName;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One of two slots while it changes: gives events to the real machine, and its effects to strands, as [Slot] does.
final class TowerSide implements Storey {
  private final TowerRun run;
  private final SlotName name;
  private final List<SlotName> beneath;
  final boolean isUpper;
  SlotModel model;
  List<Long> armed;
  List<Task> tasks;
  List<Tenant> tenants;
  int serving;
  int standby;
  int retired;
  int current;
  ModelFiles files;
  boolean paused;

  TowerSide(TowerRun run, boolean isUpper, TowerWorld.Side from) {
    this.run = run;
    this.isUpper = isUpper;
    this.name = isUpper ? TowerRun.UPPER : TowerRun.LOWER;
    this.beneath = isUpper ? List.of(TowerRun.LOWER) : List.of();
    this.model = from.model();
    this.armed = new ArrayList<>(from.armed());
    this.tasks = new ArrayList<>(from.tasks());
    this.tenants = new ArrayList<>(from.cast().tenants());
    this.serving = from.cast().serving();
    this.standby = from.cast().standby();
    this.retired = from.cast().retired();
    this.current = from.cast().current();
    this.files = from.files();
    this.paused = from.paused();
  }

  // As the other slot sees it.

  @Override
  public SlotName name() {
    return name;
  }

  @Override
  public SlotModel model() {
    return model;
  }

  @Override
  public List<SlotName> beneath() {
    return beneath;
  }

  @Override
  public long asksTurn() {
    return run.mutant == TowerMutant.FENCES_OUT_OF_TURN ? 0 : asked();
  }

  long asked() {
    Standby next = model.standby();
    return next != null && next.stage() == Standby.Stage.ASKING ? next.step() : 0;
  }

  @Override
  public void pause(boolean rests) {
    boolean now = rests && run.mutant != TowerMutant.FENCES_WITHOUT_PAUSE;
    if (paused && !now && run.mutant != TowerMutant.NEVER_RESUMES) {
      paused = false;
      tasks.replaceAll(task -> task.part() == -1 ? task.at(0, task.units()) : task);
    } else if (now) {
      paused = true;
    }
  }

  @Override
  public boolean isPaused() {
    return run.mutant == TowerMutant.FENCES_WITHOUT_PAUSE
        || (paused && tasks.stream().noneMatch(task -> !task.call().isAtDesk() && !task.left() && task.part() >= 0));
  }

  @Override
  public boolean stands(Footing footing) {
    boolean changed = !footing.equals(model.footing());
    if (run.mutant == TowerMutant.NEVER_RETRIES && model.phase() == Phase.BENEATH && footing.missing().isEmpty()
        && model.recovering()) {
      return false;
    }
    if (changed) {
      hear(new SlotEvent.Stands(footing));
    }
    return changed;
  }

  // Events.

  @Override
  public void hear(SlotEvent event) {
    SlotMachine.Step step = SlotMachine.step(SlotLimits.DEFAULT, model, event);
    model = step.model();
    List<Long> cut = new ArrayList<>();
    step.effects().forEach(effect -> perform(effect, cut));
    cut.forEach(number -> broke(number, Failure.Kind.BROKEN));
    run.heard(this);
  }

  void broke(long step, Failure.Kind kind) {
    if (isAwaited(step)) {
      hear(new SlotEvent.Broke(step, new Failure(kind, ModelRun.SAYS, new IllegalStateException(ModelRun.SAYS))));
    }
  }

  boolean isAwaited(long step) {
    Standby next = model.standby();
    SlotModel.Retired old = model.retired();
    return step > 0 && (step == model.step() || (next != null && step == next.step())
        || (old != null && step == old.step()));
  }

  private void add(Task task) {
    boolean held = paused && !task.call().isAtDesk() && task.call() != Call.CLOSE;
    tasks.add(held ? task.at(-1, task.units()) : task);
  }

  private void perform(SlotEffect effect, List<Long> cut) {
    switch (effect) {
      case SlotEffect.OfServing of -> serving(of);
      case SlotEffect.OfStandby of -> standby(of);
      case SlotEffect.Load(var step) -> add(Task.of(Call.LOAD, -1, step));
      case SlotEffect.Locate(var step, var writes) -> add(Task.of(Call.LOCATE, -1, step).about(null, location(1)));
      case SlotEffect.Commit(var step, var fact) -> add(Task.of(Call.COMMIT, -1, step).about(fact, ""));
      case SlotEffect.Note(var step, var fact) -> throw new ModelWrong("nothing is lost here");
      case SlotEffect.Mark(var step, var fact) -> add(Task.of(Call.MARK, -1, step).about(fact, ""));
      case SlotEffect.Revoke(var step) -> add(Task.of(Call.REVOKE, serving, step));
      case SlotEffect.GiveUp() -> giveUp(cut);
      case SlotEffect.Measure(var step, var location) -> add(Task.of(Call.MEASURE, -1, step));
      case SlotEffect.LocateNext(var step, var location, var generation, var writes) ->
          add(Task.of(Call.LOCATE, -1, step).about(null, location));
      case SlotEffect.RevokeNext(var step) -> {
        change(standby, tenant -> tenant.ended(false));
        run.endTransfer(this);
        add(Task.of(Call.REVOKE, standby, step));
      }
      case SlotEffect.DropNext(var step, var location) -> add(Task.of(Call.DROP, -1, step).about(null, location));
      case SlotEffect.GiveUpNext() -> {
        if (standby >= 0) {
          abandon(standby, cut);
        } else {
          leaveClosing();
        }
      }
      case SlotEffect.Promote() -> {
        retired = serving;
        serving = standby;
        standby = -1;
        run.endTransfer(this);
        change(serving, Tenant::promoted);
      }
      case SlotEffect.HandOver(var step, var fact) -> add(Task.of(Call.HAND_OVER, -1, step).about(fact, ""));
      case SlotEffect.Own(var fact) -> add(Task.of(Call.OWN, serving, -1).about(fact, ""));
      case SlotEffect.Retire(var step) -> add(Task.of(Call.CLOSE, retired, step));
      case SlotEffect.Retain(var before) -> retain(before);
      case SlotEffect.GiveUpRetired() -> abandon(retired, cut);
      case SlotEffect.Forget(var location) -> add(Task.of(Call.FORGET, -1, -1).about(null, location));
      case SlotEffect.Arm(var lane, var number, var delayMs) -> armed.set(ModelRun.place(lane), number);
      case SlotEffect.Disarm(var lane) -> armed.set(ModelRun.place(lane), 0L);
      case SlotEffect.AskTurn ask -> {}
      case SlotEffect.Serve serve -> run.serves(this);
      case SlotEffect.Evicted evicted -> {}
      case SlotEffect.Answer answer -> {}
      case SlotEffect.SwapEnded ended -> {}
      case SlotEffect.Tell tell -> {}
    }
  }

  private void serving(SlotEffect.OfServing effect) {
    switch (effect) {
      case SlotEffect.Take(var step, var candidate) -> {
        serving = taken(candidate);
        add(Task.of(Call.TAKE, serving, step));
      }
      case SlotEffect.Open(var step, var generation, var location) -> {
        change(serving, tenant -> tenant.opened(generation, ModelFiles.number(location)));
        add(Task.of(Call.OPEN, serving, step));
      }
      case SlotEffect.Resume(var step) -> add(Task.of(Call.RESUME, serving, step));
      case SlotEffect.Batch(var step) -> add(Task.of(Call.BATCH, serving, step));
      case SlotEffect.Seal(var step) -> add(Task.of(Call.SEAL, serving, step));
      case SlotEffect.Close(var step) -> {
        add(Task.of(Call.CLOSE, serving, step));
        serving = -1;
      }
      case SlotEffect.Export(var step) -> add(Task.of(Call.EXPORT, serving, step));
    }
  }

  private void standby(SlotEffect.OfStandby effect) {
    switch (effect) {
      case SlotEffect.TakeNext(var step, var candidate) -> {
        standby = taken(candidate);
        add(Task.of(Call.TAKE, standby, step));
      }
      case SlotEffect.OpenNext(var step, var generation, var location) -> {
        change(standby, tenant -> tenant.opened(generation, ModelFiles.number(location)));
        add(Task.of(Call.OPEN, standby, step).verifying(true));
      }
      case SlotEffect.Apply(var step, var verify) -> add(Task.of(Call.APPLY, standby, step).verifying(verify));
      case SlotEffect.CloseNext(var step) -> {
        add(Task.of(Call.CLOSE, standby, step));
        standby = -1;
      }
    }
  }

  private void retain(@Nullable Fact before) {
    tasks.removeIf(task -> task.tenant() == retired && task.call() == Call.CLOSE);
    retired = -1;
    if (before != null) {
      add(Task.of(Call.RETAIN, -1, -1).about(before, ""));
    }
  }

  String location(long number) {
    return name.role() + "/" + name.use() + "/" + number;
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

  private void giveUp(List<Long> cut) {
    if (serving < 0) {
      leaveClosing();
      return;
    }
    for (Task task : List.copyOf(tasks)) {
      if (task.call() == Call.BATCH && task.tenant() == serving && !task.left()) {
        run.cut(this, task);
      }
    }
    abandon(serving, cut);
  }

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
      // Above, the next call of the runtime ends what is left behind; beneath, it may be inside a write.
      boolean writes = !isUpper && task.call() == Call.BATCH && !task.units().isEmpty();
      if (first && writes && !tenant(id).revoked()) {
        tasks.set(at, task.leftBehind());
      } else {
        tasks.remove(at);
      }
      cut.add(task.step());
      first = false;
    }
    run.forgetReply(this, tenant(id).place());
    change(id, Tenant::alone);
    if (current == id) {
      current = -1;
    }
  }

  // The whole.

  void start(ModelFiles found, String wish) {
    files = found;
    tasks = new ArrayList<>();
    tenants = new ArrayList<>();
    serving = -1;
    standby = -1;
    retired = -1;
    current = -1;
    paused = false;
    armed = new ArrayList<>(List.of(0L, 0L, 0L));
    model = SlotModel.fresh(name.toString(), Terms.of(wish), TowerBounds.PROVIDERS);
  }

  /// Equal worlds are made equal: numbers of steps, timers and tenants only grow.
  TowerWorld.Side side() {
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
    if (!at.footing.missing().isEmpty()) {
      at.footing = new Footing(false, "missing", "", at.footing.stopping());
    }
    if (next != null) {
      at.standby = new Standby(next.look(), next.stage(), next.candidate(), next.description(), next.generation(),
          next.location(), Math.min(next.rounds(), 1), next.itemsLeft(), SlotWalk.cut(next), 0, 0,
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
    tasks.removeIf(task -> task.call() == Call.EXPORT && !task.hung() && !isAwaited(task.step()));
    List<Task> steps = new ArrayList<>();
    for (Task task : tasks) {
      steps.add(
          task.numbered(ids.indexOf(task.tenant()), isAwaited(task.step()) ? ranks.indexOf(task.step()) + 1 : -1));
    }
    List<Tenant> people = new ArrayList<>();
    for (int id : ids) {
      people.add(tenant(id).as(people.size()));
    }
    List<Long> timers = new ArrayList<>();
    armed.forEach(number -> timers.add(ranks.indexOf(number) + 1L));
    return new TowerWorld.Side(at.model(), List.copyOf(timers), List.copyOf(steps),
        new Cast(List.copyOf(people), ids.indexOf(serving), ids.indexOf(standby), ids.indexOf(retired),
            ids.indexOf(current)),
        files.canonical(), paused);
  }
}
