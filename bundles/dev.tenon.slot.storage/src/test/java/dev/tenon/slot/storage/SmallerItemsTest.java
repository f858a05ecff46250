package dev.tenon.slot.storage;

import static dev.tenon.slot.storage.SlotWorld.all;
import static dev.tenon.slot.storage.SlotWorld.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.segmented.SegmentedJournalConfig;
import dev.tenon.journal.segmented.SegmentedJournalProvider;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import dev.tenon.slot.SlotState;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: a provider that comes back with a smaller `itemBytesMax` than an item on its way has fails the slot in one
/// line, and nothing is lost once the bound is raised again. Method: the provider that ships, under the simulator; but
/// a plain one where it has to give back an item above its bound, which the one that ships does not do.
class SmallerItemsTest {
  private static final int LARGE = 6_000;
  private static final int SMALL_MAX = 1_000;
  private static final String LARGE_TEXT = "x".repeat(LARGE);

  private static void configured(SlotWorld world, int itemBytesMax) {
    if (world.isRegistered()) {
      world.withdraw(() -> {});
    }
    world.makes = () -> new SegmentedJournalProvider((SegmentedJournalConfig) Proxy.newProxyInstance(
        SegmentedJournalConfig.class.getClassLoader(), new Class<?>[] {SegmentedJournalConfig.class},
        (proxy, method, words) -> method.getName().equals("itemBytesMax") ? itemBytesMax : method.getDefaultValue()));
    world.register();
  }

  private static Journal begun(SlotWorld world) {
    configured(world, LARGE);
    Journal journal = world.journal("a");
    journal.append(0, item("first"));
    world.simulation.await(world.node, journal::commit);
    return journal;
  }

  private static void appendLargeBetweenOthers(Journal journal) {
    journal.append(0, item("second"));
    journal.append(1, item(LARGE_TEXT));
    journal.append(2, item("third"));
  }

  /// Not once more in an hour, and the operator reads why.
  private static void failsOnce(SlotWorld world) {
    world.awaitState(SlotState.FAILED);
    assertThat(world.status().reason()).startsWith("ConfigException: itemBytesMax=" + SMALL_MAX + " is not accepted: ")
        .contains(Integer.toString(LARGE));
    long generation = world.status().generation();
    world.simulation.run(Duration.ofHours(1));
    assertThat(world.status().state()).isEqualTo(SlotState.FAILED);
    assertThat(world.status().generation()).isEqualTo(generation);
  }

  /// The bound is raised again.
  private static void servesAgain(SlotWorld world, Journal journal, List<String> items) {
    configured(world, LARGE);
    world.slots.swap(SlotWorld.NAME, "plain", false);
    world.awaitState(SlotState.ACTIVE);
    world.simulation.await(world.node, journal::commit);
    assertThat(all(world, journal)).isEqualTo(items);
    world.node.crash(CrashKind.POWER_LOSS, Duration.ofMillis(50));
    assertThat(world.simulation.runUntil(world.node::isUp, Duration.ofSeconds(1))).isTrue();
    assertThat(all(world, world.journal("a"))).as("durable").isEqualTo(items);
  }

  @Test
  void anItemThatIsKeptAndTooLargeFailsTheSlotUntilTheBoundIsRaised() {
    try (SlotWorld world = new SlotWorld(1)) {
      Journal journal = begun(world);
      appendLargeBetweenOthers(journal);
      world.simulation.run(Duration.ofMillis(10)); // run, and not durable
      world.node.disk().failNext(DiskOp.WRITE, 1);
      journal.commit().onEnd(outcome -> {});
      world.awaitState(SlotState.RECOVERING);
      configured(world, SMALL_MAX);
      failsOnce(world);
      servesAgain(world, journal, List.of("first", "second", LARGE_TEXT, "third"));
    }
  }

  @Test
  void anItemThatWaitsAndIsTooLargeFailsTheSlotUntilTheBoundIsRaised() {
    try (SlotWorld world = new SlotWorld(2)) {
      Journal journal = begun(world);
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      appendLargeBetweenOthers(journal);
      configured(world, SMALL_MAX);
      failsOnce(world);
      servesAgain(world, journal, List.of("first", "second", LARGE_TEXT, "third"));
    }
  }

