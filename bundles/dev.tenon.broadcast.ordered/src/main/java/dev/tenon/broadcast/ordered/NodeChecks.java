package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.broadcast.Parent;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.Reader;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.p2p.Received;
import dev.tenon.runtime.Outcome;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Nodes from the network, up to their acceptance: spec/ordered-broadcast.md section 9.
///
/// A sequencer has at most one node in check; of those that arrive meanwhile the highest waits. A node waits too until
/// the sequencer's journal was replayed: judged before it, an old or a second node would look new after a restart.
final class NodeChecks {
  /// One node in check. Null: not known yet.
  static final class Check {
    private final Node node;
    private @Nullable Outcome<Boolean> sequencer;
    private @Nullable Outcome<Boolean> parent;

    private Check(Node node) {
      this.node = node;
    }
  }

  private static final Outcome<Boolean> VALID = new Outcome.Done<>(true);
  private static final Outcome<Boolean> INVALID = new Outcome.Done<>(false);

  private final Desk desk;
  private final Engine engine;

  NodeChecks(Desk desk, Engine engine) {
    this.desk = desk;
    this.engine = engine;
  }

  void arrived(Received received) {
    PublicKey from = received.from();
    long height;
    try {
      var reader = new Reader(received.message());
      if (!reader.raw(desk.peers.algorithm().keySize(), "PublicKey").equals(from.bytes())) {
        desk.metrics.nodeRefused(Refusal.PEER_MISMATCH, from);
        return;
      }
      height = Height.CODEC.read(reader).value();
    } catch (InvalidDataException e) {
      desk.metrics.nodeRefused(Refusal.MALFORMED, from);
      return;
    }
    Optional<Chain> known = engine.chain(from);
    if (known.isEmpty()) {
      desk.metrics.nodeRefused(Refusal.UNKNOWN_SEQUENCER, from);
      return;
    }
    Chain chain = known.get();
    if (chain.log.isReady() && chain.check == null) {
      begin(chain, received.message());
    } else if (chain.waiting == null || Long.compareUnsigned(height, chain.waitingHeight) >= 0) {
      desk.metrics.nodesDropped(chain.waiting == null ? 0 : 1);
      chain.waiting = received.message();
      chain.waitingHeight = height;
      chain.log.open();
    } else {
      desk.metrics.nodesDropped(1);
    }
  }

  /// Takes the node that waits, if its time has come.
  void next(Chain chain) {
    Bytes message = chain.waiting;
    if (message != null && chain.check == null && chain.log.isReady()) {
      chain.waiting = null;
      begin(chain, message);
    }
  }

  private void begin(Chain chain, Bytes message) {
    Node node;
    try {
      node = desk.network.node().read(new Reader(message)); // what follows a node is tolerated
    } catch (InvalidDataException e) {
      desk.metrics.nodeRefused(Refusal.of(e), chain.sequencer);
      return;
    }
    if (repeats(chain, node)) {
      return;
    }
    Optional<Refusal> refused = Rules.chunk(desk, node.chunk(), desk.epoch);
    if (refused.isPresent()) {
      desk.metrics.nodeRefused(refused.get(), chain.sequencer);
      return;
    }
    Optional<CertificateScheme> scheme = node.parent()
        .flatMap(parent -> desk.scheme(parent.epoch()).or(desk.peers.schemes()::all));
    if (node.parent().isPresent() && scheme.isEmpty()) {
      desk.metrics.nodeRefused(Refusal.UNKNOWN_SCHEME, chain.sequencer);
      return;
    }
    var check = new Check(node);
    chain.check = check;
    checkSequencer(chain, check);
    if (scheme.isPresent()) {
      checkParent(chain, check, node.parent().get(), scheme.get());
    } else {
      check.parent = VALID;
    }
    finish(chain, check);
  }

  /// The tip again, with nothing new in its parent: no check is needed. It may have come because our ack was lost.
  private boolean repeats(Chain chain, Node node) {
    if (!desk.tips.accepted(chain.sequencer).map(node::equals).orElse(false)) {
      return false;
    }
    if (node.parent().isPresent() && !desk.evidence.isCertified(chain.sequencer, below(node.chunk()),
        node.parent().get().epoch())) {
      return false; // after a restart: its parent's certificate is to be checked, stored and reported
    }
    desk.metrics.nodeAccepted(node.chunk());
    engine.repeated(chain);
    return true;
  }

