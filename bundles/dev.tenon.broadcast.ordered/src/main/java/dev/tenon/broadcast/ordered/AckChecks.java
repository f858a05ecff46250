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
/// Each (sequencer, peer) has at most one ack in check and one, the newest, that waits: a peer can keep out no acks but
/// its own, whatever index it has in which epoch. Acks over one subject that come while a first one is in check gather
/// and are verified as one batch, where the scheme gains by it.
final class AckChecks {
  /// An ack, and the peer that sent it.
  record Vote(PublicKey from, Ack ack) {}

  /// The acks over one chunk and epoch that are in check or gather for the next batch.
  static final class Ballot {
    private final Chunk chunk;
    private final Epoch epoch;
    private final List<Vote> gathered = new ArrayList<>();
    private int running;

    private Ballot(Chunk chunk, Epoch epoch) {
      this.chunk = chunk;
      this.epoch = epoch;
    }
  }

  private record Seat(PublicKey sequencer, PublicKey peer) {}

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
      desk.metrics.ackAccepted(ack);
      return;
    }
    var vote = new Vote(received.from(), ack);
    Slot taken = seats.get(seat(vote));
    if (taken == null) {
      seats.put(seat(vote), new Slot());
      submit(vote);
    } else if (taken.waitingAck == null || isNewer(ack, taken.waitingAck)) {
      desk.metrics.acksDropped(taken.waitingAck == null ? 0 : 1);
      taken.waiting = received;
      taken.waitingAck = ack;
    } else {
      desk.metrics.acksDropped(1);
    }
  }

  /// Counts a vote of one's own, which needs no check: it was signed over the tip.
  void own(Ack ack) {
    count(new Vote(desk.peers.self(), ack));
  }

  void checked(Ballot ballot, Vote vote, Outcome<Boolean> outcome) {
    switch (outcome) {
      case Outcome.Done<Boolean>(var valid) -> settle(vote, valid);
      case Outcome.Failed<Boolean> failed -> desk.metrics.acksDropped(1);
    }
    free(List.of(vote));
    next(ballot);
  }

  void checked(Ballot ballot, List<Vote> votes, Outcome<Verdicts> outcome) {
    switch (outcome) {
      case Outcome.Done<Verdicts>(var verdicts) -> {
        for (int i = 0; i < votes.size(); i++) {
          settle(votes.get(i), !verdicts.invalid().contains(i));
        }
      }
      case Outcome.Failed<Verdicts> failed -> desk.metrics.acksDropped(votes.size());
    }
    free(votes);
    next(ballot);
  }

  private void submit(Vote vote) {
    Ack ack = vote.ack;
    Ballot ballot = ballots.computeIfAbsent(new Question(ack.chunk(), ack.epoch()),
        question -> new Ballot(question.chunk, question.epoch));
    Optional<CertificateScheme> scheme = desk.scheme(ack.epoch());
    if (scheme.isEmpty()) {
      desk.metrics.ackRefused(Refusal.UNKNOWN_SCHEME, vote.from);
      free(List.of(vote));
      close(ballot);
    } else if (ballot.running > 0 && scheme.get().isBatchable()) {
      ballot.gathered.add(vote);
    } else {
      run(ballot, scheme.get(), List.of(vote));
    }
  }

  private void run(Ballot ballot, CertificateScheme scheme, List<Vote> votes) {
    ballot.running++;
    var subject = desk.subject(ballot.chunk, ballot.epoch);
    if (votes.size() == 1) {
      Vote only = votes.getFirst();
      scheme.verifyAttestation(subject, only.ack.attestation())
          .then(outcome -> new Message.AckChecked(ballot, only, outcome));
    } else {
      List<Attestation> attestations = votes.stream().map(vote -> vote.ack.attestation()).toList();
      scheme.verifyAttestations(subject, attestations)
          .then(outcome -> new Message.AcksChecked(ballot, votes, outcome));
    }
  }

  /// One check of a ballot has ended: what gathered goes next, unless the certificate made it needless.
  private void next(Ballot ballot) {
    ballot.running--;
    List<Vote> gathered = List.copyOf(ballot.gathered);
    ballot.gathered.clear();
    List<Vote> needed = new ArrayList<>();
    List<Vote> needless = new ArrayList<>();
    for (Vote vote : gathered) {
      boolean settled = desk.evidence.isSettled(ballot.chunk, ballot.epoch, vote.ack.attestation().signer());
      (settled ? needless : needed).add(vote);
    }
    needless.forEach(vote -> desk.metrics.ackAccepted(vote.ack));
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

  /// Lets the next ack of each peer in.
  private void free(List<Vote> votes) {
    for (Vote vote : votes) {
      Slot slot = seats.remove(seat(vote));
      if (slot != null && slot.waiting != null) {
        arrived(slot.waiting);
      }
    }
  }

  /// The verdict is in: what was checked before it is checked again.
  private void settle(Vote vote, boolean valid) {
    Optional<Refusal> refused = valid ? Rules.ack(desk, vote.from, vote.ack)
        : Optional.of(Refusal.INVALID_ACK_SIGNATURE);
    if (refused.isPresent()) {
      desk.metrics.ackRefused(refused.get(), vote.from);
      return;
    }
    count(vote);
  }

  private void count(Vote vote) {
    Ack ack = vote.ack;
    Optional<CertificateScheme> scheme = desk.scheme(ack.epoch());
    if (scheme.isEmpty()) {
      desk.metrics.ackRefused(Refusal.UNKNOWN_SCHEME, vote.from);
      return;
    }
    Optional<Certificate> certificate = desk.evidence.addAck(ack, scheme.get());
    desk.metrics.ackAccepted(ack);
    if (certificate.isPresent()) {
      desk.metrics.certificate(ack.chunk(), ack.epoch());
      engine.assembled(ack.chunk(), ack.epoch(), certificate.get());
    }
  }

  private static boolean isNewer(Ack ack, Ack than) {
    int order = ack.chunk().height().compareTo(than.chunk().height());
    return order > 0 || (order == 0 && ack.epoch().compareTo(than.epoch()) >= 0);
  }

  private static Seat seat(Vote vote) {
    return new Seat(vote.ack.chunk().sequencer(), vote.from);
  }
}