  /// Its commit waited with it: it is told of what came of the items, or that nobody knows, and never of a loss.
  @Test
  void aCommitBehindAnItemThatIsTooLargeEnds() {
    try (SlotWorld world = new SlotWorld(3)) {
      Journal journal = begun(world);
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      journal.append(1, item(LARGE_TEXT));
      Completion<Durable> commit = journal.commit();
      boolean[] ended = {false};
      commit.onEnd(outcome -> ended[0] = true);
      configured(world, SMALL_MAX);
      failsOnce(world);
      assertThat(ended[0]).isTrue();
      servesAgain(world, journal, List.of("first", LARGE_TEXT));
    }
  }

  /// What was pruned or rewound meanwhile is not applied again, and asks for nothing.
  @Test
  void anItemThatIsDroppedAgainAsksForNothing() {
    try (SlotWorld world = new SlotWorld(4)) {
      Journal journal = begun(world);
      journal.append(1, item(LARGE_TEXT));
      journal.rewind(1, 0);
      journal.append(1, item("second"));
      world.simulation.run(Duration.ofMillis(10));
      world.node.disk().failNext(DiskOp.WRITE, 1);
      journal.commit().onEnd(outcome -> {});
      world.awaitState(SlotState.RECOVERING);
      configured(world, SMALL_MAX);
      world.awaitState(SlotState.ACTIVE);
      world.simulation.await(world.node, journal::commit);
      assertThat(all(world, journal)).isEqualTo(List.of("first", "second"));
    }
  }

  /// What lies there already need not be written anew.
  @Test
  void anItemThatIsThereAsksForNothing() {
    try (SlotWorld world = new SlotWorld(5)) {
      Journal journal = world.journal("a");
      journal.append(1, item(LARGE_TEXT));
      world.simulation.run(Duration.ofMillis(10));
      world.fault = call -> {
        if (call.equals("sync")) { // written before, and not forced
          world.fault = none -> {};
          throw new StorageFailedException("planted");
        }
      };
      journal.commit().onEnd(outcome -> {});
      world.awaitState(SlotState.RECOVERING);
      world.withdraw(() -> {});
      world.makes = () -> new Smaller(new PlainJournals(call -> {
        assertThat(call).isNotEqualTo("append");
      }));
      world.register();
      world.awaitState(SlotState.ACTIVE);
      assertThat(all(world, journal)).containsExactly(LARGE_TEXT);
    }
  }

  /// It is whole, so whoever reads it is told of the bound.
  @Test
  void anItemThatIsDurableAndTooLargeIsRefusedByTheNameOfTheBound() {
    try (SlotWorld world = new SlotWorld(6)) {
      Journal journal = begun(world);
      journal.append(1, item(LARGE_TEXT));
      world.simulation.await(world.node, journal::commit);
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      configured(world, SMALL_MAX);
      world.awaitState(SlotState.ACTIVE);
      Outcome<List<Entry>> read = world.simulation.outcome(world.node, () -> journal.read(1, 0, 1));
      assertThat(read).isInstanceOfSatisfying(Outcome.Failed.class,
          failed -> assertThat(failed.cause()).hasMessageContaining("itemBytesMax=" + SMALL_MAX));
      world.makesOther = () -> SegmentedJournalProvider.plain(2_048, 4_096);
      world.registerOther();
      world.wish("other");
      assertThat(world.simulation.runUntil(
          () -> world.status().outcome().toString().contains("itemBytesMax=" + SMALL_MAX), Duration.ofMinutes(1)))
          .as("" + world.slots.slots()).isTrue();
      assertThat(world.simulation.await(world.node, () -> journal.read(0, 0, 1)).stream().map(SlotWorld::text))
          .as("what fits is served").containsExactly("first");
    }
  }

  /// Says that its items are smaller.
  private record Smaller(JournalProvider provider) implements JournalProvider {
    @Override
    public Description describe() {
      Description same = provider.describe();
      return new Description(same.provider(), same.writes(), same.reads(), SMALL_MAX);
    }

    @Override
    public JournalInstance open(OpenContext context) {
      return provider.open(context);
    }
  }
}
