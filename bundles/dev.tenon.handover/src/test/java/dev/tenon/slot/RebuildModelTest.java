package dev.tenon.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.slot.HandoverOutcome.Kind;
import dev.tenon.slot.RebuildModel.Act;
import dev.tenon.slot.RebuildModel.Bounds;
import dev.tenon.slot.RebuildModel.Move;
import dev.tenon.slot.RebuildModel.Mutant;
import dev.tenon.slot.RebuildModel.Wrong;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: whatever the order in which an actor, the safe head, the slot's strands, failures and crashes go on, each
/// output is said once in a life of the node, nobody who derives otherwise takes over, and a handover in mode *rebuild*
/// ends, for the right reason. Method: the real log and transfer in all interleavings within some bounds, each state
/// once. That it finds what it should is shown by what is wrong.
class RebuildModelTest {
  private static final int STATES_MAX = 3_000_000;
  /// The log keeps too little for most handovers.
  private static final Bounds SMALL = new Bounds("111", 1, 2, 2, 99, 1, 0, 1, 1);

  /// A state: how it was reached, and what may follow without a fault.
  private record Node(@Nullable Node from, Move by) {}

  private final List<Node> nodes = new ArrayList<>();
  private final List<int[]> calm = new ArrayList<>();
  /// Of those the ones that begin a handover.
  private final List<int[]> begins = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Integer> ends = new ArrayList<>();
  private final Set<Kind> outcomes = EnumSet.noneOf(Kind.class);
  private long transitions;
  private long unknowable;

  static List<Bounds> bounds() {
    List<Bounds> all = new ArrayList<>(List.of(
        new Bounds("102", 2, 0, 0, 0),
        new Bounds("102", 1, 1, 0, 0),
        new Bounds("1020", 1, 0, 1, 0),
        new Bounds("1020", 1, 0, 0, 1),
        new Bounds("010101", 1, 0, 0, 0),
        new Bounds("1111", 1, 2, 2, 99, 1, 0, 0, 0),
        new Bounds("1111", 1, 9, 9, 4, 1, 0, 0, 0),
        SMALL));
    if (Boolean.getBoolean("tenon.nightly")) {
      all.addAll(List.of(
          new Bounds("1020", 1, 1, 0, 0),
          new Bounds("10201", 1, 1, 1, 0),
          new Bounds("1020", 2, 0, 1, 1),
          new Bounds("10201", 2, 1, 0, 0),
          new Bounds("1020", 1, 1, 1, 1),
          new Bounds("1111", 2, 3, 3, 99, 1, 1, 1, 0),
          new Bounds("0101010101", 1, 0, 0, 1)));
    }
    return all;
  }

  /// Each state is reached anew by the way to it: the real objects cannot be copied.
  private void explore(Bounds bounds, Mutant mutant) {
    RebuildModel first = new RebuildModel(bounds, mutant);
    numbers.put(first.key(), 0);
    nodes.add(new Node(null, new Move(Act.SAFE)));
    for (int state = 0; state < nodes.size(); state++) {
      List<Move> way = way(nodes.get(state));
      RebuildModel here = at(bounds, mutant, way);
      if (here.isEnd()) {
        ends.add(state);
        unknowable += here.isUnknowable() ? 1 : 0;
      }
      List<Integer> further = new ArrayList<>();
      List<Integer> anew = new ArrayList<>();
      for (Move move : here.moves()) {
        transitions++;
        int next = number(next(bounds, mutant, way, move), state, move);
        if (!move.isFault()) {
          (move.act() == Act.OPENS ? anew : further).add(next);
        }
      }
      calm.add(further.stream().mapToInt(Integer::intValue).toArray());
      begins.add(anew.stream().mapToInt(Integer::intValue).toArray());
      assertThat(nodes.size()).as("the bounds are too wide").isLessThan(STATES_MAX);
    }
  }

  private int number(RebuildModel reached, int from, Move by) {
    Kind refused = reached.refused;
    if (refused != null) {
      outcomes.add(refused);
    }
    String key = reached.key();
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    numbers.put(key, nodes.size());
    nodes.add(new Node(nodes.get(from), by));
    return nodes.size() - 1;
  }

  private static List<Move> way(Node to) {
    List<Move> way = new ArrayList<>();
    for (Node each = to; each.from() != null; each = each.from()) {
      way.add(each.by());
    }
    return way.reversed();
  }

  private static RebuildModel at(Bounds bounds, Mutant mutant, List<Move> way) {
    RebuildModel model = new RebuildModel(bounds, mutant);
    way.forEach(model::go);
    return model;
  }

  private static RebuildModel next(Bounds bounds, Mutant mutant, List<Move> way, Move move) {
    RebuildModel model = at(bounds, mutant, way);
    try {
      model.refused = null;
      model.go(move);
      model.check();
    } catch (Wrong wrong) {
      List<Move> further = new ArrayList<>(way);
      further.add(move);
      throw told(wrong.getMessage(), further);
    }
    return model;
  }

  private static Wrong told(@Nullable String what, List<Move> way) {
    return new Wrong(what + ":\n  " + String.join("\n  ", way.stream().map(Move::toString).toList()));
  }

