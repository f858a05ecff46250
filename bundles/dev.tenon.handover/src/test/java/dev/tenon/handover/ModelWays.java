package dev.tenon.handover;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Where states may go on to without a fault, and whether some order of steps goes on for ever. An order does not count
/// in which a step is never made that may be made all the time, nor one in which time does not pass for a limit that
/// runs on whatever else happens, and may pass again and again. All others have to come to an end.
final class ModelWays {
  private static final int NONE = -1;

  /// Of each state the place of its first way; its last is before the next state's first.
  private int[] firsts = new int[1 << 12];
  private int[] targets = new int[1 << 14];
  private int[] labels = new int[1 << 14];
  /// Labels of limits that run on.
  private final BitSet runsOn = new BitSet();
  private int states;
  private int count;

  /// The ways of the next state follow.
  void begin() {
    if (states + 1 >= firsts.length) {
      firsts = Arrays.copyOf(firsts, firsts.length * 2);
    }
    firsts[states++] = count;
    firsts[states] = count;
  }

  /// One way of the state that was begun last.
  ///
  /// @param limit whether it is a limit that runs on
  void add(int target, int label, boolean limit) {
    if (count == targets.length) {
      targets = Arrays.copyOf(targets, count * 2);
      labels = Arrays.copyOf(labels, count * 2);
    }
    targets[count] = target;
    labels[count++] = label;
    firsts[states] = count;
    runsOn.set(label, limit);
  }

  /// States that some order of steps may go round in for ever.
  ///
  /// @return empty where there is none
  BitSet round() {
    BitSet all = new BitSet();
    all.set(0, states);
    return round(all);
  }

  private BitSet round(BitSet among) {
    Parts parts = new Parts(among);
    for (int at = among.nextSetBit(0); at >= 0; at = among.nextSetBit(at + 1)) {
      for (BitSet part = parts.from(at); !part.isEmpty(); part = parts.next()) {
        BitSet found = within(part);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return new BitSet();
  }

  /// Of states that lead to each other those that can be gone round in.
  private BitSet within(BitSet part) {
    BitSet always = new BitSet();
    BitSet sometimes = new BitSet();
    BitSet stays = new BitSet();
    part.stream().forEach(state -> {
      BitSet possible = possible(state);
      if (state == part.nextSetBit(0)) {
        always.or(possible);
      }
      always.and(possible);
      sometimes.or(possible);
      for (int way = firsts[state]; way < firsts[state + 1]; way++) {
        if (part.get(targets[way])) {
          stays.set(labels[way]);
        }
      }
    });
    always.andNot(stays);
    if (!always.isEmpty()) {
      return new BitSet();
    }
    sometimes.and(runsOn);
    sometimes.andNot(stays);
    if (sometimes.isEmpty()) {
      return part;
    }
    BitSet rest = new BitSet();
    part.stream().filter(state -> !possible(state).intersects(sometimes)).forEach(rest::set);
    return round(rest);
  }

  private BitSet possible(int state) {
    BitSet possible = new BitSet();
    for (int way = firsts[state]; way < firsts[state + 1]; way++) {
      possible.set(labels[way]);
    }
    return possible;
  }

  /// The strongly connected parts among some states, by Tarjan's algorithm without recursion.
  private final class Parts {
    private final BitSet among;
    private final int[] index = new int[states];
    private final int[] low = new int[states];
    private final int[] at = new int[states];
    private final BitSet closed = new BitSet();
    private final int[] open = new int[states];
    private final int[] path = new int[states];
    private int entered;
    private int opened;
    private int deep;

    Parts(BitSet among) {
      this.among = among;
      Arrays.fill(index, NONE);
    }

    /// @return as [#next]
    BitSet from(int start) {
      if (index[start] == NONE) {
        enter(start);
      }
      return next();
    }

    private void enter(int state) {
      index[state] = entered;
      low[state] = entered++;
      at[state] = firsts[state];
      open[opened++] = state;
      path[deep++] = state;
    }

    /// @return the next part of more than one state; empty where all that was entered is done
    BitSet next() {
      while (deep > 0) {
        int state = path[deep - 1];
        if (at[state] < firsts[state + 1]) {
          look(state, targets[at[state]++]);
        } else {
          deep--;
          if (deep > 0) {
            low[path[deep - 1]] = Math.min(low[path[deep - 1]], low[state]);
          }
          if (low[state] == index[state] && open[opened - 1] == state) {
            closed.set(open[--opened]); // alone: what leads back to it at once changes nothing
          } else if (low[state] == index[state]) {
            return close(state);
          }
        }
      }
      return new BitSet();
    }

    private void look(int state, int to) {
      if (!among.get(to)) {
        return;
      }
      if (index[to] == NONE) {
        enter(to);
      } else if (!closed.get(to)) {
        low[state] = Math.min(low[state], index[to]);
      }
    }

    private BitSet close(int root) {
      BitSet part = new BitSet();
      int state;
      do {
        state = open[--opened];
        part.set(state);
      } while (state != root);
      closed.or(part);
      return part;
    }
  }
}
