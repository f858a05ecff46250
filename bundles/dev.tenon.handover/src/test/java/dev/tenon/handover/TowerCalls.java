package dev.tenon.handover;

import dev.tenon.handover.ModelFiles.Place;
import dev.tenon.handover.ModelJournal.Kind;
import dev.tenon.handover.ModelJournal.Op;
import dev.tenon.handover.ModelWorld.Call;
import dev.tenon.handover.ModelWorld.Line;
import dev.tenon.handover.ModelWorld.Task;
import dev.tenon.handover.ModelWorld.Tenant;
import dev.tenon.handover.StartTable.Verdict;
import dev.tenon.handover.TowerWorld.Reply;
import dev.tenon.runtime.role.Description;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What tasks of both slots do, part by part: the provider beneath keeps journals, the one above keeps its items in one
/// of them and waits on its strand for each answer.
final class TowerCalls {
  private static final int WEIGHT = SwapLimits.TAIL_ITEMS + 1;

  private final TowerRun run;
  private final TowerSide side;

  TowerCalls(TowerRun run, TowerSide side) {
    this.run = run;
    this.side = side;
  }

  /// Whether a task waits for the slot beneath.
  static boolean waits(TowerWorld world, boolean isUpper, Task task) {
    if (!isUpper || task.part() != 1 || task.call().isAtDesk()) {
      return false;
    }
    int place = world.upper().cast().tenants().get(task.tenant()).place();
    return world.top().replies().get(place) == Reply.WAITING;
  }

  void go(Task task) {
    if (task.left()) {
      late(task);
      side.tasks.remove(task);
      return;
    }
    SlotEvent end = part(task);
    if (end == null) {
      return;
    }
    side.tasks.removeIf(each -> each.call() == task.call() && each.tenant() == task.tenant()
        && each.step() == task.step() && !each.left());
    if (end instanceof SlotEvent.Broke broke) {
      side.broke(broke.step(), broke.failure().kind());
      run.settle();
    } else if (side.isAwaited(task.step())) {
      run.hear(side, end);
    }
    run.work();
  }

  void fail(Task task, boolean after, Failure.Kind kind) {
    int slot = side.files.next();
    if (after) {
      part(task);
      side.files = side.files.over(slot);
    }
    Task now = now(task);
    side.tasks.remove(now);
    if (now.call() == Call.BATCH) {
      run.cut(side, now);
    }
    side.broke(task.step(), kind);
    run.settle();
    run.work();
  }

  void hang(Task task) {
    side.tasks.set(side.tasks.indexOf(task), task.hanging(true));
  }

  private Task now(Task task) {
    for (Task each : side.tasks) {
      if (each.call() == task.call() && each.tenant() == task.tenant() && each.step() == task.step()
          && each.left() == task.left()) {
        return each;
      }
    }
    throw new ModelWrong("no such task");
  }

  private void next(Task task, int part) {
    side.tasks.set(side.tasks.indexOf(now(task)), now(task).at(part, now(task).units()));
  }

