package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.SlotUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Goal: however a strand is given up, each unit is in the queue or with the one who gave up, and never runs afterwards
/// unless it was claimed before.
class FlightTest {
  private final SlotQueue queue = new SlotQueue(64, 1 << 20, () -> {});
  private final Flight flight = new Flight();
  private final SlotUnit first = new IdleUnit();
  private final SlotUnit second = new IdleUnit();

  private void offer() {
    assertThat(queue.offer(first, 0)).isTrue();
    assertThat(queue.offer(second, 0)).isTrue();
  }

  @Test
  void whatIsGivenUpTakesNothingMore() {
    offer();
    assertThat(flight.abandon()).isEqualTo(new Flight.Left(List.of(), 0, false));
    assertThatThrownBy(() -> flight.take(queue, 64)).isInstanceOf(FencedException.class);
    assertThat(queue.waiting()).isEqualTo(2);
  }

  @Test
  void whatWasTakenAndNotClaimedIsFoundAndNeverRuns() {
    offer();
    flight.take(queue, 64);
    assertThat(flight.abandon()).isEqualTo(new Flight.Left(List.of(first, second), 0, false));
    assertThatThrownBy(() -> flight.claim(0)).isInstanceOf(FencedException.class);
    assertThat(flight.end().units()).isEmpty();
  }

  @Test
  void whatWasClaimedIsToldApart() {
    offer();
    flight.take(queue, 64);
    flight.claim(0);
    assertThat(flight.abandon()).isEqualTo(new Flight.Left(List.of(first, second), 1, false));
    assertThatThrownBy(() -> flight.claim(1)).isInstanceOf(FencedException.class);
    assertThat(flight.ran(List.of(first))).as("its strand has nothing to deliver").isFalse();
  }

  @Test
  void theNextBatchBeginsAnew() {
    offer();
    flight.take(queue, 1);
    flight.claim(0);
    assertThat(flight.end().units()).containsExactly(first);
    flight.take(queue, 1);
    assertThat(flight.abandon()).isEqualTo(new Flight.Left(List.of(second), 0, false));
  }

  @Test
  void whatIsBeingEndedIsFoundWithAllThatWasNot() {
    offer();
    List<SlotUnit> units = flight.take(queue, 64);
    assertThat(flight.ran(units)).isTrue();
    assertThat(flight.next()).isSameAs(first);
    assertThat(flight.abandon()).isEqualTo(new Flight.Left(List.of(first, second), 0, true));
    assertThat(flight.next()).as("its strand ends no more").isNull();
  }

  @Test
  void whatWasEndedIsNotFound() {
    offer();
    List<SlotUnit> units = flight.take(queue, 64);
    assertThat(flight.ran(units)).isTrue();
    assertThat(flight.next()).isSameAs(first);
    assertThat(flight.next()).isSameAs(second);
    assertThat(flight.end()).as("the second one threw").isEqualTo(new Flight.Left(List.of(second), 0, true));
    offer();
    flight.take(queue, 1);
    assertThat(flight.abandon()).isEqualTo(new Flight.Left(List.of(first), 0, false));
  }

  @Test
  void aBatchThatHasEndedLeavesNothing() {
    offer();
    assertThat(flight.ran(flight.take(queue, 64))).isTrue();
    for (SlotUnit unit = flight.next(); unit != null; unit = flight.next()) {
      assertThat(unit).isIn(first, second);
    }
    assertThat(flight.abandon().units()).isEmpty();
  }

  @Test
  void whoGivesUpWhileABatchIsTakenSeesIt() throws InterruptedException {
    assertThat(queue.offer(first, 0)).isTrue();
    CountDownLatch inQueue = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Thread caller = new Thread(() -> queue.park(second, 0, () -> { // under the queue's lock
      inQueue.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return false;
    }));
    Thread strand = new Thread(() -> flight.take(queue, 64));
    AtomicReference<Flight.Left> left = new AtomicReference<>();
    Thread conductor = new Thread(() -> left.set(flight.abandon()));
    caller.start();
    inQueue.await();
    strand.start();
    awaitStandstill(strand);
    conductor.start();
    awaitStandstill(conductor);
    goOn.countDown();
    conductor.join();
    strand.join();
    caller.join();
    assertThat(Present.of(left.get())).isEqualTo(new Flight.Left(List.of(first), 0, false));
    assertThatThrownBy(() -> flight.claim(0)).isInstanceOf(FencedException.class);
    queue.putBack(Present.of(left.get()).units());
    assertThat(queue.waiting()).isEqualTo(1);
    assertThat(queue.heldBytes()).isEqualTo(first.bytes());
  }

  /// It waits for a lock, or has ended.
  private static void awaitStandstill(Thread thread) {
    while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
      Thread.onSpinWait();
    }
  }
}
