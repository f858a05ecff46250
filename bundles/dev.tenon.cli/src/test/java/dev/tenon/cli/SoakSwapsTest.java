package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.SoakCounts.Role;
import dev.tenon.cli.SoakCounts.Way;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What a soak does with what a node answers to its swaps.
class SoakSwapsTest {
  private static final String SLOT = "v0/journal/broadcast";
  private static final String BEFORE = "done: segmented@1.0.0 serves, generation 3, last pause 1.5 ms";
  private static final String AFTER = "done: mapdb@1.0.0 serves, generation 4, last pause 2.5 ms";

  private final SoakCounts counts = new SoakCounts();
  private final ToldDoor node = new ToldDoor().answers("swap " + SLOT, BEFORE, "working: OPENING", AFTER)
      .answers("swap " + SLOT + " mapdb", "asked for mapdb")
      .answers("swap " + SLOT + " mapdb --evict", "asked for mapdb");

  private SoakSwaps swaps(Way way) {
    var plan = new SoakSwaps.Plan(Map.of(Role.JOURNAL, new SoakSwaps.Pair("segmented", "mapdb")), List.of(way));
    return new SoakSwaps(node, counts, new AtomicInteger(1), plan, 1);
  }

  private String failureOf(Way way) {
    SoakSwaps swaps = swaps(way);
    swaps.turn(0, new Random(1));
    return swaps.failure();
  }

  @Test
  void aSwapThatIsDoneIsCounted() {
    assertThat(failureOf(Way.PLAIN)).isEmpty();
    assertThat(counts.pausesMs(Role.JOURNAL)).containsExactly(2.5);
  }

  @Test
  void aSwapThatALivingNodeRefusesIsAFailure() {
    node.answers("swap " + SLOT + " mapdb", "error swap failed: java.lang.IllegalStateException");
    assertThat(failureOf(Way.PLAIN)).isEqualTo(
        "a swap of v0 is refused: swap failed: java.lang.IllegalStateException");
    assertThat(counts.swaps()).isZero();
  }

  @Test
  void anAnswerThatDoesNotComeIsThatOfANodeThatWasKilled() {
    ToldDoor killed = new ToldDoor();
    SoakSwaps swaps = new SoakSwaps(killed, counts, new AtomicInteger(1), SoakSwaps.Plan.SOUND, 1);
    swaps.turn(0, new Random(1));
    assertThat(killed.asked).hasSize(1);
    assertThat(swaps.failure()).isEmpty();
  }

  @Test
  void whereNobodyServedBeforeASwapIsAskedForInstead() {
    for (String why : List.of("had no other provider before", ": mapdb@2.0.0 is not registered")) {
      node.answers("swap " + SLOT, BEFORE, AFTER).answers("rollback " + SLOT, "error slot '" + SLOT + "' " + why);
      assertThat(failureOf(Way.ROLLBACK)).isEmpty();
    }
    assertThat(counts.swaps()).isEqualTo(2);
    node.answers("swap " + SLOT, BEFORE, AFTER).answers("rollback " + SLOT, "error no configuration");
    assertThat(failureOf(Way.ROLLBACK)).isEqualTo("a swap of v0 is refused: no configuration");
    node.answers("swap " + SLOT, BEFORE, AFTER).answers("rollback " + SLOT, "nothing is done");
    assertThat(failureOf(Way.ROLLBACK)).isEqualTo("a swap of v0 is refused: a rollback is answered: nothing is done");
  }

  @Test
  void nobodyIsLeftBehindWhileItIsCalm() {
    SoakSwaps swaps = swaps(Way.EVICT);
    swaps.calm(true);
    swaps.turn(0, new Random(1));
    assertThat(node.asked).contains("swap " + SLOT + " mapdb").doesNotContain("swap " + SLOT + " mapdb --evict");
  }
}
