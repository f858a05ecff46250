package dev.tenon.handover;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Does what a slot's machine wants, as tasks of its two strands: the *desk*, where records, owner files and revokes
/// are written, and the *strand*, where the provider runs. Each method returns what becomes the step's end. Owned by
/// the conductor; a task touches only what it is given and the fields marked so.
final class SlotRun {
  private final Runtime runtime;
  private final SlotName name;
  private final QueuedRole role;
  private final QueuedFacade facade;
  private final SlotQueue queue;
  private final SlotLimits limits;
  private final Strand desk;
  /// On the desk only.
  private final RecordStore records;
  /// On the desk only.
  private final Locations locations;

  private Strand strand;
  private int strands;
  private @Nullable Tenant tenant;

  /// What hangs on one taking of a provider. Written on its strand, but for the view.
  private static final class Tenant {
    static final int ABANDONED = -1;

    final ProviderSource source;
    @Nullable
    Object provider;
    @Nullable
    Object instance;
    @Nullable
    Storage view;
    /// Whoever takes the batch out ends its units: the strand, or the conductor where the strand is given up.
    final AtomicReference<List<SlotUnit>> inFlight = new AtomicReference<>(List.of());
    /// How many units of the batch were begun; [#ABANDONED] once the strand was given up. Each unit is claimed before
    /// it runs, so that one that was not begun by then never runs here and may wait again.
    final AtomicInteger begun = new AtomicInteger();
    /// The unit whose own call is under way; null in a sync.
    volatile @Nullable SlotUnit running;
    /// Written and read by the conductor.
    boolean abandoned;

    Tenant(ProviderSource source) {
      this.source = source;
    }
  }

  SlotRun(Runtime runtime, SlotName name, QueuedRole role, QueuedFacade facade, SlotQueue queue, SlotLimits limits) {
    this.runtime = runtime;
    this.name = name;
    this.role = role;
    this.facade = facade;
    this.queue = queue;
    this.limits = limits;
    this.desk = runtime.strand("desk:" + name);
    this.strand = runtime.strand("slot:" + name);
    this.records = new RecordStore(runtime.volume().scope(""), name.toString());
    this.locations = new Locations(runtime.volume(), name.role(), name.use());
  }

  /// Reads, judges, and does what start may do: moves aside and marks; deletes nothing.
  Completion<StartTable.Verdict> load() {
    return desk.run("load", () -> {
      StartTable.Verdict verdict = StartTable.judge(name.toString(), records.read(), locations.scan());
      switch (verdict) {
        case StartTable.Verdict.Vacant(var aside) -> aside.forEach(locations::moveAside);
        case StartTable.Verdict.Serve(var fact, var owner, var aside, var superseded) -> {
          aside.forEach(locations::moveAside);
          for (StartTable.Place place : superseded) {
            Owner old = Present.of(place.owner());
            locations.write(place.location(),
                new Owner(old.slot(), old.generation(), old.format(), Owner.State.SEALED, 0));
          }
        }
        case StartTable.Verdict.Refuse refuse -> {}
      }
      return verdict;
    });
  }

  Completion<Description> take(ProviderSource from) {
    Tenant taking = new Tenant(from);
    tenant = taking;
    return strand.run("take", () -> {
      Object provider = taking.source.take();
      taking.provider = provider;
      return role.describe(provider);
    });
  }

  Completion<Boolean> locate(String writes) {
    return desk.run("locate", () -> {
      records.allocate();
      String location = locations.named(1);
      if (locations.exists(location)) {
        locations.moveAside(location);
      }
      locations.write(location, new Owner(name.toString(), 1, writes, Owner.State.PREPARING, 0));
      return true;
    });
  }

  /// The record first, the owner file after: an owner may be behind the record, never ahead.
  Completion<Boolean> commit(Fact fact) {
    return desk.run("commit", () -> {
      Owner owner = locations.read(fact.location());
      if (owner != null && owner.state() == Owner.State.CLOSED) {
        int found = locations.sealDigest(fact.location());
        if (found != owner.sealDigest()) {
          throw new CorruptionException(Locations.PARTITION, "6f776e6572", 0, Integer.toHexString(owner.sealDigest()),
              Integer.toHexString(found));
        }
      }
      records.write(fact);
      locations.write(fact.location(),
          new Owner(name.toString(), fact.generation(), fact.format(), Owner.State.OWNED, 0));
      return true;
    });
  }

  Completion<Boolean> open(long generation, String location) {
    Tenant opening = living();
    Storage view = runtime.volume().scope(location);
    opening.view = view;
    OpenContext context = new OpenContext(name.toString(), location, generation, view, runtime.clock(),
        runtime.metrics(), limits.bytesMax());
    return strand.run("open", () -> {
      opening.instance = facade.open(Present.of(opening.provider), context);
      return true;
    });
  }

  Completion<Boolean> resume() {
    Tenant resuming = living();
    return strand.run("resume", () -> {
      facade.resume(Present.of(resuming.instance));
      return true;
    });
  }

