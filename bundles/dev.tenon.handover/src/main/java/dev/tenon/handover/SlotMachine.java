package dev.tenon.handover;

import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.role.Description;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The whole of a slot's logic: `step(state, event) -> (state, effects)`. Pure; knows no role, no thread and no OSGi.
final class SlotMachine {
  /// What a step gives.
  record Step(SlotModel model, List<SlotEffect> effects) {}

  private final SlotLimits limits;
  private final SlotModel.Draft at;
  private final List<SlotEffect> effects = new ArrayList<>();
  private final StandbyMachine standby;

  private SlotMachine(SlotLimits limits, SlotModel model) {
    this.limits = limits;
    this.at = new SlotModel.Draft(model);
    this.standby = new StandbyMachine(this, limits, at, effects);
  }

  static Step step(SlotLimits limits, SlotModel model, SlotEvent event) {
    SlotMachine machine = new SlotMachine(limits, model);
    machine.take(event);
    machine.standby.consider(event instanceof SlotEvent.Wished wished && wished.atOnce());
    return new Step(machine.at.model(), List.copyOf(machine.effects));
  }

  private void take(SlotEvent event) {
    if (event instanceof SlotEvent.Ending ending && isOfAnother(ending)) {
      return;
    }
    switch (event) {
      case SlotEvent.Begin() -> load();
      case SlotEvent.Loaded(var step, var verdict) -> {
        if (ends(step, Phase.LOADING)) {
          loaded(verdict);
        }
      }
      case SlotEvent.Taken(var step, var says) -> {
        if (ends(step, Phase.TAKING)) {
          taken(says);
        }
      }
      case SlotEvent.Exported late -> {}
      case SlotEvent.Done(var step) -> {
        if (step == at.step) {
          done();
        }
      }
      case SlotEvent.Batched(var step, var ran, var more) -> {
        if (step == at.step) {
          batched(ran, more);
        }
      }
      case SlotEvent.Broke(var step, var failure) -> {
        if (step == at.step) {
          broke(failure);
        }
      }
      case SlotEvent.Late(var timer) -> {
        if (timer == at.timer) {
          late();
        }
      }
      case SlotEvent.Overdue(var step) -> {
        if (ends(step, Phase.RUNNING)) {
          giveUp("a call has not ended in time", SlotModel.Goal.RECOVER);
          revoke();
        }
      }
      case SlotEvent.Work() -> {
        if (at.phase == Phase.ACTIVE) {
          batch();
        }
      }
      case SlotEvent.Present(var present) -> present(present);
      case SlotEvent.Wished wished -> wished(wished.provider(), wished.pinned());
      case SlotEvent.Cancel(var reason) -> standby.cancel(reason);
      case SlotEvent.Stop() -> leave(SlotModel.Goal.SEAL, "the node stops");
    }
  }

  /// Gives the end of a step, or a limit, to the standby or to what is retired, whichever it belongs to.
  private boolean isOfAnother(SlotEvent.Ending event) {
    long number = event.number();
    Standby next = at.standby;
    SlotModel.Retired old = at.retired;
    if (number > 0 && next != null && (number == next.step() || number == next.timer())) {
      standby.hear(next, event);
      return true;
    }
    if (number > 0 && old != null && (number == old.step() || number == old.timer())) {
      if (number == old.timer()) {
        effects.add(new SlotEffect.GiveUpRetired());
      }
      retired(old);
      return true;
    }
    return false;
  }

  private void wished(String provider, boolean pinned) {
    if (!provider.equals(at.wish)) {
      at.swapFailures = 0;
      at.outcome = "";
    }
    at.wish = provider;
    at.pinned = pinned;
    if (at.phase == Phase.FAILED && at.fact != null) {
      // The operator's word is worth an attempt. Where record and locations contradict each other it is not enough.
      at.goal = SlotModel.Goal.SERVE;
      at.unfit = List.of();
      settle();
    } else if (at.phase == Phase.VACANT || at.phase == Phase.EMPTY) {
      settle();
    }
  }

  private boolean ends(long step, Phase phase) {
    return step == at.step && at.phase == phase;
  }

  // Ends of steps.

  private void loaded(StartTable.Verdict verdict) {
    at.loaded = true;
    at.atStart = true;
    switch (verdict) {
      case StartTable.Verdict.Vacant vacant -> settle();
      case StartTable.Verdict.Serve(var fact, var owner, var aside, var superseded) -> {
        at.fact = fact;
        at.generation = fact.generation();
        settle();
      }
      case StartTable.Verdict.Refuse(var reason) -> {
        at.reason = reason;
        at.goal = at.goal == SlotModel.Goal.SEAL ? SlotModel.Goal.SEAL : SlotModel.Goal.FAIL;
        settle();
      }
    }
  }

