package dev.tenon.slot.storage;

import static dev.tenon.slot.storage.SlotWorld.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.Journal;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.slot.SlotState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: what an operator needs for a slot that has failed is there when he comes, and he is told what was done.
/// Method: a simulated node with a slot whose provider is made to fail.
class OperatorTest {
  private static List<String> places(SlotWorld world) {
    return world.simulation.blocking(world.node, () -> world.node.runtime().volume().locations("journal/test"));
  }

  private static List<String> told(SlotWorld world, java.util.function.Consumer<List<String>> asked) {
    List<String> told = new ArrayList<>();
    asked.accept(told);
    assertThat(world.simulation.runUntil(() -> !told.isEmpty(), Duration.ofSeconds(20))).as("answered").isTrue();
    return told;
  }

  /// A slot that was handed over, and whose provider then fails for good.
  private static SlotWorld destroyed(long seed) {
    SlotWorld world = new SlotWorld(seed);
    Journal journal = world.journal("a");
    journal.append(1, item("x"));
    world.simulation.await(world.node, journal::commit);
    world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false);
    world.registerOther();
    world.wish("other");
    assertThat(world.simulation.runUntil(
        () -> world.status().provider().startsWith("other") && world.isIn(SlotState.ACTIVE),
        Duration.ofMinutes(5))).isTrue();
    world.otherFault = call -> {
      if (call.equals("sync")) {
        throw new StorageFailedException("planted");
      }
      if (call.equals("open")) {
        throw new CorruptionException("p", "62", 0, "a", "b");
      }
    };
    journal.append(1, item("y"));
    journal.commit();
    world.awaitState(SlotState.FAILED);
    return world;
  }

  @Test
  void theSilenceIsLiftedAlsoWhileAHandoverWaitsForItsNextAttempt() {
    try (SlotWorld world = destroyed(6)) {
      told(world, told -> world.slots.recover(SlotWorld.NAME, "", told::addAll));
      world.awaitState(SlotState.ACTIVE);
      // It is wished for, and fails again and again.
      assertThat(world.simulation.runUntil(() -> world.status().outcome().isFailure()
          && world.status().progress() == null && world.status().failedHandovers() > 4, Duration.ofMinutes(10)))
          .isTrue();
      assertThat(told(world, told -> world.slots.sign(SlotWorld.NAME, true, told::addAll)).getLast())
          .endsWith("is signed on again");
      assertThat(world.store().signingOff()).isFalse();
    }
  }

  @Test
  void whatIsRetainedStaysWhileTheOperatorIsWaitedFor() {
    try (SlotWorld world = destroyed(5)) {
      assertThat(places(world)).contains("1");
      world.simulation.run(Duration.ofMinutes(11));
      assertThat(world.status().state()).isEqualTo(SlotState.FAILED);
      assertThat(places(world)).contains("1");
      told(world, told -> world.slots.recover(SlotWorld.NAME, "", told::addAll));
      world.awaitState(SlotState.ACTIVE);
      Journal again = world.journal("a");
      assertThat(world.simulation.await(world.node, () -> again.read(1, 0, 1))).hasSize(1);
    }
  }

  @Test
  void aFirstOpeningThatFailsAgainAndAgainLeavesNoFoldersBehind() {
    try (SlotWorld world = new SlotWorld(18)) {
      world.fault = call -> {
        if (call.equals("open")) {
          throw new StorageFailedException("planted");
        }
      };
      world.simulation.run(Duration.ofMinutes(10));
      assertThat(places(world)).containsExactly("1");
      world.fault = call -> {};
      world.journal("a");
      assertThat(places(world)).containsExactly("1");
    }
  }

  @Test
  void whatIsRetainedMakesRoomForTheNextHandover() {
    try (SlotWorld world = new SlotWorld(19)) {
      world.makesOther = () -> new PlainJournals(call -> {}, "other-1", false, false);
      world.registerOther();
      Journal journal = world.journal("a");
      for (int i = 0; i < 20; i++) {
        journal.append(1, ByteBuffer.allocate(10_000));
      }
      world.simulation.await(world.node, journal::commit);
      world.wish("other");
      assertThat(world.simulation.runUntil(
          () -> world.status().provider().startsWith("other") && world.isIn(SlotState.ACTIVE),
          Duration.ofMinutes(5))).isTrue();
      world.simulation.run(Duration.ofSeconds(1));
      long held =
          world.simulation.blocking(world.node, () -> world.node.runtime().volume().usedBytes("journal/test/2"));
      world.node.disk().full(held / 2);
      assertThat(told(world, told -> world.slots.look(SlotWorld.NAME, "plain", found -> told.add(found.toString()))))
          .first().asString().startsWith("possible");
      assertThat(places(world)).containsExactly("1", "2");
      world.wish("plain");
      assertThat(world.simulation.runUntil(
          () -> world.status().provider().startsWith("plain") && world.isIn(SlotState.ACTIVE),
          Duration.ofMinutes(5))).as(world.status().outcome().toString()).isTrue();
      assertThat(places(world)).doesNotContain("1");
    }
  }
}
