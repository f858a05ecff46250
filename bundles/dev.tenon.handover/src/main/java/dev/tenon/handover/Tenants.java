package dev.tenon.handover;

import dev.tenon.codec.ConfigException;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.slot.CallsInside;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverRefusedException;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.StackedFacade;
import dev.tenon.slot.StoreOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The steps that every tenant of a slot goes through, whether it serves, is being filled or retires. The conductor's.
final class Tenants {
  private static final Logger log = LoggerFactory.getLogger(Tenants.class);

  private final Runtime runtime;
  private final SlotName name;
  private final QueuedRole role;
  private final QueuedFacade facade;
  private final Supplier<SlotLimits> limits;
  private final long bytesMax;
  private final Strand desk;
  private final Lowers lowers;
  private final SlotSeries series;
  private int strands;
  /// Of those whose strand was given up, as long as something of them runs.
  private final List<Tenant.Calls> leftBehind = new ArrayList<>();
  /// Those that were closed or left behind, as long as calls past the queue may be inside.
  private final List<Tenant> closing = new ArrayList<>();

  Tenants(Runtime runtime, SlotName name, QueuedRole role, QueuedFacade facade, Supplier<SlotLimits> limits,
      Strand desk,
      Lowers lowers) {
    this.lowers = lowers;
    this.series = new SlotSeries(runtime.metrics());
    this.runtime = runtime;
    this.name = name;
    this.role = role;
    this.facade = facade;
    this.limits = limits;
    this.bytesMax = limits.get().bytesMax();
    this.desk = desk;
  }

  Tenant tenant(long ref, ProviderSource source, Strand strand) {
    return new Tenant(ref, source, strand, runtime.clock());
  }

  /// A strand of a name that was never used before.
  Strand newStrand() {
    strands++;
    return runtime.strand("slot:" + name + ":" + strands);
  }

  Completion<Description> take(Tenant taking) {
    return taking.run("take", () -> {
      Object provider = taking.take();
      taking.provider = provider;
      return role.describe(provider);
    });
  }

  /// @param fresh whether the location was just made
  Completion<Boolean> open(Tenant opening, long generation, String location, boolean fresh) {
    if (fresh) {
      lowers.fresh(location);
    }
    lowers.tell();
    Map<String, StackedFacade> facades;
    try {
      facades = lowers.facades();
    } catch (UnavailableException | ConfigException missing) {
      return opening.run("open", () -> {
        throw missing;
      });
    }
    Storage view = runtime.volume().scope(location);
    opening.view = view;
    TenantBeneath beneath = new TenantBeneath(opening, new StoreOwner(name.toString(), location, generation), facades,
        () -> desk.run("there", () -> Locations.there(runtime.volume(), name.role(), name.use())),
        () -> limits.get().operationDeadlineMs() * 4 / 5);
    opening.beneath = beneath;
    SlotSeries.Instance metrics = series.begin();
    opening.endSeries();
    opening.series = metrics;
    OpenContext context = new OpenContext(name.toString(), location, generation, view, runtime.clock(), metrics,
        bytesMax, beneath);
    return opening.run("open", () -> {
      beneath.own(fresh);
      opening.instance = facade.open(Present.of(opening.provider), context);
      metrics.opened();
      return true;
    });
  }

  /// Ends its say at once, so that also a key which it kept signs no more, and then its view's. Returns when no call of
  /// the view is inside any more.
  Completion<Boolean> revoke(@Nullable Tenant ending) {
    Storage view = ending == null ? null : ending.view;
    Object instance = ending == null ? null : ending.instance;
    if (instance != null) {
      facade.fence(instance);
    }
    if (ending != null && ending.beneath != null) {
      Present.of(ending.beneath).end();
    }
    return desk.run("revoke", () -> {
      if (view != null) {
        runtime.volume().revoke(view);
      }
      return true;
    });
  }

  Completion<Boolean> close(Tenant ending) {
    // A given-up strand may still be inside the instance: nobody else may call it.
    boolean alone = !ending.abandoned;
    if (alone) {
      closing.add(ending);
    }
    return ending.run("close", () -> {
      if (!ending.ending.compareAndSet(false, true)) {
        return true; // it was given up just now
      }
      Object instance = ending.instance;
      ending.instance = null;
      ending.provider = null;
      try {
        if (instance != null && alone) {
          facade.fence(instance);
          facade.close(instance);
          ending.left = isInside(instance) ? instance : null;
        }
      } finally {
        ending.endSeries();
        ending.giveBack();
        ending.closed = true;
      }
      return true;
    });
  }

