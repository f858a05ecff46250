package dev.tenon.crypto.certificate;

import dev.tenon.codec.Codec;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A certificate is the list of its signatures: `u64 n ‖ ⌈n/8⌉ bytes of signers, lowest bit first ‖ varint k ‖ k
/// signatures` in ascending order of signers.
///
/// Source: commonware v2026.5.0, cryptography/src/ed25519/certificate.
///
/// @param signatureSize in bytes
public record SignatureLists(int signatureSize) implements CertificateForm {
  private static final long STORED_PARTICIPANTS_MAX = 0xffff_ffffL;

  @Override
  public Codec<Attestation> attestationCodec() {
    return Attestation.codec(signatureSize);
  }

  @Override
  public Codec<Certificate> certificateCodec(long participants) {
    return new SignatureListCodec(signatureSize, participants);
  }

  @Override
  public Codec<Certificate> storedCertificateCodec() {
    return certificateCodec(STORED_PARTICIPANTS_MAX);
  }

  @Override
  public Optional<Certificate> assemble(Participants participants, List<Attestation> attestations) {
    List<Attestation> votes = distinct(attestations).stream()
        .sorted(Comparator.comparing(Attestation::signer, Integer::compareUnsigned)).toList();
    boolean strangers =
        votes.stream().anyMatch(vote -> Integer.compareUnsigned(vote.signer(), participants.count()) >= 0);
    if (strangers || votes.size() < participants.quorum()) {
      return Optional.empty();
    }
    return Optional.of(list(participants.count(), votes));
  }

  /// Writes a list, whether or not it is a quorum.
  ///
  /// @param participants how many there are
  /// @param attestations ascending by signer, each below `participants`, at least one
  /// @return the certificate
  public static Certificate list(int participants, List<Attestation> attestations) {
    return SignatureListCodec.assemble(participants, attestations);
  }

  /// The number of participants that a certificate was made for.
  ///
  /// @param certificate of this form
  /// @return unsigned
  public static long participants(Certificate certificate) {
    return SignatureListCodec.participants(certificate);
  }

  /// The votes, of which each signer has one.
  ///
  /// @param attestations any
  /// @return a copy
  /// @throws IllegalArgumentException if a signer comes twice
  public static List<Attestation> distinct(List<Attestation> attestations) {
    List<Attestation> copy = List.copyOf(attestations);
    long signers = copy.stream().mapToInt(Attestation::signer).distinct().count();
    if (signers != copy.size()) {
      throw new IllegalArgumentException("a signer may attest once: " + copy.size() + " votes of " + signers);
    }
    return copy;
  }

  @Override
  public boolean isAttributable() { return true; }

  @Override
  public boolean isBatchable() { return true; }
}
