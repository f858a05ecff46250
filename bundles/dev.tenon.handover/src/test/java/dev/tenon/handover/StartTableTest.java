package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.StartTable.Place;
import dev.tenon.handover.StartTable.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What was found at start, line by line of the table.
class StartTableTest {
  private static final String SLOT = "n/journal/test";

  static Fact fact(long generation, String location) {
    return new Fact(generation, "n", SLOT, "plain", "b", "1.0.0", "", "", "", "f", generation, location, 0, 0);
  }

  private static Place place(String location, Owner.State state, long generation) {
    return new Place(location, new Owner(SLOT, generation, "f", state, 0));
  }

  private static Verdict judge(@Nullable Fact fact, Place... places) {
    return StartTable.judge(SLOT, fact, List.of(places));
  }

  @Test
  void nothingIsVacant() {
    assertThat(judge(null)).isEqualTo(new Verdict.Vacant(List.of()));
  }

  @Test
  void aFirstPreparationWithoutRecordIsVacantAndMovedAside() {
    assertThat(judge(null, place("j/1", Owner.State.PREPARING, 1))).isEqualTo(new Verdict.Vacant(List.of("j/1")));
  }

  @Test
  void theNamedLocationIsAuthoritativeInEachStateButSealed() {
    for (Owner.State state : Owner.State.values()) {
      for (long generation = 1; generation <= 3; generation++) {
        Verdict verdict = judge(fact(3, "j/1"), place("j/1", state, generation));
        assertThat(verdict instanceof Verdict.Serve).as(state + " " + generation)
            .isEqualTo(state != Owner.State.SEALED);
      }
      assertThat(judge(fact(3, "j/1"), place("j/1", state, 4))).as(state + " ahead").isInstanceOf(Verdict.Refuse.class);
    }
  }

  @Test
  void aPreparationThatDidNotCommitIsMovedAside() {
    Verdict verdict = judge(fact(3, "j/1"), place("j/1", Owner.State.OWNED, 3), place("j/4", Owner.State.PREPARING, 4));
    assertThat(verdict).isInstanceOfSatisfying(Verdict.Serve.class,
        serve -> assertThat(serve.aside()).containsExactly("j/4"));
  }

  @Test
  void aPreparationTwoAheadIsRefused() {
    assertThat(judge(fact(3, "j/1"), place("j/1", Owner.State.OWNED, 3), place("j/5", Owner.State.PREPARING, 5)))
        .isInstanceOf(Verdict.Refuse.class);
  }

  @Test
  void aPredecessorIsSealedAndASealedOneStays() {
    Verdict verdict = judge(fact(4, "j/4"), place("j/1", Owner.State.SEALED, 1), place("j/2", Owner.State.CLOSED, 2),
        place("j/3", Owner.State.OWNED, 3), place("j/4", Owner.State.OWNED, 4));
    assertThat(verdict).isInstanceOfSatisfying(Verdict.Serve.class, serve -> {
      assertThat(serve.superseded()).extracting(Place::location).containsExactly("j/2", "j/3");
      assertThat(serve.aside()).isEmpty();
    });
  }

  /// It may be what a recovery has set aside, and the operator has renamed back.
  @Test
  void belowARecordThatWasRecoveredNothingIsRetiredByItself() {
    Fact recovered = fact(4, "j/2").lost();
    for (Fact each : List.of(recovered, recovered.signing(false))) {
      Verdict verdict = judge(each, place("j/1", Owner.State.OWNED, 1), place("j/2", Owner.State.OWNED, 4),
          place("j/3", Owner.State.SEALED, 3));
      assertThat(verdict).isInstanceOfSatisfying(Verdict.Serve.class, serve -> {
        assertThat(serve.superseded()).isEmpty();
        assertThat(serve.kept()).containsExactly("j/1");
      });
    }
    assertThat(judge(recovered.signing(true), place("j/1", Owner.State.OWNED, 1), place("j/2", Owner.State.OWNED, 4)))
        .isInstanceOfSatisfying(Verdict.Serve.class, serve -> assertThat(serve.superseded()).hasSize(1));
  }

  @Test
  void anotherLocationOfTheRecordsGenerationIsRefused() {
    assertThat(judge(fact(3, "j/1"), place("j/1", Owner.State.OWNED, 3), place("j/3", Owner.State.OWNED, 3)))
        .isInstanceOf(Verdict.Refuse.class);
  }

  @Test
  void aLocationWithoutRecordIsRefused() {
    for (Owner.State state : List.of(Owner.State.OWNED, Owner.State.CLOSED, Owner.State.SEALED)) {
      assertThat(judge(null, place("j/1", state, 1))).as(state.toString()).isInstanceOf(Verdict.Refuse.class);
    }
    assertThat(judge(null, place("j/2", Owner.State.PREPARING, 2))).isInstanceOf(Verdict.Refuse.class);
  }

  @Test
  void aRecordWithoutItsLocationIsRefused() {
    assertThat(judge(fact(3, "j/1"))).isEqualTo(new Verdict.Refuse("the record names j/1, which is absent"));
  }

  @Test
  void anOwnerFileThatCannotBeReadIsRefused() {
    assertThat(judge(fact(3, "j/1"), new Place("j/1", null))).isInstanceOf(Verdict.Refuse.class);
  }

  @Test
  void whatBelongsToAnotherSlotIsRefused() {
    assertThat(StartTable.judge("n/journal/other", fact(3, "j/1"), List.of())).isInstanceOf(Verdict.Refuse.class);
    assertThat(StartTable.judge("n/journal/other", null, List.of(place("j/1", Owner.State.PREPARING, 1))))
        .isInstanceOf(Verdict.Refuse.class);
  }
}
