package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.jvm.JvmPools;
import dev.tenon.runtime.jvm.JvmRuntime;
import dev.tenon.runtime.role.Description;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.Leases;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotUnit;
import dev.tenon.slot.Tenure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a strand leaves when it is given up within a call, on real threads: a simulated one is stopped there.
class LeftBehindTest {
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(5);

  private final Simulation simulation = Simulation.seeded(1);
  private final SimNode node = simulation.node("n", booted -> {}); // only its metrics are used
  private final JvmPools pools = new JvmPools(new JvmPools.Threads(2, 1, 1, 1));
  private final SlotQueue queue = new SlotQueue(64, 1 << 20, () -> {});
  private final CountDownLatch hangs = new CountDownLatch(1);
  /// Where a provider hangs: counted down by a call that is inside.
  private volatile CountDownLatch inside = new CountDownLatch(1);
  private volatile String hangsIn = "";
  private JvmRuntime runtime;
  private SlotRun run;

  @BeforeEach
  void open(@TempDir Path folder) {
    runtime = new JvmRuntime("n", pools, node.metrics(), folder);
    run = new SlotRun(runtime, new SlotName("n", "r", "u"), new Role(), new RetryTest.Facade(), queue,
        () -> SlotLimits.DEFAULT, new Lowers(List.of(), name -> null));
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
      assertThat(latch.await(20, TimeUnit.SECONDS)).as("happens within 20 s").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> Outcome<T> outcome(Completion<T> owed) {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicReference<Outcome<T>> seen = new AtomicReference<>();
    owed.onEnd(outcome -> {
      seen.set(outcome);
      ended.countDown();
    });
    await(ended);
    return Present.of(seen.get());
  }

  private void hang(String call) {
    if (hangsIn.equals(call)) {
      inside.countDown();
      await(hangs);
    }
  }

  private void serve() {
    run.take(1, new Source());
    run.locate("f");
    assertThat(outcome(run.open(1, "r/u/1", true))).isEqualTo(new Outcome.Done<>(true));
  }

  private List<Unit> offer(String... calls) {
    List<Unit> units = new ArrayList<>();
    for (String call : calls) {
      Unit unit = new Unit(call, runtime.promise());
      assertThat(queue.offer(unit, 0)).isTrue();
      units.add(unit);
    }
    return units;
  }

  /// Gives the strand up while a batch of two is in a call of the first unit.
  private List<Unit> givenUpIn(String call) {
    serve();
    hangsIn = call;
    List<Unit> units = offer(call.substring(call.indexOf(' ') + 1), "other");
    run.batch();
    await(inside);
    run.giveUp();
    return units;
  }

  private static void assertUnknown(Unit unit) {
    assertUnknown(unit.promise.completion());
  }

  private static void assertUnknown(Completion<?> owed) {
    assertThat(outcome(owed)).isInstanceOfSatisfying(Outcome.Failed.class,
        failed -> assertThat(failed.cause()).isInstanceOf(OutcomeUnknownException.class));
  }

  @Test
  void whoWaitsForAnEndThatAStrandWasGivenUpInHearsOfIt() {
    List<Unit> units = givenUpIn("deliver one");
    hangs.countDown();
    units.forEach(LeftBehindTest::assertUnknown);
    assertThat(queue.heldBytes()).isZero();
  }

  @Test
  void nobodyWaitsForAnEndThatHangsForEver() {
    givenUpIn("deliver one").forEach(LeftBehindTest::assertUnknown);
    assertThat(queue.heldBytes()).isZero();
  }

  @Test
  void whatHadNotBegunWaitsAgainWithItsBytes() {
    List<Unit> units = givenUpIn("run one");
    assertUnknown(units.getFirst());
    hangs.countDown();
    assertThat(queue.take(64)).containsExactly(units.getLast());
    assertThat(queue.heldBytes()).isEqualTo(units.getLast().bytes());
  }

  @Test
  void aBatchThatWaitsForAThreadIsNotOverdue() {
    serve();
    hangsIn = "run one";
    offer("one");
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    runtime.strand("another").run("works", () -> {
      taken.countDown();
      await(free);
      return true;
    });
    await(taken);
    long askedNs = runtime.clock().monotonicNs();
    run.batch();
    assertThat(run.isOverdue(askedNs, askedNs + 2 * LIMIT_NS, LIMIT_NS)).as("the only thread works elsewhere")
        .isFalse();
    free.countDown();
    await(inside);
    long nowNs = runtime.clock().monotonicNs();
    assertThat(run.isOverdue(askedNs, nowNs + 2 * LIMIT_NS, LIMIT_NS)).isTrue();
    assertThat(run.isOverdue(nowNs - 2 * LIMIT_NS, nowNs, LIMIT_NS)).as("it counts from when it has begun").isFalse();
  }

  @Test
  void aProviderIsHungOnceAsManyCallsHangAsMay() {
    hangIn("describe", false);
    hangIn("describe", true);
    assertThat(run.hung()).isEmpty();
    hangIn("describe", false);
    assertThat(run.hung()).containsExactly(7L);
    assertThat(run.stuck()).isEqualTo(SlotLimits.HUNG_MAX);
    hangs.countDown();
    long deadlineNs = System.nanoTime() + 4 * LIMIT_NS;
    while (!run.hung().isEmpty() && System.nanoTime() < deadlineNs) {
      Thread.onSpinWait();
    }
    assertThat(run.hung()).isEmpty();
  }

  @Test
  void aCloseThatHangsIsCountedToo() {
    for (int i = 0; i < SlotLimits.HUNG_MAX; i++) {
      hangIn("release", i == 1);
    }
    assertThat(run.hung()).containsExactly(7L);
  }

  @Test
  void aCallAndTheCloseAfterItCountOnce() {
    hangIn("describe", false);
    inside = new CountDownLatch(1);
    hangsIn = "release";
    run.close();
    await(inside);
    run.giveUp();
    assertThat(run.stuck()).isEqualTo(1);
  }

  @Test
  void aLeasedCallThatComesBackAfterItsTenureKeepsNeitherItsCallerNorItsLease() {
    SlotName name = new SlotName("n", "echo", "test");
    Leases<String> slot = new Leases<>(
        new SlotDoor(runtime, name, queue, SlotModel.fresh(name.toString(), Terms.of(""), List.of()),
            () -> SlotLimits.DEFAULT));
    Promise<String> answer = runtime.promise();
    hangsIn = "ask";
    Completion<String> owed = slot.later(10, provider -> {
      hang("ask");
      return answer.completion();
    });
    Tenure<String> tenure = slot.begin("provider", 1);
    SlotUnit unit = queue.take(64).getFirst();
    CountDownLatch returned = new CountDownLatch(1);
    Strand strand = runtime.strand("serves");
    strand.run("batch", () -> {
      try {
        unit.run(tenure);
      } finally {
        returned.countDown();
      }
      return true;
    });
    await(inside);
    strand.giveUp();
    slot.end(tenure);
    hangs.countDown();
    await(returned);
    unit.fail(new OutcomeUnknownException("the call has not ended in time"));
    assertUnknown(owed);
    assertThat(tenure.inside()).isEqualTo(1);
    answer.done("late");
    assertThat(tenure.inside()).isZero();
  }

  /// @param standby whether as the one that is to take over
  private void hangIn(String call, boolean standby) {
    inside = new CountDownLatch(1);
    hangsIn = call;
    boolean closes = call.equals("release");
    if (standby) {
      run.standby().take(7, new Source());
    } else {
      run.take(7, new Source());
    }
    if (closes && standby) {
      run.standby().close();
    } else if (closes) {
      run.close();
    }
    await(inside);
    if (standby) {
      run.standby().giveUp();
    } else {
      run.giveUp();
    }
  }

  private final class Unit extends SlotUnit {
    private final String name;
    final Promise<Boolean> promise;

    Unit(String name, Promise<Boolean> promise) {
      this.name = name;
      this.promise = promise;
    }

    @Override
    public int bytes() {
      return 10;
    }

    @Override
    public void run(Object instance) {
      hang("run " + name);
    }

    @Override
    public boolean wantsSync() {
      return true;
    }

    @Override
    public void deliver() {
      hang("deliver " + name);
      promise.done(true);
    }

    @Override
    public void fail(RuntimeException cause) {
      promise.failed(cause);
    }
  }

  private final class Source implements ProviderSource {
    @Override
    public Object take() {
      return "provider";
    }

    @Override
    public void release() {
      hang("release");
    }
  }

  private final class Role extends RetryTest.Role {
    @Override
    public Description describe(Object provider) {
      hang("describe");
      return super.describe(provider);
    }
  }
}
