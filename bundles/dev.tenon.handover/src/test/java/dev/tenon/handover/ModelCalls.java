package dev.tenon.handover;

import dev.tenon.handover.ModelFiles.Place;
import dev.tenon.handover.ModelJournal.Kind;
import dev.tenon.handover.ModelJournal.Op;
import dev.tenon.handover.ModelWorld.Call;
import dev.tenon.handover.ModelWorld.Copy;
import dev.tenon.handover.ModelWorld.Line;
import dev.tenon.handover.ModelWorld.Mirror;
import dev.tenon.handover.ModelWorld.Task;
import dev.tenon.handover.ModelWorld.Tenant;
import dev.tenon.runtime.role.Description;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What tasks do, part by part: a crash may come between two of them. A journal family's facade and provider as far as
/// the model goes.
final class ModelCalls {
  /// An item counts so many, so that one that is left asks for another round.
  private static final int WEIGHT = SwapLimits.TAIL_ITEMS + 1;
  private static final int ITEM_BYTES_MAX = 1_024;

  private final ModelRun run;
  private final ModelMutant mutant;

  ModelCalls(ModelRun run) {
    this.run = run;
    this.mutant = run.mutant;
  }

  /// Does the next part of a task, and what follows from its end.
  void go(Task task) {
    if (task.left()) {
      late(task);
      run.tasks.remove(task);
      return;
    }
    SlotEvent end = part(task);
    if (end == null) {
      return;
    }
    run.tasks.removeIf(each -> each.call() == task.call() && each.tenant() == task.tenant()
        && each.step() == task.step() && !each.left());
    if (end instanceof SlotEvent.Broke broke) {
      run.broke(broke.step(), broke.failure().kind());
    } else if (run.isAwaited(task.step())) {
      run.hear(end);
    }
  }

  /// Does the next part, after which the call fails all the same; or fails before it.
  void fail(Task task, boolean after, Failure.Kind kind) {
    int slot = run.files.next();
    if (after) {
      part(task);
      run.files = run.files.over(slot); // as far as its writer knows it is not written
    } else if (task.call() == Call.BATCH && task.part() == 0) {
      begin(task);
    }
    Task now = now(task);
    run.tasks.remove(now);
    boolean record = (task.call() == Call.COMMIT && task.part() < 2) || task.call() == Call.HAND_OVER
        || task.call() == Call.NOTE;
    if (record && mutant == ModelMutant.RECORD_OVER_LAST_GOOD && task.part() == 0) {
      run.files = run.files.over(1 - run.files.next());
    }
    if (task.call() == Call.BATCH) {
      retry(now);
    }
    run.broke(task.step(), kind);
  }

  void hang(Task task) {
    if (task.call() == Call.BATCH && task.part() == 0) {
      begin(task);
    }
    Task now = now(task);
    run.tasks.set(run.tasks.indexOf(now), now.hanging(true));
  }

  /// A batch stands still before its first unit is begun.
  void stall(Task task) {
    run.tasks.set(run.tasks.indexOf(task), task.at(ModelRun.TAKEN, List.copyOf(run.queue)).hanging(true));
    run.queue.clear();
  }

  /// The task as it is now: a part may have changed it.
  private Task now(Task task) {
    for (Task each : run.tasks) {
      if (each.call() == task.call() && each.tenant() == task.tenant() && each.step() == task.step()
          && each.left() == task.left()) {
        return each;
      }
    }
    throw new ModelWrong("no such task");
  }

  /// Its first unit is booked, and its call goes wrong.
  private void begin(Task task) {
    if (!task.units().isEmpty() || run.queue.isEmpty()) {
      return;
    }
    int unit = run.queue.getFirst();
    run.tasks.set(run.tasks.indexOf(task), task.at(0, List.copyOf(run.queue)));
    run.queue.clear();
    if (!script(unit).isCommit(unit % 16)) {
      book(unit);
    }
  }

  /// Before the provider is asked.
  ///
  /// @return false for what there is nothing to do for
  private boolean book(int unit) {
    int journal = unit / 16;
    Mirror mirror = run.mirrors.get(journal);
    switch (op(unit).kind()) {
      case APPEND, REWIND, PRUNE -> run.kept.add(unit);
      case CREATE -> run.mirrors.set(journal,
          mirror.durable().exists() ? mirror : new Mirror(ModelJournal.EMPTY, false, false));
      case REMOVE -> {
        if (mirror.durable().exists()) {
          run.mirrors.set(journal, new Mirror(mirror.durable(), mirror.created(), true));
        }
        return mirror.durable().exists();
      }
    }
    noteCopy(journal, op(unit));
    return true;
  }

