package dev.tenon.slot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// All that callers, the fencing strand and ending answers may do to a leased slot, one shared access a step. Pure: a
/// state is an array of numbers, and [#successors] gives each state that may come next.
///
/// Two cells: caller `c` counts in cell `c % 2`. Tenures are numbered: 0 serves at the beginning, each handover goes to
/// the next one. A queue's lock is one step, because nothing of what happens under it is seen in parts.
final class LeaseModel {
  /// What is asked of a run.
  ///
  /// @param callers each goes through its operations in order; it does not wait for their answers
  /// @param operations of each caller
  /// @param asynchronous the first so many operations of caller 0 end later than their call returns
  /// @param handovers one after the other
  /// @param timeouts so many drains may be given up: the door then opens again
  /// @param withdrawals so many units may be taken out of the queue by who waits for them
  /// @param hangs the first so many asynchronous operations are never answered
  /// @param evictions so many drains that have not ended leave behind what is inside
  record Bounds(int callers, int operations, int asynchronous, int handovers, int timeouts, int withdrawals, int hangs,
      int evictions) {
    Bounds(int callers, int operations, int asynchronous, int handovers, int timeouts, int withdrawals) {
      this(callers, operations, asynchronous, handovers, timeouts, withdrawals, 0, 0);
    }
  }

  /// What is wrong, if anything is.
  enum Mutant {
    NONE,
    /// The count may become visible after the look at the door.
    COUNT_NOT_ORDERED,
    /// The look comes before the count.
    LOOK_BEFORE_COUNT,
    /// The exit uses another cell, and the drainer adds the cells up in one pass.
    OTHER_CELL,
    /// Who leaves wakes nobody.
    EXIT_WITHOUT_WAKE,
    /// Who was refused wakes nobody when it uncounts itself.
    REFUSED_WITHOUT_WAKE,
    /// The lease of an asynchronous operation ends with the call.
    ASYNC_AT_RETURN,
    /// The door opens after a look at the queue, not together with it.
    OPEN_WITHOUT_LOCK,
    /// The door opens first, then what waits is dispatched.
    OPEN_BEFORE_DISPATCH,
    /// What waits is dispatched without being counted.
    DISPATCH_UNCOUNTED,
    /// Whose call is left behind hears nothing.
    LEFT_UNTOLD,
    /// Who asks a provider that has been left behind meanwhile hears nothing.
    LATE_UNTOLD
  }

  /// A state that must not be.
  static final class Wrong extends AssertionError {
    private static final long serialVersionUID = 1L;

    Wrong(String what) {
      super(what);
    }
  }

  private static final int CELLS = 2;
  /// Where it stands, operation, tenure, count that is not yet visible (tenure + 1), waiter that it is about to wake.
  private static final int CALLER_SIZE = 5;
  private static final int SHUT = 0;
  private static final int OPEN = 1;
  private static final int NOBODY = -1;

  // Where callers stand.
  private static final int START = 0;
  private static final int COUNT = 1;
  private static final int LOOK = 2;
  private static final int CALL = 3;
  private static final int LEAVE = 4;
  private static final int LEFT = 5;
  private static final int WAKE = 6;
  private static final int REFUSED = 7;
  private static final int REFUSED_LEFT = 8;
  private static final int REFUSED_WAKE = 9;
  private static final int LATER = 10;
  private static final int WAKES = 11;
  private static final int REFUSED_WAKES = 12;
  private static final int IDLE = 13;

  // Where the fencing strand stands.
  private static final int REST = 0;
  private static final int SHUTS = 1;
  private static final int READS = 2;
  private static final int SLEEPS = 3;
  private static final int ADMITS = 4;
  private static final int OPENS = 5;
  private static final int COUNTS_IN = 6;
  private static final int DISPATCHES = 7;
  private static final int LEAVES = 8;
  private static final int ENDED = 9;

