package dev.tenon.handover;

import dev.tenon.slot.SlotState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that a slot's machine knows. Immutable.
///
/// @param slot the full name
/// @param phase where it stands
/// @param reason why, where that needs one
/// @param wish short name of the provider asked for, or empty
/// @param present providers registered now, sorted by `ref`
/// @param chosen the provider taken, opening or serving
/// @param writes its format id, once it was asked
/// @param unfit `ref`s of providers that do not read the format
/// @param fact what the record says or, after a failed write, may say
/// @param generation the highest that was used
/// @param loaded whether record and locations were read
/// @param atStart whether nothing was opened since: the same provider then keeps its generation
/// @param committed whether this attempt's record is durable
/// @param instance whether an instance, or a storage view, is alive
/// @param recovering whether a failure led here
/// @param goal what follows once the instance is closed
/// @param failures in a row
/// @param overdue whether a step at the desk has not ended in time: a write is inside the kernel
/// @param step number of the step under way
/// @param timer number of the timer that counts
record SlotModel(String slot, Phase phase, String reason, String wish, List<Candidate> present,
    @Nullable Candidate chosen, String writes, List<Long> unfit, @Nullable Fact fact, long generation, boolean loaded,
    boolean atStart, boolean committed, boolean instance, boolean recovering, Goal goal, int failures, boolean overdue,
    long step,
    long timer) {
  /// What follows once nothing is open any more.
  enum Goal {
    /// Whoever reads the format, at once.
    SERVE,
    /// The same, after the back-off.
    RECOVER,
    /// The operator.
    FAIL,
    /// Nothing.
    SEAL
  }

  static SlotModel fresh(String slot, String wish, List<Candidate> present) {
    return new SlotModel(slot, Phase.LOADING, "", wish, present, null, "", List.of(), null, 0, false, true, false,
        false, false, Goal.SERVE, 0, false, 0, 0);
  }

  SlotState state() {
    return overdue ? SlotState.FAILED : phase.state(recovering);
  }

  boolean uses(long ref) {
    return chosen != null && chosen.ref() == ref;
  }

  boolean isPresent(@Nullable Candidate candidate) {
    return candidate != null && present.contains(candidate);
  }

  /// The components while they change, within one step.
  static final class Draft {
    final String slot;
    Phase phase;
    String reason;
    String wish;
    List<Candidate> present;
    @Nullable Candidate chosen;
    String writes;
    List<Long> unfit;
    @Nullable Fact fact;
    long generation;
    boolean loaded;
    boolean atStart;
    boolean committed;
    boolean instance;
    boolean recovering;
    Goal goal;
    int failures;
    boolean overdue;
    long step;
    long timer;

    Draft(SlotModel from) {
      slot = from.slot;
      phase = from.phase;
      reason = from.reason;
      wish = from.wish;
      present = from.present;
      chosen = from.chosen;
      writes = from.writes;
      unfit = from.unfit;
      fact = from.fact;
      generation = from.generation;
      loaded = from.loaded;
      atStart = from.atStart;
      committed = from.committed;
      instance = from.instance;
      recovering = from.recovering;
      goal = from.goal;
      failures = from.failures;
      overdue = from.overdue;
      step = from.step;
      timer = from.timer;
    }

    SlotModel model() {
      return new SlotModel(slot, phase, reason, wish, present, chosen, writes, unfit, fact, generation, loaded,
          atStart, committed, instance, recovering, goal, failures, overdue, step, timer);
    }
  }
}
