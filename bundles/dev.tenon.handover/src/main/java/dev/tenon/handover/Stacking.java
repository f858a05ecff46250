package dev.tenon.handover;

import dev.tenon.slot.SlotName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which slots of a node stand on which, and what follows for their fences. Pure; immutable.
final class Stacking {
  static final Stacking NONE = new Stacking(Map.of());

  private final Map<SlotName, List<SlotName>> beneath;

  /// @param beneath of each slot the slots that it names; those that name none may be absent
  Stacking(Map<SlotName, List<SlotName>> beneath) {
    this.beneath = new TreeMap<>(beneath);
  }

  /// Whether no slot stands on another.
  boolean isFlat() { return beneath.values().stream().allMatch(List::isEmpty); }

  /// The slots that a slot names.
  List<SlotName> named(SlotName name) {
    return beneath.getOrDefault(name, List.of());
  }

  /// All slots on which it stands, at whatever depth.
  List<SlotName> below(SlotName name) {
    TreeSet<SlotName> found = new TreeSet<>();
    ArrayDeque<SlotName> open = new ArrayDeque<>(named(name));
    while (!open.isEmpty()) {
      SlotName next = open.pop();
      if (found.add(next)) {
        open.addAll(named(next));
      }
    }
    return List.copyOf(found);
  }

  /// All slots that stand on it, at whatever height.
  List<SlotName> above(SlotName name) {
    return beneath.keySet().stream().filter(each -> below(each).contains(name)).toList();
  }

  /// How a slot stands on itself.
  ///
  /// @return one phrase; empty where it does not
  String cycle(SlotName name) {
    List<SlotName> way = way(name, name);
    return way.isEmpty() ? "" : "slot " + String.join(" stands on ", way.stream().map(SlotName::toString).toList());
  }

  /// The shortest way down from one slot to another; empty where there is none.
  private List<SlotName> way(SlotName from, SlotName to) {
    TreeMap<SlotName, SlotName> via = new TreeMap<>();
    ArrayDeque<SlotName> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      SlotName at = open.remove();
      for (SlotName next : named(at)) {
        if (via.putIfAbsent(next, at) == null) {
          open.add(next);
        }
      }
    }
    List<SlotName> way = new ArrayList<>();
    SlotName at = via.containsKey(to) ? to : null;
    while (at != null) {
      way.addFirst(at);
      at = at.equals(from) && way.size() > 1 ? null : via.get(at);
    }
    return way;
  }

  /// Whether a slot may begin its fence: those beneath serve, and none above or beneath is at its own.
  ///
  /// @param models what is known of each slot; null where it does not run
  boolean mayFence(SlotName name, Function<SlotName, @Nullable SlotModel> models) {
    for (SlotName lower : below(name)) {
      SlotModel model = models.apply(lower);
      if (model == null || !model.isServing() || model.turn()) {
        return false;
      }
    }
    for (SlotName upper : above(name)) {
      SlotModel model = models.apply(upper);
      if (model != null && model.turn()) {
        return false;
      }
    }
    return true;
  }

  /// Whether the strands of a slot are to rest: a slot beneath is at its fence.
  boolean pauses(SlotName name, Function<SlotName, @Nullable SlotModel> models) {
    for (SlotName lower : below(name)) {
      SlotModel model = models.apply(lower);
      if (model != null && model.turn()) {
        return true;
      }
    }
    return false;
  }

  /// Whether a slot may be sealed when the node stops: those above have ended, or a write of theirs does not return.
  boolean maySeal(SlotName name, Function<SlotName, @Nullable SlotModel> models) {
    for (SlotName upper : above(name)) {
      SlotModel model = models.apply(upper);
      if (model != null && !model.isEnded() && !model.overdue() && !isDropping(model)) {
        return false;
      }
    }
    return true;
  }

  /// Whether nothing of it is open, and only what was to be filled is still being deleted.
  private static boolean isDropping(SlotModel model) {
    Standby standby = model.standby();
    return model.phase() == Phase.SEALED && standby != null && standby.stage() == Standby.Stage.DROPPING;
  }

  /// What a slot's machine is to know of it.
  ///
  /// @param cycle how it would stand on itself
  Footing footing(SlotName name, String cycle, boolean stopping, Function<SlotName, @Nullable SlotModel> models) {
    List<SlotName> lowers = named(name);
    if (lowers.isEmpty() && above(name).isEmpty() && cycle.isEmpty()) {
      return Footing.ALONE;
    }
    String missing = "";
    for (SlotName lower : lowers) {
      SlotModel model = models.apply(lower);
      if (missing.isEmpty() && (model == null || model.isLost())) {
        missing = "slot " + lower + " beneath " + (model == null ? "does not run" : "is " + model.state());
      }
    }
    return new Footing(false, missing, cycle, stopping);
  }
}