  // How an answer stands; its cell is the rest. Uncounted is one that no cell knows of.
  private static final int STAGE = 16;
  private static final int OWED = 0;
  private static final int GIVEN = 1;
  private static final int GIVEN_WAKE = 2;
  private static final int GIVEN_WAKES = 3;
  private static final int UNCOUNTED = 4;

  // How a unit stands.
  private static final int NEW = 0;
  private static final int BEGUN = 1;
  private static final int DONE = 2;
  private static final int WITHDRAWN = 3;
  private static final int PARKED = 4;

  private final Bounds bounds;
  private final Mutant mutant;
  private final int tenures;
  private final int units;

  // Offsets.
  private final int cells;
  private final int doors;
  private final int published;
  private final int closed;
  /// Number of the waiter that the drainer has left, or 0; each drain has one of its own.
  private final int drainer;
  private final int waiter;
  private final int permit;
  private final int strandAt;
  private final int strandTenure;
  private final int strandCell;
  private final int strandSum;
  private final int strandUnit;
  private final int handovers;
  private final int timeouts;
  private final int withdrawals;
  private final int evictions;
  /// By tenure: whether it was left behind.
  private final int left;
  private final int queueLength;
  private final int queue;
  private final int callers;
  private final int states;
  private final int answers;
  private final int answerWaiters;
  private final int length;

  LeaseModel(Bounds bounds, Mutant mutant) {
    this.bounds = bounds;
    this.mutant = mutant;
    this.tenures = bounds.handovers() + 1;
    this.units = bounds.callers() * bounds.operations();
    int at = 0;
    cells = at;
    at += tenures * CELLS;
    doors = at;
    at += tenures;
    published = at++;
    closed = at++;
    drainer = at++;
    waiter = at++;
    permit = at++;
    strandAt = at++;
    strandTenure = at++;
    strandCell = at++;
    strandSum = at++;
    strandUnit = at++;
    handovers = at++;
    timeouts = at++;
    withdrawals = at++;
    evictions = at++;
    left = at;
    at += tenures;
    queueLength = at++;
    queue = at;
    at += units;
    callers = at;
    at += bounds.callers() * CALLER_SIZE;
    states = at;
    at += units;
    answers = at;
    at += units;
    answerWaiters = at;
    at += units;
    length = at;
  }

  byte[] initial() {
    byte[] state = new byte[length];
    state[doors] = OPEN;
    for (int caller = 0; caller < bounds.callers(); caller++) {
      state[callers + caller * CALLER_SIZE] = START;
    }
    Arrays.fill(state, answers, answers + units, (byte) NOBODY);
    state[strandUnit] = NOBODY;
    return state;
  }

  /// @throws Wrong if a step breaks what the slot promises
  List<byte[]> successors(byte[] state) {
    List<byte[]> next = new ArrayList<>();
    for (int caller = 0; caller < bounds.callers(); caller++) {
      step(state, caller, next);
    }
    strand(state, next);
    for (int unit = 0; unit < units; unit++) {
      if (state[answers + unit] != NOBODY && !hangs(state, unit)) {
        next.add(answer(state, unit));
      }
    }
    if (state[withdrawals] < bounds.withdrawals()) {
      for (int i = 0; i < state[queueLength]; i++) {
        next.add(withdraw(state, i));
      }
    }
    return next;
  }

  /// Nothing can happen any more: is all done that was to be?
  void checkEnd(byte[] state) {
    for (int unit = 0; unit < units; unit++) {
      boolean kept = hangs(state, unit) && state[left + tenureOf(state, unit)] == 0; // its provider serves
      if (state[states + unit] != DONE && state[states + unit] != WITHDRAWN && !kept) {
        throw new Wrong("a unit is stuck or forgotten: " + describe(state));
      }
    }
    if (state[strandAt] != ENDED) {
      throw new Wrong("the drainer sleeps for ever: " + describe(state));
    }
    for (int i = 0; i < tenures * CELLS; i++) {
      if (state[cells + i] != 0 && mutant != Mutant.OTHER_CELL && !isHeld(state, i / CELLS)) {
        throw new Wrong("somebody is counted who is not inside: " + describe(state));
      }
    }
  }

