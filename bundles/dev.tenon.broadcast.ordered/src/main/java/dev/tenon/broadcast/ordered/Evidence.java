package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.Chunk;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateScheme;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Verified votes and certificates by sequencer, height and epoch.
///
/// Bounded by what is let in: heights from the tip less one to the tip plus the height bound, the accepted epochs, one
/// vote of each signer.
final class Evidence {
  /// A certificate with its epoch.
  record Certified(Epoch epoch, Certificate certificate) {}

  private static final class Votes {
    private final TreeSet<Integer> seen = new TreeSet<>();
    private final TreeMap<Digest, List<Attestation>> byPayload = new TreeMap<>();
    private @Nullable Certificate certificate;
    private @Nullable Digest certified; // the payload that the certificate is for
  }

  private final TreeMap<PublicKey, TreeMap<Height, TreeMap<Epoch, Votes>>> chains = new TreeMap<>();

  /// Whether another vote of this signer would change nothing.
  boolean isSettled(Chunk chunk, Epoch epoch, int signer) {
    Votes votes = find(chunk.sequencer(), chunk.height(), epoch);
    return votes != null && (votes.certificate != null || votes.seen.contains(signer));
  }

  /// Counts a verified vote. The first of a signer counts, whatever it is for.
  ///
  /// @return a certificate if this vote completed it; once. The caller stores it with [#addCertificate]
  Optional<Certificate> addAck(Ack ack, CertificateScheme scheme) {
    Votes votes = chains.computeIfAbsent(ack.chunk().sequencer(), key -> new TreeMap<>())
        .computeIfAbsent(ack.chunk().height(), key -> new TreeMap<>())
        .computeIfAbsent(ack.epoch(), key -> new Votes());
    if (votes.certificate != null || !votes.seen.add(ack.attestation().signer())) {
      return Optional.empty();
    }
    List<Attestation> same = votes.byPayload.computeIfAbsent(ack.chunk().payload(), key -> new ArrayList<>());
    same.add(ack.attestation());
    return same.size() < scheme.participants().quorum() ? Optional.empty() : scheme.assemble(same);
  }

  /// Stores a verified certificate and drops what lies more than one height below it. That one stays, so that a node
  /// that comes again does not report its parent's certificate again.
  ///
  /// @return whether none was there for this epoch
  boolean addCertificate(Chunk chunk, Epoch epoch, Certificate certificate) {
    Height height = chunk.height();
    TreeMap<Height, TreeMap<Epoch, Votes>> heights = chains.computeIfAbsent(chunk.sequencer(), key -> new TreeMap<>());
    Votes votes = heights.computeIfAbsent(height, key -> new TreeMap<>()).computeIfAbsent(epoch, key -> new Votes());
    boolean isNew = votes.certificate == null;
    votes.certificate = certificate;
    votes.certified = chunk.payload();
    if (isNew && height.value() != 0) {
      heights.headMap(new Height(height.value() - 1), false).clear();
    }
    return isNew;
  }

  /// The certificate of the highest epoch that has one.
  Optional<Certified> certificate(PublicKey sequencer, Height height) {
    TreeMap<Height, TreeMap<Epoch, Votes>> heights = chains.get(sequencer);
    TreeMap<Epoch, Votes> epochs = heights == null ? null : heights.get(height);
    if (epochs == null) {
      return Optional.empty();
    }
    for (Map.Entry<Epoch, Votes> entry : epochs.descendingMap().entrySet()) {
      if (entry.getValue().certificate != null) {
        return Optional.of(new Certified(entry.getKey(), entry.getValue().certificate));
      }
    }
    return Optional.empty();
  }

  /// Whether a certificate is known for this height and epoch.
  boolean isCertified(PublicKey sequencer, Height height, Epoch epoch) {
    Votes votes = find(sequencer, height, epoch);
    return votes != null && votes.certificate != null;
  }

  /// Whether exactly this certificate was stored for this chunk and epoch.
  boolean holds(Chunk chunk, Epoch epoch, Certificate certificate) {
    Votes votes = find(chunk.sequencer(), chunk.height(), epoch);
    return votes != null && certificate.equals(votes.certificate) && chunk.payload().equals(votes.certified);
  }

  /// The votes of a certificate that were not yet verified for this chunk and epoch.
  List<Attestation> unverified(Chunk chunk, Epoch epoch, Certificate certificate) {
    Votes votes = find(chunk.sequencer(), chunk.height(), epoch);
    List<Attestation> verified = votes == null ? List.of() : votes.byPayload.getOrDefault(chunk.payload(), List.of());
    return certificate.attestations().stream().filter(vote -> !verified.contains(vote)).toList();
  }

  /// Drops votes of epochs that are no longer accepted. Certificates stay: they serve as parents in later epochs.
  void dropVotesOutside(Epoch oldest, Epoch newest) {
    for (TreeMap<Height, TreeMap<Epoch, Votes>> heights : chains.values()) {
      for (Iterator<TreeMap<Epoch, Votes>> epochs = heights.values().iterator(); epochs.hasNext();) {
        TreeMap<Epoch, Votes> votes = epochs.next();
        votes.entrySet().removeIf(entry -> entry.getValue().certificate == null
            && (entry.getKey().compareTo(oldest) < 0 || entry.getKey().compareTo(newest) > 0));
        if (votes.isEmpty()) {
          epochs.remove();
        }
      }
    }
    chains.values().removeIf(TreeMap::isEmpty);
  }

  /// The sequencers of whom it holds anything.
  List<PublicKey> sequencers() {
    return List.copyOf(chains.keySet());
  }

  /// Whether it holds anything of a sequencer from after an epoch.
  boolean isKnownAfter(PublicKey sequencer, Epoch epoch) {
    TreeMap<Height, TreeMap<Epoch, Votes>> heights = chains.getOrDefault(sequencer, new TreeMap<>());
    return heights.values().stream().anyMatch(epochs -> epochs.lastKey().compareTo(epoch) > 0);
  }

  /// Drops all of a sequencer.
  void forget(PublicKey sequencer) {
    chains.remove(sequencer);
  }

  /// How many (sequencer, height, epoch) it holds.
  int size() {
    return chains.values().stream().flatMap(heights -> heights.values().stream()).mapToInt(TreeMap::size).sum();
  }

  private @Nullable Votes find(PublicKey sequencer, Height height, Epoch epoch) {
    TreeMap<Height, TreeMap<Epoch, Votes>> heights = chains.get(sequencer);
    TreeMap<Epoch, Votes> epochs = heights == null ? null : heights.get(height);
    return epochs == null ? null : epochs.get(epoch);
  }
}
