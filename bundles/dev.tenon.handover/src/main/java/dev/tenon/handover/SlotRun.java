package dev.tenon.handover;

import dev.tenon.codec.TenonException;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.runtime.storage.Volume;
import dev.tenon.slot.CallsInside;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.QueuedTransfer;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what a slot's machine wants, as tasks of its two strands: the *desk*, where records, owner files and revokes
/// are written, and the *strand*, where the provider runs. Each method returns what becomes the step's end. Owned by
/// the conductor; a task touches only what it is given and the fields marked so.
final class SlotRun {
  private static final String GIVEN_UP = "the call has not ended in time";
  private static final Logger log = LoggerFactory.getLogger(SlotRun.class);

  private final Volume volume;
  private final SlotName name;
  private final QueuedFacade facade;
  private final SlotQueue queue;
  private final Supplier<SlotLimits> limits;
  private final Strand desk;
  private final Sweeper sweeper;
  /// On the desk only.
  private final RecordStore records;
  /// On the desk only.
  private final Locations locations;
  /// What the record has to say again, because a later version of it failed and may be there. On the desk only.
  private @Nullable Fact unsure;

  private final Tenants tenants;
  private final StandbyRun standby;
  /// Where a provider that is taken next runs.
  private Strand strand;
  private @Nullable Tenant tenant;
  /// Who was closed last.
  private @Nullable Tenant closing;
  private @Nullable Tenant retired;

  SlotRun(Runtime runtime, SlotName name, QueuedRole role, QueuedFacade facade, SlotQueue queue,
      Supplier<SlotLimits> limits, Lowers lowers) {
    this.volume = runtime.volume();
    this.name = name;
    this.facade = facade;
    this.queue = queue;
    this.limits = limits;
    this.desk = runtime.strand("desk:" + name);
    this.sweeper = new Sweeper(runtime, name, limits, lowers);
    this.strand = runtime.strand("slot:" + name);
    this.records = new RecordStore(runtime.volume().scope(""), name.toString());
    this.locations = new Locations(volume, name.role(), name.use());
    this.tenants = new Tenants(runtime, name, role, facade, limits, desk, lowers);
    this.standby = new StandbyRun(tenants, facade);
  }

  /// Reads, judges, and does what start may do: moves aside and marks; deletes nothing.
  Completion<StartTable.Verdict> load() {
    return desk.run("load", () -> {
      List<StartTable.Place> places = locations.scan();
      StartTable.Verdict verdict = StartTable.judge(name.toString(), records.read(), places);
      switch (verdict) {
        case StartTable.Verdict.Vacant(var aside) -> aside.forEach(locations::moveAside);
        case StartTable.Verdict.Serve(var fact, var owner, var aside, var superseded, var kept) -> {
          aside.forEach(locations::moveAside);
          kept.forEach(this::setAside);
          for (StartTable.Place place : superseded) {
            Owner old = Present.of(place.owner());
            locations.write(place.location(),
                new Owner(old.slot(), old.generation(), old.format(), Owner.State.SEALED, 0));
          }
        }
        case StartTable.Verdict.Refuse refuse -> {}
      }
      leftBefore(verdict, places).forEach(sweeper::retire);
      return verdict;
    });
  }

  /// What a start found of earlier handovers and attempts.
  private List<String> leftBefore(StartTable.Verdict verdict, List<StartTable.Place> places) {
    return switch (verdict) {
      case StartTable.Verdict.Vacant vacant -> locations.aside();
      case StartTable.Verdict.Serve serve -> {
        List<String> old = new ArrayList<>(locations.aside());
        places.stream().map(StartTable.Place::location)
            .filter(each -> !each.equals(serve.fact().location()) && !serve.aside().contains(each)
                && !serve.kept().contains(each))
            .forEach(old::add);
        yield old;
      }
      case StartTable.Verdict.Refuse refuse -> List.of();
    };
  }

  Completion<Description> take(long ref, ProviderSource from) {
    Tenant taking = tenants.tenant(ref, from, strand);
    tenant = taking;
    return tenants.take(taking);
  }

  /// The first location, and the record's file before it.
  Completion<Boolean> locate(String writes) {
    return desk.run("locate", () -> {
      records.allocate();
      prepare(locations.named(1), new Owner(name.toString(), 1, writes, Owner.State.PREPARING, 0));
      return true;
    });
  }

  /// The location of a handover.
  Completion<Boolean> locateNext(String location, long generation, String writes) {
    return desk.run("locate", () -> {
      prepare(location, new Owner(name.toString(), generation, writes, Owner.State.PREPARING, 0));
      return true;
    });
  }

