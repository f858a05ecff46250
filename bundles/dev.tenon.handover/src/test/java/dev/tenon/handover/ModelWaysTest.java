package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Small graphs whose rounds are seen at once: each way is a state, a label, and the next one.
class ModelWaysTest {
  private static final int A = 0;
  private static final int B = 1;
  private static final int LIMIT = 9;

  /// @param ways of each state: target, label, target, label
  private static ModelWays ways(int[]... ways) {
    ModelWays made = new ModelWays();
    for (int[] of : ways) {
      made.begin();
      for (int i = 0; i < of.length; i += 2) {
        made.add(of[i], of[i + 1], of[i + 1] == LIMIT);
      }
    }
    return made;
  }

  private static int[] to(int... targetsAndLabels) {
    return targetsAndLabels;
  }

  @Test
  void whatOnlyGoesOnHasNoRound() {
    assertThat(ways(to(1, A, 2, B), to(2, A), to()).round().isEmpty()).isTrue();
    assertThat(ways(to(0, A, 1, B), to()).round().isEmpty()).as("what changes nothing").isTrue();
  }

  @Test
  void whatComesBackIsARound() {
    assertThat(ways(to(1, A), to(2, A), to(0, A)).round().cardinality()).isEqualTo(3);
    assertThat(ways(to(1, A), to(2, A), to(1, B, 3, A), to()).round().stream()).containsExactly(1, 2);
  }

  /// The second round is left by what is possible in one of its states only.
  @Test
  void aStepThatIsPossibleAllTheTimeIsMade() {
    assertThat(ways(to(1, A, 2, B), to(0, A, 2, B), to()).round().isEmpty()).isTrue();
    assertThat(ways(to(1, A, 2, B), to(0, A), to()).round().stream()).containsExactly(0, 1);
  }

  @Test
  void aLimitThatRunsOnPassesWhereItMayAgainAndAgain() {
    assertThat(ways(to(1, A, 2, LIMIT), to(0, A), to()).round().isEmpty()).isTrue();
  }

  /// A round beside the state in which the limit may pass is one all the same.
  @Test
  void whereALimitIsNeverReachedIsARound() {
    assertThat(ways(to(1, A, 3, LIMIT), to(0, A, 2, B), to(1, B), to()).round().stream()).containsExactly(1, 2);
  }

  @Test
  void aRoundBehindOthersIsFound() {
    int[][] chain = new int[10_001][];
    for (int i = 0; i < chain.length - 1; i++) {
      chain[i] = to(i + 1, A);
    }
    chain[chain.length - 1] = to(chain.length - 2, A);
    assertThat(ways(chain).round().stream()).containsExactly(9_999, 10_000);
  }
}