  /// The strand of one that closes is given up. Where its close waits for a call before it, it never begins: its
  /// provider is given back all the same, and nobody calls its instance any more.
  void leave(Tenant ending) {
    ending.strand.giveUp();
    left(ending.calls);
    if (!ending.ending.compareAndSet(false, true)) {
      return;
    }
    ending.abandoned = true;
    fence(ending);
    ending.strand = newStrand();
    ending.run("release", () -> {
      ending.instance = null;
      ending.provider = null;
      ending.giveBack();
      ending.closed = true;
      return true;
    });
  }

  private boolean isInside(@Nullable Object instance) {
    return instance != null && facade.inside(instance, limits.get().operationDeadlineMs()).calls() > 0;
  }

  /// Who is inside past the queue.
  CallsInside inside(@Nullable Tenant serving) {
    Object instance = serving == null ? null : serving.instance;
    return instance == null ? CallsInside.NONE : facade.inside(instance, limits.get().operationDeadlineMs());
  }

  /// Where they are, as far as threads tell.
  List<String> stacksInside(@Nullable Tenant serving) {
    Object instance = serving == null ? null : serving.instance;
    return instance == null ? List.of() : Stacks.inside(runtime, facade, instance);
  }

  /// On the strand that held the door: once the strand has left, nobody could say any more where they hang.
  ///
  /// @return why the handover is given up
  HandoverRefusedException stillInside(Object instance, long holdMs) {
    CallsInside calls = facade.inside(instance, limits.get().operationDeadlineMs());
    List<String> stacks = Stacks.inside(runtime, facade, instance);
    log.atWarn().addKeyValue("slot", name).addKeyValue("step", "hold").addKeyValue("calls", calls.calls())
        .addKeyValue("oldest_ms", Math.max(holdMs, calls.oldestMs())).addKeyValue("stack", Stacks.line(stacks))
        .log("a handover was given up while calls were inside");
    return new HandoverRefusedException(HandoverOutcome.Kind.OVERDUE,
        "calls inside have not ended within " + holdMs + " ms: "
            + Stacks.brief(calls, holdMs, stacks, facade.framesInside(instance)));
  }

  /// How many takings are held by a call that was left behind and has not returned: a provider may be taken again and
  /// hang once more.
  int stuck() {
    leftBehind.removeIf(calls -> !calls.isInside());
    closing.removeIf(tenant -> (tenant.abandoned || tenant.closed) && !isInside(tenant.left));
    return leftBehind.size() + (int) closing.stream()
        .filter(tenant -> tenant.abandoned ? !tenant.calls.isInside() : tenant.closed).count();
  }

  /// The providers that are not taken again because as many of their takings hang as may.
  ///
  /// @return their `ref`s, sorted
  List<Long> hung() {
    if (stuck() < SlotLimits.HUNG_MAX) {
      return List.of();
    }
    return leftBehind.stream().map(Tenant.Calls::ref).distinct().sorted()
        .filter(ref -> leftBehind.stream().filter(calls -> calls.ref() == ref).count() >= SlotLimits.HUNG_MAX).toList();
  }

  /// A strand was given up: what hangs on it is counted, once for each taking.
  void left(Tenant.Calls calls) {
    if (!leftBehind.contains(calls)) {
      leftBehind.add(calls);
    }
  }

  /// A strand is left to whatever hangs on it; what closes next runs on another, and what hangs no longer counts.
  void abandon(Tenant stuck) {
    stuck.strand.giveUp();
    stuck.strand = newStrand();
    stuck.abandoned = true;
    left(stuck.calls);
    fence(stuck);
  }

  /// Nobody calls its instance any more; calls past the queue may still be inside.
  private void fence(Tenant stuck) {
    Object instance = stuck.instance;
    if (instance != null) {
      facade.fence(instance);
      stuck.left = isInside(instance) ? instance : null;
    }
    if (stuck.left != null && !closing.contains(stuck)) {
      closing.add(stuck);
    }
    stuck.endSeries();
  }

  /// The slot goes.
  void end() {
    series.end();
  }
}
