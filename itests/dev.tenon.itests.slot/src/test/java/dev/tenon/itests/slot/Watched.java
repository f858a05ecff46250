package dev.tenon.itests.slot;

import dev.tenon.itests.support.Await;
import dev.tenon.slot.SlotControl;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.util.function.Predicate;

/// One slot as its tests look at it.
///
/// @param control all slots
/// @param name the full name
record Watched(SlotControl control, String name) {
  static final int SECONDS_MAX = 30;

  SlotStatus now() {
    return control.slots().stream().filter(slot -> slot.name().toString().equals(name)).findFirst().orElseThrow();
  }

  boolean isServedBy(String provider, long generation) {
    SlotStatus slot = now();
    return slot.state() == SlotState.ACTIVE && slot.generation() == generation
        && (slot.provider().equals(provider) || slot.provider().startsWith(provider + "@"));
  }

  /// @return the generation in which a provider serves at the beginning: tests before may have had it opened again
  long awaitServedBy(String provider) {
    await(provider, slot -> isServedBy(provider, slot.generation()));
    return now().generation();
  }

  /// @param provider a short name, perhaps with `@` and a version
  void awaitServedBy(String provider, long generation) {
    await(provider + " in generation " + generation, slot -> isServedBy(provider, generation));
  }

  void await(String what, Predicate<SlotStatus> condition) {
    try {
      Await.until(name + ": " + what, SECONDS_MAX, () -> condition.test(now()));
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + "; it is " + now()); // Pax Exam tells of a cause only
    }
  }
}
