package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.Chunk;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.p2p.Received;
import dev.tenon.runtime.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Acks from the network, up to their certificate: spec/ordered-broadcast.md section 10.
///
/// Each (sequencer, signer) has at most one ack in check and one, the newest, that waits. Acks over one subject that
/// come while a first one is in check gather and are verified as one batch, where the scheme gains by it.
final class AckChecks {
  /// The acks over one chunk and epoch that are in check or gather for the next batch.
  static final class Ballot {
    private final Chunk chunk;
    private final Epoch epoch;
    private final List<Ack> gathered = new ArrayList<>();
    private int running;

    private Ballot(Chunk chunk, Epoch epoch) {
      this.chunk = chunk;
      this.epoch = epoch;
    }
  }

  private record Seat(PublicKey sequencer, int signer) {}

  private record Question(Chunk chunk, Epoch epoch) {}

  private static final class Slot {
    private @Nullable Received waiting;
    private @Nullable Ack waitingAck;
  }

  private final Desk desk;
  private final Engine engine;
  private final Map<Seat, Slot> seats = new HashMap<>(); // taken while an ack is in check or gathered; not iterated
  private final Map<Question, Ballot> ballots = new HashMap<>(); // not iterated

  AckChecks(Desk desk, Engine engine) {
    this.desk = desk;
    this.engine = engine;
  }

  void arrived(Received received) {
    Ack ack;
    try {
      ack = desk.network.ack().decode(received.message());
    } catch (InvalidDataException e) {
      desk.metrics.ackRefused(Refusal.MALFORMED, received.from());
      return;
    }
    Optional<Refusal> refused = Rules.ack(desk, received.from(), ack);
    if (refused.isPresent()) {
      desk.metrics.ackRefused(refused.get(), received.from());
      return;
    }
    if (desk.evidence.isSettled(ack.chunk(), ack.epoch(), ack.attestation().signer())) {
      desk.metrics.ackAccepted();
      return;
    }
    Slot taken = seats.get(seat(ack));
    if (taken == null) {
      seats.put(seat(ack), new Slot());
      submit(ack);
    } else if (taken.waitingAck == null || isNewer(ack, taken.waitingAck)) {
      desk.metrics.acksDropped(taken.waitingAck == null ? 0 : 1);
      taken.waiting = received;
      taken.waitingAck = ack;
    } else {
      desk.metrics.acksDropped(1);
    }
  }

  /// Counts a vote of one's own, which needs no check of its signature.
  void own(Ack ack) {
    if (Rules.ack(desk, participant(ack), ack).isEmpty()) {
      count(ack);
    }
  }

  void checked(Ballot ballot, Ack ack, Outcome<Boolean> outcome) {
    switch (outcome) {
      case Outcome.Done<Boolean>(var valid) -> settle(ack, valid);
      case Outcome.Failed<Boolean> failed -> desk.metrics.acksDropped(1);
    }
    free(List.of(ack));
    next(ballot);
  }

  void checked(Ballot ballot, List<Ack> acks, Outcome<Verdicts> outcome) {
    switch (outcome) {
      case Outcome.Done<Verdicts>(var verdicts) -> {
        for (int i = 0; i < acks.size(); i++) {
          settle(acks.get(i), !verdicts.invalid().contains(i));
        }
      }
      case Outcome.Failed<Verdicts> failed -> desk.metrics.acksDropped(acks.size());
    }
    free(acks);
    next(ballot);
  }

  private void submit(Ack ack) {
    Ballot ballot = ballots.computeIfAbsent(new Question(ack.chunk(), ack.epoch()),
        question -> new Ballot(question.chunk, question.epoch));
    Optional<CertificateScheme> scheme = desk.scheme(ack.epoch());
    if (scheme.isEmpty()) {
      desk.metrics.ackRefused(Refusal.UNKNOWN_SCHEME, ack.chunk().sequencer());
      free(List.of(ack));
      close(ballot);
    } else if (ballot.running > 0 && scheme.get().isBatchable()) {
      ballot.gathered.add(ack);
    } else {
      run(ballot, scheme.get(), List.of(ack));
    }
  }

