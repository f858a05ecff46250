package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SwapLimits;
import dev.tenon.journal.Journal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Goal: within the limits that a slot may be given nobody is refused for ever. Method: the smallest limits, and
/// writers that do not help.
class JournalBoundsTest {
  private static ByteBuffer item(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static SlotLimits small() {
    return new SlotLimits(64, 1 << 20, 10_000, 5_000, 600_000, 2_000, 100, 10_000, SwapLimits.DEFAULT);
  }

  @Test
  void aWriterThatDoesNotCommitGetsRoomAgain() {
    try (SlotWorld world = new SlotWorld(1, small())) {
      Journal journal = world.journal("a");
      int taken = 0;
      for (int i = 0; i < 200; i++) {
        taken += journal.append(1, item("x")) == Journal.BACKOFF ? 0 : 1;
        world.simulation.run(Duration.ofSeconds(1));
      }
      assertThat(taken).isGreaterThan(100);
    }
  }

  @Test
  void anItemThatTheProviderTakesIsTakenAsSoonAsLittleIsHeld() {
    try (SlotWorld world = new SlotWorld(2, small())) {
      Journal journal = world.journal("a");
      int size = world.store().itemBytesMax();
      assertThat(size).as("as much as all may hold together").isEqualTo(1 << 20);
      assertThat(journal.append(1, item("x"))).isNotEqualTo(Journal.BACKOFF);
      assertThat(journal.append(1, ByteBuffer.allocate(size))).as("beside one that waits")
          .isNotEqualTo(Journal.BACKOFF);
      assertThat(journal.append(1, item("y"))).as("the bound holds").isEqualTo(Journal.BACKOFF);
      world.simulation.run(Duration.ofSeconds(1));
      assertThat(journal.append(1, ByteBuffer.allocate(size))).isNotEqualTo(Journal.BACKOFF);
    }
  }
}
