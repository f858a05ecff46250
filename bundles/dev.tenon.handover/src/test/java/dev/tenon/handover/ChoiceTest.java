package dev.tenon.handover;

import static dev.tenon.handover.SlotWalk.FIRST;
import static dev.tenon.handover.SlotWalk.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceTest {
  /// A name that was mistyped looks like a handover that does not begin.
  @Test
  void saysWhoIsThereWhereNobodyIsWhomTheOperatorWishesFor() {
    assertThat(Choice.reason(serving("mapbd"))).isEqualTo(
        "no provider mapbd is registered; there are " + OTHER.label() + ", " + FIRST.label());
    assertThat(Choice.reason(serving("plain@9.9.9"))).startsWith("no provider plain@9.9.9 is registered");
    assertThat(Choice.reason(serving("other"))).isEmpty();
    assertThat(Choice.reason(serving(""))).isEmpty();
  }

  @Test
  void saysThatAPinnedSlotKeepsAWishWaiting() {
    assertThat(Choice.reason(pinned("other"))).isEqualTo("pinned: other waits until it is free");
    assertThat(Choice.reason(pinned("plain"))).isEmpty();
  }

  private static SlotModel pinned(String wish) {
    return SlotWalk.step(serving("plain"),
        new SlotEvent.Wished(new Terms(wish, true, Terms.OnGone.PARK, Terms.Follow.NONE), false, false));
  }

  private static SlotModel serving(String wish) {
    SlotModel slot = SlotModel.fresh(SlotWalk.SLOT, Terms.of("plain"), List.of(FIRST, OTHER));
    SlotModel serving = SlotWalk.on(SlotWalk.loaded(slot, 1), Phase.ACTIVE);
    return SlotWalk.step(serving, new SlotEvent.Wished(Terms.of(wish), true, false));
  }
}
