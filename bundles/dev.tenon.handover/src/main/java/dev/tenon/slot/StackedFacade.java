package dev.tenon.slot;

import dev.tenon.runtime.Completion;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.osgi.annotation.versioning.ConsumerType;

/// A facade on which slots above may keep stores, each under its location. A handover of this slot carries over the
/// stores of every location, also of one that is retained: somebody may have to go back to it. Any thread; nothing
/// blocks.
@ConsumerType
public interface StackedFacade extends QueuedFacade {
  /// What an instance of a slot above gets: as [#service], but it sees its own stores only, and what its strand waits
  /// for fails with [SlotUnavailableException] where this slot has lost its provider.
  ///
  /// @param owner the instance
  /// @param ended whether its storage view was revoked: nothing of it takes effect after that
  /// @return of the role's interface
  Object lend(StoreOwner owner, BooleanSupplier ended);

  /// An instance begins: whatever was opened under a lower generation of its location is fenced, and the stores of
  /// locations of its slot that are not there any more go. [#forget] is no more than word of it: a process may end
  /// before it is asked for, or done.
  ///
  /// @param owner the instance
  /// @param ended as in [#lend]: then nothing of this is done any more
  /// @param fresh whether its location was just made: what is left of an earlier one of its name goes first
  /// @param there the locations of its slot whose stores stay, as in [StoreOwner]
  /// @return ends when that is so
  Completion<Boolean> own(StoreOwner owner, BooleanSupplier ended, boolean fresh, List<String> there);

  /// A location is deleted: its stores go. Should this be lost, they go when an instance begins.
  ///
  /// @param location as in [StoreOwner]
  /// @return false if that could not be asked for now
  boolean forget(String location);
}
