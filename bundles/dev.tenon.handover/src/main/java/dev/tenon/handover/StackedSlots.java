package dev.tenon.handover;

import dev.tenon.slot.SlotName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets the slots of a node take care of each other where some stand on others: who may fence, whose strands rest, what
/// each knows of those around it, who is sealed next. The conductor's, after each message; what follows from what is
/// said in [Stacking].
final class StackedSlots {
  private final Map<SlotName, Slot> slots;
  private final Map<SlotName, SlotWish> wishes;
  /// As the slots run, and as the wishes have it, which counts from a slot's next start on.
  private Stacking running = Stacking.NONE;
  private Stacking wished = Stacking.NONE;
  private boolean flat = true;
  /// Questions that were answered with yes as soon as the slots above rest.
  private final Map<SlotName, Long> granted = new TreeMap<>();
  private final TreeSet<SlotName> stopped = new TreeSet<>();

  /// @param slots of the conductor
  /// @param wishes of the conductor
  StackedSlots(Map<SlotName, Slot> slots, Map<SlotName, SlotWish> wishes) {
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
      Slot slot = slots.get(name);
      return slot == null ? null : slot.model();
    };
    boolean again = true;
    while (again) {
      again = false;
      List<Slot> all = new ArrayList<>(slots.values());
      for (Slot slot : all) {
        again |= ask(slot, models);
      }
      all.forEach(slot -> slot.pause(running.pauses(slot.name(), models)));
      for (Slot slot : all) {
        again |= grant(slot);
        again |= slot.stands(running.footing(slot.name(), wished.cycle(slot.name()), stopping, models));
        if (stopping && !stopped.contains(slot.name()) && running.maySeal(slot.name(), models)) {
          stopped.add(slot.name());
          slot.hear(new SlotEvent.Stop());
          again = true;
        }
      }
    }
  }

  /// @return whether a slot has heard that it may not fence
  private boolean ask(Slot slot, Function<SlotName, @Nullable SlotModel> models) {
    long asks = slot.asksTurn();
    if (asks == 0) {
      granted.remove(slot.name());
    } else if (!Long.valueOf(asks).equals(granted.get(slot.name()))) {
      if (!running.mayFence(slot.name(), models)) {
        slot.hear(new SlotEvent.Refused(asks));
        return true;
      }
      granted.put(slot.name(), asks);
    }
    return false;
  }

  /// @return whether a slot has heard that it may fence
  private boolean grant(Slot slot) {
    long asks = slot.asksTurn();
    for (SlotName upper : asks == 0 ? List.<SlotName>of() : running.above(slot.name())) {
      Slot above = slots.get(upper);
      if (above != null && !above.isPaused()) {
        return false;
      }
    }
    if (asks != 0 && granted.containsKey(slot.name())) {
      slot.hear(new SlotEvent.Done(asks));
      return true;
    }
    return false;
  }
}
