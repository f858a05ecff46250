package dev.tenon.handover;

import dev.tenon.handover.ModelSpace.Move;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Visits every state that can be reached within some bounds, the nearest first, and says what is wrong in one, with
/// the way there. States are kept as numbers of their parts, so that nothing of one is forgotten.
///
/// @param <W> a state of the whole
final class HandoverModel<W> {
  /// What was visited.
  ///
  /// @param longest how many steps it takes at most, without further faults, until all are served; of those that were
  ///        not visited nothing is known
  record Visited(int states, long transitions, boolean whole, int longest) {}

  private static final int CHUNK = 1 << 12;

  private final ModelSpace<W> moves;
  private final int partCount;
  private final int statesMax;
  private final Map<Object, Integer> numbers = new HashMap<>();
  private final List<Object> parts = new ArrayList<>();
  private final List<int[]> states = new ArrayList<>();
  private int count;
  private int[] table = new int[1 << 16];
  private int[] parents = new int[1 << 12];
  private int[] labels = new int[1 << 12];
  /// The state that comes next where nothing fails any more; itself where nothing is owed.
  private int[] next = new int[1 << 12];
  private long transitions;
  /// Of states in which somebody waits.
  private final ModelWays ways = new ModelWays();

  HandoverModel(ModelSpace<W> moves, int statesMax) {
    this.moves = moves;
    this.partCount = moves.parts(moves.first()).length;
    this.statesMax = statesMax;
    Arrays.fill(table, -1);
  }

  Visited visit() {
    W first = moves.first();
    put(first, moves.parts(first), new int[partCount], -1, "");
    int at = 0;
    while (at < count && count < statesMax) {
      expand(at++);
    }
    boolean whole = at == count;
    for (int rest = at; rest < count; rest++) {
      next[rest] = -1;
    }
    if (whole) {
      endsInAnyOrder();
    }
    return new Visited(count, transitions, whole, served());
  }

  private void expand(int at) {
    W world = world(at);
    Object[] before = moves.parts(world);
    int[] numbersBefore = numbersOf(at);
    List<Move<W>> found;
    try {
      found = moves.from(world);
    } catch (ModelWrong wrong) {
      throw told(String.valueOf(wrong.getMessage()), at, wrong);
    }
    boolean served = moves.isServed(world);
    int best = ModelSpace.NEVER;
    next[at] = served ? at : -2;
    ways.begin();
    for (Move<W> move : found) {
      transitions++;
      int to = put(move.world(), before, numbersBefore, at, move.label());
      if (!served && move.order() != ModelSpace.NEVER) {
        ways.add(to, number(move.label()), move.order() == ModelSpace.OVERDUE);
      }
      if (!served && move.order() < best) {
        best = move.order();
        next[at] = to;
      }
    }
    if (!served && best == ModelSpace.NEVER) {
      throw told("nothing goes on, and callers wait", at, null);
    }
  }

  /// From every state all are served in the end.
  private int served() {
    int[] steps = new int[count];
    Arrays.fill(steps, -1);
    int longest = 0;
    int[] way = new int[count];
    for (int from = 0; from < count; from++) {
      int length = 0;
      int at = from;
      while (steps[at] == -1) {
        if (next[at] == at || next[at] == -1) {
          steps[at] = 0;
          break;
        }
        steps[at] = -2;
        way[length++] = at;
        at = next[at];
      }
      if (steps[at] == -2) {
        throw told("nobody is served, for ever", at, null);
      }
      int done = steps[at];
      while (length > 0) {
        steps[way[--length]] = ++done;
      }
      longest = Math.max(longest, steps[from]);
    }
    return longest;
  }

  /// Whatever the order of steps, all are served in the end.
  private void endsInAnyOrder() {
    BitSet round = ways.round();
    if (!round.isEmpty()) {
      throw told("an order of steps goes on for ever in " + round.cardinality() + " states, and callers wait",
          round.nextSetBit(0), null);
    }
  }

  int count() {
    return count;
  }

  private ModelWrong told(String what, int at, @org.jspecify.annotations.Nullable Throwable cause) {
    StringBuilder text = new StringBuilder(what).append("; after ").append(count).append(" states");
    List<String> way = new ArrayList<>();
    for (int state = at; state > 0; state = parents[state]) {
      way.add((String) parts.get(labels[state]));
    }
    way.reversed().forEach(label -> text.append("\n  ").append(label));
    text.append("\n  in ").append(world(at));
    ModelWrong wrong = new ModelWrong(text.toString());
    if (cause != null) {
      wrong.initCause(cause);
    }
    return wrong;
  }

  // States.

  private int number(Object part) {
    Integer known = numbers.putIfAbsent(part, parts.size());
    if (known == null) {
      parts.add(part);
      return parts.size() - 1;
    }
    return known;
  }

  private int[] numbersOf(int state) {
    int from = state % CHUNK * partCount;
    return Arrays.copyOfRange(states.get(state / CHUNK), from, from + partCount);
  }

  /// Most parts are those of the state before.
  private int number(Object part, Object before, int numberBefore) {
    return count > 0 && part.equals(before) ? numberBefore : number(part);
  }

  private int put(W world, Object[] before, int[] numbersBefore, int parent, String label) {
    Object[] now = moves.parts(world);
    int[] key = new int[partCount];
    for (int part = 0; part < partCount; part++) {
      key[part] = number(now[part], before[part], numbersBefore[part]);
    }
    int slot = place(Arrays.hashCode(key));
    while (table[slot] >= 0) {
      if (equal(table[slot], key)) {
        return table[slot];
      }
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = count;
    if (count % CHUNK == 0) {
      states.add(new int[CHUNK * partCount]);
    }
    System.arraycopy(key, 0, states.get(count / CHUNK), count % CHUNK * partCount, partCount);
    if (count == parents.length) {
      parents = Arrays.copyOf(parents, count * 2);
      labels = Arrays.copyOf(labels, count * 2);
      next = Arrays.copyOf(next, count * 2);
    }
    parents[count] = parent;
    labels[count] = number(label);
    count++;
    if (count * 2 > table.length) {
      grow();
    }
    return count - 1;
  }

  private int place(int hash) {
    return ((hash * 0x9E3779B9) >>> 1) & (table.length - 1);
  }

  private boolean equal(int state, int[] key) {
    int from = state % CHUNK * partCount;
    return Arrays.equals(states.get(state / CHUNK), from, from + partCount, key, 0, partCount);
  }

  private void grow() {
    table = new int[table.length * 2];
    Arrays.fill(table, -1);
    for (int state = 0; state < count; state++) {
      int slot = place(Arrays.hashCode(numbersOf(state)));
      while (table[slot] >= 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = state;
    }
  }

  private W world(int state) {
    Object[] all = new Object[partCount];
    for (int part = 0; part < partCount; part++) {
      all[part] = parts.get(states.get(state / CHUNK)[state % CHUNK * partCount + part]);
    }
    return moves.world(all);
  }
}