  /// From each state all can be done without a further fault: so it will be, if whatever is always possible again
  /// happens at some time.
  ///
  /// @return steps that it takes at most
  private int checkEnds() {
    List<List<Integer>> before = new ArrayList<>();
    nodes.forEach(each -> before.add(new ArrayList<>()));
    for (int state = 0; state < nodes.size(); state++) {
      for (int next : calm.get(state)) {
        before.get(next).add(state);
      }
      for (int next : begins.get(state)) {
        before.get(next).add(state);
      }
    }
    int[] steps = new int[nodes.size()];
    Arrays.fill(steps, -1);
    ArrayDeque<Integer> open = new ArrayDeque<>(ends);
    ends.forEach(each -> steps[each] = 0);
    int longest = 0;
    while (!open.isEmpty()) {
      int state = open.removeFirst();
      longest = steps[state];
      for (int each : before.get(state)) {
        if (steps[each] < 0) {
          steps[each] = steps[state] + 1;
          open.addLast(each);
        }
      }
    }
    for (int state = 0; state < nodes.size(); state++) {
      if (steps[state] < 0) {
        throw told("it waits for ever", way(nodes.get(state)));
      }
    }
    return longest;
  }

  /// Whatever the order, a handover that was begun ends: there is no way round without another begin.
  ///
  /// @return the longest way to there, in steps of anybody
  private int checkBounded() {
    int[] depth = new int[nodes.size()];
    int[] taken = new int[nodes.size()];
    boolean[] under = new boolean[nodes.size()];
    int longest = 0;
    for (int root = 0; root < nodes.size(); root++) {
      ArrayDeque<Integer> way = new ArrayDeque<>();
      way.push(root);
      while (!way.isEmpty()) {
        int state = way.element();
        int[] next = calm.get(state);
        if (taken[state] == next.length) {
          under[state] = false;
          for (int each : next) {
            depth[state] = Math.max(depth[state], depth[each] + 1);
          }
          longest = Math.max(longest, depth[state]);
          way.pop();
        } else {
          under[state] = true;
          int each = next[taken[state]++];
          if (under[each]) {
            throw told("a handover goes on for ever", way(nodes.get(each)));
          }
          if (taken[each] < calm.get(each).length || depth[each] == 0) {
            way.push(each);
          }
        }
      }
    }
    return longest;
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void eachOutputIsSaidOnceAndNobodyTakesOverWhoDerivesOtherwise(Bounds bounds) {
    explore(bounds, Mutant.NONE);
    int steps = checkEnds();
    int longest = checkBounded();
    System.out.printf(
        "rebuild: %,d states, %,d transitions, all of them; a handover ends within %d steps, all is done"
            + " after at most %d; %s, %,d that nobody could know; %s%n",
        nodes.size(), transitions, longest, steps, outcomes, unknowable, bounds);
    assertThat(ends).isNotEmpty();
    assertThat(outcomes).contains(Kind.DONE, Kind.AHEAD);
    assertThat(outcomes.contains(Kind.DIVERGED)).isEqualTo(bounds.plants() > 0);
    assertThat(outcomes.contains(Kind.NO_HISTORY)).isEqualTo(bounds.keepsLittle());
    assertThat(outcomes.contains(Kind.OVERDUE)).isEqualTo(bounds.faults() > 0);
  }

  private static Bounds shows(Mutant mutant) {
    return switch (mutant) {
      case NONE, REST_NOT_FED, AHEAD_IGNORED, NOT_AT_REST, SAID_AGAIN, SAFE_CUT, STAYS_SEALED,
          TRIED_ONCE, ROUNDS_WITHOUT_END ->
          new Bounds("11", 1, 0, 0, 0);
      case LAST_ONLY, MISSING_IGNORED, RECORD_FIRST -> new Bounds("11", 1, 1, 0, 0);
      case FED_WITH_A_GAP, UNBOUNDED -> SMALL;
      case BEHIND_THE_SAFE_HEAD -> new Bounds("11", 1, 0, 0, 1);
    };
  }

  private static String finds(Mutant mutant) {
    return switch (mutant) {
      case NONE -> "nothing";
      case LAST_ONLY -> "it takes over, and has derived another output";
      case MISSING_IGNORED -> "it takes over, and has not derived";
      case RECORD_FIRST -> "it takes over, and has";
      case REST_NOT_FED -> "it takes over, and has not been fed";
      case AHEAD_IGNORED -> "beyond the safe head were said";
      case NOT_AT_REST -> "beyond the safe head were said|who was superseded says";
      case FED_WITH_A_GAP -> "it is fed input";
      case SAID_AGAIN -> "output 0 is said, 1 is next";
      case BEHIND_THE_SAFE_HEAD -> "after a crash at 1";
      case SAFE_CUT -> "refused as AHEAD";
      case STAYS_SEALED -> "nobody wants who serves to rest";
      case TRIED_ONCE -> "it waits for ever";
      case ROUNDS_WITHOUT_END -> "a handover goes on for ever";
      case UNBOUNDED -> "are kept";
    };
  }

  @ParameterizedTest
  @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void eachMutantIsFound(Mutant mutant) {
    assertThatThrownBy(() -> {
      explore(shows(mutant), mutant);
      checkEnds();
      checkBounded();
    }).isInstanceOf(Wrong.class).hasMessageFindingMatch("^[^\\n]*(" + finds(mutant) + ")");
    System.out.println("rebuild: mutant " + mutant + " is found after " + nodes.size() + " states");
  }
}
