package dev.tenon.handover;

import dev.tenon.slot.SlotName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets the slots of a node take care of each other where some stand on others: who may fence, whose strands rest, what
/// each knows of those around it, who is sealed next. The conductor's, after each message; what follows from what is
/// said in [Stacking].
final class StackedSlots {
  private final Map<SlotName, ? extends Storey> slots;
  private final Map<SlotName, SlotWish> wishes;
  /// As the slots run, and as the wishes have it, which counts from a slot's next start on.
  private Stacking running = Stacking.NONE;
  private Stacking wished = Stacking.NONE;
  private boolean flat = true;
  /// @param slots of the conductor
  /// @param wishes of the conductor
  StackedSlots(Map<SlotName, ? extends Storey> slots, Map<SlotName, SlotWish> wishes) {
    this.slots = slots;
    this.wishes = wishes;
  }

  /// A slot or a wish has come or gone.
  void changed() {
    Map<SlotName, List<SlotName>> beneath = new TreeMap<>();
    wishes.forEach((name, wish) -> beneath.put(name, wish.beneath()));
    wished = new Stacking(beneath);
    slots.forEach((name, slot) -> beneath.put(name, slot.beneath()));
    running = new Stacking(beneath);
    flat = running.isFlat() && wished.isFlat()
        && slots.values().stream().allMatch(slot -> slot.model().footing().alone());
  }

  /// How a slot would stand on itself; empty where it does not.
  String cycle(SlotName name) {
    return wished.cycle(name);
  }

  void settle(boolean stopping) {
    if (flat && !stopping) {
      return;
    }
    Function<SlotName, @Nullable SlotModel> models = name -> {
      Storey slot = slots.get(name);
      return slot == null ? null : slot.model();
    };
    // From the top downwards, so that of two that ask at the same time the lower one goes first.
    List<Storey> all = new ArrayList<>(slots.values());
    all.sort(Comparator.comparing(slot -> -running.below(slot.name()).size()));
    boolean again = true;
    while (again) {
      again = false;
      for (Storey slot : all) {
        if (slot.asksTurn() != 0 && !running.mayFence(slot.name(), models)) {
          slot.hear(new SlotEvent.Refused(slot.asksTurn()));
          again = true;
        }
      }
      for (Storey slot : all) {
        // What is under way above may wait for a task of this one, which would never begin once it is shut.
        boolean pauses = running.pauses(slot.name(), models);
        if (!pauses || restAbove(slot)) {
          slot.pause(pauses);
        }
      }
      for (Storey slot : all) {
        again |= grant(slot);
        again |= slot.stands(running.footing(slot.name(), wished.cycle(slot.name()), stopping, models));
        if (stopping && slot.model().goal() != SlotModel.Goal.SEAL && running.maySeal(slot.name(), models)) {
          slot.hear(new SlotEvent.Stop());
          again = true;
        }
      }
    }
  }

  /// @return whether a slot has heard that it may fence: those above rest
  private boolean grant(Storey slot) {
    if (slot.asksTurn() == 0 || !restAbove(slot)) {
      return false;
    }
    slot.hear(new SlotEvent.Done(slot.asksTurn()));
    return true;
  }

  private boolean restAbove(Storey slot) {
    for (SlotName upper : running.above(slot.name())) {
      Storey above = slots.get(upper);
      if (above != null && !above.isPaused()) {
        return false;
      }
    }
    return true;
  }
}
