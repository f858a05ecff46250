package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import org.junit.jupiter.api.Test;

class SwapCommandTest {
  @Test
  void tellsWorkingDoneAndFailedInTheFirstWord() {
    assertThat(progress(SlotState.ACTIVE, "mapdb@1.0.0", "mapdb", "", "handed over to mapdb@1.0.0"))
        .isEqualTo("done: mapdb@1.0.0 serves, generation 2, last pause 1.5 ms");
    assertThat(progress(SlotState.FENCED, "mapdb@1.0.0", "mapdb", "", "")).startsWith("working: FENCED");
    assertThat(progress(SlotState.ACTIVE, "segmented@1.0.0", "mapdb", "", "")).startsWith(
        "working: ACTIVE, waits for mapdb");
    assertThat(progress(SlotState.PREPARING, "segmented@1.0.0", "mapdb", "mapdb@1.0.0 APPLYING", ""))
        .isEqualTo("working: PREPARING, mapdb@1.0.0 APPLYING");
    assertThat(progress(SlotState.ACTIVE, "segmented@1.0.0", "mapdb", "", "not handed over to mapdb@1.0.0: planted"))
        .isEqualTo("failed: not handed over to mapdb@1.0.0: planted; segmented@1.0.0 serves, it is tried again");
  }

  @Test
  void aVersionThatIsWishedForCounts() {
    assertThat(progress(SlotState.ACTIVE, "mapdb@1.0.0", "mapdb@1.0.0", "", "")).startsWith("done:");
    assertThat(progress(SlotState.ACTIVE, "mapdb@1.0.0", "mapdb@1.0.1", "", "")).startsWith("working:");
    assertThat(progress(SlotState.ACTIVE, "mapdb@1.0.0", "", "", "")).startsWith("done:");
  }

  private static String progress(SlotState state, String provider, String wish, String standby, String outcome) {
    return SwapCommand.progress(new SlotStatus(new SlotName("n", "journal", "test"), state, "", provider, 2, 0, 0,
        1_500_000, wish, 0, 10_000, "", standby, outcome));
  }
}
