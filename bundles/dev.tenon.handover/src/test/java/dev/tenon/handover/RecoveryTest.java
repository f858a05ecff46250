package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private static final String SLOT = "n/journal/test";

  private static Recovery.Found found(String location, Owner.@Nullable State state, long generation) {
    Owner owner = state == null ? null : new Owner(SLOT, generation, "f", state, 0);
    return new Recovery.Found(new StartTable.Place(location, owner), 1 << 20);
  }

  private static Recovery recovery(@Nullable Fact fact, Recovery.Found... places) {
    return new Recovery(SLOT, fact, List.of(places));
  }

  /// Each row "anything else" of the table of the start, and what is chosen then is what the next start serves.
  @Test
  void whateverWasRefusedIsServedOnceItWasChosen() {
    List<Recovery> refused = List.of(
        recovery(null, found("j/1", Owner.State.OWNED, 1)),
        recovery(StartTableTest.fact(3, "j/3"), found("j/2", Owner.State.CLOSED, 2)),
        recovery(StartTableTest.fact(3, "j/3"), found("j/3", Owner.State.SEALED, 2),
            found("j/4", Owner.State.OWNED, 4)),
        recovery(StartTableTest.fact(3, "j/3"), found("j/3", Owner.State.OWNED, 5)),
        recovery(StartTableTest.fact(3, "j/3"), found("j/3", null, 0), found("j/1", Owner.State.SEALED, 1)));
    for (Recovery each : refused) {
      assertThat(StartTable.judge(SLOT, each.fact(), places(each.places()))).isInstanceOf(
          StartTable.Verdict.Refuse.class);
      int choices = 0;
      for (String line : each.lines()) {
        if (line.startsWith("choice: ")) {
          choices++;
          String location = line.contains("--from-retained") ? "" : line.substring("choice: --from ".length());
          Recovery.Plan plan = each.plan(location);
          assertThat(plan.fact().isSigningOff() && plan.fact().isRecovered()).isTrue();
          StartTable.Verdict verdict = StartTable.judge(SLOT, plan.fact(), after(each, plan));
          assertThat(verdict).as(each.lines() + " " + line).isInstanceOfSatisfying(StartTable.Verdict.Serve.class,
              serve -> assertThat(serve.superseded()).as("nothing that was not chosen is deleted later").isEmpty());
        }
      }
      assertThat(choices).as("" + each.lines()).isPositive();
    }
  }

  private static List<StartTable.Place> places(List<Recovery.Found> found) {
    return found.stream().map(Recovery.Found::place).toList();
  }

  private static List<StartTable.Place> after(Recovery recovery, Recovery.Plan plan) {
    List<StartTable.Place> places = new ArrayList<>();
    for (StartTable.Place place : places(recovery.places())) {
      if (place.location().equals(plan.fact().location())) {
        places.add(new StartTable.Place(place.location(), new Owner(SLOT, plan.fact().generation(), "f",
            Owner.State.OWNED, 0)));
      } else if (!plan.aside().contains(place.location())) {
        places.add(place);
      }
    }
    return places;
  }

  @Test
  void theGenerationIsAboveAllThatWasFound() {
    Recovery recovery = recovery(StartTableTest.fact(3, "j/3"), found("j/3", null, 0), found("j/1", Owner.State.SEALED,
        1), found("j/2", Owner.State.SEALED, 2), found("j/9", Owner.State.OWNED, 9));
    assertThat(recovery.plan("").fact().location()).as("the newest").isEqualTo("j/2");
    assertThat(recovery.plan("").fact().generation()).isEqualTo(10);
    assertThat(recovery.plan("").aside()).containsExactly("j/3", "j/9");
  }

  @Test
  void whatIsSealedOrDamagedOrAbsentIsNotTakenAsItIs() {
    Recovery recovery = recovery(null, found("j/1", Owner.State.SEALED, 1), found("j/2", null, 0));
    for (String location : List.of("j/1", "j/2", "j/3")) {
      assertThatThrownBy(() -> recovery.plan(location)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> recovery(null).plan("")).hasMessage("nothing is retained");
  }
}
