package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Context;
import dev.tenon.broadcast.Node;
import dev.tenon.broadcast.Proposal;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The application's verdict on a durable tip, and the ack that follows it: spec/ordered-broadcast.md section 11.
///
/// A chain has one verdict open. The same tip again is served by it, unless the answer is long in coming: it may have
/// been lost, so the application is asked anew, and each time waited for twice as long. A higher tip makes it needless.
final class Voting {
  /// How long an answer is waited for at first, as a multiple of the repetition's timeout.
  static final long PATIENCE_FACTOR = 8;

  /// The longest, in milliseconds.
  static final long PATIENCE_MS_MAX = 24 * 3_600_000L;

  private static final long NS_PER_MS = 1_000_000;

  /// How far the next height that was not acked before a recovery may lie above a certificate that was made after it.
  static final long ABOVE_CERTIFIED = 2;

  private final Desk desk;
  private final Engine engine;
  /// Of each chain the lowest height that cannot have been acked before the journals were recovered. See [#assembled].
  private final TreeMap<PublicKey, Height> floors = new TreeMap<>();

  Voting(Desk desk, Engine engine) {
    this.desk = desk;
    this.engine = engine;
  }

  /// Asks the application about the tip of a chain, where it is durable.
  void ask(Chain chain) {
    Optional<Node> tip = desk.tips.durable(chain.sequencer);
    if (!chain.log.isReady() || tip.isEmpty() || !desk.tips.isSettled(tip.get().chunk())
        || isServed(chain, tip.get().chunk())) {
      return;
    }
    Chunk chunk = tip.get().chunk();
    chain.patienceMs = chunk.equals(chain.judged) ? Math.min(chain.patienceMs * 2, PATIENCE_MS_MAX)
        : desk.settings.rebroadcastTimeoutMs() * PATIENCE_FACTOR;
    chain.cancelVerdict();
    Promise<Boolean> promise = desk.peers.runtime().promise();
    chain.judged = chunk;
    chain.verdict = promise.completion();
    long startNs = desk.context.clock().monotonicNs();
    chain.judgedNs = startNs;
    promise.completion().then(outcome -> new Message.Judged(chain, chunk, startNs, outcome));
    if (!desk.application.verify(new Context(chunk.sequencer(), chunk.height()), chunk.payload(), promise)) {
      chain.cancelVerdict(); // no verdict: the sequencer's repetition asks again
      desk.metrics.verifyDropped(chunk);
    }
  }

  private boolean isServed(Chain chain, Chunk chunk) {
    return chunk.equals(chain.judged)
        && desk.context.clock().monotonicNs() - chain.judgedNs < chain.patienceMs * NS_PER_MS;
  }

  void judged(Chain chain, Chunk chunk, long startNs, Outcome<Boolean> outcome) {
    if (chunk.equals(chain.judged)) {
      chain.judged = null;
      chain.verdict = null;
    }
    double seconds = (desk.context.clock().monotonicNs() - startNs) / 1e9;
    switch (outcome) {
      case Outcome.Failed<Boolean> failed -> desk.metrics.verifyDropped(chunk);
      case Outcome.Done<Boolean>(var valid) when !valid -> desk.metrics.verified(chunk, seconds, false);
      case Outcome.Done<Boolean> valid -> {
        desk.metrics.verified(chunk, seconds, true);
        accept(chain, chunk).ifPresent(desk.metrics::voteRefused);
      }
    }
  }

  /// A certificate was made of acks that were sent to this engine. On recovered journals it tells where acks may begin.
  ///
  /// A quorum stands at its height, or did after the recovery. Had a higher one been certified before it, one honest
  /// validator at least would have gone down since. So what this one may have acked is one above at most: the node
  /// there needs this certificate as its parent's. One that comes as a parent tells nothing, it may be an old one.
  void assembled(Chunk chunk) {
    if (desk.peers.journals().isRecovered()) {
      floors.merge(chunk.sequencer(), new Height(Rules.plus(chunk.height().value(), ABOVE_CERTIFIED)),
          (known, fresh) -> known.compareTo(fresh) <= 0 ? known : fresh);
    }
  }

