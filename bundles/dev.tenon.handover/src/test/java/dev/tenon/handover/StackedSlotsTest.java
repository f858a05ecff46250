package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.slot.SlotName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Goal: a slot is shut only when those above it rest, because what they do waits for it. Method: three storeys whose
/// strands are busy at the test's word.
class StackedSlotsTest {
  /// A slot that serves, and what its pause would be.
  private static final class Floor implements Storey {
    final SlotName name;
    final List<SlotName> beneath;
    final List<SlotEvent> heard = new ArrayList<>();
    SlotModel model;
    boolean busy;
    boolean shut;
    long asks;

    Floor(String name, SlotName... beneath) {
      this.name = SlotName.parse(name);
      this.beneath = List.of(beneath);
      this.model = StackingTest.serving(this.name, false);
    }

    /// Asks whether it may fence, or has ended its handover.
    void turn(long question) {
      asks = question;
      model = StackingTest.serving(name, question != 0);
    }

    @Override
    public SlotName name() {
      return name;
    }

    @Override
    public SlotModel model() {
      return model;
    }

    @Override
    public List<SlotName> beneath() {
      return beneath;
    }

    @Override
    public long asksTurn() {
      return asks;
    }

    @Override
    public void pause(boolean rests) {
      shut = rests;
    }

    @Override
    public boolean isPaused() { return shut && !busy; }

    @Override
    public boolean stands(Footing footing) {
      return false;
    }

    @Override
    public void hear(SlotEvent event) {
      heard.add(event);
      asks = 0;
    }
  }

  private final Floor base = new Floor("n/base/c");
  private final Floor middle = new Floor("n/middle/b", base.name);
  private final Floor top = new Floor("n/top/a", middle.name);
  private final StackedSlots stacked =
      new StackedSlots(new TreeMap<>(Map.of(base.name, base, middle.name, middle, top.name, top)), Map.of());

  @BeforeEach
  void begin() {
    stacked.changed();
  }

  @Test
  void aSlotIsShutWhenThoseAboveItRest() {
    top.busy = true;
    middle.busy = true;
    base.turn(7);
    stacked.settle(false);
    assertThat(top.shut).isTrue();
    assertThat(middle.shut).as("the top's batch waits for it").isFalse();
    top.busy = false;
    stacked.settle(false);
    assertThat(middle.shut).isTrue();
    assertThat(base.heard).as("the middle's batch waits for it").isEmpty();
    middle.busy = false;
    stacked.settle(false);
    assertThat(base.heard).containsExactly(new SlotEvent.Done(7));
  }

  @Test
  void onceShutItStaysSoUntilTheHandoverBeneathHasEnded() {
    base.turn(7);
    stacked.settle(false);
    assertThat(base.heard).as("nobody above does anything").containsExactly(new SlotEvent.Done(7));
    top.busy = true; // it closes what has lost its view: that waits for nobody
    stacked.settle(false);
    assertThat(List.of(top, middle)).allMatch(floor -> floor.shut);
    base.turn(0);
    stacked.settle(false);
    assertThat(List.of(top, middle)).noneMatch(floor -> floor.shut);
  }
}
