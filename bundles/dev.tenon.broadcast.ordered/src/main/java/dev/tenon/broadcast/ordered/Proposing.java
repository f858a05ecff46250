package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Context;
import dev.tenon.broadcast.Node;
import dev.tenon.broadcast.Parent;
import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.journal.Durable;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Timer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One's own chain: spec/ordered-broadcast.md section 13.
///
/// A chunk is signed only once its *intent* (the chunk without a signature) is durable, in a journal of its own beside
/// that of the nodes. After a crash the same chunk is signed again, never another one of that height, whatever the
/// application would answer then.
final class Proposing implements Log.Owner {
  /// The longest pause between two attempts, as a multiple of the first.
  static final long BACKOFF_FACTOR_MAX = 64;

  private static final Logger log = LoggerFactory.getLogger(Proposing.class);

  private enum Step { IDLE, ASKING, INTENDING, SIGNING, SAVING, PAUSED }

  private final Desk desk;
  private final Engine engine;
  private final SignerHandle signer;
  private final Chain own;
  private final Log intents;
  private Step step = Step.IDLE;
  private @Nullable Chunk intent; // durable; the only chunk of its height that may be signed
  private @Nullable Completion<Digest> asked;
  private @Nullable Timer due; // of the next repetition
  private boolean isStarted; // the first repetition after the replay was made
  private long pauseMs;
  private long startNs;
  private @Nullable Height started; // whose certificate ends the measurement
  private @Nullable Height certified; // the highest of one's own

  Proposing(Desk desk, Engine engine, SignerHandle signer, Chain own) {
    this.desk = desk;
    this.engine = engine;
    this.signer = signer;
    this.own = own;
    pauseMs = desk.settings.proposeBackoffMs();
    intents = new Log(desk, own.log.name() + Settings.INTENTS, "the journal of intents", this);
  }

  void start() {
    own.log.open();
    intents.open();
  }

  Log intents() {
    return intents;
  }

  @Override
  public void replay(Bytes item) {
    Chunk chunk = desk.chunks.decode(item);
    Chunk known = intent;
    if (known == null || chunk.height().compareTo(known.height()) > 0) {
      intent = chunk;
    }
  }

  @Override
  public void ready() {
    advance();
  }

  @Override
  public void lost() {
    intent = null;
    if (step == Step.INTENDING) {
      step = Step.IDLE;
    }
    engine.troubled();
  }

  @Override
  public void troubled() {
    engine.troubled();
  }

  /// The journal of the own nodes was lost.
  void chainLost() {
    if (step == Step.SAVING) {
      step = Step.IDLE;
    }
  }

  /// Does what can be done now: asks for the next chunk, or goes on with one that was intended.
  void advance() {
    if (!own.log.isReady() || !intents.isReady() || engine.isStopping()) {
      return;
    }
    Chunk intended = intent;
    if (intended != null && isAhead(intended)) {
      own.log.damaged("ends below the intent of height " + intended.height());
      return;
    }
    if (!isStarted) {
      isStarted = true;
      rebroadcast();
      arm();
    }
    Optional<Height> next = step == Step.IDLE ? nextHeight() : Optional.empty();
    if (next.isEmpty() || mayBeSignedBefore()) {
      return; // the repetition's timer looks again
    }
    if (intended != null && intended.height().equals(next.get())) {
      sign(intended);
      return;
    }
    step = Step.ASKING;
    var context = new Context(own.sequencer, next.get());
    Promise<Digest> promise = desk.peers.runtime().promise();
    asked = promise.completion();
    promise.completion().then(outcome -> new Message.Proposed(context, outcome));
    if (!desk.application.propose(context, promise)) {
      promise.completion().cancel();
      asked = null;
      drop(Optional.empty());
    }
  }

  /// Whether the journals were recovered: another chunk of any height above the tip may have been signed before, and of
  /// height 0 too. Nobody can tell: validators certify a tip once more, and need not have seen what is above it.
  private boolean mayBeSignedBefore() {
    JournalStore journals = desk.peers.journals();
    return journals.signingOff() || journals.isRecovered();
  }

