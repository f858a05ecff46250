package dev.tenon.devnet;

import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Automaton;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Context;
import dev.tenon.broadcast.Relay;
import dev.tenon.broadcast.Reporter;
import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Hasher;
import dev.tenon.crypto.PublicKey;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.WhenFull;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/// The application of one node: makes payloads for the node's sequencers at the devnet's pace, and judges those of all.
final class NodeDesk implements Automaton, Relay, Reporter {
  private sealed interface Message {
    record Propose(Context context, Promise<Digest> answer) implements Message {}

    record Due(Context context, Promise<Digest> answer) implements Message {}

    record Made(Context context, Promise<Digest> answer, Outcome<Payload> made) implements Message {}

    record Judge(Digest payload, Bytes bytes, Promise<Boolean> answer) implements Message {}

    record Judged(Promise<Boolean> answer, Outcome<Boolean> verdict) implements Message {}

    record Spread(Context context, Digest payload) implements Message {}

    record Remade(Context context, Outcome<Optional<Payload>> made) implements Message {}

    record Certified(Chunk chunk) implements Message {}

    record Compared(Chunk chunk, Outcome<Optional<Payload>> made) implements Message {}

    record Stop() implements Message {}
  }

  private static final int LANE_CAPACITY = 8_192;
  private static final long MS_NS = 1_000_000L;

  private final Runtime runtime;
  private final PayloadBoard board;
  private final PayloadSource source;
  private final Pace pace;
  private final Hasher hasher;
  private final ToIntFunction<PublicKey> numbers;
  private final CertifiedCheck check;
  private final Mailbox<Message> mailbox;

  /// @param numbers the place of a sequencer in the devnet, from 0; -1 for a stranger
  NodeDesk(Runtime runtime, PayloadBoard board, PayloadSource source, Pace pace, Hasher hasher,
      ToIntFunction<PublicKey> numbers, CertifiedCheck check) {
    this.runtime = runtime;
    this.board = board;
    this.source = source;
    this.pace = pace;
    this.hasher = hasher;
    this.numbers = numbers;
    this.check = check;
    this.mailbox = runtime.spawn("devnet-desk",
        new MailboxSpec<>(1, LANE_CAPACITY, message -> 0, message -> WhenFull.REJECT), Desk::new);
  }

  void stop() {
    mailbox.offer(new Message.Stop());
  }

  @Override
  public void propose(Context context, Promise<Digest> answer) {
    ask(new Message.Propose(context, answer), answer);
  }

  @Override
  public void verify(Context context, Digest payload, Promise<Boolean> answer) {
    Consumer<Bytes> taker = bytes -> {
      if (!answer.cancelled()) {
        ask(new Message.Judge(payload, bytes, answer), answer);
      }
    };
    if (board.take(context.sequencer(), payload, taker)) {
      answer.onCancel(() -> board.leave(payload, taker)); // else places of those that never come would be lost
    } else {
      answer.failed(new UnavailableException("too many verdicts wait for payloads"));
    }
  }

  @Override
  public void broadcast(Context context, Digest payload) {
    mailbox.offer(new Message.Spread(context, payload)); // refused: the chunk is sent again, and this with it
  }

  @Override
  public void report(Activity activity) {
    switch (activity) {
      case Activity.Tip tip -> {
        // What validators accepted is not yet what the devnet counts.
      }
      case Activity.Locked(var lock) -> mailbox.offer(new Message.Certified(lock.chunk()));
    }
  }

  private <T> void ask(Message message, Promise<T> answer) {
    Offer offer = mailbox.offer(message);
    if (offer == Offer.REJECTED || offer == Offer.CLOSED) {
      answer.failed(new UnavailableException("the devnet's desk of node " + runtime.node() + " is " + offer));
    }
  }

  /// Whether the bytes are the digest's.
  private boolean matches(Digest payload, Bytes bytes) {
    return hasher.hash(bytes).equals(payload);
  }

  private final class Desk implements Actor<Message> {
    private final dev.tenon.runtime.Context<Message> context;

    Desk(dev.tenon.runtime.Context<Message> context) {
      this.context = context;
    }

    @Override
    public void handle(Message message) {
      switch (message) {
        case Message.Propose(var chunk, var answer) -> {
          long delayMs = pace.delayNs(System.nanoTime()) / MS_NS;
          context.after(delayMs, new Message.Due(chunk, answer));
        }
        case Message.Due(var chunk, var answer) -> {
          int number = numbers.applyAsInt(chunk.sequencer());
          runtime.compute().submit(() -> source.make(number, chunk.height()))
              .then(made -> new Message.Made(chunk, answer, made));
        }
        case Message.Made(var chunk, var answer, Outcome.Done<Payload>(var payload)) -> {
          board.pin(chunk.sequencer(), chunk.height(), payload);
          answer.done(payload.digest());
        }
        case Message.Made(var chunk, var answer, Outcome.Failed<Payload>(var cause)) -> answer.failed(cause);
        case Message.Judge(var payload, var bytes, var answer) -> runtime.compute()
            .submit(() -> matches(payload, bytes)).then(verdict -> new Message.Judged(answer, verdict));
        case Message.Judged(var answer, var verdict) -> answer.end(verdict);
        case Message.Spread(var chunk, var payload) -> spread(chunk, payload);
        case Message.Remade(var chunk, Outcome.Done<Optional<Payload>>(var made)) ->
            made.ifPresent(payload -> board.pin(chunk.sequencer(), chunk.height(), payload));
        case Message.Remade(var chunk, Outcome.Failed<Optional<Payload>> failed) -> {
          // The chunk is sent again later, and this with it.
        }
        case Message.Certified(var chunk) -> {
          // A pinned payload has been compared already: it is pinned under the digest that was made for the height.
          if (check.certified(chunk) && !board.holds(chunk.sequencer(), chunk.payload(), chunk.height())) {
            compare(chunk);
          }
        }
        case Message.Compared(var chunk, Outcome.Done<Optional<Payload>>(var made)) -> {
          if (made.isEmpty()) {
            check.wrong();
          }
        }
        case Message.Compared(var chunk, Outcome.Failed<Optional<Payload>> failed) -> compare(chunk);
        case Message.Stop() -> context.stop();
      }
    }

    /// A payload that is on the board was made by this process; another one is made again, after a restart.
    private void spread(Context chunk, Digest payload) {
      int number = numbers.applyAsInt(chunk.sequencer());
      if (number >= 0 && !board.holds(chunk.sequencer(), payload, chunk.height())) {
        runtime.compute().submit(() -> source.remake(number, chunk.height(), payload))
            .then(made -> new Message.Remade(chunk, made));
      }
    }

    private void compare(Chunk chunk) {
      int number = numbers.applyAsInt(chunk.sequencer());
      runtime.compute().submit(() -> source.remake(number, chunk.height(), chunk.payload()))
          .then(made -> new Message.Compared(chunk, made));
    }
  }
}
