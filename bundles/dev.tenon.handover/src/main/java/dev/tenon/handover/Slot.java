package dev.tenon.handover;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Timer;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverProgress;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotMailbox;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotStatus;
import dev.tenon.slot.SlotUnavailableException;
import dev.tenon.slot.SlotUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One slot in its conductor's hands: gives events to the machine and its effects to the strands. The conductor's actor
/// owns it.
final class Slot implements Storey {
  private static final Logger log = LoggerFactory.getLogger(Slot.class);

  private static final String NO_THREAD = "its batch has not begun in time";

  /// Between two looks whether a reading of an earlier handover has ended.
  private static final long READ_AGAIN_MS = 100;

  private final Context<Conductor.Message> context;
  private final LongFunction<@Nullable ProviderSource> sources;
  private final FacadeRegistry registry;
  private final QueuedRole role;
  private final SlotName name;
  /// Changes live; read by strands too.
  private volatile SlotLimits limits;
  private final SlotQueue queue;
  private final SlotDoor door;
  private final QueuedFacade facade;
  private final SlotRun run;
  private final SlotMetrics metrics;
  private final LeasedWatch watch;
  private SlotModel model;
  private final Map<SlotEffect.Lane, Timer> timers = new EnumMap<>(SlotEffect.Lane.class);
  private boolean published;
  private boolean ending;
  private long batchSinceNs;
  private long batchLimitMs;
  private boolean batchTold;
  private long readSinceNs;
  private long pausedSinceNs;
  /// Since when it keeps callers waiting. That it serves again ends it, not that they have given up.
  private @Nullable Long unservedSinceNs;
  private long standbySinceNs;
  private final CopyRate rate = new CopyRate();
  private final CopyPace pace;
  private final HandoverTimes times = new HandoverTimes();
  private final SwapAudit audit;
  /// Who asked what a handover would be, by the number of the question.
  private final Map<Long, Consumer<HandoverOutcome>> looks = new TreeMap<>();
  private long asks;
  private volatile long lastPauseNs;
  private boolean hasServed;
  private @Nullable String recover;
  private final List<SlotName> beneath;
  private final Lowers lowers;
  private final Pause pause = new Pause();
  /// The question whether it may fence, until it is answered; or 0.
  private long asksTurn;
  /// Writes in a row after which it is not known what the record says; 0 where it is.
  private int unsureFailures;
  private long unsureNextNs;

  Slot(Runtime runtime, Context<Conductor.Message> context, LongFunction<@Nullable ProviderSource> sources,
      FacadeRegistry registry, QueuedRole role, SlotWish wish, List<Candidate> present,
      Function<SlotName, @Nullable QueuedFacade> facades) {
    this.beneath = wish.beneath();
    this.lowers = new Lowers(beneath, facades);
    this.context = context;
    this.sources = sources;
    this.registry = registry;
    this.role = role;
    this.name = wish.name();
    this.limits = wish.limits();
    this.audit = new SwapAudit(name.toString());
    this.pace = new CopyPace(this::limits);
    this.model = SlotModel.fresh(name.toString(), wish.terms(), present, role.reopens());
    Mailbox<Conductor.Message> self = context.self();
    Conductor.Message work = new Conductor.Message.Work(name);
    // At most one is under way for each slot, and a lane holds more than there may be slots: it is always taken.
    this.queue = new SlotQueue(limits.unitsMax(), limits.bytesMax(), () -> self.offer(work));
    this.door = new SlotDoor(runtime, name, queue, model, this::limits);
    this.facade = role.facade(door);
    this.run = new SlotRun(runtime, name, role, facade, queue, this::limits, lowers);
    this.metrics = new SlotMetrics(runtime.metrics(), name);
    this.watch = new LeasedWatch(name, metrics);
    this.pausedSinceNs = context.clock().monotonicNs();
  }

  @Override
  public SlotName name() {
    return name;
  }

  @Override
  public SlotModel model() {
    return model;
  }

  private SlotLimits limits() {
    return limits;
  }

  /// What is asked of it has changed. Steps that are under way keep their limits.
  void wished(SlotWish wish) {
    limits = wish.limits();
    hear(new SlotEvent.Wished(wish.terms(), false, false));
  }

  @Override
  public List<SlotName> beneath() {
    return beneath;
  }