  private @Nullable SlotEvent part(Task task) {
    long step = task.step();
    SlotEvent done = new SlotEvent.Done(step);
    switch (task.call()) {
      case LOAD -> {
        return new SlotEvent.Loaded(step, load());
      }
      case TAKE -> {
        String format = side.tenant(task.tenant()).candidate().provider().equals("other") ? "g" : "f";
        return new SlotEvent.Taken(step, new Description("", format, List.of(format), 1));
      }
      case MEASURE -> {
        return new SlotEvent.Measured(step, 1, 1, 1 << 20, 0);
      }
      case LOCATE -> locate(task);
      case DROP, FORGET -> forget(ModelFiles.number(task.location()));
      case COMMIT, HAND_OVER, NOTE -> {
        if (!record(task)) {
          return null;
        }
        if (task.call() == Call.COMMIT) {
          owner(Present.of(task.fact()), Owner.State.OWNED);
        }
      }
      case OWN -> {
        owner(Present.of(task.fact()), Owner.State.OWNED);
        side.change(task.tenant(), Tenant::inCharge);
      }
      case MARK -> owner(Present.of(task.fact()), Owner.State.CLOSED);
      case RETAIN -> owner(Present.of(task.fact()), Owner.State.SEALED);
      case REVOKE -> revoke(task);
      case SEAL -> {
        if (!side.isUpper) {
          sync(side.tenant(task.tenant()));
        }
      }
      case CLOSE -> {
        if (side.current == task.tenant()) {
          side.current = -1;
        }
        if (side.isUpper && task.tenant() >= 0 && side.tenant(task.tenant()).place() > 0 && isAlone(task)) {
          run.memory.set(side.tenant(task.tenant()).place(), TowerRun.NOTHING);
        }
      }
      case OPEN -> {
        if (side.isUpper) {
          return own(task) ? answered(task, done) : null;
        }
        sync(side.tenant(task.tenant()));
      }
      case RESUME -> {
        return side.isUpper || resume(task) ? done : null;
      }
      case BATCH -> {
        return side.isUpper ? upperBatch(task) : batch(task);
      }
      case EXPORT -> {
        return side.isAwaited(step) ? (side.isUpper ? upperExport(task) : export(task)) : new SlotEvent.Done(-1);
      }
      case APPLY -> {
        return side.isUpper ? upperApply(task, done) : apply(task) ? done : null;
      }
    }
    return done;
  }

  // Desk.

  private void locate(Task task) {
    int number = ModelFiles.number(task.location());
    forget(number);
    int journals = side.isUpper ? 0 : TowerRun.LOCATIONS + 1;
    side.files = side.files.with(new Place(number, Owner.State.PREPARING, number,
        java.util.Collections.nCopies(journals, ModelJournal.ABSENT),
        java.util.Collections.nCopies(journals, List.<Op>of())));
  }

  private Verdict load() {
    ModelFiles files = side.files.read(true);
    Verdict verdict = TowerRun.judge(side, files.newest(), files);
    if (verdict instanceof Verdict.Serve serve) {
      for (String location : serve.aside()) {
        files = files.without(ModelFiles.number(location));
      }
      for (StartTable.Place place : serve.superseded()) {
        Place old = Present.of(files.place(ModelFiles.number(place.location())));
        files = files.with(old.owned(Owner.State.SEALED, old.generation()));
      }
    }
    side.files = files;
    return verdict;
  }

  private boolean record(Task task) {
    return switch (task.part()) {
      case 0 -> {
        side.files = side.files.record(Present.of(task.fact()));
        next(task, 1);
        yield false;
      }
      case 1 -> {
        side.files = side.files.forced(true);
        if (task.call() == Call.COMMIT) {
          next(task, 2);
          yield false;
        }
        yield true;
      }
      default -> true;
    };
  }

  private void owner(Fact fact, Owner.State state) {
    Place place = Present.of(side.files.place(ModelFiles.number(fact)));
    if (state == Owner.State.SEALED && side.files.mayName(place.number())) {
      throw new ModelWrong("a location that the record may name is sealed");
    }
    side.files = side.files.with(place.owned(state, fact.generation()));
  }

  private void forget(int number) {
    if (side.files.place(number) != null && side.files.mayName(number)) {
      throw new ModelWrong("a location that the record may name is deleted");
    }
    side.files = side.files.without(number);
  }

  private void revoke(Task task) {
    if (task.tenant() >= 0) {
      side.change(task.tenant(), tenant -> tenant.ended(true));
      side.tasks.removeIf(each -> each.left() && each.tenant() == task.tenant());
      if (side.isUpper && side.tenant(task.tenant()).place() > 0) {
        run.ended(side.tenant(task.tenant()).place());
      }
    }
  }

  /// Whether no other tenant has the location of a task's.
  private boolean isAlone(Task task) {
    return side.tenants.stream().noneMatch(each -> each.id() != task.tenant()
        && each.place() == side.tenant(task.tenant()).place() && !each.revoked());
  }

  // Beneath.

