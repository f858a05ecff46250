package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.runtime.Context;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongFunction;

/// What the parts of one engine share. Belongs to its actor.
final class Desk {
  final Settings settings;
  final Collaborators peers;
  final Context<Message> context;
  final StatusBoard status;
  final EngineMetrics metrics;
  final Application application;
  final Tips tips = new Tips();
  final Evidence evidence = new Evidence();
  final Codec<Chunk> chunks;
  final BroadcastCodecs network;
  final Codec<Node> storedNodes;
  final Bytes chunkNamespace;
  private final Bytes ackNamespace;
  Epoch epoch;
  /// Commits under way in all journals.
  int commits;

  Desk(Settings settings, Collaborators peers, Context<Message> context, StatusBoard status, EngineMetrics metrics) {
    this.settings = settings;
    this.peers = peers;
    this.context = context;
    this.status = status;
    this.metrics = metrics;
    application = new Application(settings, peers, context.clock(), status, metrics);
    network = codecs(epochValue -> scheme(new Epoch(epochValue)).or(peers.schemes()::all)
        .map(CertificateScheme::certificateCodec));
    Codec<Certificate> stored = peers.schemes().storedCertificateCodec();
    storedNodes = codecs(epochValue -> Optional.of(stored)).node();
    chunks = network.chunk();
    chunkNamespace = settings.namespace().concat(ascii("_CHUNK"));
    ackNamespace = settings.namespace().concat(ascii("_ACK"));
    epoch = peers.monitor().current();
  }

  /// What an ack of this chunk and epoch signs.
  Subject subject(Chunk chunk, Epoch ofEpoch) {
    return new Subject(ackNamespace, chunk.ackMessage(chunks, ofEpoch));
  }

  Optional<CertificateScheme> scheme(Epoch ofEpoch) {
    return peers.schemes().scoped(ofEpoch.value());
  }

  /// Whether a key is a sequencer of an epoch. False where the epoch is not known.
  boolean isSequencer(PublicKey key, Epoch ofEpoch) {
    return application.sequencers(ofEpoch).map(set -> set.indexOf(key) >= 0).orElse(false);
  }

  /// Keys are not decoded here: what is no member of a sequencer set is refused, and the members' keys are keys.
  private BroadcastCodecs codecs(LongFunction<Optional<Codec<Certificate>>> certificates) {
    SignatureAlgorithm algorithm = peers.algorithm();
    return new BroadcastCodecs(algorithm.keySize(), algorithm.signatureSize(), key -> true,
        peers.schemes().attestationCodec(), certificates);
  }

  private static Bytes ascii(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
