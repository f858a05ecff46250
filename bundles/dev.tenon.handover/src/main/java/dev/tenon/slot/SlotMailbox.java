package dev.tenon.slot;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.WhenFull;
import dev.tenon.runtime.role.Reply;
import dev.tenon.runtime.role.RoleActor;
import dev.tenon.slot.Letter.Question;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The mailbox of an actor role's slot. It outlives the actors that take their turns at it, each of them a [Seat]:
/// bounded lanes as in any mailbox, emptied in order, and only messages of the role's contract in it.
///
/// It pauses between two messages: while it does, what comes waits, by the same bounds. A question is given to one
/// actor; what becomes of it when that one ends unanswered is its [Asking]. The lock is held for a few instructions and
/// never while an actor or the runtime is called.
///
/// @param <M> messages of the contract
public final class SlotMailbox<M> implements Mailbox<M> {
  private static final int TURN_MESSAGES_MAX = 64;

  final ReentrantLock lock = new ReentrantLock();
  /// Messages that an actor takes before it lets others have their turn. A test takes them one by one.
  int turnMessages = TURN_MESSAGES_MAX;
  private final SlotPort port;
  private final MailboxSpec<M> spec;
  private final ToIntFunction<M> bytesOf;
  private final int questionsMax;
  private final List<LinkedHashSet<Letter<M>>> lanes = new ArrayList<>();
  private int waiting;
  private long waitingBytes;
  /// Questions that wait, or were given to an actor and not answered.
  private int questions;
  private @Nullable Seat<M, ?> current;
  private boolean paused = true;
  /// True from a signal to the actor until it has found nothing left: at most one signal is under way.
  private boolean signalled;
  private boolean closed;

  /// By [SlotPort#mailbox], so that the slot knows of it.
  ///
  /// @param port the slot
  /// @param spec lanes, bounds and what a full lane does
  /// @param bytesOf about what a message holds; pure
  public SlotMailbox(SlotPort port, MailboxSpec<M> spec, ToIntFunction<M> bytesOf) {
    this.port = port;
    this.spec = spec;
    this.bytesOf = bytesOf;
    this.questionsMax = spec.lanes() * spec.laneCapacity();
    for (int lane = 0; lane < spec.lanes(); lane++) {
      lanes.add(new LinkedHashSet<>());
    }
  }

  // The senders' side: any thread.

  @Override
  public Offer offer(M message) {
    return put(new Letter.Word<>(message, laneOf(message), bytesOf(message)), spec.whenFull().apply(message));
  }

  /// Puts a question in.
  ///
  /// @param <V> its answer
  /// @param asking what becomes of it when its actor ends
  /// @param form makes the message; pure, called anew for each actor that gets it
  /// @return ends with [SlotUnavailableException] if it finds no room, or waits for too long
  public <V> Completion<V> ask(Asking asking, Function<Reply<V>, M> form) {
    Promise<V> promise = port.promise();
    Question<M, V> question = new Question<>(this, asking, promise, form);
    question.enteredNs = port.clock().monotonicNs();
    Offer offered = put(question, spec.whenFull().apply(question.message()));
    if (offered == Offer.REJECTED || offered == Offer.CLOSED) {
      promise.failed(unavailable("the mailbox is full"));
    } else {
      promise.onCancel(() -> withdraw(question));
    }
    return promise.completion();
  }

  @Override
  public int depth() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  int laneOf(M message) {
    int lane = spec.laneOf().applyAsInt(message);
    Check.that(lane >= 0 && lane < spec.lanes(), "laneOf names a lane of the mailbox");
    return lane;
  }

  int bytesOf(M message) {
    return bytesOf.applyAsInt(message);
  }

  private Offer put(Letter<M> letter, WhenFull whenFull) {
    List<Letter<M>> dropped = List.of();
    Seat<M, ?> wake = null;
    Offer offered;
    lock.lock();
    try {
      LinkedHashSet<Letter<M>> lane = lanes.get(letter.lane());
      if (closed) {
        return Offer.CLOSED;
      }
      if (letter instanceof Question<M, ?> && questions >= questionsMax) {
        return Offer.REJECTED;
      }
      if (lane.size() >= spec.laneCapacity() || waitingBytes + letter.bytes() > port.heldBytesMax()) {
        switch (whenFull) {
          case REJECT -> {
            return Offer.REJECTED;
          }
          case SATISFIED -> {
            // A question that is not put is not answered.
            return letter instanceof Question<M, ?> ? Offer.REJECTED : Offer.OK;
          }
          case REPLACE_OLDEST -> {
            dropped = inThePlaceOf(letter);
            if (dropped.isEmpty()) {
              return Offer.REJECTED;
            }
            dropped.forEach(this::drop);
          }
        }
      }
      lane.addLast(letter);
      entered(letter);
      if (letter instanceof Question<M, ?>) {
        questions++;
      }
      wake = signal();
      offered = lane.size() * 4L > spec.laneCapacity() * 3L ? Offer.BACKOFF : Offer.OK;
    } finally {
      lock.unlock();
    }
    if (wake != null) {
      wake(wake);
    }
    for (Letter<M> each : dropped) {
      if (each instanceof Question<M, ?> question) {
        question.fail(endOf(question, "a newer one has taken its place"));
      }
    }
    return offered;
  }