  private void checkSequencer(Chain chain, Check check) {
    Node node = check.node;
    Optional<Node> tip = desk.tips.accepted(chain.sequencer);
    if (tip.isPresent() && tip.get().chunk().equals(node.chunk()) && tip.get().signature().equals(node.signature())) {
      check.sequencer = VALID;
      return;
    }
    Bytes framed = Framing.framed(desk.chunkNamespace, desk.chunks.encode(node.chunk()));
    desk.peers.verifier().verify(List.of(new Item(chain.sequencer, framed, node.signature())))
        .then(outcome -> new Message.SequencerChecked(chain, check, outcome));
  }

  private void checkParent(Chain chain, Check check, Parent parent, CertificateScheme scheme) {
    Certificate certificate = parent.certificate();
    Chunk below = new Chunk(chain.sequencer, below(check.node.chunk()), parent.digest());
    if (desk.evidence.holds(below, parent.epoch(), certificate)) {
      check.parent = VALID;
      return;
    }
    Subject subject = desk.subject(below, parent.epoch());
    List<Attestation> missing = desk.evidence.unverified(below, parent.epoch(), certificate);
    if (missing.size() == certificate.attestations().size()) {
      scheme.verifyCertificate(subject, certificate)
          .then(outcome -> new Message.ParentChecked(chain, check, outcome));
    } else if (!scheme.assemble(certificate.attestations()).equals(Optional.of(certificate))) {
      check.parent = INVALID; // its votes do not make it: quorum, or size of the set
    } else if (missing.isEmpty()) {
      check.parent = VALID;
    } else {
      scheme.verifyAttestations(subject, missing)
          .then(outcome -> new Message.ParentVotesChecked(chain, check, outcome));
    }
  }

  void sequencerChecked(Chain chain, Check check, Outcome<Boolean> outcome) {
    check.sequencer = outcome;
    finish(chain, check);
  }

  void parentChecked(Chain chain, Check check, Outcome<Boolean> outcome) {
    check.parent = outcome;
    finish(chain, check);
  }

  void parentVotesChecked(Chain chain, Check check, Outcome<Verdicts> outcome) {
    check.parent = switch (outcome) {
      case Outcome.Done<Verdicts>(var verdicts) -> verdicts.invalid().isEmpty() ? VALID : INVALID;
      case Outcome.Failed<Verdicts>(var cause) -> new Outcome.Failed<>(cause);
    };
    finish(chain, check);
  }

  private void finish(Chain chain, Check check) {
    Outcome<Boolean> sequencer = check.sequencer;
    Outcome<Boolean> parent = check.parent;
    if (sequencer == null || parent == null || chain.check != check) {
      return;
    }
    chain.check = null;
    if (sequencer instanceof Outcome.Failed || parent instanceof Outcome.Failed || !chain.log.isReady()) {
      desk.metrics.nodesDropped(1); // no verdict, or the journal was lost meanwhile: the sequencer sends it again
    } else if (!sequencer.equals(VALID)) {
      desk.metrics.nodeRefused(Refusal.INVALID_SEQUENCER_SIGNATURE, chain.sequencer);
    } else if (!parent.equals(VALID)) {
      desk.metrics.nodeRefused(Refusal.INVALID_CERTIFICATE, chain.sequencer);
    } else {
      take(chain, check.node);
    }
    next(chain);
  }

  /// The verdict is in: what was checked before it is checked again, for others may have come first.
  private void take(Chain chain, Node node) {
    if (repeats(chain, node)) {
      return;
    }
    Optional<Refusal> refused = Rules.chunk(desk, node.chunk(), desk.epoch);
    if (refused.isPresent()) {
      desk.metrics.nodeRefused(refused.get(), chain.sequencer);
      return;
    }
    node.parent().ifPresent(parent -> engine.certified(
        new Chunk(chain.sequencer, below(node.chunk()), parent.digest()), parent.epoch(), parent.certificate()));
    if (engine.accept(chain, node)) {
      desk.metrics.nodeAccepted(node.chunk());
    } else {
      desk.metrics.nodesDropped(1);
    }
  }

  private static Height below(Chunk chunk) {
    return new Height(chunk.height().value() - 1);
  }
}
