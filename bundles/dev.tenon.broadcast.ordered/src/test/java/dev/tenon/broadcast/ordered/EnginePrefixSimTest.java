package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;

/// Goal: an engine whose key has signed under another prefix of journals signs nothing without them. Method: the first
/// of four validators is stopped and started anew with another prefix. The world sees all that is signed.
class EnginePrefixSimTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private static World world() {
    var world = new World(1, new World.Plan(4, 0, true, 300, new NullAlgorithm()));
    world.automaton = new World.Fickle();
    world.sequencersReturn = true;
    return world;
  }

  private static void restart(World world, String prefix) {
    world.journalPrefix = prefix;
    world.restart(0);
    world.sim().run(Duration.ofSeconds(5));
  }

  @Test
  void anotherPrefixIsRefusedHoweverOftenItBegins() {
    try (World world = world().boot()) {
      assertThat(world.runUntilHeight(3, LONG)).isTrue();
      world.stop(0);
      world.sim().run(Duration.ofSeconds(1));
      long signed = world.signatures(0);
      for (int times = 1; times < 3; times++) {
        restart(world, "x-");
        assertThat(world.signatures(0)).isEqualTo(signed);
        assertThat(world.ended(0)).isEqualTo(1 + times);
        Result health = world.board(0).health();
        assertThat(health.getStatus()).isEqualTo(Result.Status.CRITICAL);
        assertThat(health.toString()).contains("journalPrefix=x- is not accepted");
      }
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void whereTheNamesAreNotToldTheyAreAskedForAgain() {
    try (World world = world()) {
      world.faults(0).namesFail = 3;
      world.boot();
      assertThat(world.runUntilHeight(2, LONG)).isTrue();
      assertThat(world.faults(0).namesFail).isZero();
      assertThat(world.violations()).isEmpty();
    }
  }
}