  /// Whether it is owed and will be for ever.
  private boolean hangs(byte[] state, int unit) {
    int answer = state[answers + unit];
    return unit < bounds.hangs() && answer != NOBODY && answer / STAGE == OWED;
  }

  private int tenureOf(byte[] state, int unit) {
    return state[answers + unit] % STAGE / CELLS;
  }

  private boolean isHeld(byte[] state, int tenure) {
    for (int unit = 0; unit < bounds.hangs(); unit++) {
      if (hangs(state, unit) && tenureOf(state, unit) == tenure) {
        return true;
      }
    }
    return false;
  }

  // Callers.

  private void step(byte[] state, int caller, List<byte[]> next) {
    int me = callers + caller * CALLER_SIZE;
    int tenure = state[me + 2];
    int unit = caller * bounds.operations() + state[me + 1];
    int cell = cells + tenure * CELLS + caller % CELLS;
    switch (state[me]) {
      case START -> next.add(with(state, me, mutant == Mutant.LOOK_BEFORE_COUNT ? LOOK : COUNT, copy -> {
        copy[me + 2] = copy[published];
      }));
      case COUNT -> {
        if (mutant == Mutant.COUNT_NOT_ORDERED) {
          next.add(with(state, me, LOOK, copy -> copy[me + 3] = (byte) (tenure + 1)));
        } else {
          next.add(with(state, me, mutant == Mutant.LOOK_BEFORE_COUNT ? CALL : LOOK, copy -> copy[cell]++));
        }
      }
      case LOOK -> {
        boolean open = state[doors + tenure] == OPEN;
        if (mutant == Mutant.LOOK_BEFORE_COUNT) {
          next.add(with(state, me, open ? COUNT : LATER, copy -> {}));
        } else {
          next.add(with(state, me, open ? CALL : REFUSED, copy -> {}));
        }
      }
      case CALL -> next.add(call(state, caller, unit, tenure));
      case LEAVE -> next.add(with(state, me, LEFT, copy -> uncount(copy, me, tenure, exitCell(caller))));
      case LEFT -> {
        boolean looks = state[doors + tenure] == SHUT && mutant != Mutant.EXIT_WITHOUT_WAKE;
        next.add(looks ? with(state, me, WAKE, copy -> {}) : operationDone(state, me));
      }
      case WAKE -> next.add(with(state, me, WAKES, copy -> copy[me + 4] = copy[drainer]));
      case WAKES -> next.add(operationDone(woken(state, state[me + 4]), me));
      case REFUSED -> next.add(with(state, me, REFUSED_LEFT, copy -> uncount(copy, me, tenure, exitCell(caller))));
      case REFUSED_LEFT -> {
        boolean looks = state[doors + tenure] == SHUT && mutant != Mutant.REFUSED_WITHOUT_WAKE;
        next.add(with(state, me, looks ? REFUSED_WAKE : LATER, copy -> {}));
      }
      case REFUSED_WAKE -> next.add(with(state, me, REFUSED_WAKES, copy -> copy[me + 4] = copy[drainer]));
      case REFUSED_WAKES -> next.add(with(woken(state, state[me + 4]), me, LATER, copy -> copy[me + 4] = 0));
      case LATER -> {
        if (state[doors + state[published]] == OPEN) {
          next.add(with(state, me, START, copy -> {}));
        } else {
          next.add(operationDone(park(state, unit), me));
        }
      }
      case IDLE -> {}
      default -> throw new IllegalStateException("caller at " + state[me]);
    }
    if (state[me + 3] != 0) {
      // The store buffer empties whenever it likes.
      next.add(with(state, me, state[me], copy -> flush(copy, me, caller)));
    }
  }

