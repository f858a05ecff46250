package dev.tenon.handover;

import dev.tenon.handover.SlotEffect.Lane;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds back what the strands of a slot are to do next while a slot beneath is at its fence, and knows when none of
/// them does anything any more. The conductor's; the desk goes on.
final class Pause {
  private final List<SlotEffect> held = new ArrayList<>();
  private boolean shut;
  private int inside;

  /// From now on nothing begins.
  void shut() {
    shut = true;
  }

  boolean isShut() { return shut; }

  /// Whether nothing begins and nothing is under way.
  boolean isReached() { return shut && inside == 0; }

  /// @return what was held back, in its order
  List<SlotEffect> open() {
    shut = false;
    List<SlotEffect> all = List.copyOf(held);
    held.clear();
    return all;
  }

  /// @return whether it is held back
  boolean holds(SlotEffect effect) {
    if (!shut || lane(effect) == null) {
      return false;
    }
    held.add(effect);
    return true;
  }

  /// Whether a step of who is being filled is held back.
  boolean holdsFilling() {
    return held.stream().anyMatch(effect -> effect instanceof SlotEffect.Export || lane(effect) == Lane.STANDBY);
  }

  /// Whether a batch is held back.
  boolean holdsBatch() {
    return held.stream().anyMatch(effect -> effect instanceof SlotEffect.Batch);
  }

  /// A strand is given up, or what it was to do is not wanted any more.
  void drop(Lane lane) {
    held.removeIf(effect -> lane(effect) == lane);
  }

  /// What was to be filled is given up.
  void dropFilling() {
    held.removeIf(effect -> effect instanceof SlotEffect.Export || lane(effect) == Lane.STANDBY);
  }

  void began() {
    inside++;
  }

  void ended() {
    inside--;
  }

  /// @return on whose strand something is done; null for what is none's
  static @Nullable Lane lane(SlotEffect effect) {
    if (effect instanceof SlotEffect.Close || effect instanceof SlotEffect.CloseNext) {
      return null; // its view is revoked: it cannot wait beneath any more
    }
    if (effect instanceof SlotEffect.OfServing) {
      return Lane.SERVING;
    }
    return effect instanceof SlotEffect.OfStandby ? Lane.STANDBY : null;
  }
}
