package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.slot.SlotName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StackingTest {
  private static final SlotName A = SlotName.parse("n/top/a");
  private static final SlotName B = SlotName.parse("n/middle/b");
  private static final SlotName C = SlotName.parse("n/base/c");
  private static final SlotName D = SlotName.parse("n/base/d");
  private static final Stacking TOWER = new Stacking(Map.of(A, List.of(B, D), B, List.of(C)));

  static SlotModel serving(SlotName name, boolean turn) {
    SlotModel fresh =
        SlotModel.fresh(name.toString(), Terms.of("plain"), List.of(SlotWalk.FIRST, SlotWalk.OTHER));
    SlotModel.Draft draft = new SlotModel.Draft(SlotWalk.on(SlotWalk.loaded(fresh, 1), Phase.ACTIVE));
    draft.turn = turn;
    return draft.model();
  }

  @Test
  void relationsReachThroughAllStoreys() {
    assertThat(TOWER.below(A)).containsExactly(C, D, B);
    assertThat(TOWER.above(C)).containsExactly(B, A);
    assertThat(TOWER.above(A)).isEmpty();
    assertThat(TOWER.isFlat()).isFalse();
    assertThat(Stacking.NONE.isFlat()).isTrue();
  }

  @Test
  void aCycleIsToldWithItsWay() {
    assertThat(TOWER.cycle(A)).isEmpty();
    Stacking ring = new Stacking(Map.of(A, List.of(B), B, List.of(C), C, List.of(A)));
    assertThat(ring.cycle(A)).isEqualTo("slot n/top/a stands on n/middle/b stands on n/base/c stands on n/top/a");
    assertThat(new Stacking(Map.of(D, List.of(A), A, List.of(B), B, List.of(A))).cycle(D)).isEmpty();
  }

  @Test
  void aSlotIsFencedOnlyWhereNoneAroundItIsAndThoseBeneathServe() {
    Map<SlotName, SlotModel> models = new TreeMap<>();
    for (SlotName name : List.of(A, B, C, D)) {
      models.put(name, serving(name, false));
    }
    assertThat(List.of(A, B, C, D)).allMatch(name -> TOWER.mayFence(name, models::get));
    models.put(C, serving(C, true));
    assertThat(TOWER.mayFence(A, models::get)).isFalse();
    assertThat(TOWER.mayFence(B, models::get)).isFalse();
    assertThat(TOWER.mayFence(D, models::get)).as("beside it").isTrue();
    assertThat(TOWER.pauses(A, models::get)).isTrue();
    assertThat(TOWER.pauses(B, models::get)).isTrue();
    assertThat(TOWER.pauses(D, models::get)).isFalse();
    models.put(C, serving(C, false));
    models.put(A, serving(A, true));
    assertThat(TOWER.mayFence(C, models::get)).isFalse();
    assertThat(TOWER.pauses(C, models::get)).as("who stands above waits for nobody beneath").isFalse();
    models.remove(A);
    models.remove(D);
    assertThat(TOWER.mayFence(A, models::get)).as("one beneath does not run").isFalse();
    assertThat(TOWER.mayFence(C, models::get)).isTrue();
  }

  @Test
  void aSlotKnowsWhoIsMissingBeneathIt() {
    Map<SlotName, SlotModel> models = new TreeMap<>(Map.of(B, serving(B, false)));
    assertThat(TOWER.footing(A, "", false, models::get).missing()).isEqualTo("slot n/base/d beneath does not run");
    models.put(D, SlotModel.fresh(D.toString(), Terms.of(""), List.of()));
    assertThat(TOWER.footing(A, "", false, models::get).missing()).isEqualTo("slot n/base/d beneath is OPENING");
    models.put(D, serving(D, true));
    assertThat(TOWER.footing(A, "", false, models::get).missing()).as("its handover is waited for").isEmpty();
    assertThat(TOWER.footing(C, "", true, models::get)).isEqualTo(new Footing(false, "", "", true));
    assertThat(new Stacking(Map.of(A, List.of())).footing(A, "", true, models::get)).isEqualTo(Footing.ALONE);
  }

  @Test
  void theNodeSealsFromTheTopDownwards() {
    Map<SlotName, SlotModel> models = new TreeMap<>();
    for (SlotName name : List.of(A, B, C, D)) {
      models.put(name, serving(name, false));
    }
    assertThat(List.of(A, B, C, D).stream().filter(name -> TOWER.maySeal(name, models::get))).containsExactly(A);
    models.remove(A);
    assertThat(List.of(B, C, D).stream().filter(name -> TOWER.maySeal(name, models::get))).containsExactly(B, D);
  }
}