  QueuedFacade facade() {
    return facade;
  }

  @Override
  public long asksTurn() {
    Standby standby = model.standby();
    return standby != null && standby.stage() == Standby.Stage.ASKING && standby.step() == asksTurn ? asksTurn : 0;
  }

  @Override
  public boolean stands(Footing footing) {
    boolean changed = !footing.equals(model.footing());
    if (changed) {
      hear(new SlotEvent.Stands(footing));
    }
    return changed;
  }

  @Override
  public void pause(boolean rests) {
    if (rests) {
      pause.shut();
    } else if (pause.isShut()) {
      pause.open().forEach(this::perform);
    }
  }

  @Override
  public boolean isPaused() { return pause.isReached(); }

  /// Nothing is open and nothing will be.
  boolean isEnded() { return model.isEnded(); }

  /// The slot's place is given up: the facade goes, what waits fails. Nothing a second time.
  void end() {
    if (ending) {
      return;
    }
    ending = true;
    for (SlotUnit unit : queue.close()) {
      unit.fail(notServed(unit));
    }
    door.mailboxes().forEach(SlotMailbox::close);
    door.end();
    metrics.remove();
    boolean withdraw = published;
    run.end(recover, () -> {
      if (withdraw) {
        registry.withdraw(name);
      }
    }).then(outcome -> new Conductor.Message.Ended(name, outcome));
  }

  /// What record and locations say, and what may be done about it.
  Completion<Recovery> found() {
    return run.found();
  }

  boolean isFailed() { return model.phase() == Phase.FAILED && !ending; }

  /// It ends, and the slot that begins in its place finds what was chosen.
  ///
  /// @param location as [Recovery#plan] takes it
  void recover(String location) {
    recover = location;
    hear(new SlotEvent.Stop());
  }

  /// Whether a handover has begun. One that waits for its time may do so for ever.
  boolean isHandedOver() {
    Standby standby = model.standby();
    return standby != null && standby.stage() != Standby.Stage.WAITING;
  }

  boolean isSigningOff() { return model.isSigningOff(); }

  boolean isRecovered() { return model.isRecovered(); }

  /// Lifts the silence. Only while it serves: nothing else writes the record then.
  ///
  /// @param nothingAbove as in [Fact#signing]
  Completion<Boolean> sign(boolean nothingAbove) {
    Fact stands = Present.of(model.fact());
    return run.sign(stands, stands.signing(nothingAbove));
  }

  /// The record may say what is not so: it is written again, after ever longer.
  void unsure() {
    unsureFailures++;
    unsureNextNs = context.clock().monotonicNs() + limits.backOffMs(unsureFailures) * 1_000_000;
  }

  private void settleRecord(long nowNs) {
    if (unsureFailures > 0 && nowNs >= unsureNextNs) {
      unsureNextNs = Long.MAX_VALUE; // one at a time
      run.settle().then(outcome -> new Conductor.Message.Settled(name, outcome));
    }
  }

  /// That has ended.
  void settled(Outcome<Boolean> outcome) {
    if (outcome instanceof Outcome.Failed<Boolean>) {
      unsure();
    } else {
      unsureFailures = 0;
      log.atInfo().addKeyValue("slot", name).log("the record is sure again");
    }
  }

  List<String> known() {
    return facade.known();
  }

  /// After its end.
  void free() {
    run.free();
  }

  SlotStatus status() {
    Fact fact = model.fact();
    Candidate chosen = model.chosen();
    String provider =
        chosen != null ? chosen.label() : fact != null ? Candidate.label(fact.provider(), fact.version()) : "";
    boolean serves = model.isServing();
    Long since = unservedSinceNs;
    long parkedMs = since == null ? 0 : (context.clock().monotonicNs() - since) / 1_000_000;
    return new SlotStatus(name, door.state(), Choice.reason(model), provider, fact == null ? 0 : model.generation(),
        parked(),
        serves ? 0 : queue.waitingBytes() + door.mailboxes().stream().mapToLong(SlotMailbox::waitingBytes).sum(),
        lastPauseNs, model.terms().provider(), parkedMs, limits.parkTimeoutMs(),
        before(fact), progress(), audit.of(model.outcome()), model.swapFailures(),
        model.offered(), run.stuck(), overdue(),
        isSigningOff(), model.terms().pinned());
  }

