package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverProgress;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Goal: who goes back, or gives up, gets the provider that he had, in its version.
class FormerWishTest {
  private static final List<String> PRESENT = List.of("segmented@1.0.0", "segmented@1.1.0", "mapdb@1.0.0");

  private static SlotStatus slot(String provider, String wish, String before, boolean prepares) {
    return slot(SlotState.ACTIVE, provider, wish, before, prepares);
  }

  private static SlotStatus slot(SlotState state, String provider, String wish, String before, boolean prepares) {
    return slot(state, provider, wish, before, prepares, HandoverOutcome.NONE);
  }

  private static SlotStatus slot(SlotState state, String provider, String wish, String before, boolean prepares,
      HandoverOutcome outcome) {
    @Nullable HandoverProgress progress = prepares ? new HandoverProgress("x@1", "TAKING", 0, 0, 0, 0, -1) : null;
    return new SlotStatus(new SlotName("n", "journal", "test"), state, "", provider, 2, 0, 0, 0, wish, 0,
        10_000, before, progress, outcome, 0, "", 0, 0, false, false);
  }

  private static String back(String provider, String before, String... present) {
    return RollbackCommand.wish(slot(provider, "", before, false), List.of(present));
  }

  @Test
  void goesBackToTheVersionBeforeOfTheSameProvider() {
    assertThat(back("segmented@1.1.0", "segmented@1.0.0", "segmented@1.0.0", "segmented@1.1.0"))
        .isEqualTo("segmented@1.0.0");
    assertThat(back("segmented@1.0.0", "segmented@1.1.0", "segmented@1.0.0", "segmented@1.1.0"))
        .isEqualTo("segmented@1.1.0");
  }

  @Test
  void goesBackToThatVersionAlsoWhereANewerOneOfItsNameIsThere() {
    assertThat(back("mapdb@1.0.0", "segmented@1.0.0", "mapdb@1.0.0", "segmented@1.0.0", "segmented@1.1.0"))
        .isEqualTo("segmented@1.0.0");
    assertThat(back("mapdb@1.0.0", "segmented@1.0.0", "mapdb@1.0.0", "segmented@1.0.0"))
        .as("a name that means nobody else goes on to mean it after an update").isEqualTo("segmented");
    assertThat(back("mapdb@1.0.0", "segmented@1.0.0", "mapdb@1.0.0", "segmented@1.1.0"))
        .as("it was updated meanwhile").isEqualTo("segmented");
  }

  @Test
  void thereIsNobodyToGoBackTo() {
    assertThatThrownBy(() -> back("segmented@1.0.0", "", "segmented@1.0.0"))
        .hasMessage("slot 'n/journal/test' had no other provider before");
    assertThatThrownBy(() -> back("segmented@1.1.0", "segmented@1.0.0", "segmented@1.1.0"))
        .as("the same provider, updated in place")
        .hasMessage("slot 'n/journal/test': segmented@1.0.0, which served before segmented@1.1.0, is not registered");
  }

  @Test
  void whatIsGivenUpFallsBackToTheWishBefore() {
    for (String wish : List.of("", "segmented", "segmented@1.0.0")) {
      FormerWish former = FormerWish.asking(null, slot("segmented@1.0.0", wish, "", false), "mapdb");
      assertThat(FormerWish.givenUp(former, slot("segmented@1.0.0", "mapdb", "", true), PRESENT)).isEqualTo(wish);
      former = FormerWish.asking(former, slot("segmented@1.0.0", "mapdb", "", true), "other");
      assertThat(FormerWish.givenUp(former, slot("segmented@1.0.0", "other", "", true), PRESENT)).isEqualTo(wish);
      assertThat(FormerWish.givenUp(former, slot("segmented@1.0.0", "third", "", true), PRESENT))
          .as("the configuration was changed since").isEqualTo("segmented@1.0.0");
      assertThat(FormerWish.givenUp(former, slot("mapdb@1.0.0", "other", "", true), PRESENT))
          .as("somebody else serves by now").isEqualTo(wish.isEmpty() ? "" : "mapdb");
    }
    assertThat(FormerWish.givenUp(null, slot("segmented@1.0.0", "mapdb", "", true), PRESENT))
        .isEqualTo("segmented@1.0.0");
    assertThat(FormerWish.asking(null, slot("segmented@1.0.0", "mapdb", "", true), "other")).isNull();
  }

  /// In place, the record names who was asked for before it serves.
  @Test
  void whoOpensTheLocationJustNowIsGivenUpToo() {
    FormerWish former = FormerWish.asking(null, slot("segmented@1.0.0", "segmented", "", false), "mapdb");
    for (SlotState state : List.of(SlotState.OPENING, SlotState.COMMITTING, SlotState.RECOVERING, SlotState.FAILED)) {
      assertThat(FormerWish.givenUp(former, slot(state, "mapdb@1.0.0", "mapdb", "", false), PRESENT))
          .as(state.toString()).isEqualTo("segmented");
    }
  }

  /// What was done long ago is not taken back because it fails today.
  @Test
  void aHandoverThatIsDoneIsNotGivenUp() {
    FormerWish former = FormerWish.asking(null, slot("segmented@1.0.0", "segmented", "", false), "mapdb");
    SlotStatus recovering = slot(SlotState.RECOVERING, "mapdb@1.0.0", "mapdb", "", false,
        new HandoverOutcome(HandoverOutcome.Kind.DONE, "mapdb@1.0.0", ""));
    assertThat(FormerWish.givenUp(former, recovering, PRESENT)).isEqualTo("mapdb");
  }

  @Test
  void whereNobodyIsKnownTheWishStays() {
    assertThat(FormerWish.givenUp(null, slot(SlotState.RECOVERING, "", "mapdb", "", false), PRESENT))
        .isEqualTo("mapdb");
  }

  /// A wish that is fulfilled stays, unless what is prepared is a newer version that it follows.
  @Test
  void whereTheWishIsFulfilledThereIsNothingToGiveUpButAVersionThatIsFollowed() {
    assertThat(FormerWish.givenUp(null, slot("segmented@1.0.0", "segmented", "", false), PRESENT))
        .isEqualTo("segmented");
    assertThat(FormerWish.givenUp(null, slot("segmented@1.0.0", "segmented", "", true), PRESENT))
        .isEqualTo("segmented@1.0.0");
  }
}
