package dev.tenon.handover;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How long a slot was in each part of its handovers. The conductor's.
final class HandoverTimes {
  /// The parts, as docs/develop/handover.md tells them.
  enum Part {
    PREFLIGHT, PREPARE, FENCE, VERIFY, COMMIT, RESUME, RETIRE;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private @Nullable Part part;
  private long sinceNs;
  private boolean retires;
  private long retiresNs;

  /// The slot's machine has made a step.
  ///
  /// @param into gets each part that has ended
  void saw(SlotModel model, long nowNs, SlotMetrics into) {
    retires(model.retired(), nowNs, into);
    Part before = part;
    Part now = of(model, before);
    if (now == before) {
      return;
    }
    if (before != null) {
      into.took(before, nowNs - sinceNs);
    }
    part = now;
    sinceNs = nowNs;
  }

  /// Beside the others: whoever took over resumes meanwhile.
  private void retires(SlotModel.@Nullable Retired retired, long nowNs, SlotMetrics into) {
    boolean now = retired != null && retired.step() != 0;
    if (retires && !now) {
      into.took(Part.RETIRE, nowNs - retiresNs);
    } else if (!retires) {
      retiresNs = nowNs;
    }
    retires = now;
  }

  private static @Nullable Part of(SlotModel model, @Nullable Part before) {
    Standby standby = model.standby();
    Part filling = standby == null || standby.isLook() ? null : filling(model.phase(), standby.stage());
    if (filling != null) {
      return filling;
    }
    boolean records = before == Part.COMMIT || before == Part.RESUME;
    return model.switching() || records ? serving(model.phase(), model.switching()) : null;
  }

  private static @Nullable Part filling(Phase phase, Standby.Stage stage) {
    boolean held = phase == Phase.HELD;
    return switch (stage) {
      case TAKING, MEASURING -> Part.PREFLIGHT;
      case LOCATING, OPENING, ASKING, TURN -> Part.PREPARE;
      case EXPORTING, APPLYING -> held ? Part.FENCE : Part.PREPARE;
      case VERIFYING -> held ? Part.VERIFY : Part.PREPARE;
      case FENCING -> Part.FENCE;
      case READY -> Part.COMMIT;
      case WAITING, REVOKING, CLOSING, DROPPING -> null;
    };
  }

  /// @param reopens whether the location passes from one instance to the next
  private static @Nullable Part serving(Phase phase, boolean reopens) {
    return switch (phase) {
      case HANDING -> Part.COMMIT;
      case RESUMING -> Part.RESUME;
      case FENCED, SEALING, MARKING, REVOKING, CLOSING -> reopens ? Part.FENCE : null;
      case TAKING, COMMITTING -> reopens ? Part.COMMIT : null;
      case OPENING -> reopens ? Part.RESUME : null;
      case LOADING, VACANT, EMPTY, LOCATING, ACTIVE, RUNNING, HELD, YIELDING, NOTING, WAITING, BENEATH, FAILED,
          SEALED ->
          null;
    };
  }
}
