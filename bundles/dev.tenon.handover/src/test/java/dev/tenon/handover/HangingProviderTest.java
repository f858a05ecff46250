package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.jvm.JvmPools;
import dev.tenon.runtime.jvm.JvmRuntime;
import dev.tenon.runtime.role.Description;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a provider of which no call returns takes its own slot at most. Method: a conductor on fewer real threads than
/// there are calls that hang.
class HangingProviderTest {
  private static final SlotName NAME = new SlotName("n", "r", "u");
  private static final SlotLimits QUICK = new SlotLimits(64, 1 << 20, 10_000, 100, 600_000, 1_000, 1, 1,
      new SwapLimits(0, 3_600_000, 2_000, 1_000, 60_000, 5_000));

  private final Simulation simulation = Simulation.seeded(1);
  private final SimNode node = simulation.node("n", booted -> {}); // only its metrics are used
  private final JvmPools pools = new JvmPools(new JvmPools.Threads(2, 2, 2, 1));
  private final CountDownLatch hangs = new CountDownLatch(1);
  private final AtomicInteger taken = new AtomicInteger();
  private JvmRuntime runtime;
  private NodeSlots slots;

  @BeforeEach
  void open(@TempDir Path folder) {
    runtime = new JvmRuntime("n", pools, node.metrics(), folder);
    slots = new NodeSlots(runtime, new FacadeRegistry() {
      @Override
      public void publish(SlotName name, String type, Object facade) {}

      @Override
      public void withdraw(SlotName name) {}
    });
    slots.teach(new Role());
  }

  @AfterEach
  void close() {
    hangs.countDown();
    runtime.close();
    pools.close();
    simulation.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).as("happens within 60 s").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void until(Predicate<SlotStatus> what) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (slots.slots().stream().noneMatch(what) && System.nanoTime() < deadlineNs) {
      Thread.onSpinWait();
    }
    assertThat(slots.slots()).anyMatch(what);
  }

  private void provide(long ref, String provider, boolean stuck) {
    provide(ref, provider, () -> {
      if (stuck) {
        taken.incrementAndGet();
        await(hangs);
      }
    });
  }

  private void provide(long ref, String provider, Runnable atTaking) {
    slots.provide(ref, "r", provider, "bundle." + provider, "1.0.0", new ProviderSource() {
      @Override
      public Object take() {
        atTaking.run();
        return provider;
      }

      @Override
      public void release() {}
    });
  }

  private void assertThatStrandsRun() {
    CountDownLatch ran = new CountDownLatch(1);
    runtime.strand("another").run("works", () -> {
      ran.countDown();
      return true;
    });
    await(ran);
  }

  @Test
  void whoIsToTakeOverAndHangsIsTakenSoManyTimesAndWhoServesGoesOn() {
    provide(1, "plain", false);
    provide(2, "stuck", true);
    slots.wish(new SlotWish(NAME, "plain", QUICK));
    until(slot -> slot.state() == SlotState.ACTIVE);
    slots.wish(new SlotWish(NAME, "stuck", QUICK));
    until(slot -> slot.outcome().kind() == HandoverOutcome.Kind.HANGS);
    assertThat(taken).hasValue(SlotLimits.HUNG_MAX);
    assertThatStrandsRun();
    until(slot -> slot.state() == SlotState.ACTIVE && slot.stuck() == SlotLimits.HUNG_MAX);
    slots.wish(new SlotWish(NAME, "plain", QUICK));
    until(slot -> slot.state() == SlotState.ACTIVE && slot.provider().equals("plain@1.0.0"));
  }

  @Test
  void aSlotWhoseOnlyProviderHangsHasFailedUntilItsCallReturns() {
    provide(2, "stuck", true);
    slots.wish(new SlotWish(NAME, "stuck", QUICK));
    until(slot -> slot.state() == SlotState.FAILED && slot.reason().contains("stuck@1.0.0 hangs"));
    assertThat(taken).hasValue(SlotLimits.HUNG_MAX);
    assertThatStrandsRun();
    hangs.countDown();
    until(slot -> slot.state() == SlotState.ACTIVE);
  }

  @Test
  void anExceptionThatHangsWhenItIsAskedForItsTextTakesItsOwnSlotOnly() {
    provide(1, "plain", false);
    provide(2, "mute", () -> {
      throw new Mute();
    });
    slots.wish(new SlotWish(NAME, "plain", QUICK));
    until(slot -> slot.state() == SlotState.ACTIVE);
    slots.wish(new SlotWish(NAME, "mute", QUICK));
    until(slot -> slot.outcome().kind() == HandoverOutcome.Kind.HANGS);
    slots.wish(new SlotWish(new SlotName("n", "r", "other"), "plain", QUICK));
    until(slot -> slot.name().use().equals("other") && slot.state() == SlotState.ACTIVE);
  }

  @Test
  void anErrorThatHangsWhenItIsAskedForItsTextIsACallThatHangs() {
    provide(2, "mute", () -> {
      taken.incrementAndGet();
      throw new MuteError();
    });
    slots.wish(new SlotWish(NAME, "mute", QUICK));
    until(slot -> slot.state() == SlotState.FAILED && slot.reason().contains("mute@1.0.0 hangs"));
    assertThat(taken).hasValue(SlotLimits.HUNG_MAX);
    assertThatStrandsRun();
  }

  private String text() {
    await(hangs);
    return "mute";
  }

  @SuppressWarnings("serial") // nobody writes it
  private final class Mute extends RuntimeException {
    @Override
    public String getMessage() { return text(); }
  }

  @SuppressWarnings("serial") // nobody writes it
  private final class MuteError extends Error {
    @Override
    public String getMessage() { return text(); }
  }

  private static final class Role extends RetryTest.Role {
    @Override
    public Description describe(Object provider) {
      return new Description("p", provider.toString(), List.of(provider.toString()), 1);
    }
  }
}