  /// Its chain is not followed any more.
  void forget(PublicKey sequencer) {
    floors.remove(sequencer);
  }

  private boolean mayBeAckedBefore(Chunk chunk) {
    Height floor = floors.get(chunk.sequencer());
    return desk.peers.journals().isRecovered() && (floor == null || chunk.height().compareTo(floor) < 0);
  }

  /// Whether a chunk may still be acked. Asked when its verdict comes and again when its ack is signed.
  private Optional<Refusal> refusal(Chain chain, Chunk chunk) {
    if (!chain.log.isReady()) {
      return Optional.of(Refusal.JOURNAL_NOT_READY); // what it holds is being found out
    }
    Optional<Node> tip = desk.tips.durable(chunk.sequencer());
    if (tip.isEmpty()) {
      return Optional.of(Refusal.APP_VERIFIED_NO_TIP);
    }
    if (!desk.tips.isSettled(chunk)) {
      return Optional.of(tip.get().chunk().height().equals(chunk.height())
          ? Refusal.APP_VERIFIED_PAYLOAD_MISMATCH
          : Refusal.APP_VERIFIED_HEIGHT_MISMATCH);
    }
    return Optional.empty();
  }

  private Optional<Refusal> accept(Chain chain, Chunk chunk) {
    Optional<Refusal> refused = refusal(chain, chunk);
    if (refused.isPresent()) {
      return refused;
    }
    Node tip = desk.tips.durable(chunk.sequencer()).orElseThrow();
    desk.application.report(new Activity.Tip(new Proposal(chunk, tip.signature())));
    Epoch epoch = desk.epoch;
    Optional<CertificateScheme> scheme = desk.scheme(epoch);
    if (scheme.isEmpty()) {
      return Optional.of(Refusal.UNKNOWN_SCHEME);
    }
    if (scheme.get().me() < 0) {
      return Optional.of(Refusal.NOT_SIGNER);
    }
    if (desk.peers.journals().signingOff()) {
      return Optional.of(Refusal.SIGNING_OFF);
    }
    if (mayBeAckedBefore(chunk)) {
      return Optional.of(Refusal.ACKED_BEFORE_RECOVERY);
    }
    Completion<Optional<Attestation>> owed;
    try {
      owed = scheme.get().sign(desk.subject(chunk, epoch));
    } catch (RuntimeException thrown) {
      return Optional.of(Refusal.NOT_SIGNER); // the sequencer's repetition asks again
    }
    owed.then(outcome -> new Message.AckSigned(chain, chunk, epoch, outcome));
    return Optional.empty();
  }

  /// The vote is signed. What was checked before it is checked again: others may have come first.
  void signed(Chain chain, Chunk chunk, Epoch epoch, Outcome<Optional<Attestation>> outcome) {
    Optional<Attestation> attestation = switch (outcome) {
      case Outcome.Done<Optional<Attestation>>(var made) -> made;
      case Outcome.Failed<Optional<Attestation>> failed -> Optional.empty(); // the sequencer's repetition asks again
    };
    Optional<Refusal> refused = epoch.compareTo(Rules.oldestEpoch(desk)) < 0
        ? Optional.of(Refusal.ACK_EPOCH_OUTSIDE_BOUNDS)
        : refusal(chain, chunk);
    if (refused.isPresent()) {
      desk.metrics.voteRefused(refused.get());
      return;
    }
    Optional<CertificateScheme> scheme = desk.scheme(epoch);
    if (attestation.isEmpty() || scheme.isEmpty()) {
      desk.metrics.voteRefused(attestation.isEmpty() ? Refusal.NOT_SIGNER : Refusal.UNKNOWN_SCHEME);
      return;
    }
    var ack = new Ack(chunk, epoch, attestation.get());
    List<PublicKey> recipients = scheme.get().participants().keys();
    if (scheme.get().participants().indexOf(chunk.sequencer()) < 0) {
      recipients = new ArrayList<>(recipients);
      recipients.add(chunk.sequencer());
    }
    engine.voted(ack, recipients);
  }
}