  /// Whether nodes below an intent are gone: they were durable before it, and sent. To go on below it would be to sign
  /// other chunks of their heights.
  private boolean isAhead(Chunk intended) {
    long next = desk.tips.accepted(own.sequencer).map(tip -> tip.chunk().height().value() + 1).orElse(0L);
    return Long.compareUnsigned(intended.height().value(), next) > 0;
  }

  /// The height to propose at; empty while the tip has no certificate or we are no sequencer.
  private Optional<Height> nextHeight() {
    if (!desk.isSequencer(own.sequencer, desk.epoch)) {
      return Optional.empty();
    }
    Optional<Node> tip = desk.tips.accepted(own.sequencer);
    if (tip.isEmpty()) {
      return Optional.of(new Height(0));
    }
    Height height = tip.get().chunk().height();
    return desk.tips.isSettled(tip.get().chunk()) && desk.evidence.certificate(own.sequencer, height).isPresent()
        ? Optional.of(new Height(height.value() + 1))
        : Optional.empty();
  }

  void proposed(Context context, Outcome<Digest> outcome) {
    step = Step.IDLE;
    asked = null;
    switch (outcome) {
      case Outcome.Failed<Digest>(var cause) -> { // nothing to propose now
        desk.metrics.proposeRefused(context, cause);
        pause();
      }
      case Outcome.Done<Digest>(var payload) -> intend(context, payload);
    }
  }

  private void intend(Context context, Digest payload) {
    var chunk = new Chunk(context.sequencer(), context.height(), payload);
    Optional<Refusal> refused = refusal(chunk);
    if (refused.isPresent() || !intents.isReady()) {
      drop(refused);
      return;
    }
    long attempt = intents.attempt();
    Optional<Completion<Durable>> saved = intents.append(chunk.height(), desk.chunks.encode(chunk));
    if (saved.isEmpty()) {
      drop(refused);
      return;
    }
    step = Step.INTENDING;
    saved.get().then(outcome -> new Message.IntentSaved(chunk, attempt, outcome));
  }

  void intentSaved(Chunk chunk, long attempt, Outcome<Durable> outcome) {
    if (intents.ended(attempt, outcome)) {
      intent = chunk;
      intents.prune(chunk.height());
      sign(chunk);
    }
  }

  private void sign(Chunk chunk) {
    step = Step.SIGNING;
    Completion<Signature> owed;
    try {
      owed = signer.sign(desk.chunkNamespace, desk.chunks.encode(chunk));
    } catch (RuntimeException thrown) {
      log.atWarn().addKeyValue("engine", desk.settings.engine()).setCause(thrown).log("the signer has thrown");
      signed(chunk, new Outcome.Failed<>(thrown));
      return;
    }
    owed.then(outcome -> new Message.ChunkSigned(chunk, outcome));
  }

  void signed(Chunk chunk, Outcome<Signature> outcome) {
    step = Step.IDLE;
    switch (outcome) {
      case Outcome.Failed<Signature> failed -> drop(Optional.empty());
      case Outcome.Done<Signature>(var signature) -> {
        Optional<Refusal> refused = refusal(chunk);
        if (refused.isPresent()) {
          drop(refused);
          return;
        }
        step = Step.SAVING;
        if (!engine.accept(own, new Node(chunk, signature, parent(chunk)))) {
          drop(Optional.empty());
        }
      }
    }
  }

  /// The checks of section 13, made again after each wait.
  private Optional<Refusal> refusal(Chunk chunk) {
    if (!chunk.sequencer().equals(own.sequencer)) {
      return Optional.of(Refusal.CONTEXT_SEQUENCER);
    }
    if (!desk.isSequencer(own.sequencer, desk.epoch)) {
      return Optional.of(Refusal.I_AM_NOT_A_SEQUENCER);
    }
    Optional<Height> next = nextHeight();
    if (next.isEmpty()) {
      return Optional.of(Refusal.MISSING_CERTIFICATE);
    }
    return next.get().equals(chunk.height()) ? Optional.empty() : Optional.of(Refusal.CONTEXT_HEIGHT);
  }

