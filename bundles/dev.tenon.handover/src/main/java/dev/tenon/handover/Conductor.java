package dev.tenon.handover;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.WhenFull;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one actor of a node that runs its slots: hears of providers, strategies, wishes and time, and lets each slot's
/// machine decide. Control comes before work.
final class Conductor implements Actor<Conductor.Message> {
  /// What it hears.
  sealed interface Message {
    /// A provider was registered.
    record Provided(String role, Candidate candidate, ProviderSource source) implements Message {}

    /// A provider goes.
    record Withdrawn(long ref, Departure departure) implements Message {}

    /// A strategy was registered.
    record Taught(QueuedRole strategy) implements Message {}

    /// A strategy goes: its slots end.
    record Untaught(String role, Departure departure) implements Message {}

    /// A slot was configured, or its configuration has changed.
    record Wished(SlotWish wish) implements Message {}

    /// An operator waits for a provider to serve.
    record Asked(SlotName name, String provider, boolean evict, Departure heard) implements Message {}

    /// Something of an operator's, who waits for words.
    sealed interface Question extends Message {}

    /// An operator wants to know what a handover would be.
    record Look(SlotName name, String provider, Consumer<HandoverOutcome> reply) implements Question {}

    /// A slot's configuration is gone.
    record Unwished(SlotName name, Departure departure) implements Message {}

    /// A slot's queue is no longer empty.
    record Work(SlotName name) implements Message {}

    /// A step of a slot has ended.
    record Heard(SlotName name, SlotEvent event) implements Message {}

    /// A step of a slot's handover that was to wait a moment may begin.
    record Rested(SlotName name, long step) implements Message {}

    /// A task of one of its strands has ended.
    record Ran(SlotName name, Pause pause, SlotEvent event) implements Message {}

    /// Nothing of a slot is under way any more.
    record Ended(SlotName name, Outcome<Boolean> outcome) implements Message {}

    /// An operator asks about a slot that has failed, or chooses what is to serve.
    ///
    /// @param location as [Recovery#plan] takes it; null where he only asks
    record Recover(SlotName name, @Nullable String location, Consumer<Reply> reply) implements Question {}

    /// Record and locations of such a slot were read.
    record Found(SlotName name, @Nullable String location, Consumer<Reply> reply, Outcome<Recovery> outcome)
        implements Question {}

    /// An operator lets a recovered slot be signed on again, and perhaps says that nothing signed is missing.
    ///
    /// @param generation in which he was shown what it holds; 0 where he is to be, and nothing is done
    record Sign(SlotName name, boolean nothingAbove, long generation, Consumer<Reply> reply) implements Question {}

    /// The record says so.
    record Signed(SlotName name, boolean nothingAbove, Consumer<Reply> reply, Outcome<Boolean> outcome)
        implements Question {}

    /// A record that may say what is not so was written again, or not.
    record Settled(SlotName name, Outcome<Boolean> outcome) implements Message {}

    /// Time passes.
    record Tick() implements Message {}

    /// The node stops.
    record Stop(Departure departure) implements Message {}
  }

  private static final Logger log = LoggerFactory.getLogger(Conductor.class);

  static final long TICK_MS = 250;
  /// At most so many slots a node.
  static final int SLOTS_MAX = 256;

  private static final String SILENT =
      "nothing is signed on it: --sign lifts that, --from LOCATION.kept-K goes back to what was set aside";
  private static final String GUARDED =
      "what may have been signed before is still not signed: --sign --nothing-above lifts that";

  private static final String UNSURE = "; signing stays as it was while the slot runs, but what a start finds is not "
      + "known until the log says that the record is sure again";

  private record Provider(String role, Candidate candidate, ProviderSource source) {}

  private record Waiting(Departure departure, Predicate<Slot> holds) {}

  private final Runtime runtime;
  private final Context<Message> context;
  private final FacadeRegistry registry;
  private final Slots board;
  private final Map<Long, Provider> providers = new TreeMap<>();
  private final Map<String, QueuedRole> strategies = new TreeMap<>();
  private final Map<SlotName, SlotWish> wishes = new TreeMap<>();
  private final Map<SlotName, Slot> slots = new TreeMap<>();
  private final StackedSlots stacked = new StackedSlots(slots, wishes);
  private final List<Waiting> departures = new ArrayList<>();
  /// Who waits until what he has chosen for a slot is written.
  private final Map<SlotName, Consumer<Outcome<Boolean>>> recoveries = new TreeMap<>();
  /// Those for which there is no room: said once.
  private final Set<SlotName> refused = new TreeSet<>();
  private boolean stopping;

