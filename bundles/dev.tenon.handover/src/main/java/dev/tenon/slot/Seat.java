package dev.tenon.slot;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.WhenFull;
import dev.tenon.runtime.role.RoleActor;
import dev.tenon.slot.Letter.Question;
import java.util.LinkedHashSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One actor's time at the mailbox of its slot. What the slot does with it, it does on the strand of its instance, but
/// for [#end].
///
/// @param <M> messages of the contract
/// @param <S> what the actor answers a seal with
public final class Seat<M, S> {
  /// An actor's own messages that wait in its inbox, and those that wait until it goes on.
  static final int OWN_MAX = 1_024;
  private static final MailboxSpec<Object> OWN = new MailboxSpec<>(2, OWN_MAX,
      message -> message instanceof Seated.Look ? 0 : 1,
      // One look is as good as many.
      message -> message instanceof Seated.Look ? WhenFull.SATISFIED : WhenFull.REJECT);

  /// Given to the actor and not answered, in that order. Under the mailbox's lock.
  final LinkedHashSet<Question<M, ?>> owed = new LinkedHashSet<>();
  private final SlotMailbox<M> mailbox;
  private final SlotPort port;
  private final Function<Context<Object>, Seated<M, ?, S>> host;
  private volatile @Nullable Mailbox<Object> inbox;
  private volatile boolean begun;
  private volatile @Nullable Sealing<S> sealing;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean ended;

  <O> Seat(SlotMailbox<M> mailbox, SlotPort port, Function<Context<O>, RoleActor<M, O, S>> factory) {
    this.mailbox = mailbox;
    this.port = port;
    this.host = context -> new Seated<>(this, context, factory);
  }

  // The slot's side.

  /// The generation is in charge: the actor begins. Messages come after [#settled].
  public void start() {
    Check.that(!begun, "an actor begins once");
    begun = true; // before its first turn, in which it may say something
    inbox = port.spawn(OWN, host::apply);
    if (ended) {
      look(); // whoever ended it meanwhile found no inbox
    }
  }

  /// After each batch: the mailbox's messages are this actor's, and a seal that it had is taken back.
  public void settled() {
    mailbox.open(this);
  }

  /// Pauses the mailbox, seals the actor and waits for its summary. The second time it looks again.
  ///
  /// @param deadlineMs how long it waits at most
  /// @return false if it has not answered
  /// @throws UnavailableException if it has failed, or answered though it owes
  public boolean hold(long deadlineMs) {
    Sealing<S> seal = seal();
    long deadlineNs = port.clock().monotonicNs() + deadlineMs * 1_000_000;
    while (failure == null && !seal.isAnswered()) {
      if (!seal.sleepUntil(deadlineNs) && !seal.isAnswered()) {
        return false;
      }
    }
    checkSealed(seal);
    return true;
  }

  /// Pauses the mailbox and asks for the seal, if that was not done.
  Sealing<S> seal() {
    Sealing<S> made = new Sealing<>(port.waiter(), mailbox.lock);
    mailbox.lock.lock();
    try {
      Sealing<S> asked = sealing;
      if (asked != null) {
        return asked;
      }
      mailbox.pause(this);
      sealing = made;
    } finally {
      mailbox.lock.unlock();
    }
    look();
    return made;
  }

  private void checkSealed(Sealing<S> seal) {
    RuntimeException broke = failure;
    RuntimeException refusal = seal.refusal();
    if (broke != null) {
      throw new UnavailableException(String.valueOf(broke.getMessage()));
    }
    if (refusal != null) {
      throw new UnavailableException("it does not come to rest: " + refusal.getMessage());
    }
    long units;
    mailbox.lock.lock();
    try {
      units = owed.stream().filter(question -> question.asking != Asking.WAIT).count();
    } finally {
      mailbox.lock.unlock();
    }
    if (units > 0) {
      throw new UnavailableException("it came to rest, and owes " + units + " answers");
    }
  }

  /// What it answered, once [#hold] said so.
  ///
  /// @return of the contract
  public S summary() {
    Sealing<S> seal = sealing;
    S summary = seal == null ? null : seal.summary();
    if (summary == null) {
      throw new UnavailableException("it has not come to rest");
    }
    return summary;
  }

  /// Whether it has come to rest and was not asked to go on.
  ///
  /// @return what it is now
  public boolean isHeld() {
    Sealing<S> seal = sealing;
    return seal != null && seal.summary() != null;
  }

  /// Ends its say. What it was given and has not answered goes back, or ends. Any thread; does not wait.
  public void end() {
    mailbox.end(this);
    look();
  }

  // The facade's outlets.

  /// Says something in its generation's name, if that counts: not before it begins, nor after its seal was answered, it
  /// has failed, or it was ended. While it runs neither happens, so what it does belongs to this generation.
  ///
  /// @param few a few instructions: they run under the mailbox's lock
  /// @return false if it does not count: nothing was done
  public boolean say(Runnable few) {
    mailbox.lock.lock();
    try {
      if (!begun || isMute()) {
        return false;
      }
      few.run();
      return true;
    } finally {
      mailbox.lock.unlock();
    }
  }

  // The actor's side.

  SlotMailbox<M> mailbox() {
    return mailbox;
  }

  @Nullable
  Sealing<S> sealing() {
    return sealing;
  }

  /// Gives the actor a turn.
  void look() {
    Mailbox<Object> to = inbox;
    if (to != null) {
      to.offer(Seated.Look.AGAIN); // refused only where there is no actor any more
    }
  }

  boolean hasEnded() { return ended; }

  /// Whether nothing that it says counts any more, or for now.
  boolean isMute() {
    Sealing<S> seal = sealing;
    return isOver() || (seal != null && seal.isAnswered());
  }

  boolean isOver() { return ended || failure != null; }

  /// The actor has thrown. The slot hears of it by a unit that fails, once, in the instance's next batch.
  ///
  /// @param thrown by the provider
  void broke(Throwable thrown) {
    UnavailableException told =
        UnavailableException.told("the actor has failed: " + OutcomeUnknownException.text(thrown));
    failure = told;
    port.offer(new Broken(this, told));
  }

  /// Under the mailbox's lock.
  void ended() {
    ended = true;
    unsealed();
  }

  /// Under the mailbox's lock.
  void unsealed() {
    Sealing<S> seal = sealing;
    if (seal != null) {
      seal.takeBack();
      sealing = null;
    }
  }

  /// For people, and for tests that compare states.
  @Override
  public String toString() {
    mailbox.lock.lock();
    try {
      Sealing<S> seal = sealing;
      return (ended ? "ended" : failure != null ? "failed" : !begun ? "new" : seal == null ? "serves"
          : seal.isAnswered() ? "rests" : "sealed") + ", owes " + owed;
    } finally {
      mailbox.lock.unlock();
    }
  }

  /// Tells the slot's strand that an actor has failed, as a batch that fails.
  private static final class Broken extends SlotUnit {
    private final Seat<?, ?> seat;
    private final RuntimeException failure;

    Broken(Seat<?, ?> seat, RuntimeException failure) {
      this.seat = seat;
      this.failure = failure;
    }

    @Override
    public int bytes() {
      return 0;
    }

    /// By then its seat has ended.
    @Override
    public boolean isIdempotent() { return true; }

    @Override
    public void run(Object instance) {
      if (!seat.hasEnded()) {
        throw failure;
      }
    }

    @Override
    public boolean expires() {
      return false;
    }

    @Override
    public void deliver() {}

    @Override
    public void fail(RuntimeException cause) {}
  }
}