  private void prepare(String location, Owner owner) {
    String aside = locations.prepare(location, owner);
    if (!aside.isEmpty()) {
      sweeper.retire(aside);
    }
  }

  /// The record first, the owner file after: an owner may be behind the record, never ahead.
  Completion<Boolean> commit(Fact fact) {
    return desk.run("commit", () -> {
      locations.mayBeNamed();
      Owner owner = locations.read(fact.location());
      if (owner != null && owner.state() == Owner.State.CLOSED) {
        int found = locations.sealDigest(fact.location());
        if (found != owner.sealDigest()) {
          throw new CorruptionException(Locations.PARTITION, "6f776e6572", 0, Integer.toHexString(owner.sealDigest()),
              Integer.toHexString(found));
        }
      }
      record(fact);
      locations.write(fact.location(),
          new Owner(name.toString(), fact.generation(), fact.format(), Owner.State.OWNED, 0));
      return true;
    });
  }

  /// @param fresh whether the location was just made
  Completion<Boolean> open(long generation, String location, boolean fresh) {
    return tenants.open(living(), generation, location, fresh);
  }

  Completion<Boolean> resume() {
    Tenant resuming = living();
    return resuming.run("resume", () -> {
      if (resuming.adopted) {
        resuming.adopted = false;
        facade.adopt(Present.of(resuming.instance));
      } else {
        facade.resume(Present.of(resuming.instance));
      }
      return true;
    });
  }

  /// Up to 64 units in their order, one sync where one is wanted, then all ends.
  ///
  /// @return how many units
  Completion<Integer> batch() {
    Tenant serving = living();
    serving.batchBegun = false;
    return serving.run("batch", () -> {
      serving.batchBegun = true;
      List<SlotUnit> units = serving.flight.take(queue, SlotLimits.BATCH_UNITS);
      Object instance = Present.of(serving.instance);
      boolean sync = false;
      for (int i = 0; i < units.size(); i++) {
        serving.flight.claim(i);
        SlotUnit unit = units.get(i);
        serving.running = unit;
        unit.run(instance);
        sync |= unit.wantsSync();
      }
      serving.running = null;
      if (sync || (!units.isEmpty() && facade.wantsSync())) {
        facade.sync(instance);
      }
      facade.settled(instance);
      if (!serving.owned) {
        awaitOwned(serving);
      }
      end(serving.flight, units);
      return units.size();
    });
  }

  /// What is acknowledged lies where the owner file says that it is in charge.
  private void awaitOwned(Tenant serving) {
    try {
      serving.strand.await(Present.of(serving.owning), limits.get().operationDeadlineMs());
    } catch (TimeoutException e) {
      throw new StorageFailedException("the owner file of slot " + name + " is not written in time");
    }
    if (!serving.owned) {
      throw new StorageFailedException("the owner file of slot " + name + " could not be written");
    }
  }

  /// On the strand. What is released was counted before: whose end was delivered may be used again at once.
  private void end(Flight flight, List<SlotUnit> units) {
    List<SlotUnit> owed = units.stream().filter(unit -> !unit.isKept()).toList();
    long bytes = owed.stream().mapToLong(SlotUnit::bytes).sum();
    if (flight.ran(owed)) {
      queue.release(owed.size(), bytes);
      for (SlotUnit unit = flight.next(); unit != null; unit = flight.next()) {
        unit.deliver();
      }
    }
  }

  /// Units that may have had their effect, and whose callers may have heard of it: the first end counts.
  private void endUnknown(List<SlotUnit> units, String why) {
    units.forEach(unit -> unit.fail(new OutcomeUnknownException("slot " + name + ": " + why)));
  }

  /// After a batch has failed on its strand: what may be dispatched again waits again, before all others.
  void retry(Failure failure) {
    Tenant failed = living();
    List<SlotUnit> again = new ArrayList<>();
    List<SlotUnit> answered = new ArrayList<>();
    Flight.Left left = failed.flight.end();
    if (left.ran()) {
      endUnknown(left.units(), failure.text());
      return;
    }
    List<SlotUnit> units = left.units();
    SlotUnit running = failed.running;
    int ran = running == null ? units.size() : units.indexOf(running);
    for (int i = 0; i < units.size(); i++) {
      SlotUnit unit = units.get(i);
      if (!unit.isKept() && i >= left.begun()) {
        again.add(unit); // it was taken from the queue, and never dispatched
      } else if (!unit.isKept()) {
        boolean damaged = failure.kind() == Failure.Kind.CORRUPTION && unit == failed.running && unit.attempts() > 1;
        if (i < ran && !unit.wantsSync()) {
          // It has its answer. Asked again it would see what its caller has changed since, which is kept.
          answered.add(unit);
        } else if (damaged) {
          // What it asks for is damaged; opening again did not mend it, and the others must not wait for it.
          queue.release(1, unit.bytes());
          unit.fail(failure.told());
        } else if (unit.isIdempotent()) {
          again.add(unit);
        } else {
          queue.release(1, unit.bytes());
          endUnknown(List.of(unit), failure.text());
        }
      }
    }
    queue.release(answered.size(), answered.stream().mapToLong(SlotUnit::bytes).sum());
    answered.forEach(SlotUnit::deliver);
    queue.putBack(again);
  }