  private Place place(Tenant tenant) {
    return Present.of(side.files.place(tenant.place()));
  }

  private void sync(Tenant tenant) {
    if (!tenant.revoked()) {
      side.files = side.files.with(place(tenant).synced());
    }
  }

  private void write(Tenant tenant, int journal, Op op) {
    if (tenant.revoked()) {
      return;
    }
    Fact fact = side.files.newestDurable();
    if (fact != null && fact.generation() > tenant.generation()) {
      throw new ModelWrong("generation " + tenant.generation() + " writes, the record says " + fact.generation());
    }
    side.files = side.files.with(place(tenant).with(journal, op));
  }

  private void late(Task task) {
    Tenant tenant = side.tenant(task.tenant());
    if (task.part() > 0) {
      sync(tenant);
    }
  }

  private boolean resume(Task task) {
    Tenant tenant = side.tenant(task.tenant());
    side.current = tenant.id();
    if (tenant.adopted()) {
      side.change(tenant.id(), Tenant::serves);
      allDurable();
      return true;
    }
    if (task.part() == 0) {
      if (!run.known) {
        known(tenant);
      }
      for (int journal = 0; journal <= TowerRun.LOCATIONS; journal++) {
        reapply(tenant, journal);
      }
      next(task, 1);
      return false;
    }
    sync(tenant);
    allDurable();
    return true;
  }

  private void known(Tenant tenant) {
    run.known = true;
    for (int journal = 0; journal <= TowerRun.LOCATIONS; journal++) {
      run.durable.set(journal, place(tenant).content(journal));
    }
    int found = run.stepsBelow(run.durable.get(0));
    if (found < 0) {
      throw new ModelWrong("a start finds " + run.durable.get(0));
    }
    run.issued = found;
    run.acknowledged = found;
  }

  private void reapply(Tenant tenant, int journal) {
    if (tenant.revoked()) {
      return;
    }
    ModelJournal wanted = run.fold(journal);
    ModelJournal found = place(tenant).content(journal);
    if (!wanted.exists()) {
      return;
    }
    if (!found.exists()) {
      if (run.durable.get(journal).exists()) {
        throw new ModelWrong("a durable journal is gone");
      }
      write(tenant, journal, new Op(Kind.CREATE, 0));
      found = ModelJournal.EMPTY;
    }
    int low = run.low(journal);
    ModelJournal there = found;
    if (there.floor() < wanted.floor()) {
      there = write(tenant, journal, new Op(Kind.PRUNE, wanted.floor()), there);
    }
    if (there.end() > Math.max(low, wanted.floor())) {
      there = write(tenant, journal, new Op(Kind.REWIND, Math.max(low, wanted.floor())), there);
    }
    if (there.end() < Math.min(low, run.durable.get(journal).end())) {
      throw new ModelWrong("acknowledged items are gone: wanted is " + wanted + ", there is " + found);
    }
    while (there.end() < wanted.end()) {
      there = write(tenant, journal,
          new Op(Kind.APPEND, there.end(), wanted.items().charAt(there.end() - wanted.floor())), there);
    }
    if (!there.equals(wanted)) {
      throw new ModelWrong("other items are there: wanted is " + wanted + ", there is " + there);
    }
  }

  private ModelJournal write(Tenant tenant, int journal, Op op, ModelJournal to) {
    write(tenant, journal, op);
    return to.with(op);
  }

  private void allDurable() {
    for (int journal = 0; journal <= TowerRun.LOCATIONS; journal++) {
      run.durable.set(journal, run.fold(journal));
    }
    run.kept.clear();
  }

