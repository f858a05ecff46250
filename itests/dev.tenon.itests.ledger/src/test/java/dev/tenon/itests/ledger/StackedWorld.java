package dev.tenon.itests.ledger;

import dev.tenon.handover.FacadeRegistry;
import dev.tenon.handover.NodeSlots;
import dev.tenon.handover.ProviderSource;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SlotWish;
import dev.tenon.handover.SwapLimits;
import dev.tenon.handover.Terms;
import dev.tenon.itests.plugin.PlainJournals;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.segmented.SegmentedJournalConfig;
import dev.tenon.journal.segmented.SegmentedJournalProvider;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One simulated node with a ledger on a journal slot, two providers of the journal and three of the ledger, and a
/// script in place of the service registry. Perhaps with a storey more: another ledger on that one, and two providers.
final class StackedWorld implements AutoCloseable {
  static final SlotName LOWER = new SlotName("n", "journal", "base");
  static final SlotName UPPER = new SlotName("n", "ledger", "top");
  static final SlotName TOWER = new SlotName("n", "ledger", "tower");
  private static final SwapLimits QUICK = new SwapLimits(20, 3_600_000, 2_000, 1_000, 500, 5_000);
  static final SlotLimits LIMITS =
      new SlotLimits(256, 1 << 20, 10_000, 5_000, 600_000, 2_000, 100, 10_000, QUICK);

  final Simulation simulation;
  final SimNode node;
  /// What goes wrong in each slot's providers.
  final Map<SlotName, Faults.Fault> faults = new TreeMap<>();
  final Map<SlotName, String> wishes = new TreeMap<>(Map.of(LOWER, "segmented", UPPER, "rows", TOWER, "chest"));
  /// Providers that are to be there, each with the number that it has in the registry; 0 where it is away.
  final Map<String, Long> registered = new TreeMap<>();
  Terms.OnGone onGone = Terms.OnGone.PARK;
  NodeSlots slots;
  @Nullable
  JournalStore store;
  @Nullable
  Ledger ledger;
  /// What is in the slot beneath, as its provider has it.
  Set<String> names = Set.of();
  Runnable onStore = () -> {};
  Runnable onLedger = () -> {};
  /// All there are.
  final List<String> providers;
  private final boolean tower;
  private long refs;

  StackedWorld(long seed) {
    this(seed, false);
  }

  /// @param tower whether there are three storeys: the callers' ledger is the highest one
  @SuppressWarnings("NullAway.Init") // the boot function, which runs in the constructor of the node, sets them
  StackedWorld(long seed, boolean tower) {
    this.tower = tower;
    providers = tower
        ? List.of("segmented", "plain", "rows", "pages", "lines", "chest", "shelf")
        : List.of("segmented", "plain", "rows", "pages", "lines");
    simulation = Simulation.seeded(seed);
    node = simulation.node("n", this::boot);
  }

  private void boot(SimNode booting) {
    store = null;
    ledger = null;
    registered.clear();
    slots = new NodeSlots(booting.runtime(), new FacadeRegistry() {
      @Override
      public void publish(SlotName name, String type, Object facade) {
        if (facade instanceof JournalStore journals) {
          store = journals;
          onStore.run();
        } else if (name.equals(tower ? TOWER : UPPER)) {
          ledger = (Ledger) facade;
          onLedger.run();
        }
      }

      @Override
      public void withdraw(SlotName name) {
        if (name.equals(LOWER)) {
          store = null;
        } else if (name.equals(tower ? TOWER : UPPER)) {
          ledger = null;
        }
      }
    });
    slots.teach(new dev.tenon.slot.storage.JournalRole());
    slots.teach(new LedgerRole());
    if (tower) {
      wish(TOWER, wishes.getOrDefault(TOWER, ""));
    }
    wish(UPPER, wishes.getOrDefault(UPPER, ""));
    wish(LOWER, wishes.getOrDefault(LOWER, ""));
    providers.forEach(this::register);
  }

  private static boolean isLower(String provider) {
    return provider.equals("segmented") || provider.equals("plain");
  }

  void wish(SlotName name, String provider) {
    wishes.put(name, provider);
    List<SlotName> beneath = name.equals(TOWER) ? List.of(UPPER) : name.equals(UPPER) ? List.of(LOWER) : List.of();
    slots.wish(new SlotWish(name, new Terms(provider, false, onGone, Terms.Follow.NONE), LIMITS, beneath));
  }

  boolean isThere(String provider) {
    return registered.getOrDefault(provider, 0L) != 0;
  }

  /// A provider appears.
  void register(String provider) {
    long ref = ++refs;
    registered.put(provider, ref);
    Supplier<Object> made = () -> switch (provider) {
      case "segmented" -> Faults.in(new SegmentedJournalProvider(defaults()), call -> at(LOWER, call), this::shows);
      case "plain" -> Faults.in(new PlainJournals(), call -> at(LOWER, call), this::shows);
      case "chest", "shelf" -> Faults.in(new PackedLedger(provider), call -> at(TOWER, call));
      case "rows" -> Faults.in(new Rows(), call -> at(UPPER, call));
      case "pages" -> Faults.in(new Pages(), call -> at(UPPER, call));
      default -> Faults.in(new Lines(), call -> at(UPPER, call));
    };
    slots.provide(ref, isLower(provider) ? "journal" : "ledger", provider, "test." + provider, "1.0.0",
        new ProviderSource() {
          @Override
          public Object take() {
            if (registered.getOrDefault(provider, 0L) != ref) {
              throw new UnavailableException("the service is gone");
            }
            return made.get();
          }

          @Override
          public void release() {}
        });
  }

  void withdraw(String provider) {
    long ref = registered.getOrDefault(provider, 0L);
    registered.put(provider, 0L);
    slots.withdraw(ref, () -> {});
  }

  private void shows(Set<String> found) {
    names = found;
  }

  /// What lies beneath for locations of the ledger that are not there.
  List<String> nobodys() {
    return names.stream().filter(name -> name.startsWith("_o_ledger_top_"))
        .filter(name -> node.disk().blobs("ledger/top/" + name.split("_", -1)[4], "_tenon").isEmpty()).toList();
  }

  private void at(SlotName name, String call) {
    Faults.Fault fault = faults.get(name);
    if (fault != null) {
      fault.at(call);
    }
  }

  private static SegmentedJournalConfig defaults() {
    return (SegmentedJournalConfig) Proxy.newProxyInstance(SegmentedJournalConfig.class.getClassLoader(),
        new Class<?>[] {SegmentedJournalConfig.class}, (proxy, method, args) -> method.getDefaultValue());
  }

  SlotStatus status(SlotName name) {
    return slots.slots().stream().filter(slot -> slot.name().equals(name)).findFirst().orElseThrow();
  }

  boolean isIn(SlotName name, SlotState state) {
    return slots.slots().stream().anyMatch(slot -> slot.name().equals(name) && slot.state() == state);
  }

  boolean serves(SlotName name, String provider) {
    return isIn(name, SlotState.ACTIVE) && status(name).provider().startsWith(provider + "@");
  }

  void await(String what, java.util.function.BooleanSupplier condition) {
    if (!simulation.runUntil(condition, Duration.ofMinutes(10))) {
      throw new AssertionError("not " + what + ": " + slots.slots());
    }
  }

  @Override
  public void close() {
    simulation.close();
  }
}