  /// After a batch has failed, what the facade does not apply again by itself waits again, before all others.
  private void retry(Task task) {
    List<Integer> again = new ArrayList<>();
    for (int i = 0; i < task.units().size(); i++) {
      int unit = task.units().get(i);
      boolean begun = (i == 0 && task.part() == 0) || task.part() > 0;
      if (!begun || !script(unit).isChange(unit % 16) || mutant == ModelMutant.UNITS_RETRIED) {
        again.add(unit);
      }
    }
    run.queue.addAll(0, again);
  }

  /// @return null while more parts follow
  private @Nullable SlotEvent part(Task task) {
    long step = task.step();
    SlotEvent done = new SlotEvent.Done(step);
    switch (task.call()) {
      case LOAD -> {
        return new SlotEvent.Loaded(step, new ModelStart(run).judge());
      }
      case TAKE -> {
        String format = run.tenant(task.tenant()).candidate().provider().equals("other") ? "g" : "f";
        return new SlotEvent.Taken(step, new Description("", format, List.of(format), ITEM_BYTES_MAX));
      }
      case MEASURE -> {
        return new SlotEvent.Measured(step, 1, 1, 1 << 20, 0);
      }
      case LOCATE -> {
        int number = ModelFiles.number(task.location());
        forget(number, "moves aside");
        List<ModelJournal> none = run.scripts.stream().map(each -> ModelJournal.ABSENT).toList();
        run.files = run.files.with(new Place(number, Owner.State.PREPARING, number, none,
            none.stream().map(each -> List.<Op>of()).toList()));
      }
      case DROP, FORGET -> forget(ModelFiles.number(task.location()), "deletes");
      case COMMIT -> {
        if (!record(task)) {
          return null;
        }
        owner(Present.of(task.fact()), Owner.State.OWNED);
      }
      case HAND_OVER, NOTE -> {
        if (task.call() == Call.NOTE && mutant == ModelMutant.LOSS_NOT_NOTED) {
          return done;
        }
        if (!record(task)) {
          return null;
        }
      }
      case OWN -> {
        owner(Present.of(task.fact()), Owner.State.OWNED);
        run.change(task.tenant(), Tenant::inCharge);
      }
      case MARK -> owner(Present.of(task.fact()), Owner.State.CLOSED);
      case RETAIN -> owner(Present.of(task.fact()), Owner.State.SEALED);
      case REVOKE -> {
        if (task.tenant() >= 0 && mutant != ModelMutant.VIEW_NOT_REVOKED) {
          run.change(task.tenant(), tenant -> tenant.ended(true));
          run.tasks.removeIf(each -> each.left() && each.tenant() == task.tenant());
        }
      }
      case OPEN, SEAL -> sync(run.tenant(task.tenant()));
      case CLOSE -> {
        if (run.current == task.tenant()) {
          run.current = -1;
        }
      }
      case RESUME -> {
        return resume(task) ? done : null;
      }
      case BATCH -> {
        return batch(task);
      }
      case EXPORT -> {
        return export(task);
      }
      case APPLY -> {
        return apply(task) ? done : null;
      }
    }
    return done;
  }

  private boolean record(Task task) {
    if (mutant == ModelMutant.COMMIT_UNKNOWN_IGNORED && task.call() == Call.COMMIT && task.part() == 0
        && !run.model.stray().isEmpty()) {
      next(task, 2);
      return false;
    }
    return switch (task.part()) {
      case 0 -> {
        run.files = run.files.record(Present.of(task.fact()));
        next(task, 1);
        yield false;
      }
      case 1 -> {
        run.files = run.files.forced(mutant != ModelMutant.RECORD_NOT_FORCED);
        if (task.call() == Call.COMMIT) {
          next(task, 2);
          yield false;
        }
        yield true;
      }
      default -> true;
    };
  }

  private void next(Task task, int part) {
    run.tasks.set(run.tasks.indexOf(now(task)), now(task).at(part, now(task).units()));
  }

  private void owner(Fact fact, Owner.State state) {
    Place place = run.files.place(ModelFiles.number(fact));
    if (place == null) {
      throw new ModelWrong("location " + fact.location() + " is marked and is not there");
    }
    if (state == Owner.State.SEALED && run.files.mayName(place.number())) {
      throw new ModelWrong("a location that the record may name is sealed");
    }
    run.files = run.files.with(place.owned(state, fact.generation()));
  }

  private void forget(int number, String does) {
    if (run.files.place(number) != null && run.files.mayName(number)) {
      throw new ModelWrong(does + " location " + number + ", which the record may name");
    }
    run.files = run.files.without(number);
  }

  // The provider.

