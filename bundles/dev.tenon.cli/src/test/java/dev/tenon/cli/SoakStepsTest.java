package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.FacadeRegistry;
import dev.tenon.handover.NodeSlots;
import dev.tenon.handover.ProviderSource;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SlotWish;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.segmented.SegmentedJournalConfig;
import dev.tenon.journal.segmented.SegmentedJournalProvider;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import dev.tenon.slot.storage.JournalRole;
import dev.tenon.soak.Passage;
import dev.tenon.storage.mapdb.MapdbJournalConfig;
import dev.tenon.storage.mapdb.MapdbJournalProvider;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: no soak waits for a place that no slot comes to, and none leaves one out where something becomes durable.
/// Method: a simulated journal slot with the providers of a soak, probed as there, is swapped, updated and crashed.
class SoakStepsTest {
  private static final SlotName NAME = new SlotName("v0", JournalProvider.ROLE, "broadcast");
  /// More than are retained, so that some are deleted.
  private static final int SWAPS = 6;
  /// More than one piece of a copy.
  private static final int ITEMS = 1_500;
  /// They make something durable where a soak has no place: see `SoakKills`.
  private static final List<String> LEFT_OUT = List.of("load");

  private final Simulation simulation = Simulation.seeded(7);
  private final Map<String, Long> registered = new TreeMap<>();
  private final Map<String, JournalProvider> providers = Map.of(
      "segmented", new SegmentedJournalProvider(defaults(SegmentedJournalConfig.class)),
      "mapdb", new MapdbJournalProvider(defaults(MapdbJournalConfig.class)));
  private String wish = "segmented";
  private long refs;
  private @Nullable NodeSlots slots;
  private @Nullable JournalStore store;

  @TempDir
  private Path folder;

  private static <A> A defaults(Class<A> config) {
    return config.cast(Proxy.newProxyInstance(config.getClassLoader(), new Class<?>[] {config},
        (proxy, method, words) -> method.getDefaultValue()));
  }

  private static <T> T there(@Nullable T value) {
    if (value == null) throw new AssertionError("not there");
    return value;
  }

  private void boot(SimNode booting, Passage passage) {
    store = null;
    NodeSlots made = new NodeSlots(passage.probed(booting.runtime()), new FacadeRegistry() {
      @Override
      public void publish(SlotName name, String type, Object facade) {
        store = (JournalStore) facade;
      }

      @Override
      public void withdraw(SlotName name) {
        store = null;
      }
    });
    slots = made;
    made.teach(new JournalRole());
    made.wish(new SlotWish(NAME, wish, SlotLimits.DEFAULT));
    providers.keySet().stream().sorted().forEach(this::register);
  }

  private void register(String name) {
    long ref = ++refs;
    registered.put(name, ref);
    there(slots).provide(ref, JournalProvider.ROLE, name, "test." + name, "1.0.0", new ProviderSource() {
      @Override
      public Object take() {
        if (!Long.valueOf(ref).equals(registered.get(name))) throw new UnavailableException("the service is gone");
        return there(providers.get(name));
      }

      @Override
      public void release() {}
    });
  }

  /// As the update of its bundle.
  private void update(String name) {
    there(slots).withdraw(there(registered.remove(name)), () -> {});
    simulation.run(Duration.ofSeconds(1));
    register(name);
    awaitServing(name);
  }

  private void swap(String name) {
    wish = name;
    there(slots).wish(new SlotWish(NAME, name, SlotLimits.DEFAULT));
    awaitServing(name);
  }

  private void awaitServing(String name) {
    boolean serves = simulation.runUntil(() -> store != null && there(slots).slots().stream().anyMatch(
        slot -> slot.state() == SlotState.ACTIVE && slot.provider().equals(name + "@1.0.0")), Duration.ofMinutes(10));
    assertThat(serves).as("%s serves: %s", name, there(slots).slots().stream().map(SlotStatus::toString).toList())
        .isTrue();
    simulation.run(Duration.ofSeconds(2));
  }

  private void write(SimNode node) {
    JournalStore to = there(store);
    Journal journal = simulation.await(node, () -> to.journal("j"));
    for (int i = 0; i < ITEMS; i++) {
      journal.append(0, ByteBuffer.wrap(new byte[1_000]));
    }
    var unused = simulation.await(node, journal::commit);
  }

  /// All that a soak does by itself: it writes, swaps to and fro, updates, and is killed.
  private List<String> passed() throws IOException {
    Passage passage = new Passage(folder.resolve("history"));
    SimNode node = simulation.node("v0", booting -> boot(booting, passage));
    awaitServing("segmented");
    for (int i = 0; i < SWAPS; i++) {
      write(node);
      swap(i % 2 == 0 ? "mapdb" : "segmented");
    }
    update("segmented");
    write(node);
    there(slots).wish(new SlotWish(NAME, "mapdb", SlotLimits.DEFAULT));
    simulation.run(Duration.ofMillis(1));
    node.crash(CrashKind.PROCESS_KILL, Duration.ofSeconds(1));
    simulation.run(Duration.ofSeconds(2));
    awaitServing(wish);
    return passage.passed();
  }

  @Test
  void whereKillsAreMeantToBeASlotComes() throws IOException {
    List<String> passed = passed();
    assertThat(passed).containsAll(new SoakKills(new Random(1)).order());
    List<String> durable = new ArrayList<>(passed);
    durable.removeIf(place -> !place.endsWith(" flush")
        || LEFT_OUT.contains(place.substring(0, place.length() - " flush".length())));
    assertThat(new SoakKills(new Random(1)).order()).containsAll(durable);
    simulation.close();
  }
}