  Completion<Boolean> seal() {
    Tenant sealing = living();
    return sealing.run("seal", () -> {
      facade.seal(Present.of(sealing.instance));
      return true;
    });
  }

  Completion<Boolean> mark(Fact fact) {
    return desk.run("mark", () -> {
      locations.write(fact.location(), new Owner(name.toString(), fact.generation(), fact.format(), Owner.State.CLOSED,
          locations.sealDigest(fact.location())));
      return true;
    });
  }

  Completion<Boolean> revoke() {
    return tenants.revoke(tenant);
  }

  Completion<Boolean> close() {
    Tenant ending = tenant;
    tenant = null;
    closing = ending;
    return ending == null ? strand.run("close", () -> true) : tenants.close(ending);
  }

  /// Whether the batch that was asked for at some moment has kept its strand for too long.
  boolean isOverdue(long askedNs, long nowNs, long limitNs) {
    return tenant != null && tenant.isOverdue(askedNs, nowNs, limitNs);
  }

  /// Who is not taken again for now.
  List<Long> hung() {
    return tenants.hung();
  }

  int stuck() {
    if (closing != null && closing.closed) {
      closing = null; // it holds its provider's classes
    }
    standby.forgetClosed();
    return tenants.stuck();
  }

  /// What the strand does of who serves.
  List<String> doing() {
    return tenant == null ? List.of() : tenant.doing();
  }

  /// Who is inside past the queue.
  CallsInside inside() {
    return tenants.inside(tenant);
  }

  /// Where they are, as far as threads tell: a thread each.
  List<String> stacksInside() {
    return tenants.stacksInside(tenant);
  }

  // The next provider, while this one serves.

  StandbyRun standby() {
    return standby;
  }

  Sweeper sweeper() {
    return sweeper;
  }

  /// Whether a reading has not ended: one that was given up, since no other is asked for until its end.
  boolean isRead() { return tenant != null && tenant.read; }

  /// @param held whether it is the rest, behind the fence
  Completion<QueuedTransfer.Piece> export(boolean held) {
    return standby.export(living(), held ? limits.get().swap().drainDeadlineMs() : 0);
  }

  /// What record and locations say. Changes nothing.
  Completion<Recovery> found() {
    return desk.run("look", this::recovery);
  }

  private Recovery recovery() {
    return new Recovery(name.toString(), records.read(), found(locations.scan()), found(locations.kept()));
  }

  private List<Recovery.Found> found(List<StartTable.Place> places) {
    return places.stream().map(place -> new Recovery.Found(place, volume.usedBytes(place.location()))).toList();
  }

  private void setAside(String location) {
    log.atWarn().addKeyValue("slot", name).addKeyValue("location", location)
        .addKeyValue("kept", locations.setAside(location)).log("a location that is in nobody's charge is kept aside");
  }

  /// On the desk, once nothing of the slot is open: what is not chosen is set aside first, so that no start in between
  /// takes it for a predecessor; then the record, and the owner file after it.
  private void recover(String location) {
    Recovery.Plan plan = recovery().plan(location);
    plan.aside().forEach(this::setAside);
    if (Recovery.isKept(location)) {
      locations.takeBack(location, plan.fact().location());
    }
    records.allocate();
    record(plan.fact());
    locations.write(plan.fact().location(),
        new Owner(name.toString(), plan.fact().generation(), plan.fact().format(), Owner.State.OWNED, 0));
  }

  /// The record says that acknowledged items are gone.
  Completion<Boolean> note(Fact fact) {
    return desk.run("note", () -> {
      record(fact);
      return true;
    });
  }

  /// The record says that whoever signs may do so again. Where that cannot be written it may be there all the same, and
  /// a start would find it: then what stands is written behind it.
  ///
  /// @param stands what the record says
  /// @return fails with [OutcomeUnknownException] where that cannot be written either
  Completion<Boolean> sign(Fact stands, Fact fact) {
    return desk.run("sign", () -> {
      unsure = stands;
      try {
        record(fact);
      } catch (TenonException failed) {
        try {
          record(stands);
        } catch (TenonException again) {
          throw new OutcomeUnknownException(String.valueOf(failed.getMessage()));
        }
        throw failed;
      }
      return true;
    });
  }