  private int parked() {
    return model.isServing() ? 0 : queue.waiting() + door.mailboxes().stream().mapToInt(SlotMailbox::depth).sum();
  }

  /// Units end at their limit; that nobody was served does not.
  private void sawParked(long nowNs) {
    if (model.isServing()) {
      unservedSinceNs = null;
    } else if (unservedSinceNs == null && parked() > 0) {
      unservedSinceNs = nowNs;
    }
  }

  private static String before(@Nullable Fact fact) {
    return fact == null || fact.providerBefore().isEmpty() ? ""
        : Candidate.label(fact.providerBefore(), fact.versionBefore());
  }

  private @Nullable HandoverProgress progress() {
    Standby standby = model.standby();
    // One that is given up makes no progress, though its storage may take its time to go.
    return standby == null || standby.isLook() || !(standby.isFilling() || model.switching())
        ? null
        : new HandoverProgress(standby.candidate().label(), standby.stage().toString(), standby.items(),
            standby.bytes(), standby.itemsLeft(), rate.bytesPerSecond(), rate.remainingMs(standby.itemsLeft()));
  }

  /// Finds out what a handover would be.
  void look(String provider, Consumer<HandoverOutcome> reply) {
    looks.put(++asks, reply);
    hear(new SlotEvent.Look(asks, provider));
  }

  @Override
  public void hear(SlotEvent event) {
    if (event instanceof SlotEvent.Late(var timer) && waitsForPause(timer)) {
      timers.put(SlotEffect.Lane.STANDBY, context.after(READ_AGAIN_MS, new Conductor.Message.Heard(name, event)));
      return;
    }
    if (event instanceof SlotEvent.Broke broke && broke.step() == model.step()
        && (model.phase() == Phase.RUNNING || model.phase() == Phase.FENCED)) {
      run.retry(broke.failure());
    }
    SlotMachine.Step step = SlotMachine.step(limits, model, event);
    boolean paused = model.isPaused();
    boolean filled = isFilling();
    SlotModel before = model;
    model = step.model();
    long nowNs = context.clock().monotonicNs();
    if (!paused && model.isPaused()) {
      pausedSinceNs = nowNs;
    } else if (paused && !model.isPaused()) {
      lastPauseNs = hasServed ? nowNs - pausedSinceNs : 0;
      hasServed = true;
    }
    if (!filled && isFilling()) {
      standbySinceNs = nowNs;
      rate.begin();
      pace.begin(nowNs);
    }
    run.sweeper().mayDelete(model.isServing());
    sawParked(nowNs);
    count(before, nowNs);
    audit.saw(before, model);
    for (SlotEffect effect : step.effects()) {
      perform(effect);
    }
    audit.tell(log, model, lastPauseNs);
    door.show(model);
    failImpatient();
    hearHung();
  }

  /// Calls are left behind in steps of the slot, and return whenever they do.
  private void hearHung() {
    List<Long> hung = run.hung();
    if (!hung.equals(model.hung())) {
      hear(new SlotEvent.Hung(hung));
    }
  }

  /// A strand of a slot above is not to wait for a provider that is not there.
  private void failImpatient() {
    if (!model.footing().alone() && model.isLost()) {
      for (SlotUnit unit : queue.impatient()) {
        unit.fail(notServed(unit));
      }
    }
  }

  private RuntimeException notServed(SlotUnit unit) {
    String reason = model.isServing() ? NO_THREAD : model.reason();
    return unit.attempts() == 0
        ? new SlotUnavailableException(name.toString(), model.state(), reason)
        : new OutcomeUnknownException("slot " + name + " is " + model.state() + ": " + reason);
  }

  private void count(SlotModel before, long nowNs) {
    Standby standby = model.standby();
    Standby standbyBefore = before.standby();
    if (standby != null && standbyBefore != null) {
      metrics.copied(standby.bytes() - standbyBefore.bytes());
      rate.saw(standby, nowNs);
    }
    metrics.left(standby);
    times.saw(model, nowNs, metrics);
  }

