package dev.tenon.slot.storage;

import dev.tenon.handover.FacadeRegistry;
import dev.tenon.handover.NodeSlots;
import dev.tenon.handover.ProviderSource;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SlotWish;
import dev.tenon.handover.Terms;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One simulated node with one journal slot, and a script in place of the service registry.
final class SlotWorld implements AutoCloseable {
  static final SlotName NAME = new SlotName("n", "journal", "test");

  final Simulation simulation;
  final SimNode node;
  final SlotLimits limits;
  /// What is thrown at a provider's next calls.
  PlainJournals.Fault fault = call -> {};
  /// Whether a provider is registered whenever the node boots.
  boolean provides = true;
  String format = "plain-1";
  boolean forgetsToSync;
  boolean losesItems;
  /// What is registered next.
  Supplier<JournalProvider> makes =
      () -> new PlainJournals(call -> fault.at(call), format, forgetsToSync, losesItems);
  NodeSlots slots;
  @Nullable
  JournalStore store;
  int publications;
  int taken;
  int released;
  private long refs;
  private long registered;
  /// A second provider, of another format, wished for by its name `other`.
  @Nullable
  Supplier<JournalProvider> makesOther;
  String wish = "plain";
  Terms.OnGone onGone = Terms.OnGone.PARK;
  Terms.Follow follow = Terms.Follow.NONE;
  private long otherRegistered;
  PlainJournals.Fault otherFault = call -> {};
  String version = "1.0.0";
  /// Runs whenever the facade was registered.
  Runnable onPublish = () -> {};

  SlotWorld(long seed) {
    this(seed, SlotLimits.DEFAULT);
  }

  @SuppressWarnings("NullAway.Init") // The boot function, which runs in the constructor of the node, sets them.
  SlotWorld(long seed, SlotLimits limits) {
    this.limits = limits;
    simulation = Simulation.seeded(seed);
    node = simulation.node("n", this::boot);
  }

  private void boot(SimNode booting) {
    store = null;
    registered = 0;
    otherRegistered = 0;
    slots = new NodeSlots(booting.runtime(), new FacadeRegistry() {
      @Override
      public void publish(SlotName name, String type, Object facade) {
        store = (JournalStore) facade;
        publications++;
        onPublish.run();
      }

      @Override
      public void withdraw(SlotName name) {
        store = null;
      }
    });
    slots.teach(new JournalRole());
    slots.wish(new SlotWish(NAME, terms(), limits));
    if (provides) {
      register();
    }
    if (makesOther != null) {
      registerOther();
    }
  }

  private Terms terms() {
    return new Terms(wish, false, onGone, follow);
  }

  /// Another provider is asked for.
  void wish(String provider) {
    wish = provider;
    slots.wish(new SlotWish(NAME, terms(), limits));
  }

  void registerOther() {
    Supplier<JournalProvider> made = makesOther;
    if (made == null) {
      return;
    }
    long ref = ++refs;
    otherRegistered = ref;
    provide(ref, "other", made.get(), () -> otherRegistered == ref);
  }

  void withdrawOther() {
    long ref = otherRegistered;
    otherRegistered = 0;
    slots.withdraw(ref, () -> {});
  }

  boolean isOtherRegistered() { return otherRegistered != 0; }

  /// A provider appears.
  void register() {
    long ref = ++refs;
    registered = ref;
    provide(ref, "plain", makes.get(), () -> registered == ref);
  }

  private void provide(long ref, String name, JournalProvider provider, BooleanSupplier isThere) {
    slots.provide(ref, "journal", name, "test." + name, version, new ProviderSource() {
      @Override
      public Object take() {
        if (!isThere.getAsBoolean()) {
          throw new UnavailableException("the service is gone");
        }
        taken++;
        return provider;
      }

      @Override
      public void release() {
        released++;
      }
    });
  }

  /// It goes; nobody waits for it.
  void withdraw(Runnable done) {
    long ref = registered;
    registered = 0;
    slots.withdraw(ref, done::run);
  }

  boolean isRegistered() { return registered != 0; }

  SlotStatus status() {
    return slots.slots().getFirst();
  }

  boolean isIn(SlotState state) {
    return !slots.slots().isEmpty() && status().state() == state;
  }

  void awaitState(SlotState state) {
    if (!simulation.runUntil(() -> isIn(state), Duration.ofMinutes(10))) {
      throw new AssertionError("not " + state + " but " + slots.slots());
    }
  }

  JournalStore store() {
    if (store == null && !simulation.runUntil(() -> store != null, Duration.ofMinutes(2))) {
      throw new AssertionError("no facade: " + slots.slots());
    }
    JournalStore found = store;
    if (found == null) {
      throw new AssertionError("seen and gone");
    }
    return found;
  }

  Journal journal(String name) {
    JournalStore from = store();
    return simulation.await(node, () -> from.journal(name));
  }

  @Override
  public void close() {
    simulation.close();
  }

  static ByteBuffer item(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  static String text(Entry entry) {
    return new String(entry.item().toArray(), StandardCharsets.US_ASCII);
  }

  /// The text of each item that a journal holds.
  static List<String> all(SlotWorld world, Journal journal) {
    return world.simulation.await(world.node, () -> journal.replay(0, 0)).stream().map(SlotWorld::text).toList();
  }
}
