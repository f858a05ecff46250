package dev.tenon.itests.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotName;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Goal: of three slots that stand on each other each is handed over while the highest one never rests, at the first
/// attempt and with no error for anybody. Method: so many callers that its strand is always in a batch, which waits for
/// the middle one, which waits for the lowest one.
class ThreeStoreysTest {
  private static final int SEEDS = 3;

  @ParameterizedTest(name = "{0}")
  @CsvSource({"n/journal/base,plain", "n/ledger/top,pages", "n/ledger/tower,shelf"})
  void eachIsHandedOverUnderLoad(String slot, String to) {
    SlotName name = SlotName.parse(slot);
    for (long seed = 0; seed < SEEDS; seed++) {
      try (StackedWorld world = new StackedWorld(seed, true)) {
        var callers = Stream.of("a", "b", "c", "d", "e", "f").map(Counting::new).toList();
        world.onLedger = () -> callers
            .forEach(caller -> caller.inLedger(world.node.runtime(), Objects.requireNonNull(world.ledger)));
        world.await("counting", () -> callers.stream().allMatch(caller -> caller.answered() > 10));
        world.wish(name, to);
        world.await("handed over", () -> world.serves(name, to) || world.status(name).failedHandovers() > 0);
        assertThat(world.status(name).outcome().kind()).as("seed " + seed).isEqualTo(HandoverOutcome.Kind.DONE);
        long before = callers.getFirst().answered();
        world.await("counting", () -> callers.getFirst().answered() > before);
        callers.forEach(Counting::readAgain);
        world.await("read", () -> callers.stream().allMatch(caller -> caller.reads() > 1));
        assertThat(callers).as("a handover is delay, no error").allMatch(caller -> caller.failures() == 0);
      }
    }
  }
}