  private void taken(Description says) {
    Candidate candidate = chosen();
    Fact fact = at.fact;
    at.description = says;
    String writes = says.writes();
    if (!wanted()) {
      close();
    } else if (fact != null && !says.reads().contains(fact.format())) {
      setAside(candidate);
      at.reason = candidate.label() + " does not read format " + fact.format();
      close();
    } else if (fact == null) {
      at.generation = 1;
      strandless(Phase.LOCATING, limits.operationDeadlineMs(), new SlotEffect.Locate(next(), writes));
    } else {
      boolean sameAgain = at.atStart && candidate.sameAs(fact) && writes.equals(fact.format());
      commit(fact.committed(candidate, writes, sameAgain ? at.generation : at.generation + 1, wishDigest()));
    }
  }

  private void done() {
    switch (at.phase) {
      case LOCATING -> {
        if (wanted()) {
          open();
        } else {
          end();
        }
      }
      case COMMITTING -> {
        at.committed = true;
        if (!wanted()) {
          end();
        } else if (at.instance) {
          resume();
        } else {
          open();
        }
      }
      case OPENING -> {
        Fact fact = at.fact;
        if (!wanted()) {
          end();
        } else if (at.committed) {
          resume();
        } else {
          Candidate by = chosen();
          commit(fact == null
              ? new Fact(0, node(), at.slot, by.provider(), by.bundle(), by.version(), "", "", "", writes(), 1,
                  location(1), wishDigest(), 0)
              : fact.committed(by, writes(), at.generation + 1, wishDigest()));
        }
      }
      case YIELDING -> yielded();
      case HANDING -> handed();
      case RESUMING -> {
        if (at.goal == SlotModel.Goal.SERVE) {
          serve();
        } else {
          seal();
        }
      }
      case SEALING -> {
        at.phase = Phase.MARKING;
        effects.add(new SlotEffect.Mark(next(), Present.of(at.fact)));
      }
      case MARKING -> revoke();
      case REVOKING -> close();
      case CLOSING -> closed();
      case LOADING, VACANT, EMPTY, TAKING, ACTIVE, RUNNING, FENCED, HELD, WAITING, FAILED, SEALED ->
          throw unexpected(at.phase);
    }
  }

  private void serve() {
    if (isWished(chosen())) {
      at.swapFailures = 0;
    }
    at.switching = false;
    at.atStart = false;
    at.unfit = List.of();
    at.reason = "";
    disarm();
    at.recovering = false;
    effects.add(new SlotEffect.Tell("serves"));
    at.phase = Phase.ACTIVE;
    effects.add(new SlotEffect.Serve());
    batch();
  }

  private void batched(int ran, boolean more) {
    if (ran > 0) {
      at.failures = 0;
    }
    if (at.phase == Phase.FENCED && more && at.goal == SlotModel.Goal.SEAL) {
      // Nobody serves what is left later: it runs now, as far as the deadline allows.
      effects.add(new SlotEffect.Batch(next()));
    } else if (at.phase == Phase.FENCED) {
      seal();
    } else if (at.standby != null && at.standby.stage() == Standby.Stage.FENCING) {
      standby.held();
    } else if (more) {
      batch();
    } else {
      at.phase = Phase.ACTIVE;
    }
  }

  private void broke(Failure failure) {
    switch (at.phase) {
      case LOADING, TAKING, LOCATING, COMMITTING, OPENING, RESUMING, RUNNING -> {
        fail(failure);
        end();
      }
      case YIELDING -> {
        fail(failure);
        end();
      }
      case HANDING -> {
        // Either record may be there: nobody serves until a later one says that what was in charge still is.
        retire(null);
        at.fact = at.before;
        at.before = null;
        at.swapFailures++;
        at.outcome = "not handed over: the record could not be written: " + failure.text();
        setAside(chosen());
        fail(failure);
        end();
      }
      case FENCED, SEALING, MARKING -> {
        at.reason = failure.text();
        revoke();
      }
      case CLOSING -> closed();
      case REVOKING -> close();
      case VACANT, EMPTY, ACTIVE, HELD, WAITING, FAILED, SEALED -> throw unexpected(at.phase);
    }
  }