  private byte[] call(byte[] state, int caller, int unit, int tenure) {
    int me = callers + caller * CALLER_SIZE;
    byte[] copy = state.clone();
    begin(copy, unit, tenure);
    if (isAsynchronous(unit)) {
      if (mutant == Mutant.ASYNC_AT_RETURN) {
        copy[answers + unit] = (byte) (UNCOUNTED * STAGE + tenure * CELLS);
        copy[me] = LEAVE;
        return copy;
      }
      copy[answers + unit] = (byte) (tenure * CELLS + exitCell(caller));
      if (copy[left + tenure] != 0 && mutant != Mutant.LATE_UNTOLD) {
        copy[states + unit] = DONE;
      }
      flush(copy, me, caller);
      return operationDone(copy, me);
    }
    copy[states + unit] = DONE;
    copy[me] = LEAVE;
    return copy;
  }

  private boolean isAsynchronous(int unit) {
    return unit < bounds.asynchronous();
  }

  private int exitCell(int caller) {
    return (mutant == Mutant.OTHER_CELL ? caller + 1 : caller) % CELLS;
  }

  private void uncount(byte[] copy, int me, int tenure, int cell) {
    flush(copy, me, (me - callers) / CALLER_SIZE);
    copy[cells + tenure * CELLS + cell]--;
  }

  private void flush(byte[] copy, int me, int caller) {
    if (copy[me + 3] != 0) {
      copy[cells + (copy[me + 3] - 1) * CELLS + caller % CELLS]++;
      copy[me + 3] = 0;
    }
  }

  private byte[] operationDone(byte[] state, int me) {
    byte[] copy = state.clone();
    copy[me + 1]++;
    copy[me] = copy[me + 1] < bounds.operations() ? (byte) START : (byte) IDLE;
    copy[me + 2] = 0;
    copy[me + 4] = 0;
    if (copy[me] == IDLE) {
      copy[me + 1] = 0;
    }
    return copy;
  }

  /// A provider is asked.
  private void begin(byte[] copy, int unit, int tenure) {
    if (copy[states + unit] != NEW && copy[states + unit] != PARKED) {
      throw new Wrong("a unit is dispatched twice: " + describe(copy));
    }
    if (tenure < copy[closed] && copy[left + tenure] == 0) {
      throw new Wrong("a call on a provider after its drain: " + describe(copy));
    }
    int first = unit / bounds.operations() * bounds.operations();
    for (int before = first; before < unit; before++) {
      if (copy[states + before] == NEW || copy[states + before] == PARKED) {
        throw new Wrong("a caller's unit overtakes its former one: " + describe(copy));
      }
    }
    copy[states + unit] = BEGUN;
  }

  // Answers.

  private byte[] answer(byte[] state, int unit) {
    byte[] copy = state.clone();
    int cell = state[answers + unit] % STAGE;
    int tenure = cell / CELLS;
    switch (state[answers + unit] / STAGE) {
      case OWED -> {
        checkInside(copy, tenure);
        copy[cells + cell]--;
        copy[states + unit] = DONE;
        copy[answers + unit] = (byte) (GIVEN * STAGE + cell);
      }
      case GIVEN -> {
        boolean looks = copy[doors + tenure] == SHUT && mutant != Mutant.EXIT_WITHOUT_WAKE;
        copy[answers + unit] = looks ? (byte) (GIVEN_WAKE * STAGE + cell) : NOBODY;
      }
      case GIVEN_WAKE -> {
        copy[answerWaiters + unit] = copy[drainer];
        copy[answers + unit] = (byte) (GIVEN_WAKES * STAGE + cell);
      }
      case GIVEN_WAKES -> {
        copy = woken(copy, copy[answerWaiters + unit]);
        copy[answerWaiters + unit] = 0;
        copy[answers + unit] = NOBODY;
      }
      case UNCOUNTED -> {
        checkInside(copy, tenure);
        copy[states + unit] = DONE;
        copy[answers + unit] = NOBODY;
      }
      default -> throw new IllegalStateException("answer at " + state[answers + unit]);
    }
    return copy;
  }