  Conductor(Runtime runtime, Context<Message> context, FacadeRegistry registry, Slots board) {
    this.runtime = runtime;
    this.context = context;
    this.registry = registry;
    this.board = board;
  }

  /// Two lanes: control, then work, of which each slot has at most one.
  static MailboxSpec<Message> mailbox() {
    return new MailboxSpec<>(2, 1_024, message -> message instanceof Message.Work ? 1 : 0, message -> WhenFull.REJECT);
  }

  @Override
  public void start() {
    context.after(TICK_MS, new Message.Tick());
  }

  @Override
  public void handle(Message message) {
    switch (message) {
      case Message.Provided(var role, var candidate, var source) -> {
        providers.put(candidate.ref(), new Provider(role, candidate, source));
        tellPresent(role);
      }
      case Message.Withdrawn(var ref, var departure) -> {
        Provider gone = providers.remove(ref);
        departures.add(new Waiting(departure, slot -> slot.model().uses(ref)));
        if (gone != null) {
          tellPresent(gone.role());
        }
      }
      case Message.Taught(var strategy) -> {
        strategies.put(strategy.role(), strategy);
        fulfilMissing();
      }
      case Message.Untaught(var role, var departure) -> {
        strategies.remove(role);
        leave(departure, slot -> slot.name().role().equals(role));
      }
      case Message.Wished(var wish) -> {
        wishes.put(wish.name(), wish);
        stacked.changed();
        fulfil(wish);
        fulfilMissing(); // it may have been in their way
      }
      case Message.Asked(var name, var provider, var evict, var heard) -> {
        asked(name, provider, evict);
        departures.add(new Waiting(heard, slot -> false));
      }
      case Message.Unwished(var name, var departure) -> {
        wishes.remove(name);
        refused.remove(name);
        stacked.changed();
        leave(departure, slot -> slot.name().equals(name));
      }
      case Message.Work(var name) -> hear(name, new SlotEvent.Work());
      case Message.Heard(var name, var event) -> hear(name, event);
      case Message.Rested(var name, var step) -> {
        Slot slot = slots.get(name);
        if (slot != null) {
          slot.rested(step);
        }
      }
      case Message.Ran(var name, var pause, var event) -> {
        pause.ended();
        hear(name, event);
      }
      case Message.Ended(var name, var outcome) -> ended(name, outcome);
      case Message.Settled(var name, var outcome) -> {
        Slot slot = slots.get(name);
        if (slot != null) {
          slot.settled(outcome);
        }
      }
      case Message.Question question -> answer(question);
      case Message.Tick() -> tick();
      case Message.Stop(var departure) -> {
        stopping = true;
        departures.add(new Waiting(departure, slot -> true));
      }
    }
    settle();
  }

  private void answer(Message.Question question) {
    switch (question) {
      case Message.Look(var name, var provider, var reply) -> {
        Slot slot = slots.get(name);
        if (slot == null) {
          reply.accept(new HandoverOutcome(HandoverOutcome.Kind.NOT_NOW, "", "there is no slot " + name));
        } else {
          slot.look(provider, reply);
        }
      }
      case Message.Recover(var name, var location, var reply) -> {
        Slot slot = slots.get(name);
        if (slot == null || !mayRecover(slot, location)) {
          reply.accept(notFailed(name, slot, location));
        } else if (slot.isDeleting()) {
          reply.accept(Reply.refused("slot " + name + " still deletes or measures a location: ask again"));
        } else {
          slot.found().then(outcome -> new Message.Found(name, location, reply, outcome));
        }
      }
      case Message.Found(var name, var location, var reply, Outcome.Failed<Recovery>(var cause)) ->
          reply.accept(Reply.refused("slot " + name + " cannot be looked at: " + cause.getMessage()));
      case Message.Found(var name, var location, var reply, Outcome.Done<Recovery>(var found)) -> {
        if (location == null) {
          reply.accept(Reply.shown(shown(name, found)));
        } else {
          recover(name, location, found, reply);
        }
      }
      case Message.Sign ask -> sign(ask);
      case Message.Signed(var name, var nothingAbove, var reply, Outcome.Failed<Boolean>(var cause)) ->
          reply.accept(Reply.refused(unsigned(name, cause)));
      case Message.Signed(var name, var nothingAbove, var reply, Outcome.Done<Boolean> done) -> {
        hear(name, new SlotEvent.Signing(nothingAbove));
        reply.accept(Reply.done("slot " + name + " is signed on again" + (nothingAbove ? "" : "; " + GUARDED)));
      }
    }
  }

