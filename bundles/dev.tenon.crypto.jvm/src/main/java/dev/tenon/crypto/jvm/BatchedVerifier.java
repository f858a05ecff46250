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
import java.util.Map;
import java.util.TreeMap;

/// Gathers what is asked while a batch is being computed into the next one. A batch that fails is split in halves until
/// the guilty are found, so one forged signature costs a few batches and spoils nobody else's answer.
public final class BatchedVerifier implements SignatureVerifier {
  private sealed interface Message {
    /// @param groups each gets one verdict
    record Ask(List<List<Item>> groups, int items, Promise<boolean[]> answer) implements Message, Traced {
      @Override
      public long trace() {
        return items;
      }
    }

    record Checked(long number, Outcome<boolean[]> verdicts) implements Message {}

    record Stop() implements Message {}
  }

  private static final int WAITING_MAX = 16_384;
  private static final int BATCH_ITEMS = 64;
  /// Batches that are computed side by side, at most.
  private static final int IN_FLIGHT_MAX = 64;
  /// While one is computed the next one gathers until it has this many, for small batches cost most: 100 us for one
  /// signature, 40 each for 8, 27 each for 24.
  private static final int WORTH_A_CORE = 24;

  private final Runtime runtime;
  private final SignatureAlgorithm algorithm;
  private final Mailbox<Message> mailbox;

  /// Starts its actor.
  ///
  /// @param runtime the node's
  /// @param algorithm checks batches
  public BatchedVerifier(Runtime runtime, SignatureAlgorithm algorithm) {
    this(runtime, algorithm, algorithm.name());
  }

  /// Starts its actor, where a node has several of one algorithm.
  ///
  /// @param runtime the node's
  /// @param algorithm checks batches
  /// @param name unique in the node
  public BatchedVerifier(Runtime runtime, SignatureAlgorithm algorithm, String name) {
    this.runtime = runtime;
    this.algorithm = algorithm;
    this.mailbox = runtime.spawn("verifier-" + name, MailboxSpec.oneLane(WAITING_MAX), Gatherer::new);
  }

  @Override
  public Completion<Boolean> verify(List<Item> items) {
    return ask(List.of(List.copyOf(items)), items.size()).map(verdicts -> verdicts[0]);
  }

  @Override
  public Completion<boolean[]> verifyEach(List<Item> items) {
    return ask(items.stream().map(List::of).toList(), items.size());
  }

  private Completion<boolean[]> ask(List<List<Item>> groups, int items) {
    Promise<boolean[]> answer = runtime.promise();
    Offer offer = mailbox.offer(new Message.Ask(groups, items, answer));
    if (offer == Offer.REJECTED || offer == Offer.CLOSED) {
      answer.failed(new UnavailableException("the verifier of node " + runtime.node() + " is " + offer));
    }
    return answer.completion();
  }

  /// Ends its actor; later questions fail as unavailable.
  public void stop() {
    mailbox.offer(new Message.Stop());
  }

  /// The verdict of each group of a batch.
  private static boolean[] check(List<Message.Ask> batch, SignatureAlgorithm algorithm, Entropy weights) {
    List<List<Item>> groups = batch.stream().flatMap(ask -> ask.groups().stream()).toList();
    boolean[] verdicts = new boolean[groups.size()];
    checkRange(groups, 0, groups.size(), verdicts, algorithm, weights);
    return verdicts;
  }

  private static void checkRange(List<List<Item>> groups, int from, int to, boolean[] verdicts,
      SignatureAlgorithm algorithm, Entropy weights) {
    List<Item> items = new ArrayList<>();
    groups.subList(from, to).forEach(items::addAll);
    if (algorithm.verifyAll(items, weights)) {
      Arrays.fill(verdicts, from, to, true);
    } else if (to - from > 1) {
      int middle = (from + to) >>> 1;
      checkRange(groups, from, middle, verdicts, algorithm, weights);
      checkRange(groups, middle, to, verdicts, algorithm, weights);
    }
  }

  private final class Gatherer implements Actor<Message> {
    private final Context<Message> context;
    private final Counter checked;
    private final Counter batches;
    private final ArrayDeque<Message.Ask> waiting = new ArrayDeque<>();
    private int waitingItems;
    private final Map<Long, List<Message.Ask>> inFlight = new TreeMap<>();
    private long batchNumber;

    Gatherer(Context<Message> context) {
      this.context = context;
      this.checked = runtime.metrics().counter("tenon_crypto_signatures_checked_total",
          "Signatures that were verified.", "node", runtime.node(), "algorithm", algorithm.name());
      this.batches = runtime.metrics().counter("tenon_crypto_batches_total",
          "Batches in which signatures were verified.", "node", runtime.node(), "algorithm", algorithm.name());
    }

    @Override
    public void handle(Message message) {
      switch (message) {
        case Message.Ask ask -> {
          if (waiting.size() >= WAITING_MAX) {
            ask.answer().failed(new UnavailableException("too many signatures wait for their verdict"));
          } else {
            waiting.add(ask);
            waitingItems += ask.items();
            dispatch();
          }
        }
        case Message.Checked(var number, var verdicts) -> {
          List<Message.Ask> batch = inFlight.remove(number);
          answer(batch == null ? List.of() : batch, verdicts);
          dispatch();
        }
        case Message.Stop() -> stop();
      }
    }

    /// The verdicts that are being computed come too late for this actor: whoever counts on them is told now.
    private void stop() {
      inFlight.values().forEach(waiting::addAll);
      waiting.forEach(ask -> ask.answer().failed(new UnavailableException("the verifier has ended")));
      waiting.clear();
      context.stop();
    }

    private void dispatch() {
      while (!waiting.isEmpty()
          && (inFlight.isEmpty() || (waitingItems >= WORTH_A_CORE && inFlight.size() < IN_FLIGHT_MAX))) {
        List<Message.Ask> batch = new ArrayList<>();
        int items = 0;
        while (!waiting.isEmpty() && (items == 0 || items + waiting.getFirst().items() <= BATCH_ITEMS)) {
          Message.Ask ask = waiting.removeFirst();
          items += ask.items();
          batch.add(ask);
        }
        waitingItems -= items;
        long number = batchNumber++;
        inFlight.put(number, batch);
        checked.add(items);
        batches.increment();
        var weights = BatchWeights.draw(runtime.entropy());
        runtime.compute().submit(() -> check(batch, algorithm, weights))
            .then(verdicts -> new Message.Checked(number, verdicts));
      }
    }

    private void answer(List<Message.Ask> batch, Outcome<boolean[]> verdicts) {
      switch (verdicts) {
        case Outcome.Done<boolean[]>(var valid) -> {
          int group = 0;
          for (Message.Ask ask : batch) {
            int end = group + ask.groups().size();
            ask.answer().done(Arrays.copyOfRange(valid, group, end));
            group = end;
          }
        }
        case Outcome.Failed<boolean[]>(var cause) -> batch.forEach(ask -> ask.answer().failed(cause));
      }
    }
  }
}
