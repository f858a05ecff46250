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
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.QueuedTransfer;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
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

  private int strands;
  /// Where a provider that is taken next runs.
  private Strand strand;
  private @Nullable Tenant tenant;
  private @Nullable Tenant standby;
  private @Nullable Tenant retired;
  /// Where a standby that was given up closes, until the next one is taken.
  private @Nullable Strand leaving;
  /// Locations that were handed over from, the oldest first.
  private final ArrayDeque<Retained> retained = new ArrayDeque<>();

  /// What the start found of earlier handovers. Written at the desk before its step ends.
  private volatile List<String> leftBefore = List.of();

  private record Retained(String location, long sinceNs) {}

  /// What hangs on one taking of a provider. Written on its strand, but for the view.
  private static final class Tenant {
    static final int ABANDONED = -1;

    final ProviderSource source;
    /// Its own, so that it may hang alone.
    Strand strand;
    @Nullable
    Object provider;
    @Nullable
    Object instance;
    @Nullable
    Storage view;
    /// What carries over into it; made on the strand of the instance that serves, as is each piece. Both strands are
    /// never in it at once: their tasks are steps that follow each other.
    @Nullable
    volatile QueuedTransfer transfer;
    volatile QueuedTransfer.@Nullable Piece piece;
    volatile boolean givenUp;
    /// Whoever takes the batch out ends its units: the strand, or the conductor where the strand is given up.
    final AtomicReference<List<SlotUnit>> inFlight = new AtomicReference<>(List.of());
    /// How many units of the batch were begun; [#ABANDONED] once the strand was given up. Each unit is claimed before
    /// it runs, so that one that was not begun by then never runs here and may wait again.
    final AtomicInteger begun = new AtomicInteger();
    /// The unit whose own call is under way; null in a sync.
    volatile @Nullable SlotUnit running;
    /// Written and read by the conductor.
    boolean abandoned;
    /// Whether it was filled by a handover and has not served yet. On its strand, but for the start.
    boolean adopted;
    /// Whether the owner file of its location says so; false only for a moment after a handover.
    volatile boolean owned = true;

    Tenant(ProviderSource source, Strand strand) {
      this.source = source;
      this.strand = strand;
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
      List<StartTable.Place> places = locations.scan();
      StartTable.Verdict verdict = StartTable.judge(name.toString(), records.read(), places);
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
      if (verdict instanceof StartTable.Verdict.Serve serve) {
        List<String> old = new ArrayList<>(locations.aside());
        places.stream().map(StartTable.Place::location)
            .filter(each -> !each.equals(serve.fact().location()) && !serve.aside().contains(each)).forEach(old::add);
        leftBefore = List.copyOf(old);
      }
      return verdict;
    });
  }

  Completion<Description> take(ProviderSource from) {
    Tenant taking = new Tenant(from, strand);
    tenant = taking;
    return taking(taking);
  }

  private Completion<Description> taking(Tenant taking) {
    return taking.strand.run("take", () -> {
      Object provider = taking.source.take();
      taking.provider = provider;
      return role.describe(provider);
    });
  }

  Completion<Boolean> locate(String writes) {
    return desk.run("locate", () -> {
      records.allocate();
      prepare(locations.named(1), 1, writes);
      return true;
    });
  }

  /// A fresh location; what is in its way is moved aside. On the desk.
  private void prepare(String location, long generation, String writes) {
    if (locations.exists(location)) {
      locations.moveAside(location);
    }
    locations.write(location, new Owner(name.toString(), generation, writes, Owner.State.PREPARING, 0));
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
    return open(living(), generation, location);
  }

  private Completion<Boolean> open(Tenant opening, long generation, String location) {
    Storage view = runtime.volume().scope(location);
    opening.view = view;
    OpenContext context = new OpenContext(name.toString(), location, generation, view, runtime.clock(),
        runtime.metrics(), limits.bytesMax());
    return opening.strand.run("open", () -> {
      opening.instance = facade.open(Present.of(opening.provider), context);
      return true;
    });
  }

  Completion<Boolean> resume() {
    Tenant resuming = living();
    return resuming.strand.run("resume", () -> {
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
    return serving.strand.run("batch", () -> {
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
      if (!serving.owned) {
        awaitOwned(serving);
      }
      end(serving.inFlight.getAndSet(List.of()));
      return units.size();
    });
  }

  /// What is acknowledged lies where the owner file says that it is in charge.
  private void awaitOwned(Tenant serving) {
    try {
      serving.strand.await(desk.run("owned", () -> true), limits.operationDeadlineMs());
    } catch (TimeoutException e) {
      throw new StorageFailedException("the owner file of slot " + name + " is not written in time");
    }
    if (!serving.owned) {
      throw new StorageFailedException("the owner file of slot " + name + " could not be written");
    }
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
    return sealing.strand.run("seal", () -> {
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
    return revoke(living());
  }

  private Completion<Boolean> revoke(@Nullable Tenant ending) {
    Storage view = ending == null ? null : ending.view;
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
    return closing == null ? strand.run("close", () -> true) : close(closing);
  }

  private Completion<Boolean> close(Tenant closing) {
    // A given-up strand may still be inside the instance: nobody else may call it.
    boolean alone = !closing.abandoned;
    return closing.strand.run("close", () -> {
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
      return true;
    });
  }

  // The next provider, while this one serves.

  Completion<Description> takeNext(ProviderSource from) {
    endLeaving();
    Tenant taking = new Tenant(from, newStrand());
    standby = taking;
    return taking(taking);
  }

  Completion<Boolean> locateNext(String location, long generation, String writes) {
    return desk.run("locate", () -> {
      prepare(location, generation, writes);
      return true;
    });
  }

  Completion<Boolean> openNext(long generation, String location) {
    return open(Present.of(standby), generation, location);
  }

  /// Between two batches of the instance that serves.
  Completion<QueuedTransfer.Piece> export() {
    Tenant serving = living();
    Tenant to = Present.of(standby);
    return serving.strand.run("export", () -> {
      Object instance = Present.of(serving.instance);
      QueuedTransfer transfer = to.transfer;
      if (transfer == null) {
        transfer = facade.transfer(instance);
        to.transfer = transfer;
      }
      if (to.givenUp) {
        facade.endTransfer(); // it was given up while this waited for the strand
        throw new UnavailableException("the handover was given up");
      }
      QueuedTransfer.Piece read = transfer.export(instance);
      to.piece = read;
      return read;
    });
  }

  Completion<Boolean> apply(boolean verify) {
    Tenant to = Present.of(standby);
    return to.strand.run(verify ? "verify" : "apply", () -> {
      QueuedTransfer transfer = Present.of(to.transfer);
      Object instance = Present.of(to.instance);
      transfer.apply(instance, Present.of(to.piece));
      to.piece = null;
      if (verify) {
        transfer.verify(instance);
      }
      return true;
    });
  }

  Completion<Boolean> revokeNext() {
    Tenant ending = Present.of(standby);
    ending.givenUp = true; // before the end: an export that begins its transfer after it sees this
    facade.endTransfer();
    return revoke(ending);
  }

  Completion<Boolean> closeNext() {
    Tenant closing = Present.of(standby);
    standby = null;
    leaving = closing.strand;
    return close(closing);
  }

  private void endLeaving() {
    Strand left = leaving;
    leaving = null;
    if (left != null) {
      left.giveUp();
    }
  }

  Completion<Boolean> dropNext(String location) {
    return desk.run("drop", () -> {
      locations.delete(location);
      return true;
    });
  }

  void giveUpNext() {
    Tenant stuck = standby;
    if (stuck != null) {
      abandon(stuck);
    } else {
      endLeaving(); // in its close
    }
  }

  void promote() {
    Tenant next = Present.of(standby);
    facade.endTransfer(); // whatever the record's write brings, nothing more is carried over
    standby = null;
    retired = tenant;
    next.adopted = true;
    next.transfer = null;
    next.owned = false;
    tenant = next;
    strand = next.strand;
  }

  Completion<Boolean> handOver(Fact fact) {
    return desk.run("hand-over", () -> {
      records.write(fact);
      return true;
    });
  }

  void own(Fact fact) {
    Tenant serving = living();
    atDesk("own", () -> {
      locations.write(fact.location(),
          new Owner(name.toString(), fact.generation(), fact.format(), Owner.State.OWNED, 0));
      serving.owned = true;
    });
  }

  Completion<Boolean> retire() {
    Tenant closing = Present.of(retired);
    return close(closing);
  }

  void giveUpRetired() {
    Tenant stuck = retired;
    if (stuck != null) {
      abandon(stuck);
    }
  }

  /// A strand of its own ends with what hangs on it; what closes next runs on another.
  private void abandon(Tenant stuck) {
    stuck.strand.giveUp();
    stuck.strand = newStrand();
    stuck.abandoned = true;
    Object instance = stuck.instance;
    if (instance != null) {
      facade.fence(instance);
    }
  }

  /// What was handed over from is marked and kept: at most [SwapLimits#RETAINED_MAX] locations, for the retention.
  void retain(@Nullable Fact before, long nowNs) {
    Tenant ended = retired;
    retired = null;
    if (ended != null) {
      ended.strand.giveUp();
    }
    if (before == null) {
      return; // it is still in charge
    }
    retained.add(new Retained(before.location(), nowNs));
    atDesk("retain", () -> locations.write(before.location(),
        new Owner(name.toString(), before.generation(), before.format(), Owner.State.SEALED, 0)));
    forgetRetained(nowNs);
  }

  /// What the start found of earlier handovers is kept like what was handed over from since.
  void retainFound(long nowNs) {
    leftBefore.forEach(location -> retained.add(new Retained(location, nowNs)));
    leftBefore = List.of();
  }

  /// Deletes what was kept for long enough.
  void forgetRetained(long nowNs) {
    while (!retained.isEmpty() && (retained.size() > SwapLimits.RETAINED_MAX
        || nowNs - retained.getFirst().sinceNs() > limits.swap().retentionMs() * 1_000_000)) {
      String location = retained.removeFirst().location();
      atDesk("forget", () -> locations.delete(location));
    }
  }

  private Strand newStrand() {
    strands++;
    return runtime.strand("slot:" + name + ":" + strands);
  }

  /// The strand is left to whatever hangs on it. Callers of units that were begun hear that
  /// nothing is known; what was not begun waits again, and so does what has its place but was not booked.
  void giveUp() {
    strand.giveUp();
    strand = newStrand();
    Tenant stuck = tenant;
    if (stuck == null) {
      return;
    }
    stuck.strand = strand;
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
    endLeaving();
    for (Tenant left : new Tenant[] {standby, retired}) {
      if (left != null) {
        left.strand.giveUp();
      }
    }
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