  /// The source of a provider that is registered now.
  @Nullable
  ProviderSource source(long ref) {
    Provider provider = providers.get(ref);
    return provider == null ? null : provider.source();
  }

  private @Nullable QueuedFacade facade(SlotName name) {
    Slot slot = slots.get(name);
    return slot == null || slot.isEnded() ? null : slot.facade();
  }

  private void fulfil(SlotWish wish) {
    Slot slot = slots.get(wish.name());
    if (slot != null) {
      slot.wished(wish);
      return;
    }
    QueuedRole strategy = strategies.get(wish.name().role());
    String cycle = stacked.cycle(wish.name());
    if (!cycle.isEmpty()) {
      log.atError().addKeyValue("slot", wish.name()).addKeyValue("reason", cycle).log("slot not made");
    } else if (strategy != null && !stopping && slots.size() >= SLOTS_MAX) {
      if (refused.add(wish.name())) {
        log.atError().addKeyValue("slot", wish.name())
            .addKeyValue("reason", "a node has at most " + SLOTS_MAX + " slots").log("slot not made");
      }
    } else if (strategy != null && !stopping) {
      Slot made = new Slot(runtime, context, this::source, registry, strategy, wish, present(wish.name().role()),
          this::facade);
      slots.put(wish.name(), made);
      stacked.changed();
      stacked.settle(stopping); // it knows what it stands on before it begins
      made.hear(new SlotEvent.Begin());
    }
  }

  /// Slots that are there have heard of their wish: to hear it again is the operator's word to one that has failed.
  private void fulfilMissing() {
    for (SlotWish wish : List.copyOf(wishes.values())) {
      if (!slots.containsKey(wish.name())) {
        fulfil(wish);
      }
    }
  }

  /// The configuration says so too, or will in a moment.
  private void asked(SlotName name, String provider, boolean evict) {
    SlotWish wish = wishes.get(name);
    if (wish != null) {
      Terms terms = wish.terms().wishing(provider);
      wishes.put(name, new SlotWish(name, terms, wish.limits(), wish.beneath()));
      hear(name, new SlotEvent.Wished(terms, true, evict));
    }
  }

  /// He is answered once that is written: the slot ends, and what begins in its place finds it.
  private void recover(SlotName name, String location, Recovery found, Consumer<Reply> reply) {
    Slot slot = slots.get(name);
    if (slot == null || !mayRecover(slot, location)) {
      reply.accept(Reply.refused(nothingToRecover(name)));
      return;
    }
    if (recoveries.containsKey(name)) {
      reply.accept(Reply.refused("slot " + name + " is being recovered already: ask again"));
      return;
    }
    try {
      Fact fact = found.plan(location).fact();
      recoveries.put(name, written -> reply.accept(switch (written) {
        case Outcome.Done<Boolean> done -> Reply.done("slot " + name + " begins anew from " + fact.location()
            + " in generation " + fact.generation() + ", with signing off");
        case Outcome.Failed<Boolean>(var cause) -> Reply.refused("not recovered: " + cause.getMessage());
      }));
      slot.recover(location);
    } catch (IllegalArgumentException refused) {
      reply.accept(Reply.refused("not recovered: " + refused.getMessage()));
    }
  }

  /// Of one that serves, brought back and not signed on, the way back only.
  private List<String> shown(SlotName name, Recovery found) {
    Slot slot = slots.get(name);
    if (slot == null || slot.isFailed()) {
      return found.lines();
    }
    List<String> lines = new ArrayList<>(notFailed(name, slot, null).lines());
    found.lines().stream().filter(line -> line.startsWith("choice: ") && line.contains(".kept-")).forEach(lines::add);
    return lines;
  }

  private static Reply notFailed(SlotName name, @Nullable Slot slot, @Nullable String location) {
    if (location != null) {
      return Reply.refused(nothingToRecover(name));
    }
    return Reply.done(slot == null || !slot.isRecovered() ? nothingToRecover(name)
        : "slot " + name + " was brought back, and "
            + (slot.isSigningOff() ? SILENT : GUARDED));
  }

