package dev.tenon.handover;

import dev.tenon.slot.SlotControl;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/// Says of each slot whether it serves, and if not, why.
@Component(name = "dev.tenon.handover.health", service = HealthCheck.class,
    property = {"hc.name=slots", "hc.tags=tenon", "hc.tags=slots"})
public final class SlotHealth implements HealthCheck {
  private static final long PARKED_MS_WARN = 1_000;
  private static final long SECOND_MS = 1_000;
  private final SlotControl control;

  /// Reads the board.
  ///
  /// @param control all slots
  @Activate
  public SlotHealth(@Reference(name = "control") SlotControl control) {
    this.control = control;
  }

  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    log.info("{} slots", control.slots().size()); // an empty log would count as a warning
    for (SlotStatus slot : control.slots()) {
      judge(slot, log);
    }
    return new Result(log);
  }

  private static void judge(SlotStatus slot, FormattingResultLog log) {
    if (slot.signingOff()) {
      log.warn("{} was recovered: nothing is signed on it until ./tenon slot recover {} --sign; a slot whose "
          + "acknowledged items were found gone counts as recovered", slot.name(), slot.name());
    }
    if (slot.stuck() > 0) {
      log.warn("{}: {} takings of providers are held by calls that were left behind and have not returned; until then "
          + "their bundles are not collectable", slot.name(), slot.stuck());
    }
    if (slot.overdue() > 0) {
      log.warn("{}: {} calls have exceeded their deadline and have not returned; a handover would be given up for them",
          slot.name(), slot.overdue());
    }
    String text = slot.name() + " is " + slot.state() + (slot.reason().isEmpty() ? "" : ": " + slot.reason())
        + (slot.parked() == 0 ? "" : ", " + slot.parked() + " units parked")
        + (slot.parkedMs() < PARKED_MS_WARN ? "" : ", callers not served for " + slot.parkedMs() / SECOND_MS + " s");
    if (slot.state() == SlotState.FAILED || slot.parkedMs() > slot.parkTimeoutMs()) {
      log.critical("{}", text);
    } else if (isWaiting(slot)) {
      log.temporarilyUnavailable("{}", text);
    } else if (slot.failedHandovers() >= SwapLimits.FAILURES_WARN) {
      log.warn("{}; {} handovers have failed: {}", text, slot.failedHandovers(), slot.outcome());
    } else if (slot.parkedMs() > PARKED_MS_WARN) {
      log.warn("{}", text);
    } else {
      log.info("{}", text);
    }
  }

  /// Whether it is not the slot's own work that it waits for, and it may take any time.
  private static boolean isWaiting(SlotStatus slot) {
    return switch (slot.state()) {
      case EMPTY, VACANT, RECOVERING -> true;
      case OPENING -> !slot.reason().isEmpty(); // such as a slot beneath that does not serve
      default -> false;
    };
  }
}
