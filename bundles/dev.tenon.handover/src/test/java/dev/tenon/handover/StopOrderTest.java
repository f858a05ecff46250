package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.Runtime;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: a node that stops seals a slot before those on which it stands, whatever goes meanwhile, and who does not stop
/// keeps nobody. Method: a slot on a slot in the simulator; the lower one's role, or its wish, goes right behind.
class StopOrderTest {
  private static final SlotName LOWER = new SlotName("n", "lower", "u");
  private static final SlotName UPPER = new SlotName("n", "upper", "u");
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final List<String> sealed = new ArrayList<>();

  private NodeSlots begin(Simulation simulation, SimNode node) {
    Runtime runtime = node.runtime();
    NodeSlots slots = new NodeSlots(runtime, new FacadeRegistry() {
      @Override
      public void publish(SlotName name, String type, Object facade) {}

      @Override
      public void withdraw(SlotName name) {}
    });
    slots.teach(new SealedRole("lower", "", sealed, () -> runtime));
    slots.teach(new SealedRole("upper", "lower", sealed, () -> runtime));
    slots.provide(1, "lower", "p", "test.p", "1.0.0", new RetryTest.Source());
    slots.provide(2, "upper", "p", "test.p", "1.0.0", new RetryTest.Source());
    slots.wish(new SlotWish(LOWER, "p", SlotLimits.DEFAULT));
    slots.wish(new SlotWish(UPPER, Terms.of("p"), SlotLimits.DEFAULT, List.of(LOWER)));
    assertThat(simulation.runUntil(() -> is(slots, LOWER) && is(slots, UPPER), LIMIT)).as("both serve").isTrue();
    return slots;
  }

  private static boolean is(NodeSlots slots, SlotName name) {
    return slots.slots().stream().anyMatch(slot -> slot.name().equals(name) && slot.state() == SlotState.ACTIVE);
  }

  @ParameterizedTest(name = "its role {0}")
  @ValueSource(booleans = {true, false})
  void whatGoesWhileTheNodeStopsIsSealedInItsTurn(boolean role) {
    try (Simulation simulation = Simulation.seeded(1)) {
      SimNode node = simulation.node("n", booted -> {});
      NodeSlots slots = begin(simulation, node);
      slots.stop(() -> {});
      if (role) {
        slots.unteach("lower", () -> {});
      } else {
        slots.unwish(LOWER, () -> {});
      }
      assertThat(simulation.runUntil(() -> !is(slots, LOWER), LIMIT)).isTrue();
      assertThat(sealed).as("the one above has ended").containsExactly("upper");
      assertThat(simulation.runUntil(() -> slots.slots().isEmpty(), LIMIT)).isTrue();
      assertThat(sealed).containsExactly("upper", "lower");
      for (SlotName name : List.of(UPPER, LOWER)) {
        assertThat(simulation.blocking(node, () -> Present.of(new Locations(node.runtime().volume(), name.role(),
            name.use()).read(name.role() + "/u/1")).state())).isEqualTo(Owner.State.CLOSED);
      }
    }
  }

  @Test
  void whoseRoleGoesAloneWaitsForNobodyAbove() {
    try (Simulation simulation = Simulation.seeded(2)) {
      NodeSlots slots = begin(simulation, simulation.node("n", booted -> {}));
      List<String> gone = new ArrayList<>();
      slots.unteach("lower", () -> gone.add("lower"));
      assertThat(simulation.runUntil(() -> !gone.isEmpty(), LIMIT)).isTrue();
      assertThat(sealed).containsExactly("lower");
    }
  }
}
