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
    return new Recovery(SLOT, fact, List.of(places), List.of());
  }

  private static List<String> choices(Recovery recovery) {
    return recovery.lines().stream().filter(line -> line.startsWith("choice: --from "))
        .map(line -> line.substring("choice: --from ".length()).replaceFirst(";.*", "")).toList();
  }

  /// Whoever was in charge has all that was acknowledged; what was being filled has a part of it.
  @Test
  void whatWasOnlyBeingFilledIsNoChoiceBesideWhatWasInCharge() {
    Recovery withoutRecord = recovery(null, found("j/1", Owner.State.OWNED, 1), found("j/2", Owner.State.PREPARING, 2));
    assertThat(choices(withoutRecord)).containsExactly("j/1");
    Recovery unreadable = recovery(StartTableTest.fact(1, "j/1"), found("j/1", null, 0),
        found("j/2", Owner.State.PREPARING, 2));
    assertThat(choices(unreadable)).containsExactly("j/1");
    for (Recovery each : List.of(withoutRecord, unreadable)) {
      assertThatThrownBy(() -> each.plan("j/2")).hasMessageContaining("only being filled");
    }
    Recovery.Plan plan = unreadable.plan("j/1");
    assertThat(plan.fact().format()).isEqualTo("f");
    assertThat(plan.fact().generation()).isEqualTo(3);
    assertThat(plan.fact().isSigningOff() && plan.fact().isRecovered()).isTrue();
    assertThat(plan.aside()).containsExactly("j/2");
    assertThat(choices(recovery(null, found("j/1", null, 0), found("j/2", Owner.State.PREPARING, 2)))).isEmpty();
  }

  @Test
  void whatWasOnlyBeingFilledIsAChoiceWhereTheRecordNamesItOrNothingElseIsThere() {
    Recovery named = recovery(StartTableTest.fact(2, "j/2"), found("j/1", Owner.State.OWNED, 5),
        found("j/2", Owner.State.PREPARING, 2));
    assertThat(choices(named)).containsExactly("j/1", "j/2");
    Recovery alone = recovery(null, found("j/2", Owner.State.PREPARING, 2));
    assertThat(choices(alone)).containsExactly("j/2");
    for (Recovery each : List.of(named, alone)) {
      assertThat(each.lines()).anyMatch(line -> line.contains("j/2; it was only being filled"));
    }
  }

  /// Who has chosen wrongly goes back.
  @Test
  void whatWasSetAsideBeforeIsTakenUnderItsFirstName() {
    Recovery wrong = new Recovery(SLOT, StartTableTest.fact(3, "j/2").lost(),
        List.of(found("j/2", Owner.State.OWNED, 3)), List.of(found("j/1.kept-1", Owner.State.OWNED, 1),
            found("j/1.kept-2", null, 0)));
    assertThat(choices(wrong)).containsExactly("j/2", "j/1.kept-1");
    Recovery.Plan plan = wrong.plan("j/1.kept-1");
    assertThat(plan.fact().location()).isEqualTo("j/1");
    assertThat(plan.fact().generation()).isEqualTo(4);
    assertThat(plan.fact().isSigningOff() && plan.fact().isRecovered()).isTrue();
    assertThat(plan.aside()).containsExactly("j/2");
    assertThatThrownBy(() -> wrong.plan("j/1.kept-2")).isInstanceOf(IllegalArgumentException.class);
    Recovery taken = new Recovery(SLOT, null, List.of(found("j/1", Owner.State.SEALED, 1)), wrong.kept());
    assertThatThrownBy(() -> taken.plan("j/1.kept-1")).hasMessageContaining("is there, and sealed");
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
          String location = line.contains("--from-retained") ? ""
              : line.substring("choice: --from ".length()).replaceFirst(";.*", "");
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
