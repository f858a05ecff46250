package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.QueuedTransfer;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotUnit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What becomes of the units of a batch that failed: dispatched again, or told that nobody knows.
class RetryTest {
  private static final Failure BROKEN = new Failure(Failure.Kind.BROKEN, "planted", new IllegalStateException());

  private final List<String> story = new ArrayList<>();

  private static SlotRun run(SimNode node, QueuedFacade facade, SlotQueue queue) {
    return new SlotRun(node.runtime(), new SlotName("n", "r", "u"), new Role(), facade, queue,
        () -> SlotLimits.DEFAULT, new Lowers(List.of(), name -> null));
  }

  private static SlotRun serving(Simulation simulation, SimNode node, SlotQueue queue) {
    SlotRun run = run(node, new Facade(), queue);
    run.take(1, new Source());
    run.locate("f");
    run.open(1, "r/u/1", true);
    simulation.run(Duration.ofSeconds(1));
    return run;
  }

  @Test
  void onlyWhatMayBeDispatchedTwiceAndHasNoAnswerIsDispatchedAgainAfterAFailure() {
    try (Simulation simulation = Simulation.seeded(1)) {
      SimNode node = simulation.node("n", booted -> {});
      SlotQueue queue = new SlotQueue(1024, 1 << 20, () -> {});
      SlotRun run = serving(simulation, node, queue);
      queue.offer(new Unit("read", true, false), 0);
      queue.offer(new Unit("commit", true, true), 0);
      queue.offer(new Unit("sign", false, true), 0);
      queue.offer(new Unit("fails", true, false), 0);
      run.batch();
      simulation.run(Duration.ofSeconds(1));
      assertThat(story).containsExactly("read runs", "commit runs", "sign runs", "fails runs");
      run.retry(BROKEN);
      assertThat(story).endsWith("fails runs", "sign ends: " + OutcomeUnknownException.class.getSimpleName(),
          "read ends well");
      assertThat(queue.take(SlotLimits.BATCH_UNITS)).map(Object::toString).containsExactly("commit", "fails");
    }
  }

  @Test
  void whatNeverRanIsDispatchedThoughItMayNotBeTwice() {
    try (Simulation simulation = Simulation.seeded(1)) {
      SimNode node = simulation.node("n", booted -> {});
      SlotQueue queue = new SlotQueue(1024, 1 << 20, () -> {});
      SlotRun run = serving(simulation, node, queue);
      queue.offer(new Unit("sign", false, true), 0);
      queue.offer(new Unit("fails", false, true), 0);
      Unit put = new Unit("put", false, true);
      queue.offer(put, 0);
      queue.offer(new Unit("read", false, false), 0);
      run.batch();
      simulation.run(Duration.ofSeconds(1));
      run.retry(BROKEN);
      assertThat(put.attempts()).as("so that it ends as never dispatched, if it ends now").isZero();
      String unknown = OutcomeUnknownException.class.getSimpleName();
      assertThat(story).containsExactly("sign runs", "fails runs", "sign ends: " + unknown, "fails ends: " + unknown);
      assertThat(queue.take(SlotLimits.BATCH_UNITS)).map(Object::toString).containsExactly("put", "read");
    }
  }

  @Test
  void anEndThatThrowsTakesNoOtherEndWithIt() {
    try (Simulation simulation = Simulation.seeded(1)) {
      SimNode node = simulation.node("n", booted -> {});
      SlotQueue queue = new SlotQueue(1024, 1 << 20, () -> {});
      SlotRun run = serving(simulation, node, queue);
      queue.offer(new Unit("read", true, false), 0);
      queue.offer(new Unit("ends badly", true, true), 0);
      queue.offer(new Unit("commit", true, true), 0);
      run.batch();
      simulation.run(Duration.ofSeconds(1));
      run.retry(BROKEN);
      String unknown = OutcomeUnknownException.class.getSimpleName();
      assertThat(story).endsWith("read ends well", "ends badly ends: " + unknown, "commit ends: " + unknown);
      assertThat(queue.heldBytes()).isZero();
    }
  }

