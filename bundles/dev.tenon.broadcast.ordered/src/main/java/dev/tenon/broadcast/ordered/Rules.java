package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Node;
import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.certificate.CertificateScheme;
import java.util.Optional;

/// The checks of spec/ordered-broadcast.md sections 9 and 10 that need no cryptography, in their order. They are made
/// when a message arrives and again when the verdict on its signatures does, against the state of that moment.
final class Rules {
  private Rules() {}

  /// Whether a chunk may be taken in an epoch.
  static Optional<Refusal> chunk(Desk desk, Chunk chunk, Epoch epoch) {
    if (!desk.isSequencer(chunk.sequencer(), epoch)) {
      return Optional.of(Refusal.UNKNOWN_SEQUENCER);
    }
    return switch (desk.tips.standing(chunk)) {
      case NEW, KNOWN -> Optional.empty();
      case TOO_LOW -> Optional.of(Refusal.CHUNK_HEIGHT_TOO_LOW);
      case MISMATCH -> Optional.of(Refusal.CHUNK_MISMATCH);
    };
  }

  /// Whether an ack may be taken from a peer.
  static Optional<Refusal> ack(Desk desk, PublicKey from, Ack ack) {
    Optional<Refusal> refused = chunk(desk, ack.chunk(), ack.epoch());
    if (refused.isPresent()) {
      return refused;
    }
    Optional<CertificateScheme> scheme = desk.scheme(ack.epoch());
    if (scheme.isEmpty()) {
      return Optional.of(Refusal.UNKNOWN_SCHEME);
    }
    int index = scheme.get().participants().indexOf(from);
    if (index < 0) {
      return Optional.of(Refusal.UNKNOWN_VALIDATOR);
    }
    if (index != ack.attestation().signer()) {
      return Optional.of(Refusal.PEER_MISMATCH);
    }
    return bounds(desk, ack);
  }

  private static Optional<Refusal> bounds(Desk desk, Ack ack) {
    if (ack.epoch().compareTo(oldestEpoch(desk)) < 0 || ack.epoch().compareTo(newestEpoch(desk)) > 0) {
      return Optional.of(Refusal.ACK_EPOCH_OUTSIDE_BOUNDS);
    }
    long tip = desk.tips.accepted(ack.chunk().sequencer()).map(Node::chunk).map(chunk -> chunk.height().value())
        .orElse(0L);
    long highest = plus(tip, desk.settings.heightBound());
    long height = ack.chunk().height().value();
    if (Long.compareUnsigned(height, tip) < 0 || Long.compareUnsigned(height, highest) > 0) {
      return Optional.of(Refusal.ACK_HEIGHT_OUTSIDE_BOUNDS);
    }
    return Optional.empty();
  }

  /// The oldest epoch for which acks are accepted.
  static Epoch oldestEpoch(Desk desk) {
    long now = desk.epoch.value();
    long old = desk.settings.epochsOld();
    return new Epoch(Long.compareUnsigned(now, old) < 0 ? 0 : now - old);
  }

  /// The newest epoch for which acks are accepted.
  static Epoch newestEpoch(Desk desk) {
    return new Epoch(plus(desk.epoch.value(), desk.settings.epochsNew()));
  }

  /// Adds unsigned numbers, up to the largest.
  static long plus(long base, long delta) {
    long sum = base + delta;
    return Long.compareUnsigned(sum, base) < 0 ? -1L : sum;
  }
}
