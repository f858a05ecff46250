package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.UpgradePlan.Need;
import dev.tenon.handover.UpgradePlan.Offer;
import dev.tenon.handover.UpgradePlan.Part;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UpgradePlanTest {
  private static final long UPDATED = 1;
  private static final long OTHER = 2;
  private static final long SERVICE = 100;
  private static final Offer LOST = new Offer(SERVICE, UPDATED, 10);

  @Test
  void whatStopsTakesItsOwnComponentsWithIt() {
    Part own = new Part(10, "own", UPDATED, List.of());
    Part other = new Part(11, "other", OTHER, List.of());

    assertThat(restarted(List.of(own, other), List.of())).containsExactly("own");
  }

  @Test
  void aStaticReferenceIsFollowedAsFarAsItGoes() {
    Part near = new Part(11, "near", OTHER, List.of(new Need(true, true, Set.of(SERVICE))));
    Part far = new Part(12, "far", OTHER, List.of(new Need(true, true, Set.of(101L))));
    Part optional = new Part(13, "optional", OTHER, List.of(new Need(true, false, Set.of(102L, SERVICE))));

    assertThat(restarted(List.of(far, near, optional), List.of(LOST, new Offer(101, OTHER, 11))))
        .containsExactlyInAnyOrder("near", "far", "optional");
  }

  @Test
  void aDynamicReferenceIsLostWithItsLastService() {
    Part hasAnother = new Part(11, "has another", OTHER, List.of(new Need(false, true, Set.of(SERVICE, 101L))));
    Part hasNone = new Part(12, "has none", OTHER, List.of(new Need(false, true, Set.of(SERVICE))));
    Part needsNone = new Part(13, "needs none", OTHER, List.of(new Need(false, false, Set.of(SERVICE))));
    Part neverHadOne = new Part(14, "never had one", OTHER, List.of(new Need(false, true, Set.of())));

    assertThat(
        restarted(List.of(hasAnother, hasNone, needsNone, neverHadOne), List.of(LOST, new Offer(101, OTHER, -1))))
        .containsExactly("has none");
  }

  @Test
  void aSlotThatStopsTakesItsFacadeWithIt() {
    Part slot = new Part(UpgradePlan.slotNumber(0), "slot", OTHER, List.of(new Need(true, true, Set.of(SERVICE))));
    Part engine = new Part(11, "engine", OTHER, List.of(new Need(true, true, Set.of(101L))));
    Offer facade = new Offer(101, OTHER, UpgradePlan.slotNumber(0));

    assertThat(slot.isSlot()).isTrue();
    assertThat(engine.isSlot()).isFalse();
    assertThat(restarted(List.of(slot, engine), List.of(LOST, facade))).containsExactly("slot", "engine");
  }

  @Test
  void aCircleEnds() {
    Part one =
        new Part(10, "one", OTHER, List.of(new Need(true, true, Set.of(SERVICE)), new Need(true, true, Set.of(102L))));
    Part two = new Part(11, "two", OTHER, List.of(new Need(true, true, Set.of(101L))));

    assertThat(restarted(List.of(one, two), List.of(LOST, new Offer(101, OTHER, 10), new Offer(102, OTHER, 11))))
        .containsExactly("one", "two");
  }

  private static List<String> restarted(List<Part> parts, List<Offer> offers) {
    return new UpgradePlan(parts, offers).by(Set.of(UPDATED)).restarted().stream().map(Part::name).toList();
  }
}
