package dev.tenon.scheme.ec;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.crypto.SignatureVerifier;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SignatureLists;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import java.util.ArrayList;
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
  private final SignatureLists form;

  EcScheme(Runtime runtime, SignatureLists form, SignatureVerifier verifier, Participants participants,
      @Nullable SignerHandle signer) {
    this.runtime = runtime;
    this.verifier = verifier;
    this.participants = participants;
    this.signer = signer;
    this.me = signer == null ? -1 : participants.indexOf(signer.publicKey());
    this.form = form;
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
    List<Attestation> votes = SignatureLists.distinct(attestations);
    List<Attestation> known = votes.stream().filter(vote -> isParticipant(vote.signer())).toList();
    return known.isEmpty() ? ended(verdicts(votes, new boolean[0]))
        : verifier.verifyEach(items(subject.framed(), known)).map(valid -> verdicts(votes, valid));
  }

  @Override
  public Optional<Certificate> assemble(List<Attestation> attestations) {
    return form.assemble(participants, attestations);
  }

  @Override
  public Completion<Boolean> verifyCertificate(Subject subject, Certificate certificate) {
    boolean quorum = SignatureLists.participants(certificate) == participants.count()
        && isQuorum(certificate.attestations());
    return quorum ? verifier.verify(items(subject.framed(), certificate.attestations())) : ended(false);
  }

  @Override
  public boolean isAttributable() { return form.isAttributable(); }

  @Override
  public boolean isBatchable() { return form.isBatchable(); }

  @Override
  public Codec<Attestation> attestationCodec() {
    return form.attestationCodec();
  }

  @Override
  public Codec<Certificate> certificateCodec() {
    return form.certificateCodec(participants.count());
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

  /// What a codec has read is in order; a certificate that was made by hand may name a signer twice, or a stranger.
  private boolean isQuorum(List<Attestation> votes) {
    for (int i = 0; i < votes.size(); i++) {
      int signer = votes.get(i).signer();
      if (!isParticipant(signer) || (i > 0 && signer <= votes.get(i - 1).signer())) {
        return false;
      }
    }
    return votes.size() >= participants.quorum();
  }

  private boolean isParticipant(int signer) {
    return Integer.compareUnsigned(signer, participants.count()) < 0;
  }
}