  /// What stands is written once more, unless the record was written meanwhile.
  Completion<Boolean> settle() {
    return desk.run("settle", () -> {
      settleRecord();
      return true;
    });
  }

  private void settleRecord() {
    Fact stands = unsure;
    if (stands != null) {
      record(stands);
    }
  }

  private void settleAtLast() {
    try {
      settleRecord();
    } catch (TenonException failed) {
      log.atError().addKeyValue("slot", name).addKeyValue("reason", failed.getMessage())
          .log("the record may say that the slot was signed on, which it was not");
    }
  }

  /// What is durable is newer than all that failed before.
  private void record(Fact fact) {
    records.write(fact);
    unsure = null;
  }

  void promote() {
    retired = tenant;
    Tenant next = standby.promoted();
    tenant = next;
    strand = next.strand;
  }

  Completion<Boolean> handOver(Fact fact) {
    return desk.run("hand-over", () -> {
      locations.mayBeNamed();
      record(fact);
      return true;
    });
  }

  void own(Fact fact) {
    Tenant serving = living();
    serving.owning = desk.run("own", () -> {
      locations.write(fact.location(),
          new Owner(name.toString(), fact.generation(), fact.format(), Owner.State.OWNED, 0));
      serving.owned = true;
      return true;
    });
  }

  Completion<Boolean> retire() {
    return tenants.close(Present.of(retired));
  }

  void giveUpRetired() {
    Tenant stuck = retired;
    if (stuck != null) {
      tenants.leave(stuck);
    }
  }

  /// What was handed over from is marked and kept for a while.
  void retain(@Nullable Fact before) {
    Tenant ended = retired;
    retired = null;
    if (ended != null) {
      ended.strand.giveUp();
    }
    if (before == null) {
      return; // it is still in charge
    }
    atDesk("retain", () -> {
      try {
        locations.write(before.location(),
            new Owner(name.toString(), before.generation(), before.format(), Owner.State.SEALED, 0));
      } finally {
        sweeper.retire(before.location()); // the record names another one
      }
    });
  }

  /// The strand is left to whatever hangs on it. Callers of units that were begun hear that
  /// nothing is known; what was not begun waits again, and so does what has its place but was not booked.
  void giveUp() {
    Tenant stuck = tenant;
    if (stuck == null) {
      strand.giveUp();
      strand = tenants.newStrand();
      if (closing != null) {
        tenants.leave(closing);
        closing = null;
      }
      return;
    }
    Flight.Left left = stuck.flight.abandon();
    tenants.abandon(stuck);
    strand = stuck.strand;
    if (left.ran()) {
      endUnknown(left.units(), GIVEN_UP);
      return;
    }
    List<SlotUnit> units = left.units();
    List<SlotUnit> again = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      SlotUnit unit = units.get(i);
      if (i >= left.begun() || (!unit.isKept() && !unit.expires())) {
        again.add(unit);
      } else if (!unit.isKept()) {
        queue.release(1, unit.bytes());
        endUnknown(List.of(unit), GIVEN_UP);
      }
    }
    queue.putBack(again);
  }

  /// Something whose end nobody waits for: what goes wrong with it is told here.
  void atDesk(String step, Runnable task) {
    desk.run(step, () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.atError().addKeyValue("slot", name).addKeyValue("step", step)
            .addKeyValue("reason", OutcomeUnknownException.text(e))
            .log("the slot goes on without a step of it");
        throw e;
      }
      return true;
    });
  }

  /// The slot goes: its strand ends, and the desk with what was last asked of it.
  ///
  /// @param recover the location that is to serve when the slot begins anew; null where nothing is to change
  /// @param last the desk's last task
  /// @return ends with it
  Completion<Boolean> end(@Nullable String recover, Runnable last) {
    strand.giveUp();
    standby.end();
    tenants.end();
    if (retired != null) {
      retired.strand.giveUp();
    }
    return desk.run("end", () -> {
      try {
        if (recover != null) {
          recover(recover);
        } else {
          settleAtLast();
        }
      } finally {
        last.run();
      }
      return true;
    });
  }

  /// The desk has done its last task: its name is free.
  void free() {
    desk.giveUp();
    sweeper.free();
  }

  private Tenant living() {
    Tenant living = tenant;
    if (living == null) {
      throw new UnavailableException("no provider is taken");
    }
    return living;
  }
}
