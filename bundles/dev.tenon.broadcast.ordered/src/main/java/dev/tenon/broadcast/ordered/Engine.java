package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Lock;
import dev.tenon.broadcast.Node;
import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.journal.Durable;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One engine: takes messages, passes them to the part whose duty they are, and passes on between the parts.
///
/// Order among ready inputs: what it has asked for itself (verdicts, proposals, journal), stop, epoch, then acks and
/// nodes in turn.
final class Engine implements Actor<Message> {
  /// How long a stop waits for the commits under way, in milliseconds.
  static final long STOP_MS_MAX = 1_500;

  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  private final Desk desk;
  private final Runnable ended;
  private final NodeChecks nodes;
  private final AckChecks acks;
  private final Voting voting;
  private final @Nullable Proposing proposing;
  private final TreeMap<PublicKey, Chain> chains = new TreeMap<>(); // members of a sequencer set only
  private final TreeMap<PublicKey, Epoch> left = new TreeMap<>(); // the last epoch of those who are no sequencers now
  private final Lines lines;
  private final Beginning beginning;
  private boolean isStopping;

  private Engine(Settings settings, Collaborators peers, StatusBoard status, Lines lines, Runnable ended,
      Context<Message> context) {
    this.lines = lines;
    desk = new Desk(settings, peers, context, status, new EngineMetrics(peers.runtime().metrics(), settings));
    this.ended = ended;
    beginning = new Beginning(desk);
    nodes = new NodeChecks(desk, this);
    acks = new AckChecks(desk, this);
    voting = new Voting(desk, this);
    proposing = peers.signer().isEmpty() ? null
        : new Proposing(desk, this, peers.signer().get(),
            chains.computeIfAbsent(peers.signer().get().publicKey(), key -> new Chain(desk, this, key)));
  }

  /// Starts an engine.
  ///
  /// @param lines not open yet; whoever starts an engine closes them once it has ended
  /// @param ended runs when it has ended, stopped or failed; any thread
  /// @return where [Message.Stop] goes
  static Mailbox<Message> start(Settings settings, Collaborators peers, StatusBoard status, Lines lines,
      Runnable ended) {
    return peers.runtime().spawn("broadcast/" + settings.engine(), Message.SPEC,
        context -> new Engine(settings, peers, status, lines, ended, context));
  }

  @Override
  public void start() {
    lines.open(desk.settings, desk.peers, desk.context.self());
    desk.epoch = desk.peers.monitor().current();
    desk.status.epoch(desk.epoch.value());
    beginning.ask();
  }

  /// Where its journals' names are known, the engine opens the first of them, or ends.
  private void named(Outcome<List<String>> outcome) {
    Optional<String> refusal = beginning.named(outcome);
    if (refusal.isPresent()) {
      log.atError().addKeyValue("engine", desk.settings.engine()).addKeyValue("reason", refusal.get())
          .log("the engine does not begin");
      desk.status.ended(refusal.get());
      end();
    } else if (beginning.isOver()) {
      proposing().ifPresent(Proposing::start);
    }
  }

  @Override
  public void handle(Message message) {
    if (isStopping) {
      handleStopping(message);
      return;
    }
    switch (message) {
      case Message.Stop stop -> stop();
      case Message.StopOverdue overdue -> {}
      case Message.EpochChanged(var epoch) -> epochChanged(epoch);
      case Message.Arrived arrived -> {
        desk.metrics.nodesDropped(lines.intake().droppedNodes());
        desk.metrics.acksDropped(lines.intake().droppedAcks());
        lines.intake().take().ifPresent(this::handle);
      }
      case Message.AckArrived(var received) -> acks.arrived(received);
      case Message.NodeArrived(var received) -> {
        if (beginning.isOver()) { // before, it is as one that was lost on its way
          nodes.arrived(received);
        }
      }
      case Message.Named(var outcome) -> named(outcome);
      case Message.NamesDue due -> beginning.due();
      case Message.NamesActive(var outcome) -> beginning.active(outcome);
      case Message.LogOpened(var of, var attempt, var outcome) -> of.opened(attempt, outcome);
      case Message.LogRead(var of, var attempt, var outcome) -> of.read(attempt, outcome);
      case Message.LogRetry(var of, var attempt) -> of.retry(attempt);
      case Message.LogActive(var of, var attempt, var outcome) -> of.active(attempt, outcome);
      case Message.NodeSaved(var chain, var attempt, var node, var outcome) -> saved(chain, attempt, node, outcome);
      case Message.SequencerChecked(var chain, var check, var outcome) ->
          nodes.sequencerChecked(chain, check, outcome);
      case Message.ParentChecked(var chain, var check, var outcome) -> nodes.parentChecked(chain, check, outcome);
      case Message.ParentVotesChecked(var chain, var check, var outcome) ->
          nodes.parentVotesChecked(chain, check, outcome);
      case Message.AckChecked(var ballot, var vote, var outcome) -> acks.checked(ballot, vote, outcome);
      case Message.AcksChecked(var ballot, var checked, var outcome) -> acks.checked(ballot, checked, outcome);
      case Message.Judged(var chain, var chunk, var startNs, var outcome) ->
          voting.judged(chain, chunk, startNs, outcome);
      case Message.AckSigned(var chain, var chunk, var epoch, var outcome) ->
          voting.signed(chain, chunk, epoch, outcome);
      case Message.Proposed own -> proposing().ifPresent(part -> part.proposed(own.context(), own.outcome()));
      case Message.IntentSaved own -> intentSaved(own);
      case Message.ChunkSigned own -> proposing().ifPresent(part -> part.signed(own.chunk(), own.outcome()));
      case Message.ProposeAgain again -> proposing().ifPresent(Proposing::proposeAgain);
      case Message.RebroadcastDue due -> proposing().ifPresent(Proposing::rebroadcastDue);
    }
  }

