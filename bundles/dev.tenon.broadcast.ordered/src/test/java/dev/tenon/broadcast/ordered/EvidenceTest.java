package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.Chunk;
import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.codec.Codec;
import dev.tenon.runtime.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvidenceTest {
  private static final int SIGNATURE_SIZE = 1;
  private static final Epoch FIRST = new Epoch(10);
  private static final Epoch SECOND = new Epoch(11);
  private final Evidence evidence = new Evidence();

  /// Only counts and assembles; the rest of a scheme is not asked by evidence.
  private record Counting(Participants participants) implements CertificateScheme {
    static Counting of(int count) {
      List<PublicKey> keys = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        keys.add(new PublicKey(Bytes.of((byte) i)));
      }
      return new Counting(Participants.of(keys));
    }

    @Override
    public int me() {
      return -1;
    }

    @Override
    public Completion<Optional<Attestation>> sign(Subject subject) {
      throw new AssertionError("not asked");
    }

    @Override
    public Completion<Boolean> verifyAttestation(Subject subject, Attestation attestation) {
      throw new AssertionError("not asked");
    }

    @Override
    public Completion<Verdicts> verifyAttestations(Subject subject, List<Attestation> attestations) {
      throw new AssertionError("not asked");
    }

    @Override
    public Optional<Certificate> assemble(List<Attestation> attestations) {
      return attestations.size() < participants.quorum() ? Optional.empty()
          : Optional.of(certificate(attestations.stream().mapToInt(Attestation::signer).toArray()));
    }

    @Override
    public Completion<Boolean> verifyCertificate(Subject subject, Certificate certificate) {
      throw new AssertionError("not asked");
    }

    @Override
    public boolean isAttributable() { return true; }

    @Override
    public boolean isBatchable() { return true; }

    @Override
    public Codec<Attestation> attestationCodec() {
      return Attestation.codec(SIGNATURE_SIZE);
    }

    @Override
    public Codec<Certificate> certificateCodec() {
      throw new AssertionError("not asked");
    }
  }

  private static Certificate certificate(int... signers) {
    byte[] bytes = new byte[signers.length];
    List<Attestation> votes = new ArrayList<>();
    for (int i = 0; i < signers.length; i++) {
      bytes[i] = (byte) signers[i];
      votes.add(vote(signers[i]));
    }
    return new Certificate(Bytes.wrap(bytes), votes);
  }

  private static Attestation vote(int signer) {
    return new Attestation(signer, Bytes.of((byte) signer));
  }

  private static Chunk chunk(int sequencer, long height, int payload) {
    byte[] digest = new byte[Digest.SIZE];
    digest[0] = (byte) payload;
    return new Chunk(new PublicKey(Bytes.of((byte) sequencer)), new Height(height), new Digest(Bytes.wrap(digest)));
  }

  private Optional<Certificate> add(Chunk chunk, Epoch epoch, int signer, CertificateScheme scheme) {
    return evidence.addAck(new Ack(chunk, epoch, vote(signer)), scheme);
  }

  @Test
  void certifiesTwoPayloadsOnlyInTwoEpochs() {
    Counting scheme = Counting.of(8); // quorum 6
    for (int signer = 0; signer < 5; signer++) {
      assertThat(add(chunk(1, 0, 1), FIRST, signer, scheme)).isEmpty();
      assertThat(add(chunk(1, 0, 2), SECOND, signer, scheme)).isEmpty();
    }
    assertThat(add(chunk(1, 0, 1), FIRST, 5, scheme)).contains(certificate(0, 1, 2, 3, 4, 5));
    assertThat(add(chunk(1, 0, 2), SECOND, 7, scheme)).contains(certificate(0, 1, 2, 3, 4, 7));
  }

  @Test
  void countsOnlyTheFirstVoteOfASigner() {
    Counting scheme = Counting.of(20); // quorum 14
    for (int signer = 0; signer < 14; signer++) {
      Optional<Certificate> made = add(chunk(1, 0, 1), FIRST, signer, scheme);
      assertThat(made.isPresent()).isEqualTo(signer == 13);
      if (signer >= 6 && signer < 13) {
        assertThat(add(chunk(1, 0, 2), FIRST, signer, scheme)).isEmpty();
      }
    }
    for (int signer = 14; signer < 20; signer++) {
      assertThat(add(chunk(1, 0, 2), FIRST, signer, scheme)).isEmpty();
    }
  }

  @Test
  void ignoresDuplicatesAndWhatComesAfterTheCertificate() {
    Counting scheme = Counting.of(4);
    add(chunk(1, 0, 1), FIRST, 0, scheme);
    assertThat(add(chunk(1, 0, 1), FIRST, 0, scheme)).isEmpty();
    assertThat(evidence.isSettled(chunk(1, 0, 1), FIRST, 0)).isTrue();
    assertThat(evidence.isSettled(chunk(1, 0, 1), FIRST, 1)).isFalse();
    add(chunk(1, 0, 1), FIRST, 1, scheme);
    Certificate made = add(chunk(1, 0, 1), FIRST, 2, scheme).orElseThrow();
    assertThat(evidence.addCertificate(chunk(1, 0, 1), FIRST, made)).isTrue();
    assertThat(add(chunk(1, 0, 1), FIRST, 3, scheme)).isEmpty();
    assertThat(evidence.isSettled(chunk(1, 0, 1), FIRST, 3)).isTrue();
  }

  @Test
  void answersTheCertificateOfTheHighestEpoch() {
    evidence.addCertificate(chunk(1, 3, 1), SECOND, certificate(0, 1, 2));
    evidence.addCertificate(chunk(1, 3, 1), FIRST, certificate(1, 2, 3));
    assertThat(evidence.certificate(chunk(1, 3, 1).sequencer(), new Height(3)))
        .contains(new Evidence.Certified(SECOND, certificate(0, 1, 2)));
  }

  @Test
  void tellsThatACertificateWasThereAndTakesTheNewerOne() {
    assertThat(evidence.addCertificate(chunk(1, 3, 1), FIRST, certificate(0, 1, 2))).isTrue();
    assertThat(evidence.addCertificate(chunk(1, 3, 1), FIRST, certificate(1, 2, 3))).isFalse();
    assertThat(evidence.holds(chunk(1, 3, 1), FIRST, certificate(1, 2, 3))).isTrue();
    assertThat(evidence.holds(chunk(1, 3, 2), FIRST, certificate(1, 2, 3))).isFalse();
  }

  @Test
  void keepsOneHeightBelowTheNewestCertificate() {
    PublicKey sequencer = chunk(1, 0, 1).sequencer();
    evidence.addCertificate(chunk(1, 10, 1), FIRST, certificate(0, 1, 2));
    evidence.addCertificate(chunk(1, 11, 1), FIRST, certificate(0, 1, 2));
    assertThat(evidence.certificate(sequencer, new Height(10))).isPresent();
    evidence.addCertificate(chunk(1, 12, 1), FIRST, certificate(0, 1, 2));
    assertThat(evidence.certificate(sequencer, new Height(10))).isEmpty();
    evidence.addCertificate(chunk(1, 20, 1), FIRST, certificate(0, 1, 2));
    assertThat(evidence.certificate(sequencer, new Height(12))).isEmpty();
    assertThat(evidence.certificate(sequencer, new Height(20))).isPresent();
  }

  @Test
  void keepsSequencersApart() {
    Counting scheme = Counting.of(4);
    for (int signer = 0; signer < 2; signer++) {
      add(chunk(1, 0, 1), FIRST, signer, scheme);
      add(chunk(2, 0, 1), FIRST, signer + 2, scheme);
    }
    assertThat(add(chunk(1, 0, 1), FIRST, 2, scheme)).contains(certificate(0, 1, 2));
    assertThat(add(chunk(2, 0, 1), FIRST, 1, scheme)).contains(certificate(2, 3, 1));
  }

  @Test
  void dropsVotesOfOldEpochsAndKeepsCertificates() {
    Counting scheme = Counting.of(4);
    add(chunk(1, 4, 1), FIRST, 0, scheme);
    add(chunk(1, 4, 1), SECOND, 0, scheme);
    evidence.addCertificate(chunk(2, 4, 1), FIRST, certificate(0, 1, 2));
    evidence.dropVotesOutside(SECOND, new Epoch(12));
    assertThat(evidence.size()).isEqualTo(2);
    assertThat(evidence.isSettled(chunk(1, 4, 1), FIRST, 0)).isFalse();
    assertThat(evidence.isSettled(chunk(1, 4, 1), SECOND, 0)).isTrue();
    assertThat(evidence.certificate(chunk(2, 4, 1).sequencer(), new Height(4))).isPresent();
  }

  @Test
  void namesTheVotesOfACertificateThatWereNotVerified() {
    Counting scheme = Counting.of(4);
    add(chunk(1, 4, 1), FIRST, 0, scheme);
    add(chunk(1, 4, 1), FIRST, 1, scheme);
    assertThat(evidence.unverified(chunk(1, 4, 1), FIRST, certificate(0, 1, 2))).containsExactly(vote(2));
    assertThat(evidence.unverified(chunk(1, 4, 2), FIRST, certificate(0, 1, 2))).hasSize(3);
    var forged = new Certificate(Bytes.of((byte) 1),
        List.of(new Attestation(0, Bytes.of((byte) 9)), vote(1)));
    assertThat(evidence.unverified(chunk(1, 4, 1), FIRST, forged)).hasSize(1);
  }
}