  private Optional<Parent> parent(Chunk chunk) {
    if (chunk.height().value() == 0) {
      return Optional.empty();
    }
    var below = new Height(chunk.height().value() - 1);
    Digest digest = desk.tips.accepted(own.sequencer).orElseThrow().chunk().payload();
    return desk.evidence.certificate(own.sequencer, below)
        .map(found -> new Parent(digest, found.epoch(), found.certificate()));
  }

  /// The own node is durable: it may be sent.
  void saved(Node node) {
    if (step == Step.SAVING) {
      step = Step.IDLE;
    }
    pauseMs = desk.settings.proposeBackoffMs();
    startNs = desk.context.clock().monotonicNs();
    started = node.chunk().height();
    if (broadcast(node)) {
      desk.metrics.proposed(node.chunk());
    } else {
      desk.metrics.proposeFailed();
    }
    arm();
  }

  /// A certificate over a chunk of ours was stored.
  void certified(Chunk chunk) {
    if (chunk.height().equals(started)) {
      desk.metrics.certified((desk.context.clock().monotonicNs() - startNs) / 1e9);
      started = null;
    }
    Height before = certified;
    if (before == null || chunk.height().compareTo(before) > 0) {
      certified = chunk.height();
      desk.status.ownCertified();
    }
    advance();
  }

  /// The timer of the next repetition has come. It is armed again whatever comes of it: an epoch or a scheme that is
  /// not known today may be known tomorrow, and nobody tells.
  void rebroadcastDue() {
    due = null;
    if (own.log.isReady()) {
      rebroadcast();
    }
    arm();
    advance();
  }

  /// Another epoch: a tip without a certificate needs votes of the new one.
  void epochChanged() {
    if (own.log.isReady()) {
      rebroadcast();
      arm();
      advance();
    }
  }

  void proposeAgain() {
    if (step == Step.PAUSED) {
      step = Step.IDLE;
    }
    advance();
  }

  void stop() {
    if (asked != null) {
      asked.cancel();
    }
    if (due != null) {
      due.cancel();
    }
    intents.close();
  }

  private void rebroadcast() {
    Optional<Node> tip = desk.tips.durable(own.sequencer);
    if (tip.isEmpty() || !desk.tips.isSettled(tip.get().chunk()) || desk.peers.journals().signingOff()
        || desk.evidence.certificate(own.sequencer, tip.get().chunk().height()).isPresent()) {
      return; // nothing to repeat
    }
    if (!desk.isSequencer(own.sequencer, desk.epoch)) {
      desk.metrics.rebroadcastDropped();
      log.atInfo().addKeyValue("engine", desk.settings.engine()).addKeyValue("epoch", desk.epoch)
          .addKeyValue("reason", Refusal.I_AM_NOT_A_SEQUENCER).log("rebroadcast refused");
    } else if (broadcast(tip.get())) {
      desk.metrics.rebroadcast(tip.get().chunk());
      engine.repeated(own); // our own ack may be missing too, in this epoch
    } else {
      desk.metrics.rebroadcastFailed();
    }
  }

  private boolean broadcast(Node node) {
    Optional<CertificateScheme> scheme = desk.scheme(desk.epoch);
    if (scheme.isEmpty()) {
      return false;
    }
    if (!desk.application.broadcast(new Context(own.sequencer, node.chunk().height()), node.chunk().payload())) {
      return false; // a node whose payload nobody has would only make others wait
    }
    engine.send(node, scheme.get().participants().keys());
    return true;
  }

  private void arm() {
    if (due != null) {
      due.cancel();
    }
    due = desk.context.after(desk.settings.rebroadcastTimeoutMs(), new Message.RebroadcastDue());
  }

  private void drop(Optional<Refusal> why) {
    desk.metrics.proposeDropped();
    why.ifPresent(refusal -> log.atDebug().addKeyValue("engine", desk.settings.engine())
        .addKeyValue("reason", refusal).log("proposal dropped"));
    pause();
  }

  private void pause() {
    step = Step.PAUSED;
    desk.context.after(pauseMs, new Message.ProposeAgain());
    pauseMs = Math.min(pauseMs * 2, desk.settings.proposeBackoffMs() * BACKOFF_FACTOR_MAX);
  }
}
