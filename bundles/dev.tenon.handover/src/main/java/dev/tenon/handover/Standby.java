package dev.tenon.handover;

import dev.tenon.runtime.role.Description;
import org.jspecify.annotations.Nullable;

/// What a slot's machine knows of the provider that is to take over. Immutable.
///
/// @param look number of the question, where somebody only wants to know what a handover would be; else 0
/// @param stage where its filling stands
/// @param candidate who takes over
/// @param description what it said of itself; null before it was asked
/// @param generation the one it would serve
/// @param location where it is filled, or empty before that is made
/// @param rounds how many rounds of copying have ended
/// @param itemsLeft how many items were to be copied when the last piece was read
/// @param roundItems copied so far in the round under way
/// @param items copied so far
/// @param bytes copied so far
/// @param step number of the step under way
/// @param timer number of the timer that counts
/// @param overdue whether the step under way has not ended in time, and is waited for all the same
record Standby(long look, Stage stage, Candidate candidate, @Nullable Description description, long generation,
    String location,
    int rounds, long itemsLeft, long roundItems, long items, long bytes, long step, long timer, boolean overdue) {
  /// Where the filling of a standby instance stands.
  enum Stage {
    /// The wish rests for a moment, or the attempt before has failed: nothing is taken yet.
    WAITING,
    /// The provider is taken and asked what it is.
    TAKING,
    /// Disk and content are measured.
    MEASURING,
    /// Its location is made.
    LOCATING,
    /// It opens.
    OPENING,
    /// The instance that serves is read.
    EXPORTING,
    /// What was read is applied.
    APPLYING,
    /// What was applied is synced and compared: a round, or the tail, ends.
    VERIFYING,
    /// It has asked whether the slot may fence; those above are being paused.
    ASKING,
    /// It may not yet: a slot above or beneath is at its own fence. Rounds go on in a moment.
    TURN,
    /// All but the tail is there: the batch in flight has to end first.
    FENCING,
    /// All is there and compared: the record decides next.
    READY,
    /// Given up: its storage view ends.
    REVOKING,
    /// Given up: the instance is closed.
    CLOSING,
    /// Given up: its location is deleted.
    DROPPING
  }

  static Standby waiting(Candidate candidate, long timer) {
    return new Standby(0, Stage.WAITING, candidate, null, 0, "", 0, 0, 0, 0, 0, 0, timer, false);
  }

  /// Nobody is to take over: it is only looked at.
  static Standby looking(long ask, Candidate candidate) {
    return new Standby(ask, Stage.WAITING, candidate, null, 0, "", 0, 0, 0, 0, 0, 0, 0, false);
  }

  boolean isLook() { return look != 0; }

  /// Whether it may still take over.
  boolean isFilling() {
    return switch (stage) {
      case TAKING, MEASURING, LOCATING, OPENING, EXPORTING, APPLYING, VERIFYING, ASKING, TURN, FENCING, READY -> true;
      case WAITING, REVOKING, CLOSING, DROPPING -> false;
    };
  }

  /// Whether its provider was taken and not given back.
  boolean holdsItsProvider() {
    return stage != Stage.WAITING && stage != Stage.DROPPING;
  }

  Standby at(Stage next, long nextStep) {
    return new Standby(look, next, candidate, description, generation, location, rounds, itemsLeft, roundItems, items,
        bytes, nextStep, timer, false);
  }

  Standby described(Description says) {
    return new Standby(look, stage, candidate, says, generation, location, rounds, itemsLeft, roundItems, items,
        bytes, step, timer, overdue);
  }

  Standby located(long nextGeneration, String at) {
    return new Standby(look, stage, candidate, description, nextGeneration, at, rounds, itemsLeft, roundItems, items,
        bytes, step, timer, overdue);
  }

  Standby copied(int newItems, long newBytes, long left) {
    return new Standby(look, stage, candidate, description, generation, location, rounds, left,
        roundItems + newItems, items + newItems, bytes + newBytes, step, timer, overdue);
  }

  /// Whether little is left at the end of a round: beside what was to be copied when its last piece was read counts
  /// what it carried itself, since the longer that takes to apply and compare, the more comes in meanwhile.
  boolean isTailShort(int itemsMax) {
    return Math.max(itemsLeft, roundItems) <= itemsMax;
  }

  Standby roundEnded() {
    return new Standby(look, stage, candidate, description, generation, location, rounds + 1, itemsLeft, 0,
        items, bytes, step, timer, overdue);
  }

  /// A round that ended while it may not fence does not count.
  Standby uncounted() {
    return new Standby(look, stage, candidate, description, generation, location, Math.max(0, rounds - 1), itemsLeft,
        roundItems, items, bytes, step, timer, overdue);
  }

  Standby timed(long number) {
    return new Standby(look, stage, candidate, description, generation, location, rounds, itemsLeft, roundItems,
        items, bytes, step, number, overdue);
  }

  /// Its step under way takes too long.
  Standby late() {
    return new Standby(look, stage, candidate, description, generation, location, rounds, itemsLeft, roundItems,
        items, bytes, step, timer, true);
  }
}
