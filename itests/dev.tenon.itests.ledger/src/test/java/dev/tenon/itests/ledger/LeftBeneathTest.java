package dev.tenon.itests.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: what the slot beneath keeps for a location goes with it, whenever a process ends; what it keeps for one that
/// is there stays. Method: the ledger is handed over to another format; what it was handed over from is deleted soon.
class LeftBeneathTest {
  private static final String FIRST = "_o_ledger_top_1_entries";
  private static final String SECOND = "_o_ledger_top_2_entries";

  private final StackedWorld world = new StackedWorld(1);

  @BeforeEach
  void begin() {
    world.await("served", () -> world.serves(StackedWorld.UPPER, "rows"));
    world.wish(StackedWorld.UPPER, "pages");
    world.await("handed over", () -> world.serves(StackedWorld.UPPER, "pages"));
    assertThat(world.names).contains(FIRST, SECOND);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private boolean isThere(int location) {
    return !world.node.disk().blobs("ledger/top/" + location, "_tenon").isEmpty();
  }

  private void startAgain(boolean kills) {
    int boots = world.node.boots();
    if (kills) {
      world.node.crash(CrashKind.PROCESS_KILL, Duration.ofMillis(50));
    } else {
      world.slots.stop(() -> world.node.crash(CrashKind.PROCESS_KILL, Duration.ofMillis(50)));
    }
    world.await("up", () -> world.node.isUp() && world.node.boots() > boots);
    world.await("served", () -> world.serves(StackedWorld.UPPER, "pages"));
  }

  @ParameterizedTest(name = "kill {0}")
  @ValueSource(booleans = {true, false})
  void itGoesThoughTheNodeEndsRightAfterTheDeletion(boolean kills) {
    world.await("deleted", () -> !isThere(1));
    assertThat(world.names).as("between the deletion and the word of it").contains(FIRST);
    startAgain(kills);
    world.simulation.run(Duration.ofSeconds(2));
    assertThat(world.names).contains(SECOND).doesNotContain(FIRST);
  }

  @Test
  void whatIsRetainedKeepsWhatItHasBeneath() {
    assertThat(isThere(1)).isTrue();
    startAgain(true);
    assertThat(isThere(1)).isTrue();
    assertThat(world.names).contains(FIRST, SECOND);
    world.await("gone at last", () -> !isThere(1) && !world.names.contains(FIRST));
  }

  @Test
  void aDeletionThatFailsIsTriedAgain() {
    world.node.disk().failNext(DiskOp.DELETE, 1);
    long before = world.node.disk().calls(DiskOp.DELETE);
    world.await("tried", () -> world.node.disk().calls(DiskOp.DELETE) > before);
    world.await("gone at last", () -> !isThere(1) && !world.names.contains(FIRST));
    assertThat(world.names).contains(SECOND);
  }
}
