package dev.tenon.slot;

import dev.tenon.runtime.Promise;
import dev.tenon.runtime.role.Reply;
import java.util.function.Function;

/// A message in a slot's mailbox. Its fields are guarded by the mailbox's lock.
abstract sealed class Letter<M> {
  /// When it came; for one that expires.
  long enteredNs;
  /// Whether it lies in its lane.
  boolean waits;

  /// What the actor gets.
  abstract M message();

  abstract int lane();

  abstract int bytes();

  @Override
  public String toString() {
    return message().toString();
  }

  /// One that nobody waits for.
  static final class Word<M> extends Letter<M> {
    private final M message;
    private final int lane;
    private final int bytes;

    Word(M message, int lane, int bytes) {
      this.message = message;
      this.lane = lane;
      this.bytes = bytes;
    }

    @Override
    M message() {
      return message;
    }

    @Override
    int lane() {
      return lane;
    }

    @Override
    int bytes() {
      return bytes;
    }
  }

  /// One with an answer. Each actor that it is given to gets a reply of its own, so that a late one of a former actor
  /// is known.
  static final class Question<M, V> extends Letter<M> {
    final Asking asking;
    final Promise<V> promise;
    private final SlotMailbox<M> mailbox;
    private final Function<Reply<V>, M> form;
    private final int lane;
    private final int bytes;
    private M message;
    private Answer answer;
    /// Whether it was given to an actor.
    boolean dispatched;
    /// Whether its actor has answered it at rest, and may take that for given.
    boolean unheard;
    boolean ended;

    Question(SlotMailbox<M> mailbox, Asking asking, Promise<V> promise, Function<Reply<V>, M> form) {
      this.mailbox = mailbox;
      this.asking = asking;
      this.promise = promise;
      this.form = form;
      this.answer = new Answer();
      this.message = form.apply(answer);
      this.lane = mailbox.laneOf(message);
      this.bytes = mailbox.bytesOf(message);
    }

    /// It is asked anew: the reply that was given out before no longer counts.
    void renew() {
      unheard = false;
      answer = new Answer();
      message = form.apply(answer);
    }

    void fail(RuntimeException cause) {
      promise.failed(cause);
    }

    @Override
    M message() {
      return message;
    }

    @Override
    int lane() {
      return lane;
    }

    @Override
    int bytes() {
      return bytes;
    }

    private final class Answer implements Reply<V> {
      @Override
      public boolean done(V value) {
        return mailbox.answered(Question.this, this) && promise.done(value);
      }

      @Override
      public boolean failed(RuntimeException cause) {
        RuntimeException told = Leases.told(cause); // which may ask the provider's exception
        return mailbox.answered(Question.this, this) && promise.failed(told);
      }

      @Override
      public boolean isWanted() { return mailbox.counts(Question.this, this) && !promise.cancelled(); }
    }

    boolean isOf(Reply<?> reply) {
      return answer == reply && !ended;
    }
  }
}
