package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.slot.SlotState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One slot with one provider, step by step.
class JournalSlotTest {
  private static ByteBuffer item(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(Entry entry) {
    return new String(entry.item().toArray(), StandardCharsets.US_ASCII);
  }

  private static List<String> all(SlotWorld world, Journal journal) {
    return world.simulation.await(world.node, () -> journal.replay(0, 0)).stream().map(JournalSlotTest::text).toList();
  }

  @Test
  void servesAppendsCommitsAndReads() {
    try (SlotWorld world = new SlotWorld(1)) {
      Journal journal = world.journal("a");
      assertThat(world.status().state()).isEqualTo(SlotState.ACTIVE);
      assertThat(world.status().generation()).isEqualTo(1);
      assertThat(journal.append(7, item("x"))).isEqualTo(0);
      assertThat(journal.append(7, item("y"))).isEqualTo(1);
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(2));
      assertThat(all(world, journal)).containsExactly("x", "y");
    }
  }

  @Test
  void aRestartKeepsTheGenerationAndWhatWasCommitted() {
    try (SlotWorld world = new SlotWorld(2)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      world.simulation.await(world.node, journal::commit);
      world.node.shutDown();
      world.node.start();
      assertThat(all(world, world.journal("a"))).containsExactly("x");
      assertThat(world.status().generation()).isEqualTo(1);
    }
  }

  @Test
  void anUpdatedProviderReopensInTheNextGenerationAndParkedUnitsRunThen() {
    try (SlotWorld world = new SlotWorld(3)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      boolean[] gone = new boolean[1];
      world.withdraw(() -> gone[0] = true);
      assertThat(world.simulation.runUntil(() -> gone[0], Duration.ofSeconds(2))).isTrue();
      world.awaitState(SlotState.EMPTY);
      assertThat(world.released).isEqualTo(world.taken);
      journal.append(1, item("y"));
      world.simulation.run(Duration.ofSeconds(30));
      world.version = "1.0.1";
      world.register();
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(2));
      assertThat(all(world, journal)).containsExactly("x", "y");
      assertThat(world.status().generation()).isEqualTo(2);
      assertThat(world.status().provider()).isEqualTo("plain@1.0.1");
      assertThat(world.publications).isEqualTo(1);
    }
  }

  @Test
  void aFailedSyncIsRecoveredAndTheCommitIsAnsweredOnce() {
    try (SlotWorld world = new SlotWorld(4)) {
      Journal journal = world.journal("a");
      int[] failures = {2};
      world.fault = call -> {
        if (call.equals("sync") && failures[0]-- > 0) {
          throw new StorageFailedException("planted");
        }
      };
      journal.append(1, item("x"));
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(1));
      assertThat(all(world, journal)).containsExactly("x");
      assertThat(world.status().generation()).isGreaterThan(1);
    }
  }
}
