package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A thousand heights of five sequencers among ten validators, over links of 80 ms: the reference's test `1k`. Without
/// loss (a quarter of the heights, unless it is night) and with its 2 %.
class EngineScaleSimTest {
  private static final int SECONDS_MAX = 1_200;

  @ParameterizedTest(name = "loss {0}")
  @ValueSource(doubles = {0, 0.02})
  void aThousandHeightsAreCertifiedInBoundedMemory(double loss) {
    int heights = loss == 0 && !Boolean.getBoolean("tenon.nightly") ? 250 : 1_000;
    try (World world = new World(1, new World.Plan(10, 0, true, 150, new NullAlgorithm()))) {
      world.sequencersOf = epoch -> Optional.of(world.keys(List.of(0, 1, 2, 3, 4)));
      world.sim().network().latency(Duration.ofMillis(80), Duration.ofMillis(10)).loss(loss);
      world.boot();
      for (int second = 0; second < SECONDS_MAX && world.highest() < heights; second++) {
        world.sim().run(Duration.ofSeconds(1));
      }
      assertThat(world.highest()).isGreaterThanOrEqualTo(heights);
      for (int validator = 0; validator < 10; validator++) {
        assertThat(world.metric(validator, "tenon_broadcast_chains")).as("and its own").isLessThanOrEqualTo(6);
        assertThat(world.faults(validator).queuedMax).isLessThan(Log.COMMITS_MAX);
      }
      world.checkChains();
      world.checkJournals();
      assertThat(world.violations()).isEmpty();
    }
  }
}