  private Place place(Tenant tenant) {
    return Present.of(run.files.place(tenant.place()));
  }

  private void sync(Tenant tenant) {
    if (!tenant.revoked()) {
      run.files = run.files.with(place(tenant).synced());
    }
  }

  private void write(Tenant tenant, int journal, Op op) {
    if (tenant.revoked()) {
      return; // the runtime refuses
    }
    Fact fact = run.files.newestDurable();
    if (fact != null && fact.generation() > tenant.generation()) {
      throw new ModelWrong("generation " + tenant.generation() + " writes, the record says " + fact.generation());
    }
    run.files = run.files.with(place(tenant).with(journal, op));
  }

  /// What hung on a strand that was given up goes on.
  private void late(Task task) {
    Tenant tenant = run.tenant(task.tenant());
    if (task.part() > 0) {
      sync(tenant);
    } else if (task.call() == Call.BATCH) {
      int unit = task.units().getFirst();
      if (!script(unit).isCommit(unit % 16)) {
        write(tenant, unit / 16, op(unit));
      }
    } else {
      new ModelReapply(run).to(tenant, (journal, op) -> write(tenant, journal, op));
    }
  }

  private boolean resume(Task task) {
    Tenant tenant = run.tenant(task.tenant());
    if (tenant.adopted()) {
      run.current = tenant.id();
      run.change(tenant.id(), Tenant::serves);
      allDurable();
      check(tenant);
      return true;
    }
    if (task.part() == 0) {
      run.current = tenant.id();
      if (!run.known) {
        run.known = true;
        for (int journal = 0; journal < run.mirrors.size(); journal++) {
          ModelJournal found = place(tenant).content(journal);
          run.mirrors.set(journal, new Mirror(found, found.exists(), false));
          // Who reloads reads nothing that may still vanish, and goes on from there.
          int steps = run.scripts.get(journal).stepsOf(found, run.acknowledged.get(journal), run.issued.get(journal));
          if (steps < 0) {
            throw new ModelWrong("a start finds " + found + " in journal " + journal);
          }
          run.issued.set(journal, steps);
          run.acknowledged.set(journal, steps);
        }
      }
      new ModelReapply(run).to(tenant, (journal, op) -> write(tenant, journal, op));
      next(task, 1);
      return false;
    }
    sync(tenant);
    allDurable();
    check(tenant);
    return true;
  }

  private @Nullable SlotEvent batch(Task task) {
    Tenant tenant = run.tenant(task.tenant());
    if (task.part() <= 0) {
      boolean taken = !task.units().isEmpty();
      List<Integer> units = taken ? task.units() : List.copyOf(run.queue);
      if (!taken) {
        run.queue.clear();
      }
      boolean syncs = false;
      for (int i = 0; i < units.size(); i++) {
        int unit = units.get(i);
        syncs |= script(unit).wantsSync(unit % 16);
        unit(tenant, unit, taken && task.part() == 0 && i == 0);
      }
      run.tasks.set(run.tasks.indexOf(task), task.at(syncs ? 1 : 2, units));
      if (mutant == ModelMutant.ACKNOWLEDGES_BEFORE_SYNC) {
        deliver(units);
      }
      check(tenant);
      return null;
    }
    if (task.part() == 1) {
      sync(tenant);
      allDurable();
      next(task, 2);
      return null;
    }
    if (!tenant.owned() && mutant != ModelMutant.OWNER_NOT_AWAITED) {
      retry(task);
      return new SlotEvent.Broke(task.step(), new Failure(Failure.Kind.BROKEN, "", new IllegalStateException()));
    }
    deliver(task.units());
    run.signalled = !run.queue.isEmpty();
    return new SlotEvent.Batched(task.step(), task.units().size(), run.signalled);
  }

  /// @param booked whether its call had begun before
  private void unit(Tenant tenant, int unit, boolean booked) {
    if (script(unit).isCommit(unit % 16)) {
      return;
    }
    boolean goes = booked || book(unit);
    if (goes) {
      write(tenant, unit / 16, op(unit));
    }
    if (goes && op(unit).kind() == Kind.REMOVE) {
      removed(unit / 16);
    }
  }

  private void removed(int journal) {
    new ModelReapply(run).forget(journal);
    noteCopy(journal, new Op(Kind.REMOVE, 0));
  }

  private void deliver(List<Integer> units) {
    for (int unit : units) {
      if (!script(unit).isChange(unit % 16)) {
        run.acknowledged.set(unit / 16, Math.max(run.acknowledged.get(unit / 16), unit % 16 + 1));
      }
    }
  }

