package dev.tenon.scheme.ec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.jvm.BatchedVerifier;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureAlgorithm.SigningKey;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.SignatureLists;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.runtime.Completion;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EcSchemesTest {
  private static final int COUNT = 7;
  private static final Subject SUBJECT = new Subject(Bytes.of((byte) 1), Bytes.of((byte) 2, (byte) 3));

  private final Simulation sim = Simulation.seeded(1);
  private final SimNode node = sim.node("v0", booted -> {});
  private final SignatureAlgorithm algorithm = new NullAlgorithm();
  private final BatchedVerifier gathering = new BatchedVerifier(node.runtime(), algorithm);
  private final List<SigningKey> keys = IntStream.range(0, COUNT)
      .mapToObj(i -> algorithm.signingKey(new byte[] {(byte) i})).toList();
  private final Participants participants = Participants.of(keys.stream().map(SigningKey::publicKey).toList());

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void certifiesWithAQuorumAndNotBelow() {
    CertificateScheme verifier = scheme(Optional.empty());
    List<Attestation> votes = votes(SUBJECT);
    assertThat(participants.quorum()).isEqualTo(5);
    assertThat(verifier.assemble(votes.subList(0, 4))).isEmpty();
    for (List<Attestation> enough : List.of(votes.subList(0, 5), votes.subList(2, 7).reversed(), votes)) {
      Certificate certificate = verifier.assemble(enough).orElseThrow();
      assertThat(sim.await(node, () -> verifier.verifyCertificate(SUBJECT, certificate))).isTrue();
      assertThat(certificate.attestations()).extracting(Attestation::signer).isSorted();
      assertThat(verifier.certificateCodec().decode(certificate.encoded())).isEqualTo(certificate);
    }
  }

  @Test
  void refusesACertificateOverAnotherSubjectOrOfAnotherSetOrBelowTheQuorum() {
    CertificateScheme verifier = scheme(Optional.empty());
    Certificate good = verifier.assemble(votes(SUBJECT)).orElseThrow();
    var other = new Subject(SUBJECT.namespace(), Bytes.of((byte) 9));
    assertThat(sim.await(node, () -> verifier.verifyCertificate(other, good))).isFalse();
    Certificate smallerSet = SignatureLists.list(COUNT - 1, votes(SUBJECT).subList(0, 5));
    assertThat(sim.await(node, () -> verifier.verifyCertificate(SUBJECT, smallerSet))).isFalse();
    Certificate below = SignatureLists.list(COUNT, votes(SUBJECT).subList(0, 4));
    assertThat(sim.await(node, () -> verifier.verifyCertificate(SUBJECT, below))).isFalse();
    var forged = new ArrayList<>(votes(SUBJECT));
    forged.set(3, new Attestation(3, votes(other).get(3).signature()));
    Certificate withForgery = SignatureLists.list(COUNT, forged);
    assertThat(sim.await(node, () -> verifier.verifyCertificate(SUBJECT, withForgery))).isFalse();
  }

  @Test
  void tellsValidFromInvalidVotes() {
    CertificateScheme verifier = scheme(Optional.empty());
    List<Attestation> votes = new ArrayList<>(votes(SUBJECT));
    votes.set(1, new Attestation(1, votes.get(2).signature()));
    votes.set(4, new Attestation(COUNT, votes.get(4).signature()));
    votes.set(5, new Attestation(-1, votes.get(5).signature()));
    Verdicts verdicts = sim.await(node, () -> verifier.verifyAttestations(SUBJECT, votes));
    assertThat(verdicts.invalid()).containsExactly(1, 4, 5);
    assertThat(verdicts.verified()).containsExactly(votes.get(0), votes.get(2), votes.get(3), votes.get(6));
    for (int i = 0; i < COUNT; i++) {
      Attestation vote = votes.get(i);
      assertThat(sim.await(node, () -> verifier.verifyAttestation(SUBJECT, vote)))
          .isEqualTo(verdicts.verified().contains(vote));
    }
  }

  @Test
  void refusesASignerThatVotesTwice() {
    CertificateScheme verifier = scheme(Optional.empty());
    Attestation vote = votes(SUBJECT).getFirst();
    assertThatIllegalArgumentException().isThrownBy(() -> verifier.assemble(List.of(vote, vote)));
    assertThatIllegalArgumentException().isThrownBy(() -> verifier.verifyAttestations(SUBJECT, List.of(vote, vote)));
  }

  @Test
  void signsOnlyForAParticipant() {
    CertificateScheme signer = scheme(Optional.of(handle(keys.get(3))));
    Attestation vote = sim.await(node, () -> signer.sign(SUBJECT)).orElseThrow();
    assertThat(vote.signer()).isEqualTo(signer.me()).isEqualTo(participants.indexOf(keys.get(3).publicKey()));
    assertThat(sim.await(node, () -> signer.verifyAttestation(SUBJECT, vote))).isTrue();
    CertificateScheme stranger = scheme(Optional.of(handle(algorithm.signingKey(new byte[] {99}))));
    assertThat(stranger.me()).isEqualTo(-1);
    assertThat(sim.await(node, () -> stranger.sign(SUBJECT))).isEmpty();
    assertThat(sim.await(node, () -> scheme(Optional.empty()).sign(SUBJECT))).isEmpty();
  }

  @Test
  void keepsEpochsApartAndForgetsOldOnesUnsigned() {
    var schemes = new EcSchemes(node.runtime(), algorithm, gathering);
    for (long epoch : new long[] {0, 5, -1}) {
      schemes.register(epoch, participants, Optional.empty());
    }
    schemes.register(5, participants, Optional.empty());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schemes.register(5, Participants.of(List.of(keys.getFirst().publicKey())), Optional.empty()));
    schemes.forgetBefore(5);
    assertThat(schemes.scoped(0)).isEmpty();
    assertThat(schemes.scoped(5)).isPresent();
    assertThat(schemes.scoped(-1)).as("2^64 - 1").isPresent();
  }

  private CertificateScheme scheme(Optional<SignerHandle> signer) {
    var schemes = new EcSchemes(node.runtime(), algorithm, gathering);
    schemes.register(0, participants, signer);
    return schemes.scoped(0).orElseThrow();
  }

  private List<Attestation> votes(Subject subject) {
    var votes = new ArrayList<Attestation>();
    for (PublicKey key : participants.keys()) {
      SigningKey signer =
          keys.stream().filter(candidate -> candidate.publicKey().equals(key)).findFirst().orElseThrow();
      votes.add(new Attestation(votes.size(), signer.sign(subject.framed()).bytes()));
    }
    return votes;
  }

  private SignerHandle handle(SigningKey key) {
    return new SignerHandle() {
      @Override
      public PublicKey publicKey() {
        return key.publicKey();
      }

      @Override
      public Completion<Signature> sign(Bytes namespace, Bytes message) {
        return node.runtime().compute().submit(() -> key.sign(Framing.framed(namespace, message)));
      }

      @Override
      public SignerHandle lease(String slot, long generation) {
        return this;
      }
    };
  }
}
