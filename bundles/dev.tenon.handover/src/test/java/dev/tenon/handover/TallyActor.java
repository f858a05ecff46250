package dev.tenon.handover;

import dev.tenon.runtime.Context;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.role.Reply;
import dev.tenon.runtime.role.RoleActor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A provider's instance of [Tally]: first a shadow on a strand, then an actor.
final class TallyActor implements Tally.Instance, RoleActor<Tally.Message, Object, Tally.Summary> {
  /// What an instance has done, for the test: survives it.
  ///
  /// @param generation of the slot
  /// @param what in order
  record Deed(long generation, Tally.Message what) {}

  /// Its own messages carry whose they are.
  private sealed interface Own {
    TallyActor whose();

    record Fetched(TallyActor whose, long number, Outcome<Long> block) implements Own {}

    record Due(TallyActor whose, Tally.Message.Add add) implements Own {}

    record Late(TallyActor whose) implements Own {}
  }

  private final String name;
  private final long generation;
  private final List<Deed> deeds;
  private final List<String> violations;
  private final Predicate<String> faults;
  private @Nullable Context<Object> context;
  private Tally.@Nullable Outlet outlet;
  private long count;
  private long nextInput;
  private Tally.@Nullable Output last;
  private final ArrayDeque<Tally.Output> pending = new ArrayDeque<>();
  private final TreeMap<Long, List<Reply<Long>>> waits = new TreeMap<>();
  private long safeNext;
  private int owed;
  private boolean fetching;
  private @Nullable Reply<Tally.Summary> sealing;

  TallyActor(String name, long generation, List<Deed> deeds, List<String> violations, Predicate<String> faults) {
    this.name = name;
    this.generation = generation;
    this.deeds = deeds;
    this.violations = violations;
    this.faults = faults;
  }

  static long block(long number) {
    return number * 0x9E3779B97F4A7C15L ^ number >>> 3;
  }

  static long digest(Tally.Output output) {
    return output.number() * 31 + output.sum();
  }

  // On a strand.

  @Override
  public long reset(long next, Tally.@Nullable Output head) {
    fault("reset");
    pending.clear();
    last = head;
    nextInput = head == null ? 0 : head.input();
    return nextInput;
  }

  @Override
  public List<Derived> feed(Long block) {
    fault("feed");
    return derive(block).stream().map(each -> new Derived(each.number(), digest(each))).toList();
  }

  @Override
  public void load(Tally.Summary summary) {
    fault("load");
    count = summary.count();
    nextInput = summary.nextInput();
    last = summary.last();
    pending.clear();
    pending.addAll(summary.pending());
  }

  /// Each block gives none to three outputs; those that are known are left out.
  private List<Tally.Output> derive(long block) {
    List<Tally.Output> made = new ArrayList<>();
    Tally.Output before = last;
    for (int place = 0; place < (block & 3); place++) {
      if (before == null || before.input() < nextInput || before.place() < place) {
        long number = before == null ? 0 : before.number() + 1;
        long sum =
            (before == null ? 7 : before.sum()) * 1_000_003 + block + place + (faults.test(name + " diverge") ? 1 : 0);
        before = new Tally.Output(number, nextInput, place, sum);
        made.add(before);
      }
    }
    last = before;
    nextInput++;
    pending.addAll(made);
    return made;
  }

  @Override
  public RoleActor<Tally.Message, Object, Tally.Summary> begin(Context<Object> mine, Tally.Outlet to) {
    context = mine;
    outlet = to;
    return this;
  }

  @Override
  public void seal() {
    fault("seal-strand");
  }

  @Override
  public void close() {
    fault("close");
  }

  private void fault(String call) {
    if (faults.test(name + " " + call)) {
      throw new IllegalStateException("planted in " + call);
    }
    if (faults.test(name + " " + call + " error")) {
      throw new NoClassDefFoundError("planted in " + call);
    }
  }

  // In its turns.

  private Tally.Outlet outlet() {
    return Present.of(outlet);
  }

  private Context<Object> context() {
    return Present.of(context);
  }

  @Override
  public void start() {
    fault("start");
    safeNext = outlet().safeNext();
    while (!pending.isEmpty() && pending.getFirst().number() < outlet().deliveredNext()) {
      pending.removeFirst();
    }
    goOn();
  }

  private void goOn() {
    emit();
    if (!fetching) {
      fetching = true;
      long number = nextInput;
      outlet().fetch(number).then(block -> new Own.Fetched(this, number, block));
    }
  }

  @Override
  public void handle(Tally.Message message) {
    if (sealing != null) {
      violations.add("generation " + generation + " is told " + message + " behind its seal");
    }
    deeds.add(new Deed(generation, message));
    fault("handle");
    switch (message) {
      case Tally.Message.Add add -> {
        count++;
        owed++;
        if (!faults.test(name + " hang")) {
          context().after(context().chance().nextInt(4), new Own.Due(this, add));
        }
      }
      case Tally.Message.Word word -> count++;
      case Tally.Message.Await(var next, var reply) ->
          waits.computeIfAbsent(next, each -> new ArrayList<>()).add(reply);
      case Tally.Message.Safe(var next) -> safeNext = Math.max(safeNext, next);
      case Tally.Message.Mine(var own) -> take((Own) own);
    }
    rest();
  }

  @Override
  public void own(Object message) {
    Own own = (Own) message;
    if (!(own instanceof Own.Fetched) || outlet().mine(own)) {
      take(own);
    }
  }

  private void take(Own own) {
    if (own.whose() != this) {
      violations.add("generation " + generation + " is given a message of another's");
    }
    fault("own");
    switch (own) {
      case Own.Fetched(var whose, var number, Outcome.Failed<Long> failed) ->
          context().after(5, new Own.Late(this));
      case Own.Fetched(var whose, var number, Outcome.Done<Long>(var block)) -> {
        fetching = false;
        if (number == nextInput) {
          outlet().fetched(number, block);
          derive(block);
        }
        rest();
      }
      case Own.Due(var whose, var add) -> {
        owed--;
        add.reply().done(count);
        rest();
      }
      case Own.Late late -> {
        fetching = false;
        rest();
      }
    }
  }

  @Override
  public void seal(Reply<Tally.Summary> summary) {
    fault("seal");
    sealing = summary;
    rest();
  }

  /// Goes on, or ends what it owes.
  private void rest() {
    Reply<Tally.Summary> summary = sealing;
    if (summary == null) {
      goOn();
    } else if (owed == 0 && !faults.test(name + " late")) {
      summary.done(new Tally.Summary(count, nextInput, last, List.copyOf(pending)));
    }
  }

  private void emit() {
    long done = 0;
    while (!pending.isEmpty() && pending.getFirst().number() < safeNext + Tally.AHEAD
        && outlet().emit(pending.getFirst())) {
      done = pending.removeFirst().number() + 1;
    }
    long next = Math.max(done, outlet().deliveredNext());
    while (!waits.isEmpty() && waits.firstKey() <= next) {
      waits.pollFirstEntry().getValue().forEach(reply -> reply.done(next));
    }
  }

  @Override
  public void resume() {
    fault("resume");
    sealing = null;
    goOn();
  }
}
