package dev.tenon.scheme.ec;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.crypto.SignatureVerifier;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One epoch of a scheme in which each participant signs with its identity key and a certificate lists the signatures.
final class EcScheme implements CertificateScheme {
  private final Runtime runtime;
  private final SignatureVerifier verifier;
  private final Participants participants;
  private final @Nullable SignerHandle signer;
  private final int me;
  private final Codec<Attestation> attestationCodec;
  private final Codec<Certificate> certificateCodec;

  EcScheme(Runtime runtime, SignatureAlgorithm algorithm, SignatureVerifier verifier, Participants participants,
      @Nullable SignerHandle signer) {
    this.runtime = runtime;
    this.verifier = verifier;
    this.participants = participants;
    this.signer = signer;
    this.me = signer == null ? -1 : participants.indexOf(signer.publicKey());
    this.attestationCodec = Attestation.codec(algorithm.signatureSize());
    this.certificateCodec = new EcCertificateCodec(algorithm.signatureSize(), participants.count());
  }

  @Override
  public Participants participants() {
    return participants;
  }

  @Override
  public int me() {
    return me;
  }

  @Override
  public Completion<Optional<Attestation>> sign(Subject subject) {
    if (signer == null || me < 0) {
      return ended(Optional.empty());
    }
    return signer.sign(subject.namespace(), subject.message())
        .map(signature -> Optional.of(new Attestation(me, signature.bytes())));
  }

  @Override
  public Completion<Boolean> verifyAttestation(Subject subject, Attestation attestation) {
    return isParticipant(attestation.signer()) ? verifier.verify(items(subject.framed(), List.of(attestation)))
        : ended(false);
  }

  @Override
  public Completion<Verdicts> verifyAttestations(Subject subject, List<Attestation> attestations) {
    List<Attestation> votes = distinct(attestations);
    List<Attestation> known = votes.stream().filter(vote -> isParticipant(vote.signer())).toList();
    return known.isEmpty() ? ended(verdicts(votes, new boolean[0]))
        : verifier.verifyEach(items(subject.framed(), known)).map(valid -> verdicts(votes, valid));
  }

  @Override
  public Optional<Certificate> assemble(List<Attestation> attestations) {
    List<Attestation> votes = distinct(attestations).stream()
        .sorted(Comparator.comparing(Attestation::signer, Integer::compareUnsigned)).toList();
    boolean strangers = votes.stream().anyMatch(vote -> !isParticipant(vote.signer()));
    if (strangers || votes.size() < participants.quorum()) {
      return Optional.empty();
    }
    return Optional.of(EcCertificateCodec.assemble(participants.count(), votes));
  }

  @Override
  public Completion<Boolean> verifyCertificate(Subject subject, Certificate certificate) {
    boolean quorum = EcCertificateCodec.participants(certificate) == participants.count()
        && certificate.attestations().size() >= participants.quorum();
    return quorum ? verifier.verify(items(subject.framed(), certificate.attestations())) : ended(false);
  }

  @Override
  public boolean isAttributable() { return true; }

  @Override
  public boolean isBatchable() { return true; }

  @Override
  public Codec<Attestation> attestationCodec() {
    return attestationCodec;
  }

  @Override
  public Codec<Certificate> certificateCodec() {
    return certificateCodec;
  }

  private <T> Completion<T> ended(T value) {
    var ended = runtime.<T>promise();
    ended.done(value);
    return ended.completion();
  }

  /// @param ofKnown the verdicts of those votes whose signer is a participant, in their order
  private Verdicts verdicts(List<Attestation> votes, boolean[] ofKnown) {
    var verified = new ArrayList<Attestation>();
    var invalid = new ArrayList<Integer>();
    int known = 0;
    for (int i = 0; i < votes.size(); i++) {
      if (isParticipant(votes.get(i).signer()) && ofKnown[known++]) {
        verified.add(votes.get(i));
      } else {
        invalid.add(i);
      }
    }
    return new Verdicts(verified, invalid);
  }

  private List<Item> items(Bytes framed, List<Attestation> votes) {
    return votes.stream()
        .map(vote -> new Item(participants.key(vote.signer()), framed, new Signature(vote.signature()))).toList();
  }

  private boolean isParticipant(int signer) {
    return Integer.compareUnsigned(signer, participants.count()) < 0;
  }

  private static List<Attestation> distinct(List<Attestation> attestations) {
    List<Attestation> copy = List.copyOf(attestations);
    long signers = copy.stream().mapToInt(Attestation::signer).distinct().count();
    if (signers != copy.size()) {
      throw new IllegalArgumentException("a signer may attest once: " + copy.size() + " votes of " + signers);
    }
    return copy;
  }
}
