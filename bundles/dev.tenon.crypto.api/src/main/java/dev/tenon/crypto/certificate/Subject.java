package dev.tenon.crypto.certificate;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Framing;

/// What is attested.
///
/// @param namespace of the protocol and kind of vote
/// @param message the encoding of what is voted for
public record Subject(Bytes namespace, Bytes message) {
  /// What a signature covers.
  ///
  /// @return see [Framing#framed]
  public Bytes framed() {
    return Framing.framed(namespace, message);
  }
}