  /// Up to 64 units in their order, one sync where one is wanted, then all ends.
  ///
  /// @return how many units
  Completion<Integer> batch() {
    Tenant serving = living();
    return strand.run("batch", () -> {
      List<SlotUnit> units = queue.take(SlotLimits.BATCH_UNITS);
      serving.begun.set(0);
      serving.inFlight.set(units);
      Object instance = Present.of(serving.instance);
      boolean sync = false;
      for (int i = 0; i < units.size(); i++) {
        if (!serving.begun.compareAndSet(i, i + 1)) {
          throw new FencedException("slot " + name + ": the strand was given up");
        }
        SlotUnit unit = units.get(i);
        serving.running = unit;
        unit.run(instance);
        sync |= unit.wantsSync();
      }
      serving.running = null;
      if (sync || (!units.isEmpty() && facade.wantsSync())) {
        facade.sync(instance);
      }
      end(serving.inFlight.getAndSet(List.of()));
      return units.size();
    });
  }

  private void end(List<SlotUnit> units) {
    int count = 0;
    long bytes = 0;
    for (SlotUnit unit : units) {
      if (!unit.isKept()) {
        unit.deliver();
        count++;
        bytes += unit.bytes();
      }
    }
    queue.release(count, bytes);
  }

  /// After a batch has failed on its strand: what may be dispatched again waits again, before all others.
  void retry(Failure failure) {
    Tenant failed = living();
    List<SlotUnit> again = new ArrayList<>();
    for (SlotUnit unit : failed.inFlight.getAndSet(List.of())) {
      if (!unit.isKept()) {
        boolean damaged = failure.kind() == Failure.Kind.CORRUPTION && unit == failed.running && unit.attempts() > 1;
        if (damaged) {
          // What it asks for is damaged; opening again did not mend it, and the others must not wait for it.
          queue.release(1, unit.bytes());
          unit.fail(failure.told());
        } else if (unit.isIdempotent()) {
          again.add(unit);
        } else {
          queue.release(1, unit.bytes());
          unit.fail(new OutcomeUnknownException("slot " + name + ": " + failure.text()));
        }
      }
    }
    queue.putBack(again);
  }

  Completion<Boolean> seal() {
    Tenant sealing = living();
    return strand.run("seal", () -> {
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

  /// Returns when no call of the view is inside any more.
  Completion<Boolean> revoke() {
    Tenant ending = living();
    Storage view = ending.view;
    return desk.run("revoke", () -> {
      if (view != null) {
        runtime.volume().revoke(view);
      }
      return true;
    });
  }

  Completion<Boolean> close() {
    Tenant closing = tenant;
    tenant = null;
    // A given-up strand may still be inside the instance: nobody else may call it.
    boolean alone = closing != null && !closing.abandoned;
    return strand.run("close", () -> {
      if (closing != null) {
        Object instance = closing.instance;
        closing.instance = null;
        closing.provider = null;
        try {
          if (instance != null && alone) {
            facade.fence(instance);
            facade.close(instance);
          }
        } finally {
          closing.source.release();
        }
      }
      return true;
    });
  }

  /// The strand is left to whatever hangs on it. Callers of units that were begun hear that
  /// nothing is known; what was not begun waits again, and so does what has its place but was not booked.
  void giveUp() {
    strand.giveUp();
    strands++;
    strand = runtime.strand("slot:" + name + ":" + strands);
    Tenant stuck = tenant;
    if (stuck == null) {
      return;
    }
    stuck.abandoned = true;
    int begun = stuck.begun.getAndSet(Tenant.ABANDONED);
    Object instance = stuck.instance;
    if (instance != null) {
      facade.fence(instance);
    }
    List<SlotUnit> units = stuck.inFlight.getAndSet(List.of());
    List<SlotUnit> again = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      SlotUnit unit = units.get(i);
      if (i >= begun || (!unit.isKept() && !unit.expires())) {
        again.add(unit);
      } else if (!unit.isKept()) {
        queue.release(1, unit.bytes());
        unit.fail(new OutcomeUnknownException("slot " + name + ": the call has not ended in time"));
      }
    }
    queue.putBack(again);
  }

  /// Something that has no end worth waiting for.
  void atDesk(String step, Runnable task) {
    desk.run(step, () -> {
      task.run();
      return true;
    });
  }

  /// The slot goes: its strand ends, and the desk with what was last asked of it.
  ///
  /// @param last the desk's last task
  /// @return ends with it
  Completion<Boolean> end(Runnable last) {
    strand.giveUp();
    return desk.run("end", () -> {
      last.run();
      return true;
    });
  }

  /// The desk has done its last task: its name is free.
  void free() {
    desk.giveUp();
  }

  private Tenant living() {
    Tenant living = tenant;
    if (living == null) {
      throw new UnavailableException("no provider is taken");
    }
    return living;
  }
}
