package dev.tenon.crypto.certificate;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;

/// One participant's vote: `varint u32 signer ‖ signature`. The signature's content is checked when it is verified.
///
/// @param signer index among the participants, unsigned
/// @param signature of the scheme's fixed size
public record Attestation(int signer, Bytes signature) {
  /// The wire form.
  ///
  /// @param signatureSize in bytes, fixed by the scheme
  /// @return its codec
  public static Codec<Attestation> codec(int signatureSize) {
    return new Codec<>() {
      @Override
      public int size(Attestation value) {
        return Writer.varintSize(Integer.toUnsignedLong(value.signer)) + signatureSize;
      }

      @Override
      public void write(Attestation value, Writer to) {
        to.varint(Integer.toUnsignedLong(value.signer));
        to.raw(value.signature);
      }

      @Override
      public Attestation read(Reader from) {
        return new Attestation((int) from.varint(32), from.raw(signatureSize, "Attestation"));
      }
    };
  }
}
