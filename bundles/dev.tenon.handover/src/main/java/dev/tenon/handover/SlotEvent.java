package dev.tenon.handover;

import dev.tenon.runtime.role.Description;
import java.util.List;

/// What a slot's machine hears. Ends of steps carry the step's number, so that a late one is known.
sealed interface SlotEvent {
  /// The end of a step, or a limit: known by its number to the one that it belongs to.
  sealed interface Ending extends SlotEvent {
    /// Of the step or the timer.
    long number();
  }

  /// The slot was configured.
  record Begin() implements SlotEvent {}

  /// Record and locations were read.
  record Loaded(long step, StartTable.Verdict verdict) implements SlotEvent {}

  /// A provider said what it is.
  record Taken(long step, Description description) implements Ending {
    @Override
    public long number() {
      return step;
    }
  }

  /// A step without an answer has ended well.
  record Done(long step) implements Ending {
    @Override
    public long number() {
      return step;
    }
  }

  /// A batch has ended well.
  ///
  /// @param ran how many units
  /// @param more whether others wait
  record Batched(long step, int ran, boolean more) implements SlotEvent {}

  /// Disk and location were measured.
  ///
  /// @param heldBytes what the location of who serves holds
  /// @param tailBytes what its facade holds beside it
  /// @param usableBytes what is free
  /// @param bytesPerSecond how fast the last handover copied; 0 where there was none
  record Measured(long step, long heldBytes, long tailBytes, long usableBytes, long bytesPerSecond) implements Ending {
    @Override
    public long number() {
      return step;
    }
  }

  /// A piece was read from the instance that serves.
  ///
  /// @param items in the piece
  /// @param bytes in the piece
  /// @param left items still to be copied
  /// @param endsRound whether a round ends with it
  record Exported(long step, int items, long bytes, long left, boolean endsRound) implements Ending {
    @Override
    public long number() {
      return step;
    }
  }

  /// A step has failed.
  record Broke(long step, Failure failure) implements Ending {
    @Override
    public long number() {
      return step;
    }
  }

  /// It may not fence now.
  ///
  /// @param step of the question
  record Refused(long step) implements Ending {
    @Override
    public long number() {
      return step;
    }
  }

  /// A limit has passed.
  ///
  /// @param timer its number
  record Late(long timer) implements Ending {
    @Override
    public long number() {
      return timer;
    }
  }

  /// A batch has run for longer than the operation deadline.
  ///
  /// @param step its number
  record Overdue(long step) implements SlotEvent {}

  /// A unit came into an empty queue.
  record Work() implements SlotEvent {}

  /// These providers are registered now.
  ///
  /// @param present sorted by `ref`
  record Present(List<Candidate> present) implements SlotEvent {}

  /// Of these providers as many takings hang as may: they are not taken again until that changes.
  ///
  /// @param refs sorted
  record Hung(List<Long> refs) implements SlotEvent {}

  /// What it stands on has changed.
  record Stands(Footing footing) implements SlotEvent {}

  /// What is asked for.
  ///
  /// @param atOnce whether an operator waits for it
  /// @param evict whether a call that does not end is left behind for it
  record Wished(Terms terms, boolean atOnce, boolean evict) implements SlotEvent {}

  /// Somebody wants to know what a handover would be.
  ///
  /// @param ask a number of its own, above 0
  /// @param provider as in [Terms]
  record Look(long ask, String provider) implements SlotEvent {}

  /// The handover that is being prepared has taken too long.
  record Expired(String reason) implements SlotEvent {}

  /// The record says that whoever signs may do so again.
  ///
  /// @param nothingAbove as in [Fact#signing]
  record Signing(boolean nothingAbove) implements SlotEvent {}

  /// The node stops, or the slot's configuration is gone.
  record Stop() implements SlotEvent {}
}
