package dev.tenon.crypto.jvm;

import dev.tenon.crypto.BatchWeights;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.crypto.SignatureVerifier;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Traced;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.entropy.Entropy;
import dev.tenon.runtime.metrics.Counter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gathers what is asked while a batch is being computed into the next one. A batch that fails is split in halves until
/// the guilty are found, so one forged signature costs a few batches and spoils nobody else's answer.
public final class BatchedVerifier implements SignatureVerifier {
  private sealed interface Message {
    record Ask(List<Item> items, Promise<Boolean> answer) implements Message, Traced {
      @Override
      public long trace() {
        return items.size();
      }
    }

    record Checked(List<Ask> batch, Outcome<boolean[]> verdicts) implements Message {}

    record Stop() implements Message {}
  }

  private static final int WAITING_MAX = 16_384;
  private static final int BATCH_ITEMS = 64;
  /// One computes while the next one gathers; more would only make the batches smaller.
  private static final int IN_FLIGHT_MAX = 2;

  private final Runtime runtime;
  private final SignatureAlgorithm algorithm;
  private final Mailbox<Message> mailbox;

  /// Starts its actor.
  ///
  /// @param runtime the node's
  /// @param algorithm checks batches
  public BatchedVerifier(Runtime runtime, SignatureAlgorithm algorithm) {
    this.runtime = runtime;
    this.algorithm = algorithm;
    this.mailbox = runtime.spawn("verifier-" + algorithm.name(), MailboxSpec.oneLane(WAITING_MAX), Gatherer::new);
  }

  @Override
  public Completion<Boolean> verify(List<Item> items) {
    Promise<Boolean> answer = runtime.promise();
    Offer offer = mailbox.offer(new Message.Ask(List.copyOf(items), answer));
    if (offer == Offer.REJECTED || offer == Offer.CLOSED) {
      answer.failed(new UnavailableException("the verifier of node " + runtime.node() + " is " + offer));
    }
    return answer.completion();
  }

  /// Ends its actor; later questions fail as unavailable.
  public void stop() {
    mailbox.offer(new Message.Stop());
  }

  /// Answers each question of a batch.
  private static boolean[] check(List<Message.Ask> asks, SignatureAlgorithm algorithm, Entropy weights) {
    boolean[] verdicts = new boolean[asks.size()];
    checkRange(asks, 0, asks.size(), verdicts, algorithm, weights);
    return verdicts;
  }

  private static void checkRange(List<Message.Ask> asks, int from, int to, boolean[] verdicts,
      SignatureAlgorithm algorithm, Entropy weights) {
    List<Item> items = new ArrayList<>();
    asks.subList(from, to).forEach(ask -> items.addAll(ask.items()));
    if (algorithm.verifyAll(items, weights)) {
      Arrays.fill(verdicts, from, to, true);
    } else if (to - from > 1) {
      int middle = (from + to) >>> 1;
      checkRange(asks, from, middle, verdicts, algorithm, weights);
      checkRange(asks, middle, to, verdicts, algorithm, weights);
    }
  }

  private final class Gatherer implements Actor<Message> {
    private final Context<Message> context;
    private final Counter checked;
    private final Counter batches;
    private final ArrayDeque<Message.Ask> waiting = new ArrayDeque<>();
    private int inFlight;

    Gatherer(Context<Message> context) {
      this.context = context;
      this.checked = runtime.metrics().counter("tenon_crypto_signatures_checked_total",
          "signatures that were verified", "node", runtime.node(), "algorithm", algorithm.name());
      this.batches = runtime.metrics().counter("tenon_crypto_batches_total",
          "batches in which signatures were verified", "node", runtime.node(), "algorithm", algorithm.name());
    }

    @Override
    public void handle(Message message) {
      switch (message) {
        case Message.Ask ask -> {
          if (waiting.size() >= WAITING_MAX) {
            ask.answer().failed(new UnavailableException("too many signatures wait for their verdict"));
          } else {
            waiting.add(ask);
            dispatch();
          }
        }
        case Message.Checked(var batch, var verdicts) -> {
          inFlight--;
          answer(batch, verdicts);
          dispatch();
        }
        case Message.Stop() -> context.stop();
      }
    }

    @Override
    public void stopped() {
      waiting.forEach(ask -> ask.answer().failed(new UnavailableException("the verifier has ended")));
    }

    private void dispatch() {
      while (inFlight < IN_FLIGHT_MAX && !waiting.isEmpty()) {
        List<Message.Ask> batch = new ArrayList<>();
        int items = 0;
        while (!waiting.isEmpty() && (items == 0 || items + waiting.getFirst().items().size() <= BATCH_ITEMS)) {
          Message.Ask ask = waiting.removeFirst();
          items += ask.items().size();
          batch.add(ask);
        }
        inFlight++;
        checked.add(items);
        batches.increment();
        var weights = BatchWeights.draw(runtime.entropy());
        runtime.compute().submit(() -> check(batch, algorithm, weights))
            .then(verdicts -> new Message.Checked(batch, verdicts));
      }
    }

    private void answer(List<Message.Ask> batch, Outcome<boolean[]> verdicts) {
      switch (verdicts) {
        case Outcome.Done<boolean[]>(var valid) -> {
          for (int i = 0; i < batch.size(); i++) {
            batch.get(i).answer().done(valid[i]);
          }
        }
        case Outcome.Failed<boolean[]>(var cause) -> batch.forEach(ask -> ask.answer().failed(cause));
      }
    }
  }
}
