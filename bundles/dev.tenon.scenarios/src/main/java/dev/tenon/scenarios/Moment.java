package dev.tenon.scenarios;

import dev.tenon.slot.HandoverProgress;
import dev.tenon.slot.SlotStatus;
import java.util.List;

/// Where a slot stands, as somebody sees it from outside: the phases of a handover, and what else there is.
enum Moment {
  /// Its node is down.
  DOWN,
  /// Serves, and nothing else.
  IDLE,
  /// The next provider is asked what it is, and the disk how full it is.
  PREFLIGHT,
  /// The next provider is filled.
  PREPARE,
  /// The tail moves.
  FENCE,
  /// It is compared.
  VERIFY,
  /// The record is written.
  COMMIT,
  /// The next provider is activated.
  RESUME,
  /// It serves, and the one before is being closed.
  RETIRE,
  /// Whoever served is sealed and closed.
  SEAL,
  /// A provider opens what is there.
  OPEN,
  /// A provider has failed.
  RECOVER,
  /// There is none.
  EMPTY,
  /// The operator is asked for.
  FAILED,
  /// The node stops.
  SEALED;

  private static final List<String> PREFLIGHT_STAGES = List.of("TAKING", "MEASURING");

  /// @param before where it stood until now
  static Moment of(SlotStatus slot, Moment before) {
    HandoverProgress progress = slot.progress();
    String stage = progress == null ? "" : progress.stage();
    return switch (slot.state()) {
      case VACANT, EMPTY -> EMPTY;
      case OPENING -> before == COMMIT || before == RESUME ? RESUME : OPEN;
      case ACTIVE -> before == RESUME || before == RETIRE ? RETIRE : IDLE;
      case PREPARING -> PREFLIGHT_STAGES.contains(stage) ? PREFLIGHT : PREPARE;
      case FENCED -> stage.isEmpty() ? SEAL : stage.equals("VERIFYING") ? VERIFY : FENCE;
      case COMMITTING -> COMMIT;
      case RECOVERING -> RECOVER;
      case FAILED -> FAILED;
      case SEALED -> SEALED;
    };
  }

  /// Whether a handover is under way that may still be given up.
  boolean isHandover() { return compareTo(PREFLIGHT) >= 0 && compareTo(COMMIT) <= 0; }

  /// Whether a slot may stay so: it waits for the world.
  boolean rests() {
    return this == IDLE || this == EMPTY || this == FAILED || this == RECOVER || this == SEALED || this == DOWN
        || this == RETIRE;
  }
}