  private @Nullable SlotEvent batch(Task task) {
    Tenant tenant = side.tenant(task.tenant());
    switch (task.part()) {
      case 0 -> {
        List<Integer> units = List.copyOf(run.queue);
        run.queue.clear();
        units.forEach(unit -> unit(tenant, unit));
        side.tasks.set(side.tasks.indexOf(task), task.at(units.isEmpty() ? 2 : 1, units));
        return null;
      }
      case 1 -> {
        sync(tenant);
        allDurable();
        next(task, 2);
        return null;
      }
      default -> {
        if (!tenant.owned()) {
          run.again(task);
          return new SlotEvent.Broke(task.step(),
              new Failure(Failure.Kind.BROKEN, "", new IllegalStateException()));
        }
        for (int unit : task.units()) {
          deliver(unit);
        }
        run.signalled = !run.queue.isEmpty();
        return new SlotEvent.Batched(task.step(), task.units().size(), run.signalled);
      }
    }
  }

  private void unit(Tenant tenant, int unit) {
    int journal = unit / 256;
    switch (unit % 256) {
      case TowerRun.COMMIT -> {}
      case TowerRun.OWN, TowerRun.OWN_FRESH -> {
        if (unit % 256 == TowerRun.OWN_FRESH && run.fold(journal).exists()
            && run.mutant != TowerMutant.KEEPS_STALE_STORES) {
          write(tenant, journal, new Op(Kind.REMOVE, 0));
          run.kept.removeIf(each -> each / 256 == journal);
          run.durable.set(journal, ModelJournal.ABSENT);
          note(journal, new Op(Kind.REMOVE, 0));
        }
        if (!run.fold(journal).exists()) {
          write(tenant, journal, new Op(Kind.CREATE, 0));
          note(journal, new Op(Kind.CREATE, 0));
        }
        run.kept.add(journal * 256 + TowerRun.OWN);
      }
      default -> {
        ModelJournal before = run.fold(journal);
        if (before.exists()) {
          Op op = TowerRun.change(before, unit);
          write(tenant, journal, op);
          run.kept.add(unit);
          if (op.kind() != Kind.APPEND && run.mutant != TowerMutant.TELLS_NO_CHANGE) {
            note(journal, op);
          }
        }
      }
    }
  }

  private void deliver(int unit) {
    int journal = unit / 256;
    if (journal == 0) {
      run.acknowledged = run.issued;
    } else if (run.replies.get(journal) == Reply.WAITING
        && run.queue.stream().noneMatch(each -> each / 256 == journal)) {
          run.replies.set(journal, Reply.DONE);
        }
  }

  private void note(int journal, Op op) {
    if (!run.lines.isEmpty()) {
      run.lines.set(journal, run.lines.get(journal).changed(op));
    }
  }

  private SlotEvent export(Task task) {
    Place from = place(side.tenant(task.tenant()));
    if (run.lines.isEmpty()) {
      for (int journal = 0; journal <= TowerRun.LOCATIONS; journal++) {
        boolean stays = journal > 0 && run.mutant == TowerMutant.LEAVES_STORES_BEHIND;
        run.lines.add(Line.of(stays ? ModelJournal.ABSENT : from.content(journal)));
      }
    }
    List<List<Op>> piece = new ArrayList<>();
    int items = 0;
    for (int journal = 0; journal <= TowerRun.LOCATIONS; journal++) {
      List<Op> ops = new ArrayList<>();
      run.lines.set(journal, run.lines.get(journal).orders(from.content(journal), 99, ops));
      items += (int) ops.stream().filter(op -> op.kind() == Kind.APPEND).count();
      piece.add(List.copyOf(ops));
    }
    run.piece = List.copyOf(piece);
    return new SlotEvent.Exported(task.step(), items * WEIGHT, items, 0, true);
  }

  private boolean apply(Task task) {
    Tenant to = side.tenant(task.tenant());
    if (run.lines.isEmpty() || !side.isAwaited(task.step())) {
      return true;
    }
    if (task.part() == 0) {
      for (int journal = 0; journal < run.piece.size(); journal++) {
        for (Op op : run.piece.get(journal)) {
          write(to, journal, op);
        }
      }
      run.piece = List.of();
      next(task, 1);
      return false;
    }
    sync(to);
    for (int journal = 0; journal <= TowerRun.LOCATIONS; journal++) {
      Line line = run.lines.get(journal);
      ModelJournal expected = line.tracked() ? line.carried() : ModelJournal.ABSENT;
      ModelJournal holds = place(to).content(journal);
      boolean changed = line.created() || line.removed() || line.rewound() || line.pruned();
      if (!to.revoked() && !changed && !holds.equals(expected)) {
        throw new ModelWrong("carried over was " + expected + ", there is " + holds);
      }
    }
    return true;
  }

