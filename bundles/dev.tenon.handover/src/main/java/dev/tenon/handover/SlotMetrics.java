package dev.tenon.handover;

import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Histogram;
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
import org.jspecify.annotations.Nullable;

/// A slot's series.
final class SlotMetrics {
  /// The ends that a handover which was begun may come to.
  private static final Set<HandoverOutcome.Kind> ENDS = EnumSet.complementOf(
      EnumSet.of(HandoverOutcome.Kind.NONE, HandoverOutcome.Kind.POSSIBLE, HandoverOutcome.Kind.NOT_NOW,
          HandoverOutcome.Kind.PINNED, HandoverOutcome.Kind.ABSENT, HandoverOutcome.Kind.SERVES,
          HandoverOutcome.Kind.HANGS));

  /// From a pause to a long copy.
  private static final double[] SECONDS =
      {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600, 3_600};
  private static final double SECOND_NS = 1e9;

  private final Metrics metrics;
  private final String slot;
  private final Gauge generation;
  private final Gauge state;
  private final Gauge parked;
  private final Gauge parkedBytes;
  private final Counter overdue;
  private final Counter evicted;
  private final Map<HandoverOutcome.Kind, Counter> handovers = new EnumMap<>(HandoverOutcome.Kind.class);
  private final Counter copiedBytes;
  private final Gauge itemsLeft;
  private final Gauge bytesLeft;
  private final Gauge retainedBytes;
  private final Gauge overdueNow;
  /// Made when first needed: most slots are never handed over.
  private final Map<HandoverTimes.Part, Histogram> parts = new EnumMap<>(HandoverTimes.Part.class);

  SlotMetrics(Metrics metrics, SlotName name) {
    this.metrics = metrics;
    slot = name.toString();
    generation = metrics.gauge("tenon_slot_generation", "Generation of the slot's record.", "slot", slot);
    state = metrics.gauge("tenon_slot_state",
        "State of the slot: 0 vacant, 1 empty, 2 opening, 3 active, 4 preparing, "
            + "5 fenced, 6 committing, 7 recovering, 8 failed, 9 sealed.",
        "slot", slot);
    parked = metrics.gauge("tenon_slot_parked", "Units that wait because the slot does not serve.", "slot", slot);
    parkedBytes = metrics.gauge("tenon_slot_parked_bytes", "Bytes that parked units hold.", "slot", slot);
    overdue = metrics.counter("tenon_slot_overdue_calls_total",
        "Batches of a queued provider, and calls inside a leased one, that took longer than operationDeadlineMs.",
        "slot", slot);
    evicted = metrics.counter("tenon_slot_evicted_total",
        "Calls that did not end and were left behind, because their provider had to let go.", "slot", slot);
    for (HandoverOutcome.Kind kind : ENDS) {
      handovers.put(kind, metrics.counter("tenon_handover_total", "Handovers to another provider, by how they ended.",
          "slot", slot, "outcome", kind.name().toLowerCase(Locale.ROOT)));
    }
    copiedBytes = metrics.counter("tenon_handover_copied_bytes_total",
        "Bytes of items that handovers have copied.", "slot", slot);
    itemsLeft = metrics.gauge("tenon_handover_prepare_remaining_items",
        "Items that were to be copied when the last piece was read.", "slot", slot);
    bytesLeft = metrics.gauge("tenon_handover_prepare_remaining_bytes",
        "Bytes that remaining items hold if they are as large as those that were copied.", "slot", slot);
    retainedBytes = metrics.gauge("tenon_slot_retained_bytes",
        "Bytes in locations that were handed over from and are kept.", "slot", slot);
    overdueNow = metrics.gauge("tenon_slot_overdue",
        "Calls that have exceeded their deadline and have not returned.", "slot", slot);
  }

  void show(SlotStatus status) {
    generation.set((double) status.generation());
    state.set(number(status.state()));
    parked.set((double) status.parked());
    parkedBytes.set((double) status.parkedBytes());
  }

  void show(long retained, int overdueCalls) {
    retainedBytes.set((double) retained);
    overdueNow.set(overdueCalls);
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

  void copied(long bytes) {
    if (bytes > 0) {
      copiedBytes.add(bytes);
    }
  }

  /// What is still to be copied.
  ///
  /// @param standby into which; null where none is
  void left(@Nullable Standby standby) {
    if (standby == null || !standby.isFilling()) {
      itemsLeft.set(0);
      bytesLeft.set(0);
      return;
    }
    itemsLeft.set((double) standby.itemsLeft());
    bytesLeft.set(standby.items() == 0 ? 0 : standby.itemsLeft() * ((double) standby.bytes() / standby.items()));
  }

  /// A part of a handover has ended.
  void took(HandoverTimes.Part part, long ns) {
    parts.computeIfAbsent(part, key -> metrics.histogram("tenon_handover_phase_seconds",
        "How long each part of a handover took.", SECONDS, "slot", slot, "phase", key.label()))
        .observe(ns / SECOND_NS);
  }

  void remove() {
    parts.values().forEach(Histogram::remove);
    itemsLeft.remove();
    bytesLeft.remove();
    retainedBytes.remove();
    overdueNow.remove();
    generation.remove();
    state.remove();
    parked.remove();
    parkedBytes.remove();
  }
}