  private void run(Ballot ballot, CertificateScheme scheme, List<Ack> acks) {
    ballot.running++;
    var subject = desk.subject(ballot.chunk, ballot.epoch);
    if (acks.size() == 1) {
      Ack only = acks.getFirst();
      scheme.verifyAttestation(subject, only.attestation())
          .then(outcome -> new Message.AckChecked(ballot, only, outcome));
    } else {
      List<Attestation> attestations = acks.stream().map(Ack::attestation).toList();
      scheme.verifyAttestations(subject, attestations)
          .then(outcome -> new Message.AcksChecked(ballot, acks, outcome));
    }
  }

  /// One check of a ballot has ended: what gathered goes next, unless the certificate made it needless.
  private void next(Ballot ballot) {
    ballot.running--;
    List<Ack> gathered = List.copyOf(ballot.gathered);
    ballot.gathered.clear();
    List<Ack> needed = new ArrayList<>();
    List<Ack> needless = new ArrayList<>();
    for (Ack ack : gathered) {
      boolean settled = desk.evidence.isSettled(ack.chunk(), ack.epoch(), ack.attestation().signer());
      (settled ? needless : needed).add(ack);
    }
    needless.forEach(ack -> desk.metrics.ackAccepted());
    Optional<CertificateScheme> scheme = desk.scheme(ballot.epoch);
    if (!needed.isEmpty() && scheme.isPresent()) {
      run(ballot, scheme.get(), needed);
    } else {
      needless.addAll(needed);
    }
    free(needless);
    close(ballot);
  }

  private void close(Ballot ballot) {
    if (ballot.running == 0 && ballot.gathered.isEmpty()) {
      ballots.remove(new Question(ballot.chunk, ballot.epoch), ballot);
    }
  }

  /// Lets the next ack of each signer in.
  private void free(List<Ack> acks) {
    for (Ack ack : acks) {
      Slot slot = seats.remove(seat(ack));
      if (slot != null && slot.waiting != null) {
        arrived(slot.waiting);
      }
    }
  }

  /// The verdict is in: what was checked before it is checked again.
  private void settle(Ack ack, boolean valid) {
    if (!valid) {
      desk.metrics.ackRefused(Refusal.INVALID_ACK_SIGNATURE, ack.chunk().sequencer());
      return;
    }
    Optional<Refusal> refused = Rules.ack(desk, participant(ack), ack);
    if (refused.isPresent()) {
      desk.metrics.ackRefused(refused.get(), ack.chunk().sequencer());
      return;
    }
    count(ack);
  }

  private void count(Ack ack) {
    Optional<CertificateScheme> scheme = desk.scheme(ack.epoch());
    if (scheme.isEmpty()) {
      desk.metrics.ackRefused(Refusal.UNKNOWN_SCHEME, ack.chunk().sequencer());
      return;
    }
    Optional<Certificate> certificate = desk.evidence.addAck(ack, scheme.get());
    desk.metrics.ackAccepted();
    if (certificate.isPresent()) {
      desk.metrics.certificate();
      engine.certified(ack.chunk(), ack.epoch(), certificate.get());
    }
  }

  /// The key of the signer, or one that is nobody's where the epoch is gone.
  private PublicKey participant(Ack ack) {
    return desk.scheme(ack.epoch()).map(CertificateScheme::participants)
        .filter(all -> ack.attestation().signer() >= 0 && ack.attestation().signer() < all.count())
        .map(all -> all.key(ack.attestation().signer())).orElse(ack.chunk().sequencer());
  }

  private static boolean isNewer(Ack ack, Ack than) {
    int order = ack.chunk().height().compareTo(than.chunk().height());
    return order > 0 || (order == 0 && ack.epoch().compareTo(than.epoch()) >= 0);
  }

  private static Seat seat(Ack ack) {
    return new Seat(ack.chunk().sequencer(), ack.attestation().signer());
  }
}
