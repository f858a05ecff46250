package dev.tenon.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.slot.LeaseModel.Bounds;
import dev.tenon.slot.LeaseModel.Mutant;
import dev.tenon.slot.LeaseModel.Wrong;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: no order of steps loses, doubles or reorders a unit, lets one into a drained provider, or leaves anybody
/// waiting. Method: every state that can be reached within some bounds, and every step from it. That this finds what
/// it should is shown by changes of the algorithm that are wrong.
class LeaseModelTest {
  private static final int STATES_MAX = 4_000_000;

  private static final List<Bounds> EACH_RUN = List.of(
      new Bounds(2, 2, 1, 1, 0, 0),
      new Bounds(3, 1, 1, 1, 0, 0),
      new Bounds(2, 2, 1, 2, 0, 0),
      new Bounds(2, 2, 1, 1, 1, 1),
      new Bounds(3, 1, 1, 1, 1, 0),
      new Bounds(2, 2, 1, 1, 0, 0, 1, 1),
      new Bounds(2, 2, 2, 2, 0, 0, 1, 2));
  private static final Bounds HANGS = EACH_RUN.get(5);
  private static final List<Bounds> NIGHTLY = List.of(
      new Bounds(2, 2, 2, 2, 1, 0),
      new Bounds(2, 3, 2, 1, 0, 1),
      new Bounds(3, 2, 1, 1, 0, 0));

  static List<Bounds> bounds() {
    List<Bounds> all = new ArrayList<>(EACH_RUN);
    if (Boolean.getBoolean("tenon.nightly")) {
      all.addAll(NIGHTLY);
    }
    return all;
  }

  /// @return how many states there are
  private static int explore(Bounds bounds, Mutant mutant) {
    LeaseModel model = new LeaseModel(bounds, mutant);
    Set<ByteBuffer> seen = new HashSet<>();
    ArrayDeque<byte[]> open = new ArrayDeque<>();
    open.add(model.initial());
    seen.add(ByteBuffer.wrap(model.initial()));
    while (!open.isEmpty()) {
      byte[] state = open.removeFirst();
      List<byte[]> next = model.successors(state);
      if (next.isEmpty()) {
        model.checkEnd(state);
      }
      for (byte[] each : next) {
        if (seen.add(ByteBuffer.wrap(each))) {
          open.add(each);
        }
      }
      assertThat(seen.size()).as("the bounds are too wide").isLessThan(STATES_MAX);
    }
    return seen.size();
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void noOrderOfStepsIsWrong(Bounds bounds) {
    int states = explore(bounds, Mutant.NONE);
    System.out.println("leased admission, " + bounds + ": " + states + " states, each end right, nobody stuck");
    assertThat(states).isGreaterThan(1_000);
  }

  /// What each of them breaks first, in one of these: waiting for ever shows only where no drain is given up.
  private static String finds(Mutant mutant) {
    return switch (mutant) {
      case NONE -> "nothing";
      case COUNT_NOT_ORDERED, LOOK_BEFORE_COUNT, OTHER_CELL -> "a call on a provider after its drain";
      case EXIT_WITHOUT_WAKE -> "the drainer sleeps for ever|a unit is stuck";
      case REFUSED_WITHOUT_WAKE -> "the drainer sleeps for ever|a unit is stuck";
      case ASYNC_AT_RETURN, DISPATCH_UNCOUNTED -> "an operation was inside a provider after its drain";
      case OPEN_WITHOUT_LOCK -> "a unit is stuck or forgotten|a caller's unit overtakes its former one";
      case OPEN_BEFORE_DISPATCH -> "a caller's unit overtakes its former one";
      case LEFT_UNTOLD, LATE_UNTOLD -> "a unit is stuck";
    };
  }

  @ParameterizedTest
  @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void eachMutantIsFound(Mutant mutant) {
    Bounds bounds = switch (mutant) {
      case DISPATCH_UNCOUNTED -> EACH_RUN.get(2);
      case LEFT_UNTOLD, LATE_UNTOLD -> HANGS;
      case NONE, COUNT_NOT_ORDERED, LOOK_BEFORE_COUNT, OTHER_CELL, EXIT_WITHOUT_WAKE, REFUSED_WITHOUT_WAKE,
          ASYNC_AT_RETURN, OPEN_WITHOUT_LOCK, OPEN_BEFORE_DISPATCH ->
          EACH_RUN.getFirst();
    };
    assertThatThrownBy(() -> explore(bounds, mutant)).isInstanceOf(Wrong.class)
        .hasMessageFindingMatch("^(" + finds(mutant) + ")");
  }

  /// With an operation a caller there is no later one that could overtake: what is left is the forgotten unit.
  @Test
  void aDoorThatOpensBesideTheQueueForgetsAUnit() {
    assertThatThrownBy(() -> explore(EACH_RUN.get(1), Mutant.OPEN_WITHOUT_LOCK)).isInstanceOf(Wrong.class)
        .hasMessageStartingWith("a unit is stuck or forgotten");
  }
}
