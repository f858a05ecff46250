package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Check;
import dev.tenon.handover.NodeSlots;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.Strand;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/// Goal: promise H10. No two threads wait for each other, and nothing waits on a slot above itself: what is done under
/// a lock of a slot is known, locks have an order, and who waits on a strand waits for what is beneath. Method: class
/// files are read ([LockOrder]). Something new under a lock has to be looked at, and then be said here.
class LockOrderTest {
  /// In this order: a lock is taken under the ones before it only. All others are taken alone.
  private static final List<String> ORDER =
      List.of("HandoverComponent.lock", "SlotMailbox.lock", "Flight.lock", "SlotQueue.lock", "Leases.lock");

  private static final List<String> NESTED = List.of(
      // What is taken from the queue is in flight: a strand that is given up in between must find it in one of them.
      "Flight.lock: lock SlotQueue.lock",
      // By its type. It is the conductor's mailbox, of the runtime, which signals and does not wait.
      "HandoverComponent.lock: lock SlotMailbox.lock",
      // The same one again, by the same thread.
      "HandoverComponent.lock: lock HandoverComponent.lock", "RebuildLog.lock: lock RebuildLog.lock",
      // By its type: a series of the process is removed, not one of an instance.
      "SlotSeries.lock: lock SlotSeries.lock");

  private static final List<String> GIVEN = List.of(
      // Whether an instance above has ended: one volatile read. And a comparison of its own.
      "JournalFamily.lock: given BooleanSupplier.getAsBoolean", "JournalFamily.lock: given Predicate.test",
      // What to do when a lane is full; and what a facade says, a few instructions, while its seat may not change.
      "SlotMailbox.lock: calls WhenFull.ordinal", "SlotMailbox.lock: given Function.apply",
      "SlotMailbox.lock: given Runnable.run",
      // A look at a door, and its opening, which takes the lock of the leases.
      "SlotQueue.lock: given BooleanSupplier.getAsBoolean", "SlotQueue.lock: given Runnable.run",
      // A series of the process is removed.
      "SlotSeries.lock: given Runnable.run",
      // Conductors are begun and told, once none of an earlier start is left.
      "HandoverComponent.lock: calls Promise.end", "HandoverComponent.lock: calls Runtime.hasActor",
      "HandoverComponent.lock: calls Runtime.node",
      "HandoverComponent.lock: calls Runtime.spawn", "HandoverComponent.lock: calls Waiter.wake",
      "HandoverComponent.lock: calls WhenFull.ordinal", "HandoverComponent.lock: given Function.apply",
      "HandoverComponent.lock: given ToIntFunction.applyAsInt");

  private static LockOrder slots() throws Exception {
    return new LockOrder().read(NodeSlots.class).read(JournalRole.class).read(JournalStore.class).read(Strand.class)
        .read(Check.class);
  }

  @Test
  void whatIsDoneUnderTheLockOfASlotIsKnown() throws Exception {
    List<String> expected = new ArrayList<>(NESTED);
    expected.addAll(GIVEN);
    LockOrder order = slots();
    assertThat(order.found()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(order.locks()).contains("SlotDoor.lock", "DeliveryWindow.lock").containsAll(ORDER);
    for (String nested : NESTED) {
      String[] locks = nested.split(": lock ", 2);
      assertThat(locks[0].equals(locks[1]) || ORDER.indexOf(locks[0]) < ORDER.indexOf(locks[1])).as(nested).isTrue();
    }
  }

  @Test
  void whoWaitsOnAStrandWaitsForItsSlotsDeskOrForASlotBeneath() throws Exception {
    LockOrder order = slots();
    assertThat(order.callers("dev/tenon/runtime/Strand.await"))
        .containsExactly("SlotRun.awaitOwned", "Sweeper.makeRoom", "TenantBeneath.await");
    assertThat(order.callers("dev/tenon/runtime/Waiter.sleepUntil")).as("a callback of the container's; a drain")
        .containsExactly("HandoverComponent.answer", "HandoverComponent.ask", "Sealing.sleepUntil",
            "Tenure.shutAndDrain");
  }

  /// What is not to be.
  static final class Planted {
    final ReentrantLock first = new ReentrantLock();
    final ReentrantLock second = new ReentrantLock();
    final Runnable given = () -> {};
    int few;

    void nests() {
      first.lock();
      try {
        if (few > 0) {
          return;
        }
        takesTheSecond();
      } finally {
        first.unlock();
      }
      given.run();
    }

    void takesTheSecond() {
      second.lock();
      try {
        few++;
      } finally {
        second.unlock();
      }
    }

    void runsWhatWasGiven() {
      second.lock();
      try {
        List.of(1, 2).forEach(each -> tells());
      } finally {
        second.unlock();
      }
    }

    private void tells() {
      given.run();
    }
  }

  @Test
  void whatIsPlantedIsFound() throws Exception {
    try (InputStream content = Planted.class.getResourceAsStream("LockOrderTest$Planted.class")) {
      assertThat(new LockOrder().readClass(Objects.requireNonNull(content).readAllBytes()).found())
          .containsExactly("LockOrderTest$Planted.first: lock LockOrderTest$Planted.second",
              "LockOrderTest$Planted.second: given Runnable.run");
    }
  }
}
