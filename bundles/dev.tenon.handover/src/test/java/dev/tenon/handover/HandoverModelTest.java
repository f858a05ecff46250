package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.handover.HandoverModel.Visited;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: no state of a slot loses, doubles or reorders an acknowledged unit, and none lasts for ever. Method: the real
/// machine and the real start table in a model of the rest; every state within some bounds. In each every call may
/// succeed, fail, hang or end late, providers may go, wishes change, the node stop, and a crash may come: what it
/// would leave is looked at in every state, also where the bounds follow none. That the model finds what it should is
/// shown by protocols that are wrong.
class HandoverModelTest {
  private static final Candidate PLAIN = new Candidate(1, "plain", "b", "1.0.0");
  private static final Candidate OTHER = new Candidate(3, "other", "c", "1.0.0");
  private static final Candidate ALIKE = new Candidate(4, "alike", "d", "1.0.0");
  /// Where a run does not come to the end within it, it says so.
  private static final int STATES_MAX =
      Integer.getInteger("tenon.handover.states", Boolean.getBoolean("tenon.nightly") ? 30_000_000 : 1_500_000);

  private static ModelBounds bounds(List<String> scripts, Candidate next, String... wishes) {
    return new ModelBounds(List.of("12", "34"), scripts, List.of(PLAIN, next), List.of(wishes), 0, 0, 0, 0, 0, 9,
        false);
  }

  private static final ModelBounds RECOVERS = bounds(List.of("r15!", "-+"), OTHER, "plain");
  private static final ModelBounds COPIES = bounds(List.of("r15!", "p1!"), OTHER, "plain", "other");
  private static final ModelBounds REOPENS = bounds(List.of("r15!", "6!"), ALIKE, "plain", "alike");
  /// All kinds of change: a rewind, a prune, a removal and what is made anew, and two handovers.
  private static final ModelBounds THERE_AND_BACK = bounds(List.of("r1p1!", "-+"), OTHER, "plain", "other", "plain");
  /// With a fault beside the crashes it is visited whole in no night.
  private static final ModelBounds CRASHES_TWICE = THERE_AND_BACK.with(2, 0, 0, 0, 0);
  private static final List<ModelBounds> WHOLE_AT_NIGHT = List.of(THERE_AND_BACK, CRASHES_TWICE);
  private static final ModelBounds BEGINS =
      new ModelBounds(List.of("-", "-"), List.of("+5!", "+"), List.of(PLAIN, OTHER),
          List.of("plain"), 0, 0, 0, 0, 0, 9, true);

  static List<ModelBounds> bounds() {
    List<ModelBounds> all = new ArrayList<>(List.of(
        RECOVERS.with(1, 1, 0, 0, 0),
        BEGINS.with(1, 1, 0, 0, 0),
        COPIES.with(0, 0, 0, 0, 0),
        bounds(List.of("5!", "-"), OTHER, "plain", "other", "plain"),
        bounds(List.of("5!", ""), OTHER, "plain", "other").with(0, 1, 0, 0, 0),
        bounds(List.of("5!", ""), OTHER, "plain", "other").with(1, 0, 0, 0, 0),
        bounds(List.of("5!", ""), OTHER, "plain", "other~").with(0, 0, 1, 0, 0),
        bounds(List.of("5!", ""), OTHER, "plain", "other").with(0, 0, 0, 1, 0),
        bounds(List.of("5!", ""), OTHER, "plain", "other").with(0, 0, 0, 0, 1),
        bounds(List.of("5!", ""), ALIKE, "plain", "alike").with(1, 1, 0, 0, 0)));
    if (Boolean.getBoolean("tenon.nightly")) {
      all.addAll(List.of(
          RECOVERS.with(2, 2, 0, 0, 0),
          bounds(List.of("r15!", "p1!-+"), OTHER, "plain", "other", "plain"),
          COPIES.with(1, 1, 0, 0, 0),
          THERE_AND_BACK,
          CRASHES_TWICE,
          bounds(List.of("5!", ""), OTHER, "plain", "other", "plain").with(2, 2, 0, 0, 0),
          bounds(List.of("5!", ""), OTHER, "plain", "other~").with(0, 0, 1, 1, 1),
          bounds(List.of("5!", ""), OTHER, "plain", "other~!").with(0, 1, 1, 0, 0),
          REOPENS.with(1, 1, 1, 0, 0)));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void noStateIsWrongOrLastsForEver(ModelBounds bounds) {
    Visited visited = new HandoverModel<>(new ModelMoves(bounds, ModelMutant.NONE), STATES_MAX).visit();
    System.out.printf("handover: %,d states, %,d transitions, %s after %d steps at most; %s%n",
        visited.states(), visited.transitions(),
        visited.whole() ? "all of them, all served" : "NOT ALL OF THEM, each served or left unvisited",
        visited.longest(),
        bounds);
    assertThat(visited.whole() || (Boolean.getBoolean("tenon.nightly") && !WHOLE_AT_NIGHT.contains(bounds))).isTrue();
    assertThat(visited.states()).isGreaterThan(1_000);
  }

  private static ModelBounds shows(ModelMutant mutant) {
    return switch (mutant) {
      case NONE, ACKNOWLEDGES_BEFORE_SYNC -> RECOVERS;
      case LOSS_NOT_NOTED -> bounds(List.of("5!", ""), OTHER, "plain").with(0, 1, 0, 0, 0);
      case RECORD_NOT_FORCED, START_NOT_FORCED -> RECOVERS.with(1, 1, 0, 0, 0);
      case RECORD_OVER_LAST_GOOD, VIEW_NOT_REVOKED, UNITS_RETRIED, TAKEN_UNSEEN -> RECOVERS.with(0, 1, 0, 0, 0);
      case COPY_WITHOUT_REWIND -> bounds(List.of("r15!", ""), OTHER, "plain", "other");
      case COMMIT_UNKNOWN_IGNORED -> bounds(List.of("5!", ""), OTHER, "plain", "other").with(0, 1, 0, 0, 0);
      case START_DELETES, OWNER_NOT_AWAITED ->
          bounds(List.of("5!", ""), OTHER, "plain", "other").with(0, 0, 0, 0, 1);
    };
  }

  /// The first that is wrong then.
  private static String finds(ModelMutant mutant) {
    return switch (mutant) {
      case NONE -> "nothing";
      case ACKNOWLEDGES_BEFORE_SYNC, OWNER_NOT_AWAITED, START_DELETES -> "after a crash journal . of .* holds";
      case RECORD_NOT_FORCED, RECORD_OVER_LAST_GOOD, START_NOT_FORCED, COMMIT_UNKNOWN_IGNORED ->
          "after a crash the start refuses";
      case LOSS_NOT_NOTED -> "that acknowledged items are gone is forgotten";
      case VIEW_NOT_REVOKED -> "generation 1 writes, the record says 2";
      case COPY_WITHOUT_REWIND, UNITS_RETRIED, TAKEN_UNSEEN -> "journal 0 holds";
    };
  }

  @ParameterizedTest
  @EnumSource(value = ModelMutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void eachMutantIsFound(ModelMutant mutant) {
    HandoverModel<ModelWorld> model = new HandoverModel<>(new ModelMoves(shows(mutant), mutant), STATES_MAX);
    assertThatThrownBy(model::visit).isInstanceOf(ModelWrong.class)
        .hasMessageFindingMatch("^" + finds(mutant));
    System.out.println("handover: mutant " + mutant + " is found after " + model.count() + " states");
  }
}
