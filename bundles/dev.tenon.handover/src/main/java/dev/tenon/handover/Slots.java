package dev.tenon.handover;

import dev.tenon.slot.SlotControl;
import dev.tenon.slot.SlotStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/// The board on which conductors show their slots: one for the process.
final class Slots implements SlotControl {
  private final ConcurrentSkipListMap<String, List<SlotStatus>> byNode = new ConcurrentSkipListMap<>();

  void show(String node, Collection<Slot> slots) {
    byNode.put(node, slots.stream().map(Slot::status).toList());
  }

  void forget(String node) {
    byNode.remove(node);
  }

  @Override
  public List<SlotStatus> slots() {
    List<SlotStatus> all = new ArrayList<>();
    byNode.values().forEach(all::addAll);
    all.sort(Comparator.comparing(SlotStatus::name));
    return List.copyOf(all);
  }
}