  /// Notes a failure and what follows from it.
  private void fail(Failure failure) {
    standby.abort("the provider that serves failed: " + failure.text(), false);
    at.reason = failure.text();
    boolean fellBack = fallBack(failure.text());
    if (at.goal == SlotModel.Goal.SERVE) {
      // What the record's write found damaged is so for everybody, what the newcomer says on opening is not.
      boolean lasting = failure.kind() != Failure.Kind.BROKEN && (at.phase == Phase.COMMITTING
          || (!fellBack && (at.phase == Phase.OPENING || at.phase == Phase.RESUMING)));
      at.goal = lasting ? SlotModel.Goal.FAIL : SlotModel.Goal.RECOVER;
    }
    at.recovering = true;
    at.failures++;
    at.atStart = false;
    effects.add(new SlotEffect.Tell("failed: " + failure.text()));
  }

  /// Where the one that was wished for did not open the location, the one before does.
  private boolean fallBack(String why) {
    Candidate failed = at.chosen;
    if (!at.switching || failed == null) {
      return false;
    }
    at.switching = false;
    at.swapFailures++;
    at.outcome = "not handed over to " + failed.label() + ": " + why;
    setAside(failed);
    return true;
  }

  /// A limit has passed.
  private void late() {
    switch (at.phase) {
      case WAITING -> {
        at.goal = SlotModel.Goal.SERVE;
        if (at.loaded) {
          settle();
        } else {
          load();
        }
      }
      case OPENING -> {
        giveUp("open has not ended in time", SlotModel.Goal.FAIL);
        revoke();
      }
      case TAKING, RESUMING, FENCED, SEALING -> {
        giveUp("a call has not ended in time", SlotModel.Goal.RECOVER);
        revoke();
      }
      case CLOSING -> {
        giveUp("close has not ended in time", SlotModel.Goal.RECOVER);
        closed();
      }
      // The desk writes; what it does cannot be undone, so it is waited for.
      case LOADING, LOCATING, COMMITTING, YIELDING, HANDING, MARKING, REVOKING -> {
        at.overdue = true;
        at.reason = "a write has not returned";
      }
      case VACANT, EMPTY, ACTIVE, RUNNING, HELD, FAILED, SEALED -> throw unexpected(at.phase);
    }
  }

  private void giveUp(String reason, SlotModel.Goal goal) {
    standby.abort("the provider that serves failed: " + reason, false);
    at.reason = reason;
    boolean opens = at.phase == Phase.TAKING || at.phase == Phase.OPENING || at.phase == Phase.RESUMING;
    boolean fellBack = opens && fallBack(reason);
    if (at.goal == SlotModel.Goal.SERVE) {
      at.goal = fellBack ? SlotModel.Goal.RECOVER : goal;
      at.recovering = true;
      at.failures++;
      at.atStart = false;
    }
    effects.add(new SlotEffect.GiveUp());
    effects.add(new SlotEffect.Tell(reason));
  }

  // What the world does.

  private void present(List<Candidate> present) {
    at.present = present;
    Candidate chosen = at.chosen;
    Standby next = at.standby;
    if (next != null && next.isFilling() && at.phase != Phase.YIELDING && !present.contains(next.candidate())) {
      standby.abort("provider " + next.candidate().label() + " is gone", true);
    }
    if (chosen != null && !present.contains(chosen)) {
      leave(SlotModel.Goal.SERVE, "provider " + chosen.label() + " is gone");
    } else if (at.phase == Phase.VACANT || at.phase == Phase.EMPTY) {
      settle();
    }
  }

  /// The provider or the node goes: fence, drain, seal, close, all within the seal deadline.
  private void leave(SlotModel.Goal goal, String reason) {
    if (at.phase != Phase.YIELDING) {
      standby.abort(reason, false);
    }
    boolean failed = at.goal == SlotModel.Goal.FAIL;
    SlotModel.Goal before = at.goal;
    at.goal = before == SlotModel.Goal.SEAL || (failed && goal != SlotModel.Goal.SEAL) ? before : goal;
    if (!failed) {
      at.reason = reason;
    }
    switch (at.phase) {
      case ACTIVE, HELD -> {
        arm(limits.sealDeadlineMs());
        if (at.goal == SlotModel.Goal.SEAL) {
          at.phase = Phase.FENCED;
          effects.add(new SlotEffect.Batch(next()));
        } else {
          seal();
        }
      }
      case RUNNING -> {
        arm(limits.sealDeadlineMs());
        at.phase = Phase.FENCED;
      }
      case TAKING, OPENING, RESUMING -> {
        // It may be long in there, and what it would give is not wanted any more.
        effects.add(new SlotEffect.GiveUp());
        revoke();
      }
      case VACANT, EMPTY, WAITING, FAILED -> {
        disarm();
        settle();
      }
      // The step under way ends first; it looks at the goal.
      case LOADING, LOCATING, COMMITTING, YIELDING, HANDING, FENCED, SEALING, MARKING, REVOKING, CLOSING, SEALED -> {}
    }
  }