  // Above.

  private int place(Task task) {
    return side.tenant(task.tenant()).place();
  }

  /// @return whether the slot beneath has answered
  private boolean own(Task task) {
    if (task.part() == 0) {
      boolean fresh = task.verifies() || side.model.fact() == null;
      next(task, 1);
      run.ask(place(task), List.of(fresh ? TowerRun.OWN_FRESH : TowerRun.OWN));
      return false;
    }
    if (run.replies.get(place(task)) == Reply.DONE) {
      run.memory.set(place(task), run.fold(place(task)).items());
    }
    return true;
  }

  private SlotEvent answered(Task task, SlotEvent done) {
    Reply reply = run.replies.get(place(task));
    run.replies.set(place(task), Reply.NONE);
    return reply == Reply.DONE
        ? done
        : new SlotEvent.Broke(task.step(), new Failure(Failure.Kind.BROKEN, "", new IllegalStateException()));
  }

  private @Nullable SlotEvent upperBatch(Task task) {
    switch (task.part()) {
      case 0 -> {
        List<Integer> units = List.copyOf(run.upperQueue);
        run.upperQueue.clear();
        boolean early = units.isEmpty() || run.mutant == TowerMutant.ANSWERS_BEFORE_BENEATH;
        side.tasks.set(side.tasks.indexOf(task), task.at(early ? 2 : 1, units));
        if (!units.isEmpty()) {
          StringBuilder items = new StringBuilder(run.memory.get(place(task)));
          units.forEach(unit -> items.append((char) (int) unit));
          run.memory.set(place(task), items.toString());
          run.ask(place(task), units);
        }
        return null;
      }
      case 1 -> {
        SlotEvent answer = answered(task, new SlotEvent.Done(task.step()));
        if (answer instanceof SlotEvent.Broke) {
          run.unknown = true;
          return answer;
        }
        next(task, 2);
        return null;
      }
      default -> {
        if (!side.tenant(task.tenant()).owned()) {
          run.unknown |= !task.units().isEmpty();
          return new SlotEvent.Broke(task.step(),
              new Failure(Failure.Kind.BROKEN, "", new IllegalStateException()));
        }
        if (!task.units().isEmpty()) {
          run.upperAcknowledged = run.upperIssued;
        }
        run.upperSignalled = !run.upperQueue.isEmpty();
        return new SlotEvent.Batched(task.step(), task.units().size(), run.upperSignalled);
      }
    }
  }

  private SlotEvent upperExport(Task task) {
    String held = run.memory.get(place(task));
    int from = Math.max(0, run.carried);
    run.upperPiece = held.substring(from);
    run.carried = held.length();
    int items = held.length() - from;
    return new SlotEvent.Exported(task.step(), items * WEIGHT, items, 0, true);
  }

  private @Nullable SlotEvent upperApply(Task task, SlotEvent done) {
    if (run.carried < 0 || !side.isAwaited(task.step())) {
      return done;
    }
    if (task.part() == 0 && !run.upperPiece.isEmpty()) {
      List<Integer> units = run.upperPiece.chars().boxed().toList();
      run.memory.set(place(task), run.memory.get(place(task)) + run.upperPiece);
      run.upperPiece = "";
      next(task, 1);
      run.ask(place(task), units);
      return null;
    }
    if (task.part() == 1 && answered(task, done) instanceof SlotEvent.Broke broke) {
      return broke;
    }
    String there = run.fold(place(task)).items();
    if (!there.equals(run.memory.get(place(task))) || there.length() != run.carried) {
      throw new ModelWrong("carried over above were " + run.carried + " items, there is " + there);
    }
    return done;
  }
}
