package dev.tenon.handover;

import dev.tenon.slot.SlotControl;
import dev.tenon.slot.SlotStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/// The board on which conductors show their slots: one for the process.
final class Slots implements SlotControl {
  private final ConcurrentSkipListMap<String, List<SlotStatus>> byNode = new ConcurrentSkipListMap<>();
  private final AtomicLong shown = new AtomicLong();

  /// Grows whenever something was shown.
  long shown() {
    return shown.get();
  }

  void show(String node, Collection<Slot> slots) {
    shown.incrementAndGet();
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
