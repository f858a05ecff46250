package dev.tenon.crypto.certificate;

import dev.tenon.codec.Codec;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.role.MemoryRead;
import dev.tenon.runtime.role.Unit;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/// The validators of one epoch, and the rules by which they sign and are verified.
@ProviderType
public interface CertificateScheme {
  /// The epoch's validators.
  ///
  /// @return immutable
  @MemoryRead
  Participants participants();

  /// This node's own index.
  ///
  /// @return -1 where it may not sign
  @MemoryRead
  int me();

  /// Signs a subject as participant [#me].
  ///
  /// @param subject what is voted for
  /// @return the vote, or empty where this node is no signer
  @Unit
  Completion<Optional<Attestation>> sign(Subject subject);

  /// Verifies one vote.
  ///
  /// @param subject what is voted for
  /// @param attestation the vote
  /// @return false for an unknown index, an undecodable or a wrong signature
  @Unit
  Completion<Boolean> verifyAttestation(Subject subject, Attestation attestation);

  /// Verifies several votes over one subject.
  ///
  /// @param subject what is voted for
  /// @param attestations each signer at most once, else [IllegalArgumentException] is thrown
  /// @return which are valid
  @Unit
  Completion<Verdicts> verifyAttestations(Subject subject, List<Attestation> attestations);

  /// Makes a certificate of votes that were verified. In memory; verifies nothing.
  ///
  /// @param attestations each signer at most once, else [IllegalArgumentException] is thrown
  /// @return empty below the quorum, or with an index that is no participant
  @MemoryRead
  Optional<Certificate> assemble(List<Attestation> attestations);

  /// Verifies a certificate in full: size of the set, quorum, signatures.
  ///
  /// @param subject what it should prove
  /// @param certificate any
  /// @return whether it does
  @Unit
  Completion<Boolean> verifyCertificate(Subject subject, Certificate certificate);

  /// Whether a vote convinces third parties.
  ///
  /// @return true for all but threshold schemes
  @MemoryRead
  boolean isAttributable();

  /// Whether batches are worth gathering.
  ///
  /// @return true if verifying many at once is cheaper than one by one
  @MemoryRead
  boolean isBatchable();

  /// The wire form of a vote.
  ///
  /// @return its codec
  @MemoryRead
  Codec<Attestation> attestationCodec();

  /// The wire form of a certificate from the network: at most as many signers as there are participants.
  ///
  /// @return its codec
  @MemoryRead
  Codec<Certificate> certificateCodec();
}