  private void swapEnded(HandoverOutcome said) {
    HandoverOutcome outcome = audit.ended(said, rate);
    metrics.handover(outcome.kind());
    if (outcome.isFailure()) {
      audit.tellFailure(log, model);
    }
    if (outcome.kind() == HandoverOutcome.Kind.OVERDUE) {
      tellStuck("a handover was given up while a call of who serves was under way", run.doing());
    }
    if (model.swapFailures() == SwapLimits.FAILURES_WARN) {
      log.atWarn().addKeyValue("slot", name).addKeyValue("provider", outcome.provider())
          .addKeyValue("reason", outcome.text()).log("handovers of the slot fail again and again");
    }
  }

  /// Whether one of its locations may be about to go.
  boolean isDeleting() { return run.sweeper().isDeleting(); }

  /// Whether the step that is late has not begun, because a slot beneath is at its fence. That one's own limits end it.
  private boolean waitsForPause(long timer) {
    Standby standby = model.standby();
    return pause.isShut() && standby != null && standby.timer() == timer
        && (pause.holdsFilling() || (standby.stage() == Standby.Stage.EXPORTING && !run.isRead()));
  }

  /// Where a call is that has not ended: whoever wrote the provider needs to know.
  ///
  /// @param doing the step and its frames; empty where it has ended meanwhile
  private void tellStuck(String what, List<String> doing) {
    if (!doing.isEmpty()) {
      log.atWarn().addKeyValue("slot", name).addKeyValue("step", doing.getFirst())
          .addKeyValue("stack", String.join(" < ", doing.subList(1, doing.size()))).log(what);
    }
  }

  private boolean isFilling() {
    Standby standby = model.standby();
    return standby != null && standby.isFilling();
  }

  /// Looks at what has waited, or run, for too long.
  void tick() {
    long nowNs = context.clock().monotonicNs();
    lowers.tell();
    sawParked(nowNs);
    failImpatient();
    hearHung();
    if (model.phase() == Phase.ACTIVE && queue.waiting() > 0) {
      hear(new SlotEvent.Work()); // put in beside one whose caller was stopped before he could say so
    }
    door.mailboxes().forEach(SlotMailbox::remind);
    boolean runs = model.phase() == Phase.RUNNING && !pause.holdsBatch();
    long limitNs = batchLimitMs * 1_000_000;
    boolean late = runs && nowNs - batchSinceNs > limitNs;
    if (late && run.isOverdue(batchSinceNs, nowNs, limitNs)) {
      metrics.overdue();
      hear(new SlotEvent.Overdue(model.step()));
    } else if (late || (!runs && model.phase() != Phase.ACTIVE)) {
      if (late && !batchTold) {
        batchTold = true;
        log.atWarn().addKeyValue("slot", name)
            .log("a batch has not begun in time: calls before it, or other strands, have the threads");
      }
      // What waits behind a fence, also one of a slot beneath, waits for a moment only, but the same bound holds.
      for (SlotUnit unit : queue.expired(nowNs - limits.parkTimeoutMs() * 1_000_000)) {
        unit.fail(notServed(unit));
      }
      door.mailboxes().forEach(each -> each.expire(nowNs - limits.parkTimeoutMs() * 1_000_000));
    }
    if (isFilling() && nowNs - standbySinceNs > limits.swap().prepareTimeoutMs() * 1_000_000) {
      hear(new SlotEvent.Expired("not prepared within " + limits.swap().prepareTimeoutMs() + " ms"));
    }
    if (model.isServing()) {
      run.sweeper().sweep(nowNs);
    }
    settleRecord(nowNs);
    watch.look(run, model.generation());
    metrics.show(status());
    metrics.show(run.sweeper().retainedBytes(), run.stuck() + overdue());
  }

  /// Those that were left behind are counted elsewhere.
  private int overdue() {
    return watch.overdue() + (model.isLeftoverOverdue() ? 1 : 0)
        + (model.overdue() || isReadTooLong(context.clock().monotonicNs()) ? 1 : 0);
  }

  /// Whether a handover's reading, also one that was given up, has not returned.
  private boolean isReadTooLong(long nowNs) {
    return run.isRead() && nowNs - readSinceNs > limits.operationDeadlineMs() * 1_000_000;
  }