  /// Goal: what is given up while it opens, and closed behind that, gives its provider back all the same, and is not
  /// held once its call has returned.
  @Test
  void aCloseThatNeverBeginsGivesItsProviderBack() {
    try (Simulation simulation = Simulation.seeded(1)) {
      SimNode node = simulation.node("n", booted -> {});
      QueuedFacade hangs = new Facade() {
        @Override
        public Object open(Object provider, OpenContext context) {
          node.runtime().waiter().sleepUntil(node.runtime().clock().monotonicNs() + Duration.ofMinutes(1).toNanos());
          return "instance";
        }
      };
      SlotRun run = run(node, hangs, new SlotQueue(1024, 1 << 20, () -> {}));
      Source source = new Source();
      run.standby().take(2, source);
      run.locateNext("r/u/2", 2, "f");
      simulation.run(Duration.ofSeconds(1));
      run.standby().open(2, "r/u/2");
      simulation.run(Duration.ofSeconds(1));
      run.standby().revoke();
      run.standby().close();
      simulation.run(Duration.ofSeconds(2));
      assertThat(source.released).as("its close waits for the call").isZero();
      run.standby().giveUp();
      simulation.run(Duration.ofSeconds(1));
      assertThat(source.released).isEqualTo(1);
      simulation.run(Duration.ofMinutes(2));
      assertThat(run.stuck()).isZero();
      assertThat(source.released).isEqualTo(1);
    }
  }

  private final class Unit extends SlotUnit {
    private final String name;
    private final boolean idempotent;
    private final boolean wantsSync;

    Unit(String name, boolean idempotent, boolean wantsSync) {
      this.name = name;
      this.idempotent = idempotent;
      this.wantsSync = wantsSync;
    }

    @Override
    public boolean wantsSync() {
      return wantsSync;
    }

    @Override
    public int bytes() {
      return 1;
    }

    @Override
    public void run(Object instance) {
      story.add(name + " runs");
      if (name.equals("fails")) {
        throw new IllegalStateException("planted");
      }
    }

    @Override
    public boolean isIdempotent() { return idempotent; }

    @Override
    public void deliver() {
      if (name.equals("ends badly")) {
        throw new IllegalStateException("planted");
      }
      story.add(name + " ends well");
    }

    @Override
    public void fail(RuntimeException cause) {
      story.add(name + " ends: " + cause.getClass().getSimpleName());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static final class Source implements ProviderSource {
    @Override
    public Object take() {
      return "provider";
    }

    int released;

    @Override
    public void release() {
      released++;
    }
  }

  static class Role implements QueuedRole {
    @Override
    public String role() {
      return "r";
    }

    @Override
    public String facadeType() {
      return Object.class.getName();
    }

    @Override
    public Description describe(Object provider) {
      return new Description("p", "f", List.of("f"), 1);
    }

    @Override
    public QueuedFacade facade(SlotPort port) {
      return new Facade();
    }
  }

  static class Facade implements QueuedFacade {
    @Override
    public Object service() {
      return this;
    }

    @Override
    public Object open(Object provider, OpenContext context) {
      return "instance";
    }

    @Override
    public void resume(Object instance) {}

    @Override
    public QueuedTransfer transfer(Object from) {
      throw new UnsupportedOperationException("nothing is handed over here");
    }

    @Override
    public void endTransfer() {}

    @Override
    public void adopt(Object instance) {}

    @Override
    public List<String> known() {
      return List.of();
    }

    @Override
    public boolean wantsSync() {
      return false;
    }

    @Override
    public void sync(Object instance) {}

    @Override
    public void seal(Object instance) {}

    @Override
    public void fence(Object instance) {}

    @Override
    public void close(Object instance) {}
  }
}
