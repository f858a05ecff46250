package dev.tenon.slot;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Stripes;
import dev.tenon.runtime.Waiter;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.osgi.annotation.versioning.ProviderType;

/// What a facade sees of its slot. Any thread; nothing blocks.
@ProviderType
public interface SlotPort {
  /// The slot.
  ///
  /// @return its name
  SlotName name();

  /// Where it stands.
  ///
  /// @return the state now
  SlotState state();

  /// Why it stands there.
  ///
  /// @return one phrase, or nothing
  String reason();

  /// The generation of the record.
  ///
  /// @return 0 where there is none
  long generation();

  /// Whether the slot was recovered from older storage, so that whoever signs on it has to stay silent. Until an
  /// operator lifts that.
  ///
  /// @return from memory
  boolean signingOff();

  /// Whether it was recovered like that, and no operator has said since that nothing is missing.
  ///
  /// @return from memory
  boolean isRecovered();

  /// A completion that the facade ends.
  ///
  /// @param <T> its value
  /// @return a new promise
  <T> Promise<T> promise();

  /// Puts a unit into the queue. One in sixteen places is kept for units that expire, so that a commit finds room where
  /// appends do not.
  ///
  /// @param unit new
  /// @return false if the bound is reached: the unit was not taken
  boolean offer(SlotUnit unit);

  /// What became of a unit that was to wait in front of a shut door.
  enum Parking {
    /// It waits.
    WAITS,
    /// The bound is reached: it was not taken.
    FULL,
    /// The door is open: it was not taken.
    OPEN
  }

  /// Puts a unit into the queue, but only while a door is shut. No door opens between the look and the entry if it is
  /// opened by [#ifNoneWaits].
  ///
  /// @param unit new
  /// @param shut looks at the door; runs under the queue's lock, once
  /// @return what became of it
  Parking park(SlotUnit unit, BooleanSupplier shut);

  /// Does something while the queue is empty and nothing comes into it.
  ///
  /// @param action a few instructions: it runs under the queue's lock
  /// @return false if a unit waits: nothing was done
  boolean ifNoneWaits(Runnable action);

  /// Cells for counts.
  ///
  /// @return the runtime's
  Stripes stripes();

  /// A permit for a task of a strand.
  ///
  /// @return a new one
  Waiter waiter();

  /// The node's clock.
  ///
  /// @return in a task of a strand the task's own
  Clock clock();

  /// Takes a unit out that was not yet dispatched, because its caller gave up. Else nothing happens.
  ///
  /// @param unit was offered
  void withdraw(SlotUnit unit);

  /// Says that kept units no longer count: what they changed is durable, or was dropped.
  ///
  /// @param units how many
  /// @param bytes their sum
  void release(int units, long bytes);

  /// Makes the mailbox of an actor role: the slot counts what waits in it, ends what waits too long while nobody
  /// serves, and closes it at its own end.
  ///
  /// @param <M> messages of the role's contract
  /// @param spec lanes, bounds and what a full lane does
  /// @param bytesOf about what a message holds; pure
  /// @return valid as long as the slot
  <M> SlotMailbox<M> mailbox(MailboxSpec<M> spec, ToIntFunction<M> bytesOf);

  /// Starts an actor under a name of the slot's own. For [Seat].
  ///
  /// @param <M> its messages
  /// @param spec of its mailbox
  /// @param factory makes it, in its first turn
  /// @return its mailbox
  <M> Mailbox<M> spawn(MailboxSpec<M> spec, Function<Context<M>, Actor<M>> factory);

  /// How many queued and kept units there are at most.
  ///
  /// @return the bound
  int heldUnitsMax();

  /// How many bytes are held at most by queued and kept units together; one unit may exceed that where they hold no
  /// more than a quarter.
  ///
  /// @return the bound
  long heldBytesMax();

  /// How long an instance may take to seal itself, calls that are inside included. Asked for at each seal: an operator
  /// may change it.
  ///
  /// @return ms
  long sealDeadlineMs();

  /// Ends when the slot is active, at once where it is. Fails with a [SlotUnavailableException] once it will not be any
  /// more.
  ///
  /// @return the generation that serves
  Completion<Long> whenActive();
}