  private void checkInside(byte[] copy, int tenure) {
    if (tenure < copy[closed] && copy[left + tenure] == 0) {
      throw new Wrong("an operation was inside a provider after its drain: " + describe(copy));
    }
  }

  private byte[] woken(byte[] state, int whom) {
    byte[] copy = state.clone();
    if (whom != 0 && whom == copy[waiter]) {
      copy[permit] = 1;
    }
    return copy;
  }

  // The queue.

  private byte[] park(byte[] state, int unit) {
    byte[] copy = state.clone();
    copy[queue + copy[queueLength]] = (byte) unit;
    copy[queueLength]++;
    copy[states + unit] = PARKED;
    return copy;
  }

  private byte[] withdraw(byte[] state, int place) {
    byte[] copy = state.clone();
    copy[states + copy[queue + place]] = WITHDRAWN;
    remove(copy, place);
    copy[withdrawals]++;
    return copy;
  }

  private void remove(byte[] copy, int place) {
    for (int i = place; i < copy[queueLength] - 1; i++) {
      copy[queue + i] = copy[queue + i + 1];
    }
    copy[queueLength]--;
    copy[queue + copy[queueLength]] = 0;
  }

  // The fencing strand.

  private void strand(byte[] state, List<byte[]> next) {
    int tenure = state[strandTenure];
    switch (state[strandAt]) {
      case REST -> {
        if (state[handovers] == bounds.handovers()) {
          next.add(with(state, strandAt, ENDED, copy -> {}));
        } else {
          next.add(with(state, strandAt, SHUTS, copy -> {
            copy[waiter]++;
            copy[drainer] = copy[waiter];
            copy[permit] = 0;
          }));
        }
      }
      case SHUTS -> next.add(with(state, strandAt, READS, copy -> {
        copy[doors + tenure] = SHUT;
        copy[strandCell] = 0;
        copy[strandSum] = 0;
      }));
      case READS -> next.add(read(state, tenure));
      case SLEEPS -> {
        if (state[permit] != 0) {
          next.add(with(state, strandAt, READS, copy -> {
            copy[permit] = 0;
            copy[strandSum] = 0;
            if (mutant == Mutant.OTHER_CELL) {
              copy[strandCell] = 0;
            }
          }));
        }
        if (state[evictions] < bounds.evictions()) {
          next.add(evicted(state, tenure));
        }
        if (state[timeouts] < bounds.timeouts()) {
          next.add(with(state, strandAt, ADMITS, copy -> {
            copy[timeouts]++;
            copy[permit] = 0;
            copy[strandCell] = 0;
            copy[strandSum] = 0;
            openEarly(copy, tenure);
          }));
        }
      }
      case ADMITS -> admit(state, tenure, next);
      case OPENS -> next.add(opened(state, tenure));
      case COUNTS_IN -> next.add(with(state, strandAt, DISPATCHES, copy -> {
        if (mutant != Mutant.DISPATCH_UNCOUNTED) {
          copy[cells + tenure * CELLS]++;
        }
      }));
      case DISPATCHES -> next.add(dispatch(state, tenure));
      case LEAVES -> next.add(with(state, strandAt, ADMITS, copy -> {
        if (mutant != Mutant.DISPATCH_UNCOUNTED) {
          copy[cells + tenure * CELLS]--;
        }
      }));
      case ENDED -> {}
      default -> throw new IllegalStateException("strand at " + state[strandAt]);
    }
  }

  private byte[] read(byte[] state, int tenure) {
    byte[] copy = state.clone();
    int value = copy[cells + tenure * CELLS + copy[strandCell]];
    if (mutant == Mutant.OTHER_CELL) {
      copy[strandSum] += (byte) value;
      copy[strandCell]++;
      if (copy[strandCell] < CELLS) {
        return copy;
      }
      if (copy[strandSum] != 0) {
        copy[strandCell] = 0;
        copy[strandSum] = 0;
        copy[strandAt] = SLEEPS;
        return copy;
      }
    } else if (value != 0) {
      copy[strandAt] = SLEEPS;
      return copy;
    } else {
      copy[strandCell]++;
      if (copy[strandCell] < CELLS) {
        return copy;
      }
    }
    // Drained: from here on nothing may happen on it.
    handOver(copy, tenure);
    return copy;
  }

