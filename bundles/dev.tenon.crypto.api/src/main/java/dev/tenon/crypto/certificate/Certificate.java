package dev.tenon.crypto.certificate;

import dev.tenon.codec.Bytes;
import java.util.List;

/// Proof that a quorum attested a subject. Two certificates are equal if their bytes are.
///
/// @param encoded the scheme's wire form
/// @param attestations what it is made of, ascending by signer; empty where a scheme's certificates do not show them
public record Certificate(Bytes encoded, List<Attestation> attestations) {
  /// Copies the list.
  public Certificate {
    attestations = List.copyOf(attestations);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Certificate certificate && encoded.equals(certificate.encoded);
  }

  @Override
  public int hashCode() {
    return encoded.hashCode();
  }
}