  @Override
  public void stopped() {
    ended.run();
  }

  @Override
  public void failed(Throwable cause) {
    log.atError().addKeyValue("engine", desk.settings.engine()).setCause(cause).log("engine failed");
    desk.status.ended("failed: " + cause.getClass().getName() + ": " + cause.getMessage());
    ended.run();
  }

  // What the parts ask of each other.

  /// The chain of a sequencer of the current epoch, or one that is known already.
  Optional<Chain> chain(PublicKey sequencer) {
    Chain known = chains.get(sequencer);
    if (known == null && desk.isSequencer(sequencer, desk.epoch)) {
      known = new Chain(desk, this, sequencer);
      chains.put(sequencer, known);
      desk.metrics.chains(chains.size());
    }
    return Optional.ofNullable(known);
  }

  void chainReady(Chain chain) {
    if (isOwn(chain.sequencer)) {
      proposing().ifPresent(Proposing::advance);
    }
    nodes.next(chain);
  }

  void chainLost(Chain chain) {
    chain.cancelVerdict();
    if (isOwn(chain.sequencer)) {
      proposing().ifPresent(Proposing::chainLost);
    }
    troubled();
  }

  /// A journal was lost or is back: says so.
  void troubled() {
    List<Log> logs = new ArrayList<>();
    chains.values().forEach(chain -> logs.add(chain.log));
    proposing().ifPresent(part -> logs.add(part.intents()));
    desk.status.damaged(phrase(logs.stream().filter(Log::isDamaged).toList()));
    desk.status.paused(phrase(logs.stream().filter(log -> !log.isDamaged() && !log.trouble().isEmpty()).toList()));
  }

  private static String phrase(List<Log> troubled) {
    return troubled.isEmpty() ? ""
        : troubled.getFirst().trouble() + (troubled.size() == 1 ? "" : "; and " + (troubled.size() - 1) + " more");
  }

  /// The tip came again and is what we have.
  void repeated(Chain chain) {
    voting.ask(chain);
  }

  /// Takes a checked node: appends it where it is new, and asks the application once it is durable.
  ///
  /// @return false if there is no room now
  boolean accept(Chain chain, Node node) {
    return switch (desk.tips.standing(node.chunk())) {
      case TOO_LOW, MISMATCH -> false;
      case KNOWN -> {
        repeated(chain);
        yield true;
      }
      case NEW -> append(chain, node);
    };
  }

  private boolean append(Chain chain, Node node) {
    long attempt = chain.log.attempt();
    Optional<Completion<Durable>> saved = chain.log.append(node.chunk().height(), desk.storedNodes.encode(node));
    if (saved.isEmpty()) {
      return false;
    }
    desk.tips.put(node);
    saved.get().then(outcome -> new Message.NodeSaved(chain, attempt, node, outcome));
    return true;
  }

  /// A certificate was made of acks.
  void assembled(Chunk chunk, Epoch epoch, Certificate certificate) {
    voting.assembled(chunk);
    certified(chunk, epoch, certificate);
  }

  /// A certificate was made, or came as a parent and was verified.
  void certified(Chunk chunk, Epoch epoch, Certificate certificate) {
    if (!desk.evidence.addCertificate(chunk, epoch, certificate)) {
      return;
    }
    desk.status.certified(chunk);
    desk.application.report(new Activity.Locked(new Lock(chunk, epoch, certificate)));
    if (isOwn(chunk.sequencer())) {
      proposing().ifPresent(part -> part.certified(chunk));
    }
  }

  /// Our vote is signed: counts it and sends it.
  void voted(Ack ack, List<PublicKey> recipients) {
    acks.own(ack);
    lines.sendAck(desk.network.ack().encode(ack), recipients, desk.settings.priorityAcks());
  }

  void send(Node node, List<PublicKey> recipients) {
    lines.sendNode(desk.network.node().encode(node), recipients, desk.settings.priorityProposals());
  }