  /// What is inside is left there, and its callers are told.
  private byte[] evicted(byte[] state, int tenure) {
    byte[] copy = state.clone();
    copy[evictions]++;
    copy[left + tenure] = 1;
    for (int unit = 0; unit < units; unit++) {
      int answer = copy[answers + unit];
      if (answer != NOBODY && answer / STAGE == OWED && tenureOf(copy, unit) == tenure
          && mutant != Mutant.LEFT_UNTOLD) {
        copy[states + unit] = DONE;
      }
    }
    handOver(copy, tenure);
    return copy;
  }

  private void handOver(byte[] copy, int tenure) {
    copy[strandCell] = 0;
    copy[strandSum] = 0;
    copy[permit] = 0;
    copy[handovers]++;
    copy[closed] = (byte) (tenure + 1);
    copy[strandTenure] = (byte) (tenure + 1);
    copy[strandAt] = ADMITS;
    openEarly(copy, tenure + 1);
  }

  private void openEarly(byte[] copy, int tenure) {
    if (mutant == Mutant.OPEN_BEFORE_DISPATCH) {
      copy[drainer] = 0;
      copy[doors + tenure] = OPEN;
      copy[published] = (byte) tenure;
    }
  }

  private void admit(byte[] state, int tenure, List<byte[]> next) {
    if (state[queueLength] == 0) {
      if (mutant == Mutant.OPEN_WITHOUT_LOCK) {
        next.add(with(state, strandAt, OPENS, copy -> {}));
      } else {
        next.add(opened(state, tenure));
      }
    } else {
      next.add(with(state, strandAt, COUNTS_IN, copy -> {
        copy[strandUnit] = copy[queue];
        remove(copy, 0);
      }));
    }
  }

  private byte[] opened(byte[] state, int tenure) {
    byte[] copy = state.clone();
    copy[drainer] = 0;
    copy[doors + tenure] = OPEN;
    copy[published] = (byte) tenure;
    copy[strandAt] = REST;
    return copy;
  }

  private byte[] dispatch(byte[] state, int tenure) {
    byte[] copy = state.clone();
    int unit = copy[strandUnit];
    copy[strandUnit] = NOBODY;
    begin(copy, unit, tenure);
    if (isAsynchronous(unit)) {
      if (mutant == Mutant.ASYNC_AT_RETURN || mutant == Mutant.DISPATCH_UNCOUNTED) {
        copy[answers + unit] = (byte) (UNCOUNTED * STAGE + tenure * CELLS);
        copy[strandAt] = LEAVES;
      } else {
        copy[answers + unit] = (byte) (tenure * CELLS);
        copy[strandAt] = ADMITS;
      }
    } else {
      copy[states + unit] = DONE;
      copy[strandAt] = LEAVES;
    }
    return copy;
  }

  // Small things.

  private interface Change {
    void to(byte[] copy);
  }

  private static byte[] with(byte[] state, int where, int value, Change change) {
    byte[] copy = state.clone();
    copy[where] = (byte) value;
    change.to(copy);
    return copy;
  }

  private String describe(byte[] state) {
    return "cells " + part(state, cells, tenures * CELLS) + ", doors " + part(state, doors, tenures) + ", published "
        + state[published] + ", strand at " + state[strandAt] + ", queue " + part(state, queue, state[queueLength])
        + ", callers " + part(state, callers, bounds.callers() * CALLER_SIZE) + ", units "
        + part(state, states, units) + ", answers " + part(state, answers, units);
  }

  private static String part(byte[] state, int from, int count) {
    return Arrays.toString(Arrays.copyOfRange(state, from, from + count));
  }
}
