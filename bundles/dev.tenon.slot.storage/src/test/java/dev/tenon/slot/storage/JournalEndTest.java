package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.journal.Journal;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: whoever waits for a slot that ends is told, and nobody waits for it afterwards. Method: the slot's
/// configuration goes while nobody serves it.
class JournalEndTest {
  private static ByteBuffer item(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void whoeverWaitsForASlotThatEndsIsTold() {
    try (SlotWorld world = new SlotWorld(4)) {
      Journal journal = world.journal("a");
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      var store = world.store();
      boolean[] told = {false};
      store.whenActive().onEnd(outcome -> told[0] = outcome instanceof Outcome.Failed);
      world.slots.unwish(SlotWorld.NAME, () -> {});
      world.simulation.run(Duration.ofMinutes(5));
      assertThat(told[0]).isTrue();
      Outcome<Long> asked = world.simulation.outcome(world.node, store::whenActive);
      assertThat(asked).as("nor does anybody wait who comes later").isInstanceOf(Outcome.Failed.class);
      assertThatThrownBy(() -> journal.append(1, item("x"))).isInstanceOf(SlotUnavailableException.class);
    }
  }

  /// Nobody may take for never done what was dispatched, and waits in front of the next attempt.
  @Test
  void whoseUnitWasDispatchedIsToldThatNothingIsKnown() {
    try (SlotWorld world = new SlotWorld(5)) {
      Journal journal = world.journal("a");
      world.fault = call -> {
        if (call.equals("sync")) {
          throw new UncheckedIOException(new IOException("planted"));
        }
      };
      List<Outcome<?>> told = new ArrayList<>();
      journal.append(1, item("x"));
      journal.commit().onEnd(told::add);
      world.awaitState(SlotState.RECOVERING);
      world.slots.unwish(SlotWorld.NAME, () -> {});
      world.simulation.run(Duration.ofMinutes(5));
      assertThat(told).singleElement().isInstanceOfSatisfying(Outcome.Failed.class,
          failed -> assertThat(failed.cause()).isInstanceOf(OutcomeUnknownException.class));
    }
  }
}