  private void allDurable() {
    for (int unit : run.kept) {
      Mirror mirror = run.mirrors.get(unit / 16);
      if (mirror.durable().exists()) {
        run.mirrors.set(unit / 16, new Mirror(mirror.durable().with(op(unit)), true, mirror.removing()));
      }
    }
    run.kept.clear();
    run.mirrors.replaceAll(each -> new Mirror(each.durable(), each.durable().exists(), each.removing()));
  }

  /// What serves holds what was asked of it so far, in order and once.
  private void check(Tenant tenant) {
    for (int journal = 0; journal < run.scripts.size(); journal++) {
      ModelScript script = run.scripts.get(journal);
      int steps = run.issued.get(journal);
      for (int unit : run.queue) {
        if (unit / 16 == journal && !script.isCommit(unit % 16)) {
          steps = Math.min(steps, unit % 16);
        }
      }
      ModelJournal holds = place(tenant).content(journal);
      boolean next = steps < script.length() && script.waits(steps) && run.issued.get(journal) > steps;
      if (!tenant.revoked() && !holds.isAsAsked(script.after(steps), script.floorMax)
          && !(next && holds.isAsAsked(script.after(steps + 1), script.floorMax))) {
        throw new ModelWrong("journal " + journal + " holds " + holds + ", asked for is " + script.after(steps));
      }
    }
  }

  // Carrying over.

  private void noteCopy(int journal, Op op) {
    Copy copy = run.copy;
    if (copy != null && !(mutant == ModelMutant.COPY_WITHOUT_REWIND && op.kind() == Kind.REWIND)) {
      List<Line> lines = new ArrayList<>(copy.lines());
      lines.set(journal, lines.get(journal).changed(op));
      run.copy = new Copy(List.copyOf(lines), copy.roundLeft(), copy.piece(), copy.expected());
    }
  }

  private SlotEvent export(Task task) {
    if (!run.isAwaited(task.step())) {
      return new SlotEvent.Done(-1);
    }
    Place from = place(run.tenant(task.tenant()));
    Copy copy = run.copy;
    List<Line> lines = new ArrayList<>();
    for (int journal = 0; journal < run.scripts.size(); journal++) {
      lines.add(copy == null ? Line.of(from.content(journal)) : copy.lines().get(journal));
    }
    List<List<Op>> piece = new ArrayList<>();
    int room = run.bounds.pieceItems();
    int items = 0;
    int before = left(lines, from);
    for (int journal = 0; journal < lines.size(); journal++) {
      List<Op> ops = new ArrayList<>();
      lines.set(journal, lines.get(journal).orders(from.content(journal), room - items, ops));
      items += (int) ops.stream().filter(op -> op.kind() == Kind.APPEND).count();
      piece.add(List.copyOf(ops));
    }
    int left = left(lines, from);
    int round = copy == null || copy.roundLeft() < 0 ? before : copy.roundLeft();
    round = Math.min(round - items, left);
    List<ModelJournal> expected = lines.stream().map(line -> line.tracked() ? line.carried() : ModelJournal.ABSENT)
        .toList();
    run.copy = new Copy(List.copyOf(lines), round <= 0 ? -1 : round, List.copyOf(piece), expected);
    return new SlotEvent.Exported(task.step(), items * WEIGHT, items, (long) left * WEIGHT, round <= 0);
  }

  private static int left(List<Line> lines, Place from) {
    int left = 0;
    for (int journal = 0; journal < lines.size(); journal++) {
      Line line = lines.get(journal);
      left += line.tracked() ? Math.max(0, from.content(journal).end() - line.carried().end()) : 0;
    }
    return left;
  }

  private boolean apply(Task task) {
    Tenant to = run.tenant(task.tenant());
    Copy copy = run.copy;
    if (copy == null || !run.isAwaited(task.step())) {
      return true; // it is given up, and its location is deleted
    }
    if (task.part() == 0) {
      for (int journal = 0; journal < copy.piece().size(); journal++) {
        for (Op op : copy.piece().get(journal)) {
          write(to, journal, op);
        }
      }
      run.copy = new Copy(copy.lines(), copy.roundLeft(), List.of(), copy.expected());
      if (task.verifies()) {
        next(task, 1);
      }
      return !task.verifies();
    }
    sync(to);
    for (int journal = 0; journal < copy.expected().size(); journal++) {
      ModelJournal holds = place(to).content(journal);
      if (!holds.equals(copy.expected().get(journal))) {
        throw new ModelWrong("carried over was " + copy.expected().get(journal) + ", there is " + holds);
      }
    }
    return true;
  }

  private ModelScript script(int unit) {
    return run.scripts.get(unit / 16);
  }

  private Op op(int unit) {
    return script(unit).op(unit % 16);
  }
}
