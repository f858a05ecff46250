package dev.tenon.crypto.certificate;

import dev.tenon.codec.Codec;
import java.util.List;
import java.util.Optional;

/// How a scheme's votes and certificates are written, and put together: what needs no key and no arithmetic. A value of
/// this contract, so it outlives the provider that named it, and two providers of one scheme name equal ones.
public sealed interface CertificateForm permits SignatureLists {
  /// The wire form of a vote.
  ///
  /// @return its codec
  Codec<Attestation> attestationCodec();

  /// The wire form of a certificate from the network.
  ///
  /// @param participants how many signers there may be at most, unsigned 32 bits
  /// @return its codec
  Codec<Certificate> certificateCodec(long participants);

  /// The wire form of a certificate from trusted local storage.
  ///
  /// @return its codec
  Codec<Certificate> storedCertificateCodec();

  /// Makes a certificate of votes that were verified.
  ///
  /// @param participants of the epoch
  /// @param attestations each signer at most once, else [IllegalArgumentException] is thrown
  /// @return empty below the quorum, or with an index that is no participant
  Optional<Certificate> assemble(Participants participants, List<Attestation> attestations);

  /// Whether a vote convinces third parties.
  ///
  /// @return as [CertificateScheme#isAttributable]
  boolean isAttributable();

  /// Whether batches are worth gathering.
  ///
  /// @return as [CertificateScheme#isBatchable]
  boolean isBatchable();
}
