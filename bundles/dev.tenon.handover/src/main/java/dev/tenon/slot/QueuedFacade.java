package dev.tenon.slot;

import dev.tenon.runtime.role.OpenContext;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/// The role's side of one queued slot: the object that engines hold, and how its provider is served. All but [#service]
/// and [#fence] run on the slot's strand, one at a time. What [#open] returns stands for the provider's instance: a
/// small object of the facade's own, which lets go of the provider's when it is closed.
@ConsumerType
public interface QueuedFacade {
  /// What engines hold.
  ///
  /// @return always the same, of the role's interface
  Object service();

  /// Opens a provider at its location. Nothing of it is used before [#resume].
  ///
  /// @param provider the service
  /// @param context what the instance gets
  /// @return the instance
  Object open(Object provider, OpenContext context);

  /// Activates an instance, compares what it found with what was acknowledged, applies again what is not durable,
  /// syncs.
  ///
  /// @param instance just opened
  /// @throws dev.tenon.runtime.storage.CorruptionException if something acknowledged is missing: the slot is then
  ///     failed
  void resume(Object instance);

  /// Begins to carry over what an instance holds. From now on the facade notes what changes there. One at a time: a
  /// later call ends the transfer before. On the strand of the instance that serves.
  ///
  /// @param from the instance that serves
  /// @return carries over
  QueuedTransfer transfer(Object from);

  /// Behind the fence, before the rest is read: stops calls that reach the instance past the queue. On its strand.
  ///
  /// @param instance that serves
  /// @param deadlineMs how long it may wait for those that are inside
  /// @return false if some still are: the handover is given up, and [#settled] lets them in again
  default boolean hold(Object instance, long deadlineMs) { return true; }

  /// Who is inside the instance past the queue. Any thread; from memory. Asked a few times within `overdueMs`.
  ///
  /// @param instance that serves or has ended
  /// @param overdueMs what is too long
  /// @return about that
  default CallsInside inside(Object instance, long overdueMs) { return CallsInside.NONE; }

  /// Whose frames tell that a thread is inside past the queue: by them an operator is shown where a call hangs.
  ///
  /// @param instance that serves
  /// @return beginnings of names of classes, such as a package's with its dot; empty where nobody comes in like that
  default List<String> framesInside(Object instance) { return List.of(); }

  /// What was taken out of the queue has run. Where calls reach the instance past the queue, they may come in if
  /// nothing waits there. On its strand, after each batch, the first one after [#resume] or [#adopt] included.
  ///
  /// @param instance that serves
  default void settled(Object instance) {}

  /// Ends the transfer, if there is one: nothing is noted any more. Any thread; does not block.
  void endTransfer();

  /// Activates an instance to which everything was carried over and made durable, and lets it serve. On its own strand.
  ///
  /// @param instance in standby
  void adopt(Object instance);

  /// What is held, for an operator: a few lines. Any thread; from memory.
  ///
  /// @return immutable
  List<String> known();

  /// Whether a sync is due though nobody waits for one, because too much is held.
  ///
  /// @return after each batch
  boolean wantsSync();

  /// Makes everything run so far durable, and releases what was kept for it.
  ///
  /// @param instance that serves
  void sync(Object instance);

  /// Syncs and ends writing.
  ///
  /// @param instance that serves
  void seal(Object instance);

  /// Ends an instance's say: whatever a late call of it still does no longer counts here. Any thread; does not block.
  ///
  /// @param instance opened, perhaps stuck in a call
  void fence(Object instance);

  /// Frees an instance.
  ///
  /// @param instance opened, perhaps dead
  void close(Object instance);
}
