package dev.tenon.handover;

import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Metrics;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A slot's series.
final class SlotMetrics {
  /// The ends that a handover which was begun may come to.
  private static final Set<HandoverOutcome.Kind> ENDS = EnumSet.complementOf(
      EnumSet.of(HandoverOutcome.Kind.NONE, HandoverOutcome.Kind.POSSIBLE, HandoverOutcome.Kind.NOT_NOW,
          HandoverOutcome.Kind.PINNED, HandoverOutcome.Kind.ABSENT, HandoverOutcome.Kind.SERVES));

  private final Gauge generation;
  private final Gauge state;
  private final Gauge parked;
  private final Gauge parkedBytes;
  private final Counter overdue;
  private final Counter evicted;
  private final Map<HandoverOutcome.Kind, Counter> handovers = new EnumMap<>(HandoverOutcome.Kind.class);
  private final Counter copiedBytes;
  private final Gauge itemsLeft;

  SlotMetrics(Metrics metrics, SlotName name) {
    String slot = name.toString();
    generation = metrics.gauge("tenon_slot_generation", "Generation of the slot's record.", "slot", slot);
    state = metrics.gauge("tenon_slot_state",
        "State of the slot: 0 vacant, 1 empty, 2 opening, 3 active, 4 preparing, "
            + "5 fenced, 6 committing, 7 recovering, 8 failed, 9 sealed.",
        "slot", slot);
    parked = metrics.gauge("tenon_slot_parked", "Units that wait because the slot does not serve.", "slot", slot);
    parkedBytes = metrics.gauge("tenon_slot_parked_bytes", "What parked units hold.", "slot", slot);
    overdue = metrics.counter("tenon_slot_overdue_total", "Calls that exceeded the operation deadline.", "slot", slot);
    evicted = metrics.counter("tenon_slot_evicted_total",
        "Calls that did not end and were left behind, because their provider had to let go.", "slot", slot);
    for (HandoverOutcome.Kind kind : ENDS) {
      handovers.put(kind, metrics.counter("tenon_handover_total", "Handovers to another provider, by how they ended.",
          "slot", slot, "outcome", kind.name().toLowerCase(Locale.ROOT)));
    }
    copiedBytes =
        metrics.counter("tenon_handover_copied_bytes_total", "Bytes of items that were copied.", "slot", slot);
    itemsLeft = metrics.gauge("tenon_handover_prepare_remaining_items",
        "Items that were to be copied when the last piece was read.", "slot", slot);
  }

  void show(SlotStatus status) {
    generation.set((double) status.generation());
    state.set(number(status.state()));
    parked.set((double) status.parked());
    parkedBytes.set((double) status.parkedBytes());
  }

  /// What dashboards see; never renumbered.
  private static int number(SlotState state) {
    return switch (state) {
      case VACANT -> 0;
      case EMPTY -> 1;
      case OPENING -> 2;
      case ACTIVE -> 3;
      case PREPARING -> 4;
      case FENCED -> 5;
      case COMMITTING -> 6;
      case RECOVERING -> 7;
      case FAILED -> 8;
      case SEALED -> 9;
    };
  }

  void evicted() {
    evicted.increment();
  }

  void overdue() {
    overdue.increment();
  }

  void handover(HandoverOutcome.Kind kind) {
    Counter counter = handovers.get(kind);
    if (counter != null) {
      counter.increment();
    }
  }

  void copied(long bytes, long left) {
    if (bytes > 0) {
      copiedBytes.add(bytes);
    }
    itemsLeft.set((double) left);
  }

  void remove() {
    itemsLeft.remove();
    generation.remove();
    state.remove();
    parked.remove();
    parkedBytes.remove();
  }
}