  /// Of a strand that was given up every call of the runtime is stopped, this one too: then the actor was not told, and
  /// who comes next tells it.
  private void wake(Seat<M, ?> seat) {
    boolean told = false;
    try {
      seat.look();
      told = true;
    } finally {
      if (!told) {
        lock.lock();
        try {
          signalled &= current != seat;
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /// For the slot, from time to time: tells the actor of what was put in beside one whose sender was stopped before he
  /// could tell it.
  public void remind() {
    Seat<M, ?> told;
    lock.lock();
    try {
      told = waiting > 0 ? signal() : null;
    } finally {
      lock.unlock();
    }
    if (told != null) {
      told.look();
    }
  }

  /// As many of the oldest of a full lane as have to go for one more.
  ///
  /// @return none where there would be no room without all of them either
  private List<Letter<M>> inThePlaceOf(Letter<M> letter) {
    LinkedHashSet<Letter<M>> lane = lanes.get(letter.lane());
    List<Letter<M>> oldest = new ArrayList<>();
    long bytes = waitingBytes + letter.bytes();
    for (Letter<M> each : lane) {
      if (lane.size() - oldest.size() < spec.laneCapacity() && bytes <= port.heldBytesMax()) {
        break;
      }
      oldest.add(each);
      bytes -= each.bytes();
    }
    return bytes <= port.heldBytesMax() ? oldest : List.of();
  }

  private void withdraw(Question<M, ?> question) {
    lock.lock();
    try {
      if (question.waits) {
        drop(question);
      } else if (question.asking == Asking.WAIT) {
        forget(question); // nobody is asked again
        Seat<M, ?> holder = current;
        if (holder != null) {
          holder.owed.remove(question);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private SlotUnavailableException unavailable(String reason) {
    return new SlotUnavailableException(port.name().toString(), port.state(), reason);
  }

  /// What a question that waits ends with. One that was given to an actor before may have had its effect.
  private RuntimeException endOf(Question<M, ?> question, String reason) {
    return question.dispatched
        ? new OutcomeUnknownException("slot " + port.name() + " is " + port.state() + ": " + reason)
        : unavailable(reason);
  }

  // The actors' side.

  /// An actor's place at this mailbox, to be taken once its generation is in charge.
  ///
  /// @param <O> the actor's own messages
  /// @param <S> what it answers a seal with
  /// @param factory makes the actor, in its own first turn
  /// @return not started
  public <O, S> Seat<M, S> seat(Function<Context<O>, RoleActor<M, O, S>> factory) {
    return new Seat<>(this, port, factory);
  }

  /// The next message for an actor, in its turn. Read under the lock: once its seat has ended, a question has another
  /// one, whose reply is its successor's.
  ///
  /// @return nothing if none waits, or if it is not its turn
  @Nullable
  M take(Seat<M, ?> seat) {
    lock.lock();
    try {
      if (current == seat && !paused && !seat.isOver()) {
        for (LinkedHashSet<Letter<M>> lane : lanes) {
          if (!lane.isEmpty()) {
            Letter<M> letter = lane.getFirst();
            takeOut(letter);
            if (letter instanceof Question<M, ?> question) {
              question.dispatched = true;
              seat.owed.addLast(question);
            }
            return letter.message();
          }
        }
      }
      signalled &= current != seat;
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// An actor has answered.
  ///
  /// @return whether it counts
  boolean answered(Question<M, ?> question, Reply<?> reply) {
    lock.lock();
    try {
      Seat<M, ?> holder = current;
      if (holder == null || !question.isOf(reply)) {
        return false;
      }
      if (question.asking == Asking.WAIT && holder.isMute()) {
        question.unheard = true; // it is asked again; a unit cannot be
        return false;
      }
      if (!holder.owed.remove(question)) {
        return false;
      }
      forget(question);
      return true;
    } finally {
      lock.unlock();
    }
  }

  boolean counts(Question<M, ?> question, Reply<?> reply) {
    lock.lock();
    try {
      return question.isOf(reply);
    } finally {
      lock.unlock();
    }
  }

  /// The actor at this mailbox gets messages, and no other one.
  void open(Seat<M, ?> seat) {
    Seat<M, ?> wake = null;
    List<Question<M, ?>> doubtful = List.of();
    lock.lock();
    try {
      if (seat.isOver() || (current == seat && !paused)) {
        return;
      }
      Seat<M, ?> before = current;
      if (before != null && before != seat) {
        doubtful = leave(before);
      } else if (before != null) {
        askAgain(seat);
      }
      current = seat;
      paused = false;
      seat.unsealed();
      signalled = true;
      wake = seat;
    } finally {
      lock.unlock();
    }
    fail(doubtful);
    wake.look();
  }

  /// No message is given from here on.
  void pause(Seat<M, ?> seat) {
    if (current == seat) {
      paused = true;
    }
  }

  /// The actor has ended.
  void end(Seat<M, ?> seat) {
    List<Question<M, ?>> doubtful;
    lock.lock();
    try {
      seat.ended();
      doubtful = leave(seat);
      if (current == seat) {
        current = null;
        paused = true;
      }
    } finally {
      lock.unlock();
    }
    fail(doubtful);
  }

  /// What it was given and has not answered is put back, before all that waits and in its order, where that is right.
  ///
  /// @return the rest
  private List<Question<M, ?>> leave(Seat<M, ?> seat) {
    List<Question<M, ?>> doubtful = new ArrayList<>();
    for (Question<M, ?> question : seat.owed.reversed()) {
      if (question.asking == Asking.UNIT || closed) {
        forget(question);
        doubtful.addFirst(question);
      } else {
        putBack(question);
      }
    }
    seat.owed.clear();
    return doubtful;
  }

  /// Waits that an actor has answered at rest, before it goes on: it believes them answered, and they are not.
  private void askAgain(Seat<M, ?> seat) {
    for (Question<M, ?> question : List.copyOf(seat.owed.reversed())) {
      if (question.unheard) {
        seat.owed.remove(question);
        putBack(question);
      }
    }
  }

  private void putBack(Question<M, ?> question) {
    question.renew();
    lanes.get(question.lane()).addFirst(question);
    entered(question);
  }

  private void fail(List<Question<M, ?>> doubtful) {
    for (Question<M, ?> question : doubtful) {
      question.fail(new OutcomeUnknownException("slot " + port.name() + ": the provider has ended before its answer"));
    }
  }

  // The slot's side.

  /// For the slot, while nobody serves: ends the questions that wait for too long. Waits stay.
  ///
  /// @param enteredBeforeNs what entered before this is too old
  public void expire(long enteredBeforeNs) {
    List<Question<M, ?>> old = new ArrayList<>();
    lock.lock();
    try {
      for (LinkedHashSet<Letter<M>> lane : lanes) {
        for (Letter<M> letter : lane) {
          if (letter instanceof Question<M, ?> question && question.asking != Asking.WAIT
              && letter.enteredNs - enteredBeforeNs < 0) {
            old.add(question);
          }
        }
      }
      old.forEach(this::drop);
    } finally {
      lock.unlock();
    }
    for (Question<M, ?> question : old) {
      question.fail(endOf(question, port.reason()));
    }
  }

  /// For the slot, at its end: nothing more is taken, and all questions that wait end.
  public void close() {
    List<Question<M, ?>> left = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      for (LinkedHashSet<Letter<M>> lane : lanes) {
        for (Letter<M> letter : List.copyOf(lane)) {
          drop(letter);
          if (letter instanceof Question<M, ?> question) {
            left.add(question);
          }
        }
      }
    } finally {
      lock.unlock();
    }
    left.forEach(question -> question.fail(endOf(question, port.reason())));
  }

  /// For the slot: what the messages that wait hold.
  ///
  /// @return bytes
  public long waitingBytes() {
    lock.lock();
    try {
      return waitingBytes;
    } finally {
      lock.unlock();
    }
  }

  /// For people, and for tests that compare states.
  @Override
  public String toString() {
    lock.lock();
    try {
      return (closed ? "closed" : paused ? "paused" : "open") + (signalled ? ", signalled " : " ") + lanes;
    } finally {
      lock.unlock();
    }
  }

  // Under the lock.

  private @Nullable Seat<M, ?> signal() {
    if (signalled || paused) {
      return null;
    }
    signalled = true;
    return current;
  }

  private void entered(Letter<M> letter) {
    letter.waits = true;
    waiting++;
    waitingBytes += letter.bytes();
  }

  private void takeOut(Letter<M> letter) {
    lanes.get(letter.lane()).remove(letter);
    letter.waits = false;
    waiting--;
    waitingBytes -= letter.bytes();
  }

  private void drop(Letter<M> letter) {
    takeOut(letter);
    if (letter instanceof Question<M, ?> question) {
      forget(question);
    }
  }

  private void forget(Question<M, ?> question) {
    if (!question.ended) {
      question.ended = true;
      questions--;
    }
  }
}
