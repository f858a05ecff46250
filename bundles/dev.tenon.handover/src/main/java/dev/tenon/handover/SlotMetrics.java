package dev.tenon.handover;

import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Metrics;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;

/// A slot's series.
final class SlotMetrics {
  private final Gauge generation;
  private final Gauge state;
  private final Gauge parked;
  private final Gauge parkedBytes;
  private final Counter overdue;
  private final Counter done;
  private final Counter aborted;
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
    String handovers = "Handovers to another provider, by how they ended.";
    done = metrics.counter("tenon_handover_total", handovers, "slot", slot, "outcome", "done");
    aborted = metrics.counter("tenon_handover_total", handovers, "slot", slot, "outcome", "aborted");
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

  void overdue() {
    overdue.increment();
  }

  void handover(boolean wellDone) {
    (wellDone ? done : aborted).increment();
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
