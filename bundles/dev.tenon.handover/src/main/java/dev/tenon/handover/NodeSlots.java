package dev.tenon.handover;

import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotStatus;
import java.util.List;
import java.util.function.Consumer;

/// The slots of one node and the conductor that runs them: what the adapter to OSGi, and a simulation's script, speak
/// to. Any thread; nothing blocks.
public final class NodeSlots {
  private static final String CONDUCTOR = "conductor";

  private final Slots board;
  private final Mailbox<Conductor.Message> conductor;

  /// Whether a conductor may be started: none of an earlier start is left, whose slots could not end.
  ///
  /// @param runtime the node's
  /// @return once true it stays so until somebody starts one
  static boolean mayBegin(Runtime runtime) {
    return !runtime.hasActor(CONDUCTOR);
  }

  /// Starts a conductor.
  ///
  /// @param runtime the node's
  /// @param registry where facades go
  public NodeSlots(Runtime runtime, FacadeRegistry registry) {
    this(runtime, registry, new Slots());
  }

  NodeSlots(Runtime runtime, FacadeRegistry registry, Slots board) {
    this.board = board;
    this.conductor = runtime.spawn(CONDUCTOR, Conductor.mailbox(),
        context -> new Conductor(runtime, context, registry, board));
  }

  /// A strategy is there. One a role.
  ///
  /// @param strategy of a queued role
  public void teach(QueuedRole strategy) {
    post(new Conductor.Message.Taught(strategy));
  }

  /// A strategy goes: its slots are sealed and their facades withdrawn.
  ///
  /// @param role whose
  /// @param departure told when they are
  public void unteach(String role, Departure departure) {
    post(new Conductor.Message.Untaught(role, departure), departure);
  }

  /// A provider is there.
  ///
  /// @param ref a number never used before
  /// @param role its role
  /// @param provider its short name
  /// @param bundle its bundle's symbolic name
  /// @param version its bundle's version
  /// @param source takes it
  public void provide(long ref, String role, String provider, String bundle, String version, ProviderSource source) {
    post(new Conductor.Message.Provided(role, new Candidate(ref, provider, bundle, version), source));
  }

  /// A provider goes: the slots that it serves are sealed side by side.
  ///
  /// @param ref as it was provided
  /// @param departure told when none holds it any more
  public void withdraw(long ref, Departure departure) {
    post(new Conductor.Message.Withdrawn(ref, departure), departure);
  }

  /// A slot is asked for, or for something else.
  ///
  /// @param wish what its configuration says
  public void wish(SlotWish wish) {
    post(new Conductor.Message.Wished(wish));
  }

  /// An operator waits for a provider: what failed before is tried again at once. The configuration has to say so too.
  ///
  /// @param name the slot
  /// @param provider as in its configuration
  /// @param evict whether a call that does not end is left behind for it
  public void swap(SlotName name, String provider, boolean evict) {
    swap(name, provider, evict, () -> {});
  }

  /// The same.
  ///
  /// @param name the slot
  /// @param provider as in its configuration
  /// @param evict whether a call that does not end is left behind for it
  /// @param heard told when [#slots] says nothing of an earlier wish any more
  public void swap(SlotName name, String provider, boolean evict, Departure heard) {
    post(new Conductor.Message.Asked(name, provider, evict, heard), heard);
  }

  /// What a handover would be: asks the provider, measures, makes nothing.
  ///
  /// @param name the slot
  /// @param provider short name, perhaps with `@` and a version
  /// @param reply told once, unless the conductor has ended
  public void look(SlotName name, String provider, Consumer<HandoverOutcome> reply) {
    post(new Conductor.Message.Look(name, provider, reply));
  }

  /// What record and locations of a slot say, and what an operator may choose.
  ///
  /// @param name the slot
  /// @param reply told once, unless the conductor has ended
  public void explain(SlotName name, Consumer<Reply> reply) {
    post(new Conductor.Message.Recover(name, null, reply));
  }

  /// Lets a slot that has failed begin anew, with signing off.
  ///
  /// @param name the slot
  /// @param location one of its locations that is not sealed; empty for the newest that is
  /// @param reply told once that is written, or why it is not; as above
  public void recover(SlotName name, String location, Consumer<Reply> reply) {
    post(new Conductor.Message.Recover(name, location, reply));
  }

  /// Lets a recovered slot be signed on again.
  ///
  /// @param name the slot
  /// @param nothingAbove whether the operator says that nothing was signed above what it holds; else who signs on it
  ///     goes on taking into account that something may have been
  /// @param generation in which the operator was shown what it holds; 0 where he is to be, and nothing is done
  /// @param reply what it holds, or what was done; as above
  public void sign(SlotName name, boolean nothingAbove, long generation, Consumer<Reply> reply) {
    post(new Conductor.Message.Sign(name, nothingAbove, generation, reply));
  }

  /// A slot is not asked for any more: it is sealed.
  ///
  /// @param name the slot
  /// @param departure told when it is
  public void unwish(SlotName name, Departure departure) {
    post(new Conductor.Message.Unwished(name, departure), departure);
  }

  /// The node stops, or whoever runs its slots does: every slot is sealed, and the conductor ends.
  ///
  /// @param departure told when all are
  public void stop(Departure departure) {
    post(new Conductor.Message.Stop(departure), departure);
  }

  /// All slots of this node.
  ///
  /// @return sorted by name
  public List<SlotStatus> slots() {
    return board.slots();
  }

  /// Whether [#slots] may tell something new, for who looks at each step: cheap.
  ///
  /// @return grows with each message that was handled
  public long steps() {
    return board.shown();
  }

  private void post(Conductor.Message message) {
    post(message, () -> {});
  }

  /// A conductor that has ended holds nothing any more: what would only end something is done.
  private void post(Conductor.Message message, Departure departure) {
    Offer offer = conductor.offer(message);
    if (offer == Offer.REJECTED) {
      throw new UnavailableException("the conductor does not listen: " + offer);
    } else if (offer == Offer.CLOSED) {
      departure.done();
    }
  }
}