  // Steps.

  private void load() {
    at.phase = Phase.LOADING;
    effects.add(new SlotEffect.Load(next()));
  }

  /// Nothing is open: does what the goal says.
  private void settle() {
    switch (at.goal) {
      case SEAL -> rest(Phase.SEALED);
      case FAIL -> rest(Phase.FAILED);
      case RECOVER -> {
        rest(Phase.WAITING);
        arm(limits.backOffMs(Math.max(1, at.failures)));
      }
      case SERVE -> {
        Candidate candidate = best();
        if (candidate == null) {
          rest(at.fact == null ? Phase.VACANT : Phase.EMPTY);
          if (at.reason.isEmpty()) {
            at.reason = at.wish.isEmpty() ? "no provider" : "no provider that fits, wished is " + at.wish;
          }
        } else {
          if (at.fact != null && candidate.sameAs(at.fact)) {
            at.switching = false; // the newcomer is gone, or not wished for any more
          }
          at.chosen = candidate;
          at.description = null;
          at.committed = false;
          strandless(Phase.TAKING, limits.operationDeadlineMs(), new SlotEffect.Take(next(), candidate));
        }
      }
    }
  }

  private void rest(Phase phase) {
    at.phase = phase;
    at.chosen = null;
    at.description = null;
    effects.add(new SlotEffect.Tell("is " + phase));
  }

  private void commit(Fact fact) {
    // From here on the record may say so, whether or not the write comes back.
    at.fact = fact;
    at.generation = fact.generation();
    strandless(Phase.COMMITTING, limits.operationDeadlineMs(), new SlotEffect.Commit(next(), fact));
  }

  private void open() {
    Fact fact = at.fact;
    at.instance = true;
    strandless(Phase.OPENING, limits.openDeadlineMs(),
        new SlotEffect.Open(next(), at.generation, fact == null ? location(1) : fact.location()));
  }

  private void resume() {
    strandless(Phase.RESUMING, limits.openDeadlineMs(), new SlotEffect.Resume(next()));
  }

  private void batch() {
    at.phase = Phase.RUNNING;
    effects.add(new SlotEffect.Batch(next()));
  }

  private void seal() {
    at.phase = Phase.SEALING;
    effects.add(new SlotEffect.Seal(next()));
  }

  private void revoke() {
    strandless(Phase.REVOKING, limits.operationDeadlineMs(), new SlotEffect.Revoke(next()));
  }

  private void close() {
    strandless(Phase.CLOSING, limits.sealDeadlineMs(), new SlotEffect.Close(next()));
  }

  /// Ends what is open, if anything is.
  private void end() {
    if (at.instance) {
      revoke();
    } else {
      close();
    }
  }

  private void closed() {
    next(); // where the close was given up, its end still comes
    disarm();
    at.instance = false;
    at.committed = false;
    at.chosen = null;
    at.description = null;
    settle();
  }

  private void strandless(Phase phase, long limitMs, SlotEffect effect) {
    at.phase = phase;
    arm(limitMs);
    effects.add(effect);
  }

  private void arm(long delayMs) {
    at.timer = ++at.counter;
    effects.add(new SlotEffect.Arm(SlotEffect.Lane.SERVING, at.timer, delayMs));
  }

  private void disarm() {
    effects.add(new SlotEffect.Disarm(SlotEffect.Lane.SERVING));
  }

  private long next() {
    at.overdue = false;
    at.step = ++at.counter;
    return at.step;
  }

  // The handover, from the compared tail on.

  /// The tail is over there and compared: from the end of this step on nobody writes to what served.
  void yieldTo() {
    Candidate next = Present.of(at.standby).candidate();
    effects.add(new SlotEffect.Tell("is about to be handed over to " + next.label()));
    effects.add(new SlotEffect.Disarm(SlotEffect.Lane.STANDBY));
    strandless(Phase.YIELDING, limits.operationDeadlineMs(), new SlotEffect.Revoke(next()));
  }

