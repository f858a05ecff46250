package dev.tenon.handover;

import dev.tenon.runtime.status.StatusSource;
import dev.tenon.runtime.status.StatusTable;
import dev.tenon.slot.HandoverProgress;
import dev.tenon.slot.SlotControl;
import dev.tenon.slot.SlotStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/// Shows operators the slots: a table, and a part of the status line in which slots in the same condition are one word.
@Component(name = "dev.tenon.handover.slots", service = {StatusTable.class, StatusSource.class})
public final class SlotTable implements StatusTable, StatusSource {
  private static final int ORDER = 20;
  private static final double MS_NS = 1e6;

  private final SlotControl slots;

  /// Takes its reference.
  ///
  /// @param slots what is shown
  @Activate
  public SlotTable(@Reference(name = "slots") SlotControl slots) {
    this.slots = slots;
  }

  @Override
  public String name() {
    return "slots";
  }

  @Override
  public String help() {
    return "shows each slot: provider, generation, state, parked units, last pause";
  }

  @Override
  public List<String> columns() {
    return List.of("slot", "provider", "generation", "state", "parked", "parkedBytes", "lastPauseMs", "wish", "reason",
        "progress", "outcome", "before", "offered", "pinned");
  }

  @Override
  public List<List<String>> rows() {
    return slots.slots().stream().map(SlotTable::row).toList();
  }

  @Override
  public int order() {
    return ORDER;
  }

  @Override
  public String text() {
    Map<String, List<SlotStatus>> alike = slots.slots().stream().collect(Collectors.groupingBy(
        slot -> slot.name().role() + " " + slot.provider() + " #" + slot.generation() + " " + slot.state(),
        LinkedHashMap::new, Collectors.toList()));
    return alike.entrySet().stream()
        .map(entry -> entry.getValue().stream().map(slot -> slot.name().node()).collect(Collectors.joining(","))
            + " " + entry.getKey() + worst(entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  /// The most that any of them has.
  private static String worst(List<SlotStatus> slots) {
    long parked = slots.stream().mapToLong(SlotStatus::parked).max().orElse(0);
    long pauseNs = slots.stream().mapToLong(SlotStatus::lastPauseNs).max().orElse(0);
    return " " + parked + " parked" + (pauseNs == 0 ? "" : ", pause " + pauseMs(pauseNs) + " ms");
  }

  private static double pauseMs(long ns) {
    return Math.round(ns / MS_NS * 10) / 10.0;
  }

  private static String reason(SlotStatus slot) {
    String silent = slot.signingOff() ? "signing is off" : "";
    return slot.reason().isEmpty() || silent.isEmpty() ? slot.reason() + silent : slot.reason() + "; " + silent;
  }

  private static List<String> row(SlotStatus slot) {
    HandoverProgress progress = slot.progress();
    return List.of(slot.name().toString(), slot.provider(), Long.toString(slot.generation()), slot.state().toString(),
        Long.toString(slot.parked()), Long.toString(slot.parkedBytes()),
        Double.toString(pauseMs(slot.lastPauseNs())),
        slot.wish(), reason(slot), progress == null ? "" : progress.toString(), slot.outcome().toString(),
        slot.before(), slot.offered(), slot.pinned() ? "yes" : "");
  }
}
