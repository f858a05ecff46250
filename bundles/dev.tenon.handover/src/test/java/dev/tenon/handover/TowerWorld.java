package dev.tenon.handover;

import dev.tenon.handover.ModelWorld.Cast;
import dev.tenon.handover.ModelWorld.Task;
import java.util.List;

/// A state of two slots, one above the other, and the world around them. Immutable; equal states are equal.
///
/// @param lower the slot beneath, which holds all items
/// @param upper the slot that stands on it
/// @param base what the lower one's facade knows, and its caller
/// @param top what the upper one's facade and instances know, and its caller
/// @param left what may still happen
record TowerWorld(Side lower, Side upper, Base base, Top top, Left left) {
  /// One slot: the machine, its timers, tasks, tenants and files. A task of part -1 is held back by a pause.
  record Side(SlotModel model, List<Long> armed, List<Task> tasks, Cast cast, ModelFiles files, boolean paused) {}

  /// A unit is a number: 256 times the journal, and the item, or what is asked.
  ///
  /// @param issued how many items the caller has asked for
  /// @param acknowledged how many of them it knows to be durable; survives crashes, for the check
  /// @param kept changes that were run and are not durable
  /// @param durable what is, of each journal
  /// @param known whether a provider has said what there is
  /// @param lines the change table
  /// @param piece what was read of each journal for a standby and is not applied yet; empty where none is filled
  record Base(int issued, int acknowledged, List<Integer> queue, boolean signalled, List<Integer> kept,
      List<ModelJournal> durable, boolean known, List<ModelWorld.Line> lines, List<List<ModelJournal.Op>> piece) {}

  /// @param queue items that wait
  /// @param unknown whether the caller heard that nothing is known, and has to read again
  /// @param memory what the instance of each location has in memory; empty where there is none
  /// @param replies of each journal beneath, what its owner's strand waits for
  /// @param carried how many items of who serves were carried over; -1 where nobody is filled
  /// @param piece what was read and not applied
  record Top(int issued, int acknowledged, List<Integer> queue, boolean signalled, boolean unknown,
      List<String> memory, List<Reply> replies, int carried, String piece) {}

  enum Reply {
    NONE, WAITING, DONE, FAILED
  }

  /// @param crashes of the node
  /// @param faults calls that fail, hang or are slow
  /// @param lowerWish which of the wishes stands
  /// @param upperWish likewise
  /// @param departures of the provider beneath, which comes back
  /// @param gone whether it is away
  /// @param stops of the node
  /// @param excused whether something has happened after which a slot may wait for the operator
  record Left(int crashes, int faults, int lowerWish, int upperWish, int departures, boolean gone, int stops,
      boolean stopping, boolean excused) {
    Left crash() {
      return new Left(crashes - 1, faults, lowerWish, upperWish, departures, false, stops, false, excused);
    }

    Left fault() {
      return new Left(crashes, faults - 1, lowerWish, upperWish, departures, gone, stops, stopping, excused);
    }

    Left wished(boolean lower) {
      return new Left(crashes, faults, lowerWish + (lower ? 1 : 0), upperWish + (lower ? 0 : 1), departures, gone,
          stops, stopping, excused);
    }

    Left departs() {
      return new Left(crashes, faults, lowerWish, upperWish, departures - 1, true, stops, stopping, excused);
    }

    Left returns() {
      return new Left(crashes, faults, lowerWish, upperWish, departures, false, stops, stopping, excused);
    }

    Left stop() {
      return new Left(crashes, faults, lowerWish, upperWish, departures, gone, stops - 1, true, excused);
    }

    Left starts() {
      return new Left(crashes, faults, lowerWish, upperWish, departures, false, stops, false, excused);
    }

    Left excuse() {
      return new Left(crashes, faults, lowerWish, upperWish, departures, gone, stops, stopping, true);
    }
  }
}