  private void perform(SlotEffect effect) {
    if (pause.holds(effect)) {
      return;
    }
    switch (effect) {
      case SlotEffect.OfServing serving -> serving(serving);
      case SlotEffect.OfStandby standby -> standby(standby);
      case SlotEffect.Load(var step) -> after(run.load(), step, verdict -> new SlotEvent.Loaded(step, verdict));
      case SlotEffect.Locate(var step, var writes) -> simple(run.locate(writes), step);
      case SlotEffect.Commit(var step, var fact) -> simple(run.commit(fact), step);
      case SlotEffect.Note(var step, var fact) -> {
        log.atError().addKeyValue("slot", name).addKeyValue("reason", model.reason())
            .log("acknowledged items of the slot are gone: nothing is signed on it until an operator says so");
        simple(run.note(fact), step);
      }
      case SlotEffect.Mark(var step, var fact) -> simple(run.mark(fact), step);
      case SlotEffect.Revoke(var step) -> simple(run.revoke(), step);
      case SlotEffect.GiveUp() -> {
        pause.drop(SlotEffect.Lane.SERVING);
        run.giveUp();
      }
      case SlotEffect.Evicted(var provider) -> evicted(provider);
      case SlotEffect.Measure(var step, var location) -> measure(step, location);
      case SlotEffect.Answer(var ask, var outcome) -> answer(ask, outcome);
      case SlotEffect.SwapEnded(var outcome) -> swapEnded(outcome);
      case SlotEffect.Forget(var location) -> run.sweeper().forget(location);
      case SlotEffect.LocateNext(var step, var location, var generation, var writes) ->
          simple(run.locateNext(location, generation, writes), step);
      case SlotEffect.AskTurn(var step) -> asksTurn = step;
      case SlotEffect.RevokeNext(var step) -> {
        pause.dropFilling();
        simple(run.standby().revoke(), step);
      }
      case SlotEffect.DropNext(var step, var location) -> simple(run.sweeper().drop(location), step);
      case SlotEffect.GiveUpNext() -> {
        pause.drop(SlotEffect.Lane.STANDBY);
        tellStuck("a call of who was to take over was left behind", run.standby().doing());
        run.standby().giveUp();
      }
      case SlotEffect.Promote() -> run.promote();
      case SlotEffect.HandOver(var step, var fact) -> simple(run.handOver(fact), step);
      case SlotEffect.Own(var fact) -> run.own(fact);
      case SlotEffect.Retire(var step) -> inside(run.retire(), step);
      case SlotEffect.Retain(var before) -> run.retain(before);
      case SlotEffect.GiveUpRetired() -> {
        run.giveUpRetired();
      }
      case SlotEffect.Arm(var lane, var number, var delayMs) -> {
        disarm(lane);
        timers.put(lane, context.after(delayMs, new Conductor.Message.Heard(name, new SlotEvent.Late(number))));
      }
      case SlotEffect.Disarm(var lane) -> disarm(lane);
      case SlotEffect.Serve() -> {
        run.sweeper().serves(context.clock().monotonicNs());
        if (!published) {
          published = true;
          run.atDesk("publish", () -> registry.publish(name, role.facadeType(), facade.service()));
        }
      }
      case SlotEffect.Tell(var text) -> log.atInfo().addKeyValue("slot", name).addKeyValue("generation",
          model.generation()).addKeyValue("reason", model.reason()).log("slot {}", text);
    }
  }

  private void serving(SlotEffect.OfServing effect) {
    switch (effect) {
      case SlotEffect.Take(var step, var candidate) -> {
        ProviderSource source = Present.of(sources.apply(candidate.ref()));
        onStrand(run.take(candidate.ref(), source), step, found -> new SlotEvent.Taken(step, found));
      }
      case SlotEffect.Open(var step, var generation, var location) ->
          inside(run.open(generation, location, model.fact() == null), step);
      case SlotEffect.Resume(var step) -> inside(run.resume(), step);
      case SlotEffect.Batch(var step) -> {
        batchSinceNs = context.clock().monotonicNs();
        batchLimitMs = limits.operationDeadlineMs();
        batchTold = false;
        // Whether more waits is asked when the end is handled: asked on the strand, a unit that comes in between would
        // signal while the batch still counts as running, and wait for ever.
        onStrand(run.batch(), step, ran -> new SlotEvent.Batched(step, ran, queue.more()));
      }
      case SlotEffect.Seal(var step) -> inside(run.seal(), step);
      case SlotEffect.Close(var step) -> inside(run.close(), step);
      case SlotEffect.Export(var step) -> {
        long restMs = restMs();
        if (restMs == 0) {
          export(step);
        } else {
          context.after(restMs, new Conductor.Message.Rested(name, step));
        }
      }
    }
  }