  /// Whether it has failed, or is to go back, unsigned on, to what a recovery before has set aside.
  private static boolean mayRecover(Slot slot, @Nullable String location) {
    return slot.isFailed()
        || ((location == null || Recovery.isKept(location)) && slot.isSigningOff() && !slot.isEnded());
  }

  private static String nothingToRecover(SlotName name) {
    return "slot " + name + " has not failed: nothing is to recover";
  }

  private void sign(Message.Sign ask) {
    SlotName name = ask.name();
    Slot slot = slots.get(name);
    if (slot == null || !slot.model().isServing() || slot.isHandedOver()) {
      ask.reply().accept(Reply.refused("slot " + name + " does not serve, or is being handed over: ask again"));
    } else if (ask.nothingAbove() ? !slot.isRecovered() : !slot.isSigningOff()) {
      ask.reply().accept(Reply.done("slot " + name + " is signed on" + (slot.isRecovered() ? "; " + GUARDED : "")));
    } else if (ask.generation() == 0) {
      ask.reply().accept(Reply.shown(slot.known()));
    } else if (ask.generation() != slot.model().generation()) {
      ask.reply().accept(Reply.refused("slot " + name + " is in another generation than was shown: ask again"));
    } else {
      slot.sign(ask.nothingAbove())
          .then(outcome -> new Message.Signed(name, ask.nothingAbove(), ask.reply(), outcome));
    }
  }

  /// @return what the operator hears
  private String unsigned(SlotName name, RuntimeException cause) {
    boolean unsure = cause instanceof OutcomeUnknownException;
    log.atError().addKeyValue("slot", name).addKeyValue("reason", cause.getMessage())
        .log(unsure ? "not signed on, and its record may say that it is" : "not signed on");
    Slot slot = slots.get(name);
    if (unsure && slot != null) {
      slot.unsure();
    }
    return "the record of slot " + name + " could not be written: " + cause.getMessage()
        + (unsure ? UNSURE : "; signing stays as it was");
  }

  /// Where all stop, each does in its turn.
  private void leave(Departure departure, Predicate<Slot> which) {
    for (Slot slot : List.copyOf(slots.values())) {
      if (!stopping && which.test(slot)) {
        slot.hear(new SlotEvent.Stop());
      }
    }
    departures.add(new Waiting(departure, which));
  }

  private void hear(SlotName name, SlotEvent event) {
    Slot slot = slots.get(name);
    if (slot != null) {
      slot.hear(event);
    }
  }

  /// Its strands are free, so the same slot may begin anew.
  private void ended(SlotName name, Outcome<Boolean> outcome) {
    if (outcome instanceof Outcome.Failed<Boolean>(var cause)) {
      log.atError().addKeyValue("slot", name).addKeyValue("reason", cause.getMessage()).log("slot not recovered");
    }
    Slot slot = slots.remove(name);
    if (slot != null) {
      slot.free();
    }
    Consumer<Outcome<Boolean>> waits = recoveries.remove(name);
    if (waits != null) {
      waits.accept(outcome);
    }
    stacked.changed();
    fulfilMissing();
  }

  private void tick() {
    slots.values().stream().filter(slot -> !slot.isEnded()).forEach(Slot::tick);
    context.after(TICK_MS, new Message.Tick());
  }

  private void tellPresent(String role) {
    List<Candidate> present = present(role);
    for (Slot slot : slots.values()) {
      if (slot.name().role().equals(role)) {
        slot.hear(new SlotEvent.Present(present));
      }
    }
  }

  private List<Candidate> present(String role) {
    return providers.values().stream().filter(provider -> provider.role().equals(role)).map(Provider::candidate)
        .toList();
  }

  /// After each message: slots that have sealed end, the board is brought up to date, those who waited for it are told.
  private void settle() {
    stacked.settle(stopping);
    slots.values().stream().filter(Slot::isEnded).forEach(Slot::end);
    board.show(runtime.node(), slots.values());
    boolean ends = stopping && slots.isEmpty();
    if (ends) {
      context.stop();
    }
    for (Iterator<Waiting> all = departures.iterator(); all.hasNext();) {
      Waiting waiting = all.next();
      if (!ends && slots.values().stream().noneMatch(waiting.holds())) {
        all.remove();
        waiting.departure().done();
      }
    }
  }

  /// Only the end of the actor frees its name, so those who wait for it are told then: another conductor may follow.
  @Override
  public void stopped() {
    departures.forEach(waiting -> waiting.departure().done());
  }
}
