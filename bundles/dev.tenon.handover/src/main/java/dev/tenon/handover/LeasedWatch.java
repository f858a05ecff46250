package dev.tenon.handover;

import dev.tenon.slot.CallsInside;
import dev.tenon.slot.SlotName;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the calls that are inside a slot's provider past the queue, so that one that hangs is seen before anybody
/// asks for a handover: counts each once, and says once where it is. The conductor's.
final class LeasedWatch {
  private static final Logger log = LoggerFactory.getLogger(LeasedWatch.class);

  private final SlotName name;
  private final SlotMetrics metrics;
  private long overdue;
  /// Of the generation looked at last.
  private long everOverdue;
  private long generation;

  LeasedWatch(SlotName name, SlotMetrics metrics) {
    this.name = name;
    this.metrics = metrics;
  }

  /// @param run knows who is inside
  /// @param serving the generation of who is looked at
  void look(SlotRun run, long serving) {
    CallsInside calls = run.inside();
    if (serving != generation) {
      generation = serving;
      everOverdue = 0;
    }
    long more = calls.everOverdue() - everOverdue;
    for (long each = 0; each < more; each++) {
      metrics.overdue();
    }
    if (more > 0) {
      List<String> stacks = run.stacksInside();
      log.atWarn().addKeyValue("slot", name).addKeyValue("calls", calls.overdue())
          .addKeyValue("oldest_ms", calls.oldestMs()).addKeyValue("stack", Stacks.line(stacks))
          .log("calls inside have exceeded the operation deadline; until they return no handover ends");
    }
    overdue = calls.overdue();
    everOverdue = calls.everOverdue();
  }

  /// How many of those that are inside have exceeded the deadline.
  int overdue() {
    return (int) Math.min(Integer.MAX_VALUE, overdue);
  }
}
