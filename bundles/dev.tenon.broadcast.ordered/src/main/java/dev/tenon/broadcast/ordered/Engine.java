package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Lock;
import dev.tenon.broadcast.Node;
import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Monitor;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.journal.Durable;
import dev.tenon.p2p.Channel;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One engine: takes messages, passes them to the part whose duty they are, and passes on between the parts.
///
/// Order among ready inputs: what it has asked for itself (verdicts, proposals, journal), stop, epoch, acks, nodes.
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
  private @Nullable Channel nodeChannel;
  private @Nullable Channel ackChannel;
  private Monitor.@Nullable Subscription epochs;
  private int savesUnderWay;
  private boolean isStopping;

  private Engine(Settings settings, Collaborators peers, StatusBoard status, Runnable ended,
      Context<Message> context) {
    desk = new Desk(settings, peers, context, status, new EngineMetrics(peers.runtime().metrics(), settings));
    this.ended = ended;
    nodes = new NodeChecks(desk, this);
    acks = new AckChecks(desk, this);
    voting = new Voting(desk, this);
    proposing = peers.signer().isEmpty() ? null
        : new Proposing(desk, this, peers.signer().get(),
            chains.computeIfAbsent(peers.signer().get().publicKey(), key -> new Chain(desk, this, key)));
  }

  /// Starts an engine.
  ///
  /// @param ended runs when it has ended, stopped or failed; any thread
  /// @return where [Message.Stop] goes
  static Mailbox<Message> start(Settings settings, Collaborators peers, StatusBoard status, Runnable ended) {
    return peers.runtime().spawn("broadcast/" + settings.engine(), Message.SPEC,
        context -> new Engine(settings, peers, status, ended, context));
  }

  @Override
  public void start() {
    Mailbox<Message> self = desk.context.self();
    Settings settings = desk.settings;
    epochs = desk.peers.monitor().subscribe(epoch -> {
      var unused = self.offer(new Message.EpochChanged(epoch)); // of several the newest stays
    });
    desk.epoch = desk.peers.monitor().current();
    desk.status.epoch(desk.epoch.value());
    nodeChannel = desk.peers.transport().channel(desk.peers.self(), settings.channel() + "-nodes",
        settings.messageBytesMax(), received -> self.offer(new Message.NodeArrived(received)));
    ackChannel = desk.peers.transport().channel(desk.peers.self(), settings.channel() + "-acks",
        settings.messageBytesMax(), received -> self.offer(new Message.AckArrived(received)));
    if (proposing != null) {
      proposing.start();
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
      case Message.AckArrived(var received) -> acks.arrived(received);
      case Message.NodeArrived(var received) -> nodes.arrived(received);
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
      case Message.AckChecked(var ballot, var ack, var outcome) -> acks.checked(ballot, ack, outcome);
      case Message.AcksChecked(var ballot, var checked, var outcome) -> acks.checked(ballot, checked, outcome);
      case Message.Judged(var chain, var chunk, var startNs, var outcome) ->
          voting.judged(chain, chunk, startNs, outcome);
      case Message.AckSigned(var chunk, var epoch, var outcome) -> voting.signed(chunk, epoch, outcome);
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
    }
    return Optional.ofNullable(known);
  }

  void chainReady(Chain chain) {
    logsChanged();
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
    logsChanged();
  }

  /// A journal was lost or is back: says so.
  void logsChanged() {
    long waiting = chains.values().stream().filter(chain -> chain.log.isWaiting()).count();
    long damaged = chains.values().stream().filter(chain -> chain.log.isDamaged()).count();
    if (proposing != null) {
      waiting += proposing.intents().isWaiting() ? 1 : 0;
      damaged += proposing.intents().isDamaged() ? 1 : 0;
    }
    desk.status.paused(damaged > 0 ? damaged + " journals are damaged"
        : waiting > 0 ? waiting + " journals are opened again" : "");
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
    savesUnderWay++;
    saved.get().then(outcome -> new Message.NodeSaved(chain, attempt, node, outcome));
    return true;
  }

  /// A certificate was made, or came as a parent and was verified.
  void certified(Chunk chunk, Epoch epoch, Certificate certificate) {
    if (!desk.evidence.addCertificate(chunk, epoch, certificate)) {
      return;
    }
    desk.status.certified(chunk);
    desk.report(new Activity.Locked(new Lock(chunk, epoch, certificate)));
    if (isOwn(chunk.sequencer())) {
      proposing().ifPresent(part -> part.certified(chunk));
    }
  }

  /// Our vote is signed: counts it and sends it.
  void voted(Ack ack, List<PublicKey> recipients) {
    acks.own(ack);
    send(ackChannel, desk.network.ack().encode(ack), recipients, desk.settings.priorityAcks());
  }

  void send(Node node, List<PublicKey> recipients) {
    send(nodeChannel, desk.network.node().encode(node), recipients, desk.settings.priorityProposals());
  }

  boolean isStopping() { return isStopping; }

  private static void send(@Nullable Channel channel, Bytes message, List<PublicKey> recipients, boolean priority) {
    if (channel != null) {
      var unused = channel.send(recipients, message, priority); // what is lost is asked for again by repetition
    }
  }

  private void saved(Chain chain, long attempt, Node node, Outcome<Durable> outcome) {
    savesUnderWay--;
    if (attempt != chain.log.attempt()) {
      return; // the journal was lost meanwhile; the replay tells
    }
    switch (outcome) {
      case Outcome.Failed<Durable>(var cause) -> chain.log.failed(cause);
      case Outcome.Done<Durable> done -> {
        desk.tips.saved(node);
        desk.status.tip(node.chunk());
        desk.metrics.height(node.chunk());
        chain.log.prune(node.chunk().height());
        if (isOwn(chain.sequencer)) {
          proposing().ifPresent(part -> part.saved(node));
        }
        voting.ask(chain);
      }
    }
  }

  private void intentSaved(Message.IntentSaved own) {
    proposing().ifPresent(part -> part.intentSaved(own.chunk(), own.attempt(), own.outcome()));
  }

  private void epochChanged(Epoch epoch) {
    int order = epoch.compareTo(desk.epoch);
    if (order < 0) {
      log.atError().addKeyValue("engine", desk.settings.engine()).addKeyValue("epoch", epoch)
          .log("epoch decreased, the engine ends");
      desk.status.ended("the epoch decreased from " + desk.epoch + " to " + epoch);
      end();
    } else if (order > 0) {
      log.atDebug().addKeyValue("engine", desk.settings.engine()).addKeyValue("epoch", epoch).log("epoch refreshed");
      desk.epoch = epoch;
      desk.status.epoch(epoch.value());
      desk.evidence.dropVotesOutside(Rules.oldestEpoch(desk), Rules.newestEpoch(desk));
      desk.peers.sequencers().sequencers(epoch).ifPresent(desk.metrics::retain);
      proposing().ifPresent(Proposing::epochChanged);
    }
  }

  private void stop() {
    isStopping = true;
    chains.values().forEach(Chain::cancelVerdict);
    proposing().ifPresent(Proposing::stop);
    if (savesUnderWay == 0 || !desk.peers.journals().isActive()) {
      end(); // a parked commit would only end with the slot, and nothing was acknowledged from it
    } else {
      var unused = desk.context.after(STOP_MS_MAX, new Message.StopOverdue());
    }
  }

  /// Only the commits under way are waited for.
  private void handleStopping(Message message) {
    if (message instanceof Message.NodeSaved) {
      savesUnderWay--;
    }
    if (savesUnderWay == 0 || message instanceof Message.StopOverdue) {
      end();
    }
  }

  private void end() {
    isStopping = true;
    if (epochs != null) {
      epochs.close();
    }
    if (nodeChannel != null) {
      nodeChannel.close();
    }
    if (ackChannel != null) {
      ackChannel.close();
    }
    desk.context.stop();
  }

  private boolean isOwn(PublicKey sequencer) {
    return desk.peers.signer().map(signer -> signer.publicKey().equals(sequencer)).orElse(false);
  }

  private Optional<Proposing> proposing() {
    return Optional.ofNullable(proposing);
  }
}
