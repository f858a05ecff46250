package dev.tenon.handover;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.WhenFull;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.DeliveryWindow;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One simulated node with one slot of the role [Tally], two providers, blocks, and a consumer of what is delivered.
final class TallyWorld implements AutoCloseable {
  static final SlotName NAME = new SlotName("n", "tally", "test");
  /// Handovers begin soon, and give up soon.
  static final SlotLimits LIMITS = new SlotLimits(65_536, 64 << 20, 10_000, 5_000, 600_000, 2_000, 10, 200,
      new SwapLimits(20, 3_600_000, 300, 1_000, 600_000, 5_000));
  private static final int BLOCK_MS = 6;

  /// From one start of the node to its next.
  static final class Life {
    final List<TallyActor.Deed> deeds = new ArrayList<>();
    final List<DeliveryWindow.Delivery<Tally.Output>> delivered = new ArrayList<>();
    final TreeMap<String, String> ended = new TreeMap<>();
    final List<String> asked = new ArrayList<>();
    final List<String> words = new ArrayList<>();
  }

  /// Hands out a block a moment after it is asked for, and none before its time.
  private record Ask(long number, Promise<Long> promise) {}

  private static final class Source implements Actor<Object> {
    private final Context<Object> context;

    Source(Context<Object> context) {
      this.context = context;
    }

    @Override
    public void handle(Object message) {
      switch (message) {
        case Ask ask -> {
          long dueMs = ask.number() * BLOCK_MS - context.clock().monotonicNs() / 1_000_000;
          context.after(Math.max(0, dueMs) + context.chance().nextInt(3), new Due(ask));
        }
        case Due(var ask) -> ask.promise().done(TallyActor.block(ask.number()));
        default -> throw new IllegalStateException();
      }
    }
  }

  private record Due(Ask ask) {}

  private sealed interface Heard {
    record More() implements Heard {}

    record Safe(long next) implements Heard {}
  }

  /// Notes what it is given, acknowledges it, and moves the safe head behind it a little later.
  private final class Consumer implements Actor<Heard> {
    private final Context<Heard> context;
    private final TallyRole.Facade facade;
    private final Life life;

    Consumer(Context<Heard> context, TallyRole.Facade facade, Life life) {
      this.context = context;
      this.facade = facade;
      this.life = life;
    }

    @Override
    public void handle(Heard message) {
      switch (message) {
        case Heard.More more -> {
          for (var next = facade.window.take(); next != null; next = facade.window.take()) {
            life.delivered.add(next);
            context.after(context.chance().nextInt(5), new Heard.Safe(next.height() + 1));
          }
        }
        case Heard.Safe safe when stuckSafe -> context.after(20, safe);
        case Heard.Safe(var next) -> {
          facade.window.acknowledge(next - 1);
          facade.safe(next);
        }
      }
    }
  }

  final Simulation simulation;
  final SimNode node;
  final List<Life> lives = new ArrayList<>();
  final List<String> violations = new ArrayList<>();
  Predicate<String> faults = call -> false;
  Runtime runtime;
  NodeSlots slots;
  TallyRole.@Nullable Facade facade;
  String wish = "one";
  /// Whether nothing becomes safe for now.
  boolean stuckSafe;
  Runnable onPublish = () -> {};
  private final TallyRole.Mode mode;
  private final TallyRole.Plant plant;
  private Mailbox<Object> source;
  private long refs;
  private final TreeMap<String, Long> registered = new TreeMap<>();

  @SuppressWarnings("NullAway.Init") // The boot function, which runs in the constructor of the node, sets them.
  TallyWorld(long seed, TallyRole.Mode mode, TallyRole.Plant plant) {
    this.mode = mode;
    this.plant = plant;
    simulation = Simulation.seeded(seed);
    node = simulation.node("n", this::boot);
  }

  private void boot(SimNode booting) {
    facade = null;
    registered.clear();
    runtime = booting.runtime();
    lives.add(new Life());
    source = runtime.spawn("source", MailboxSpec.oneLane(64), Source::new);
    slots = new NodeSlots(runtime, new FacadeRegistry() {
      @Override
      public void publish(SlotName name, String type, Object service) {
        published((TallyRole.Facade) service);
      }

      @Override
      public void withdraw(SlotName name) {
        facade = null;
      }
    });
    slots.teach(new TallyRole(mode, plant, this::fetch));
    slots.wish(new SlotWish(NAME, wish, LIMITS));
    register("one");
    register("two");
  }

  private void published(TallyRole.Facade found) {
    facade = found;
    Life life = life();
    Mailbox<Heard> consumer = runtime.spawn("consumer",
        new MailboxSpec<>(1, 16, message -> 0, message -> WhenFull.SATISFIED),
        context -> new Consumer(context, found, life));
    found.consumer = () -> consumer.offer(new Heard.More());
    consumer.offer(new Heard.More());
    onPublish.run();
  }

  private Completion<Long> fetch(long number) {
    Promise<Long> promise = runtime.promise();
    source.offer(new Ask(number, promise));
    return promise.completion();
  }

  Life life() {
    return lives.getLast();
  }

  void register(String name) {
    long ref = ++refs;
    registered.put(name, ref);
    Life life = life();
    Tally.Provider made = context -> {
      if (faults.test(name + " open")) {
        throw new IllegalStateException("planted in open");
      }
      return new TallyActor(name, context.generation(), life.deeds, violations, call -> faults.test(call));
    };
    slots.provide(ref, "tally", name, "test." + name, "1.0.0", new ProviderSource() {
      @Override
      public Object take() {
        if (!Long.valueOf(ref).equals(registered.get(name))) {
          throw new UnavailableException("the service is gone");
        }
        return made;
      }

      @Override
      public void release() {}
    });
  }

  boolean isRegistered(String name) {
    return registered.containsKey(name);
  }

  void withdraw(String name) {
    Long ref = registered.remove(name);
    if (ref != null) {
      slots.withdraw(ref, () -> {});
    }
  }

  void wish(String provider) {
    wish = provider;
    slots.wish(new SlotWish(NAME, provider, LIMITS));
  }

  SlotStatus status() {
    return slots.slots().getFirst();
  }

  boolean serves(String provider) {
    return !slots.slots().isEmpty() && status().state() == SlotState.ACTIVE
        && status().provider().equals(provider + "@1.0.0");
  }

  void awaitServing(String provider) {
    if (!simulation.runUntil(() -> serves(provider) && facade != null, Duration.ofMinutes(10))) {
      throw new AssertionError(provider + " does not serve: " + slots.slots());
    }
  }

  void run(long ms) {
    simulation.run(Duration.ofMillis(ms));
  }

  TallyRole.Facade facade() {
    TallyRole.Facade found = facade;
    if (found == null) {
      throw new AssertionError("no facade: " + slots.slots());
    }
    return found;
  }

  @Override
  public void close() {
    simulation.close();
  }
}