  private void standby(SlotEffect.OfStandby effect) {
    switch (effect) {
      case SlotEffect.TakeNext(var step, var candidate) -> {
        ProviderSource source = Present.of(sources.apply(candidate.ref()));
        onStrand(run.standby().take(candidate.ref(), source), step, found -> new SlotEvent.Taken(step, found));
      }
      case SlotEffect.OpenNext(var step, var generation, var location) ->
          inside(run.standby().open(generation, location), step);
      case SlotEffect.Apply(var step, var verify) -> inside(run.standby().apply(verify), step);
      case SlotEffect.CloseNext(var step) -> inside(run.standby().close(), step);
    }
  }

  /// Behind the fence, and while a provider waits to go, copying is in a hurry.
  private long restMs() {
    return model.phase() == Phase.HELD || model.going()
        ? 0
        : pace.restMs(Present.of(model.standby()), context.clock().monotonicNs(), batchSinceNs);
  }

  /// Whoever is filled was given up meanwhile, or waits for this.
  void rested(long step) {
    Standby standby = model.standby();
    if (standby == null || standby.step() != step) {
      return;
    }
    if (standby.stage() == Standby.Stage.MEASURING) {
      measure(step, Present.of(model.fact()).location());
    } else if (standby.stage() == Standby.Stage.EXPORTING) {
      if (pause.isShut()) {
        context.after(READ_AGAIN_MS, new Conductor.Message.Rested(name, step)); // a slot beneath is at its fence
      } else {
        export(step);
      }
    }
  }

  private void export(long step) {
    if (run.isRead()) {
      context.after(READ_AGAIN_MS, new Conductor.Message.Rested(name, step)); // within the step's own deadline
      return;
    }
    readSinceNs = context.clock().monotonicNs();
    pace.piece(readSinceNs);
    onStrand(run.export(model.phase() == Phase.HELD), step, piece -> new SlotEvent.Exported(step, piece.items(),
        piece.bytes(), piece.itemsLeft(), piece.endsRound()));
  }

  private void measure(long step, String location) {
    if (run.sweeper().isMeasuring()) {
      context.after(READ_AGAIN_MS, new Conductor.Message.Rested(name, step)); // within the step's own deadline
      return;
    }
    long tailBytes = queue.heldBytes();
    boolean look = model.standby() != null && Present.of(model.standby()).isLook();
    after(run.sweeper().measure(location, tailBytes, look), step,
        found -> new SlotEvent.Measured(step, found.heldBytes(), tailBytes,
            found.usableBytes(), rate.bytesPerSecond()));
  }

  private void answer(long ask, HandoverOutcome outcome) {
    Consumer<HandoverOutcome> reply = looks.remove(ask);
    if (reply != null) {
      reply.accept(outcome);
    }
  }

  private void evicted(String provider) {
    metrics.evicted();
    log.atWarn().addKeyValue("slot", name).addKeyValue("provider", provider)
        .log("a call that did not end was left behind; the provider's classes stay until it returns");
  }

  private void simple(Completion<Boolean> owed, long step) {
    after(owed, step, done -> new SlotEvent.Done(step));
  }

  private void inside(Completion<Boolean> owed, long step) {
    onStrand(owed, step, done -> new SlotEvent.Done(step));
  }

  /// The end of a task of a strand: a pause waits for it.
  private <T> void onStrand(Completion<T> owed, long step, Function<T, SlotEvent> event) {
    pause.began();
    owed.then(outcome -> new Conductor.Message.Ran(name, pause, switch (outcome) {
      case Outcome.Done<T>(var value) -> event.apply(value);
      case Outcome.Failed<T>(var cause) -> new SlotEvent.Broke(step, Failure.of(cause));
    }));
  }

  private <T> void after(Completion<T> owed, long step, Function<T, SlotEvent> event) {
    owed.then(outcome -> new Conductor.Message.Heard(name, switch (outcome) {
      case Outcome.Done<T>(var value) -> event.apply(value);
      case Outcome.Failed<T>(var cause) -> new SlotEvent.Broke(step, Failure.of(cause));
    }));
  }

  private void disarm(SlotEffect.Lane lane) {
    Timer armed = timers.remove(lane);
    if (armed != null) {
      armed.cancel();
    }
  }
}