  boolean isStopping() { return isStopping; }

  private void saved(Chain chain, long attempt, Node node, Outcome<Durable> outcome) {
    if (!chain.log.ended(attempt, outcome)) {
      return;
    }
    desk.tips.saved(node);
    desk.status.tip(node.chunk());
    desk.metrics.height(node.chunk());
    chain.log.prune(node.chunk().height());
    if (isOwn(chain.sequencer)) {
      proposing().ifPresent(part -> part.saved(node));
    }
    voting.ask(chain);
  }

  private void intentSaved(Message.IntentSaved own) {
    proposing().ifPresent(part -> part.intentSaved(own.chunk(), own.attempt(), own.outcome()));
  }

  private void epochChanged(Epoch epoch) {
    int order = epoch.compareTo(desk.epoch);
    if (order < 0 && !isDecreased()) {
      return; // announced before the epoch that was asked for as the engine began: that one is on its way too
    }
    if (order < 0) {
      log.atError().addKeyValue("engine", desk.settings.engine()).addKeyValue("epoch", epoch)
          .log("epoch decreased, the engine ends");
      desk.status.ended("the epoch decreased from " + desk.epoch + " to " + epoch);
      end();
    } else if (order > 0) {
      log.atDebug().addKeyValue("engine", desk.settings.engine()).addKeyValue("before", desk.epoch)
          .addKeyValue("epoch", epoch).log("epoch refreshed");
      Epoch before = desk.epoch;
      desk.epoch = epoch;
      desk.status.epoch(epoch.value());
      desk.evidence.dropVotesOutside(Rules.oldestEpoch(desk), Rules.newestEpoch(desk));
      desk.application.sequencers(epoch).ifPresent(sequencers -> {
        desk.metrics.retain(sequencers);
        dropDeparted(sequencers, before);
      });
      desk.metrics.chains(chains.size());
      desk.metrics.evidence(desk.evidence.size());
      proposing().ifPresent(Proposing::epochChanged);
    }
  }

  private boolean isDecreased() {
    return desk.application.epoch().map(now -> now.compareTo(desk.epoch) < 0).orElse(false);
  }

  /// Forgets the sequencers that are in no set any more whose acks count. Of their journals the tip's section stays: it
  /// is replayed if they come back, so that no second chunk of a height is ever acked.
  private void dropDeparted(Participants sequencers, Epoch before) {
    TreeSet<PublicKey> known = new TreeSet<>(chains.keySet());
    known.addAll(desk.evidence.sequencers());
    left.keySet().retainAll(known);
    for (PublicKey sequencer : known) {
      if (isOwn(sequencer) || sequencers.indexOf(sequencer) >= 0
          || desk.evidence.isKnownAfter(sequencer, desk.epoch)) { // whose acks count is a sequencer of their epoch
        left.remove(sequencer);
      } else if (left.computeIfAbsent(sequencer, key -> before).compareTo(Rules.oldestEpoch(desk)) < 0) {
        drop(sequencer);
      }
    }
  }

  private void drop(PublicKey sequencer) {
    Chain chain = chains.remove(sequencer);
    if (chain != null) {
      desk.tips.durable(sequencer).ifPresent(tip -> chain.log.release(tip.chunk().height()));
      chain.end();
    }
    left.remove(sequencer);
    desk.tips.forget(sequencer);
    desk.evidence.forget(sequencer);
    desk.status.forget(sequencer);
    voting.forget(sequencer);
    troubled();
  }

  /// From now on nothing is asked, sent or told. The commits under way are waited for, so that what was accepted is
  /// not left to chance; what they would have allowed is not done any more.
  private void stop() {
    log.atDebug().addKeyValue("engine", desk.settings.engine()).log("shutdown");
    quiet();
    if (desk.commits == 0 || !desk.peers.journals().isActive()) {
      desk.context.stop(); // a parked commit would only end with the slot, and nothing was acknowledged from it
    } else {
      var unused = desk.context.after(STOP_MS_MAX, new Message.StopOverdue());
    }
  }

  private void handleStopping(Message message) {
    if (message instanceof Message.NodeSaved || message instanceof Message.IntentSaved) {
      desk.commits--;
    }
    if (desk.commits == 0 || message instanceof Message.StopOverdue) {
      desk.context.stop();
    }
  }

  private void end() {
    quiet();
    desk.context.stop();
  }

  /// Takes back all questions and listens no more.
  private void quiet() {
    isStopping = true;
    lines.close();
    beginning.end();
    chains.values().forEach(Chain::end);
    proposing().ifPresent(Proposing::stop);
  }

  private boolean isOwn(PublicKey sequencer) {
    return desk.peers.signer().map(signer -> signer.publicKey().equals(sequencer)).orElse(false);
  }

  private Optional<Proposing> proposing() {
    return Optional.ofNullable(proposing);
  }
}
