package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverProgress;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SwapCommandTest {
  private static final HandoverOutcome FAILED =
      new HandoverOutcome(HandoverOutcome.Kind.FAILED, "mapdb@1.0.0", "planted");

  @Test
  void tellsWorkingDoneAndFailedInTheFirstWord() {
    assertThat(progress(SlotState.ACTIVE, "mapdb@1.0.0", "mapdb", null, HandoverOutcome.NONE))
        .isEqualTo("done: mapdb@1.0.0 serves, generation 2, last pause 1.5 ms");
    assertThat(progress(SlotState.FENCED, "mapdb@1.0.0", "mapdb", null, HandoverOutcome.NONE))
        .startsWith("working: FENCED");
    assertThat(progress(SlotState.ACTIVE, "segmented@1.0.0", "mapdb", null, HandoverOutcome.NONE)).startsWith(
        "working: ACTIVE, waits for mapdb");
    assertThat(progress(SlotState.ACTIVE, "segmented@1.0.0", "mapdb", null, FAILED))
        .isEqualTo("failed: not handed over to mapdb@1.0.0: planted; segmented@1.0.0 serves, it is tried again");
    assertThat(progress(SlotState.ACTIVE, "segmented@1.0.0", "mapdb", null,
        new HandoverOutcome(HandoverOutcome.Kind.HANGS, "mapdb@1.0.0", "it hangs")))
        .isEqualTo("failed: not handed over to mapdb@1.0.0: it hangs; segmented@1.0.0 serves");
  }

  /// Also while it is tried again after a failure.
  @Test
  void tellsHowFarItIsAndHowLongItStillTakes() {
    assertThat(progress(SlotState.PREPARING, "segmented@1.0.0", "mapdb",
        new HandoverProgress("mapdb@1.0.0", "APPLYING", 1_000, 3 << 20, 500, 1 << 20, 1_500), FAILED))
        .isEqualTo(
            "working: PREPARING, mapdb@1.0.0 APPLYING, 1000 items (3.0 MiB) copied, 500 left, about 2 s");
    assertThat(progress(SlotState.PREPARING, "segmented@1.0.0", "mapdb",
        new HandoverProgress("mapdb@1.0.0", "TAKING", 0, 0, 0, 0, -1), HandoverOutcome.NONE))
        .isEqualTo("working: PREPARING, mapdb@1.0.0 TAKING");
  }

  @Test
  void aVersionThatIsWishedForCounts() {
    assertThat(progress(SlotState.ACTIVE, "mapdb@1.0.0", "mapdb@1.0.0", null, HandoverOutcome.NONE))
        .startsWith("done:");
    assertThat(progress(SlotState.ACTIVE, "mapdb@1.0.0", "mapdb@1.0.1", null, HandoverOutcome.NONE))
        .startsWith("working:");
    assertThat(progress(SlotState.ACTIVE, "mapdb@1.0.0", "", null, HandoverOutcome.NONE)).startsWith("done:");
  }

  @Test
  void tellsWhatWasCarried() {
    assertThat(progress(SlotState.ACTIVE, "mapdb@1.0.0", "mapdb", null,
        new HandoverOutcome(HandoverOutcome.Kind.DONE, "mapdb@1.0.0", "", "", 12_345, 3 << 20)))
        .isEqualTo("done: mapdb@1.0.0 serves, generation 2, last pause 1.5 ms, 12,345 items (3.0 MiB) copied");
    assertThat(progress(SlotState.ACTIVE, "segmented@1.0.0", "mapdb", null,
        new HandoverOutcome(HandoverOutcome.Kind.OVERDUE, "mapdb@1.0.0", "late", "exporting", 7, 1 << 20)))
        .startsWith("failed: not handed over to mapdb@1.0.0: late (exporting, 7 items (1.0 MiB) copied); ");
  }

  @Test
  void whoNamesAProviderGivesUpNothingElse() {
    SlotStatus asked = status(SlotState.PREPARING, "segmented@1.0.0", "mapdb@1.0.1", null, HandoverOutcome.NONE, false);
    assertThatCode(() -> SlotWishes.mayGiveUp(asked, "mapdb")).doesNotThrowAnyException();
    assertThatCode(() -> SlotWishes.mayGiveUp(asked, "mapdb@1.0.1")).doesNotThrowAnyException();
    assertThatThrownBy(() -> SlotWishes.mayGiveUp(asked, "mapdb@1.0.0")).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("slot 'n/journal/test' wishes for mapdb@1.0.1, not for mapdb@1.0.0");
    SlotStatus any = status(SlotState.ACTIVE, "segmented@1.0.0", "", null, HandoverOutcome.NONE, false);
    assertThatThrownBy(() -> SlotWishes.mayGiveUp(any, "segmented"))
        .hasMessage("slot 'n/journal/test' wishes for any provider, not for segmented");
  }

  /// It would wait for as long as whoever asked does.
  @Test
  void aPinnedSlotFailsAtOnce() {
    assertThat(progress(SlotState.ACTIVE, "segmented@1.0.0", "mapdb", null, HandoverOutcome.NONE, true)).isEqualTo(
        "failed: slot n/journal/test is pinned on segmented@1.0.0; the wish waits for pin n/journal/test --off");
    assertThat(progress(SlotState.ACTIVE, "mapdb@1.0.0", "mapdb", null, HandoverOutcome.NONE, true))
        .startsWith("done:");
  }

  /// Whoever waits is told what there is to do, and not that somebody serves.
  @Test
  void aSlotThatDoesNotServeIsNotSaidToServe() {
    assertThat(progress(SlotState.FAILED, "segmented@1.0.0", "segmented", null, HandoverOutcome.NONE)).isEqualTo(
        "failed: n/journal/test is FAILED: ; see slot recover n/journal/test");
    assertThat(progress(SlotState.OPENING, "segmented@1.0.0", "mapdb", null, FAILED))
        .isEqualTo("failed: not handed over to mapdb@1.0.0: planted; the slot is OPENING");
    assertThat(progress(SlotState.OPENING, "mapdb@1.0.0", "mapdb", null, HandoverOutcome.NONE, true))
        .startsWith("working: OPENING");
  }

  private static String progress(SlotState state, String provider, String wish, @Nullable HandoverProgress progress,
      HandoverOutcome outcome) {
    return progress(state, provider, wish, progress, outcome, false);
  }

  private static String progress(SlotState state, String provider, String wish, @Nullable HandoverProgress progress,
      HandoverOutcome outcome, boolean pinned) {
    return SwapCommand.progress(status(state, provider, wish, progress, outcome, pinned));
  }

  private static SlotStatus status(SlotState state, String provider, String wish, @Nullable HandoverProgress progress,
      HandoverOutcome outcome, boolean pinned) {
    return new SlotStatus(new SlotName("n", "journal", "test"), state, "", provider, 2, 0, 0, 1_500_000, wish, 0,
        10_000, "", progress, outcome, 0, "", 0, 0, false, pinned);
  }
}