  private void yielded() {
    Standby next = Present.of(at.standby);
    if (!at.present.contains(next.candidate())) {
      standby.abort("provider " + next.candidate().label() + " is gone", false);
      close();
      return;
    }
    Fact fact = Present.of(at.fact);
    at.before = fact;
    at.retired = new SlotModel.Retired(chosen(), null, 0, 0);
    at.chosen = next.candidate();
    at.description = next.description();
    at.standby = null;
    at.committed = false;
    effects.add(new SlotEffect.Promote());
    at.fact = fact.handedOver(chosen(), writes(), next.generation(), next.location(), wishDigest());
    at.generation = next.generation();
    strandless(Phase.HANDING, limits.operationDeadlineMs(), new SlotEffect.HandOver(next(), at.fact));
  }

  private void handed() {
    at.committed = true;
    effects.add(new SlotEffect.Own(Present.of(at.fact)));
    retire(at.before);
    at.before = null;
    at.outcome = "handed over to " + chosen().label();
    if (wanted()) {
      // There is nothing to apply again: it is activated only.
      strandless(Phase.RESUMING, limits.operationDeadlineMs(), new SlotEffect.Resume(next()));
    } else {
      end();
    }
  }

  /// Units are served again by who served before.
  void admit() {
    batch();
  }

  /// Another provider opens the same location.
  void reopen() {
    boolean switches = at.switching;
    leave(SlotModel.Goal.SERVE, "another provider is to open the location");
    at.switching = switches;
  }

  boolean serves() {
    return (at.phase == Phase.ACTIVE || at.phase == Phase.RUNNING) && at.goal == SlotModel.Goal.SERVE;
  }

  /// @param fact what the record said of it; null where it is still in charge
  private void retire(@Nullable Fact fact) {
    SlotModel.Retired waiting = Present.of(at.retired);
    at.retired = new SlotModel.Retired(waiting.candidate(), fact, ++at.counter, ++at.counter);
    effects.add(new SlotEffect.Arm(SlotEffect.Lane.RETIRED, at.retired.timer(), limits.sealDeadlineMs()));
    effects.add(new SlotEffect.Retire(at.retired.step()));
  }

  private void retired(SlotModel.Retired ended) {
    effects.add(new SlotEffect.Disarm(SlotEffect.Lane.RETIRED));
    effects.add(new SlotEffect.Retain(ended.fact()));
    at.retired = null;
  }

  private void setAside(Candidate candidate) {
    List<Long> unfit = new ArrayList<>(at.unfit);
    unfit.add(candidate.ref());
    at.unfit = List.copyOf(unfit);
  }

  // Facts.

  /// The provider to open: the one wished for, else the one before, else the newest.
  private @Nullable Candidate best() {
    Fact fact = at.fact;
    Candidate best = null;
    for (Candidate candidate : at.present) {
      boolean wished = at.wish.isEmpty() || isWished(candidate);
      if (at.unfit.contains(candidate.ref()) || (fact == null && !wished)) {
        continue;
      }
      if (best == null || rank(candidate) >= rank(best)) {
        best = candidate;
      }
    }
    return best;
  }

  private int rank(Candidate candidate) {
    Fact fact = at.fact;
    int rank = 0;
    if (isWished(candidate) && !at.pinned) {
      rank += 4;
    }
    if (fact != null && candidate.provider().equals(fact.provider())) {
      rank += 2;
    }
    if (fact != null && candidate.sameAs(fact)) {
      rank += 1;
    }
    return rank;
  }

  private boolean isWished(Candidate candidate) {
    return Candidate.matches(at.wish, candidate.provider(), candidate.version());
  }

  private String writes() {
    return Present.of(at.description).writes();
  }

  private Candidate chosen() {
    return Present.of(at.chosen);
  }

  private String node() {
    return at.slot.substring(0, at.slot.indexOf('/'));
  }

  /// The location that a generation makes.
  String location(long generation) {
    return at.slot.substring(at.slot.indexOf('/') + 1) + "/" + generation;
  }

  private int wishDigest() {
    byte[] wish = at.wish.getBytes(StandardCharsets.UTF_8);
    return RecordCodec.crc(wish, wish.length);
  }

  /// Whether what is under way is still asked for.
  private boolean wanted() {
    return at.goal == SlotModel.Goal.SERVE && at.chosen != null && at.present.contains(at.chosen);
  }

  static CheckFailed unexpected(Phase phase) {
    return new CheckFailed("nothing ends in phase " + phase);
  }
}
