package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.handover.HandoverModel.Visited;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: of two slots, one above the other, no state loses, doubles or reorders an acknowledged unit of either, none
/// lasts for ever, and neither is fenced while the other one is or while a strand above goes on. Method: two real
/// machines, the real start table and the real rules between slots in a model of the rest; every state within some
/// bounds.
class TowerModelTest {
  private static final int STATES_MAX = Integer.getInteger("tenon.tower.states", 3_000_000);

  private static TowerBounds bounds(String below, String above, List<String> lower, List<String> upper) {
    return new TowerBounds(below, above, lower, upper, 0, 0, 0, 0);
  }

  private static final List<String> STAYS = List.of("plain");
  private static final List<String> COPIES = List.of("plain", "other");
  private static final List<String> REOPENS = List.of("plain", "alike");

  private static TowerBounds with(TowerBounds of, int crashes, int faults, int departures, int stops) {
    return new TowerBounds(of.lowerItems(), of.upperItems(), of.lowerWishes(), of.upperWishes(), crashes, faults,
        departures, stops);
  }

  private static final List<TowerBounds> WHOLE_AT_NIGHT = List.of(with(bounds("rap", "x", STAYS, STAYS), 2, 1, 0, 0),
      with(bounds("rap", "x", COPIES, STAYS), 2, 0, 0, 0), with(bounds("rap", "x", STAYS, COPIES), 2, 0, 0, 0));

  static List<TowerBounds> bounds() {
    List<TowerBounds> all = new ArrayList<>(List.of(
        with(bounds("a", "x", STAYS, STAYS), 1, 1, 0, 0),
        bounds("a", "x", COPIES, COPIES),
        bounds("a", "x", REOPENS, REOPENS),
        bounds("rap", "x", COPIES, STAYS),
        bounds("rp", "x", STAYS, COPIES),
        with(bounds("", "x", COPIES, STAYS), 1, 0, 0, 0),
        with(bounds("", "x", STAYS, COPIES), 1, 0, 0, 0),
        with(bounds("", "x", COPIES, STAYS), 0, 1, 0, 0),
        with(bounds("", "x", STAYS, COPIES), 0, 1, 0, 0),
        with(bounds("", "x", STAYS, COPIES), 0, 0, 1, 0),
        with(bounds("", "x", COPIES, STAYS), 0, 0, 0, 1),
        with(bounds("", "x", STAYS, COPIES), 0, 0, 0, 1)));
    if (Boolean.getBoolean("tenon.nightly")) {
      all.addAll(List.of(with(bounds("", "x", COPIES, COPIES), 1, 0, 0, 0),
          with(bounds("rap", "x", REOPENS, REOPENS), 2, 0, 0, 0), with(bounds("", "x", COPIES, COPIES), 2, 0, 0, 0),
          bounds("ab", "xy", COPIES, COPIES),
          with(bounds("", "x", COPIES, COPIES), 0, 1, 0, 0)));
      all.addAll(WHOLE_AT_NIGHT);
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void noStateOfTwoSlotsIsWrongOrLastsForEver(TowerBounds bounds) {
    Visited visited = new HandoverModel<>(new TowerMoves(bounds, TowerMutant.NONE), STATES_MAX).visit();
    System.out.printf("handover: two slots, %,d states, %,d transitions, %s after %d steps at most; %s%n",
        visited.states(), visited.transitions(),
        visited.whole() ? "all of them, all served" : "NOT ALL OF THEM, each served or left unvisited",
        visited.longest(),
        bounds);
    assertThat(visited.whole() || (Boolean.getBoolean("tenon.nightly") && !WHOLE_AT_NIGHT.contains(bounds))).isTrue();
    assertThat(visited.states()).isGreaterThan(1_000);
  }

  private static TowerBounds shows(TowerMutant mutant) {
    return switch (mutant) {
      case NONE -> bounds("", "", STAYS, STAYS);
      case FENCES_WITHOUT_PAUSE, NEVER_RESUMES, LEAVES_STORES_BEHIND -> bounds("", "x", COPIES, STAYS);
      case FENCES_OUT_OF_TURN -> bounds("", "x", COPIES, COPIES);
      case TELLS_NO_CHANGE -> bounds("r", "", COPIES, STAYS);
      case NEVER_RETRIES -> with(bounds("", "x", STAYS, STAYS), 0, 0, 1, 0);
      case ANSWERS_BEFORE_BENEATH -> bounds("", "x", STAYS, STAYS);
      case KEEPS_STALE_STORES -> with(bounds("", "", STAYS, COPIES), 1, 0, 0, 0);
      case SEALS_UPWARDS -> with(bounds("", "x", STAYS, STAYS), 0, 0, 0, 1);
    };
  }

  /// The first that is wrong then.
  private static String finds(TowerMutant mutant) {
    return switch (mutant) {
      case NONE -> "nothing";
      case FENCES_WITHOUT_PAUSE -> "a strand above ";
      case FENCES_OUT_OF_TURN -> "both slots are at their fence";
      case NEVER_RETRIES, NEVER_RESUMES -> "(nobody is served, for ever|nothing goes on, and callers wait)";
      case ANSWERS_BEFORE_BENEATH, LEAVES_STORES_BEHIND -> "after a crash location 1 above holds";
      case KEEPS_STALE_STORES -> "carried over above";
      case TELLS_NO_CHANGE -> "(carried over was|after a crash the slot beneath holds|an item for position)";
      case SEALS_UPWARDS -> "the slot beneath seals before the one above has ended";
    };
  }

  @Test
  void aPruneThatIsNotToldIsFoundToo() {
    assertFound(bounds("p", "", COPIES, STAYS), TowerMutant.TELLS_NO_CHANGE);
  }

  @ParameterizedTest
  @EnumSource(value = TowerMutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void eachMutantIsFound(TowerMutant mutant) {
    assertFound(shows(mutant), mutant);
  }

  private static void assertFound(TowerBounds bounds, TowerMutant mutant) {
    HandoverModel<TowerWorld> model = new HandoverModel<>(new TowerMoves(bounds, mutant), STATES_MAX);
    assertThatThrownBy(model::visit).isInstanceOf(ModelWrong.class).hasMessageFindingMatch("^" + finds(mutant));
    System.out.println("handover: two slots, mutant " + mutant + " is found after " + model.count() + " states");
  }
}
