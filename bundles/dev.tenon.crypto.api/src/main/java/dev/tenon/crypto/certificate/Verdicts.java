package dev.tenon.crypto.certificate;

import java.util.List;

/// What became of several attestations.
///
/// @param verified in the order of the input
/// @param invalid places in the input, ascending from 0
public record Verdicts(List<Attestation> verified, List<Integer> invalid) {
  /// Copies the lists.
  public Verdicts {
    verified = List.copyOf(verified);
    invalid = List.copyOf(invalid);
  }
}
