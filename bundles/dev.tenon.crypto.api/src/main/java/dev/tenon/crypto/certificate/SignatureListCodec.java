package dev.tenon.crypto.certificate;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.InvalidDataException.Rule;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;
import java.util.ArrayList;
import java.util.List;

/// A certificate as a list of signatures: `u64 n ‖ ⌈n/8⌉ bytes of signers, lowest bit first ‖ varint k ‖ k signatures`
/// in ascending order of signers.
///
/// Source: commonware v2026.5.0, cryptography/src/ed25519/certificate.
final class SignatureListCodec implements Codec<Certificate> {
  private final int signatureSize;
  private final long participantsMax;

  /// @param signatureSize in bytes
  /// @param participantsMax 0 to 2^32 - 1; a larger set is refused
  SignatureListCodec(int signatureSize, long participantsMax) {
    this.signatureSize = signatureSize;
    this.participantsMax = participantsMax;
  }

  /// @param participants how many there are
  /// @param attestations ascending by signer, each below `participants`, at least one
  static Certificate assemble(int participants, List<Attestation> attestations) {
    byte[] bits = new byte[(participants + 7) / 8];
    for (Attestation attestation : attestations) {
      bits[attestation.signer() / 8] |= (byte) (1 << attestation.signer() % 8);
    }
    return written(participants, Bytes.wrap(bits), attestations);
  }

  private static Certificate written(long participants, Bytes bits, List<Attestation> attestations) {
    int signatures = attestations.stream().mapToInt(attestation -> attestation.signature().size()).sum();
    var writer = new Writer(8 + bits.size() + Writer.varintSize(attestations.size()) + signatures);
    writer.u64(participants);
    writer.raw(bits);
    writer.varint(attestations.size());
    attestations.forEach(attestation -> writer.raw(attestation.signature()));
    return new Certificate(writer.finish(), attestations);
  }

  /// The number of participants that a certificate was made for.
  static long participants(Certificate certificate) {
    return new Reader(certificate.encoded()).u64();
  }

  @Override
  public int size(Certificate value) {
    return value.encoded().size();
  }

  @Override
  public void write(Certificate value, Writer to) {
    to.raw(value.encoded());
  }

  @Override
  public Certificate read(Reader from) {
    long participants = from.u64();
    if (Long.compareUnsigned(participants, participantsMax) > 0) {
      throw from.fail(Rule.INVALID_LENGTH, "Signers", participants,
          "has length " + Long.toUnsignedString(participants) + ", allowed up to " + participantsMax);
    }
    long bytes = (participants + 7) / 8;
    if (bytes > from.remaining()) {
      throw from.fail(Rule.END_OF_BUFFER, "Signers", bytes, "needs " + bytes + " bytes, " + from.remaining()
          + " are left");
    }
    Bytes bits = from.raw((int) bytes, "Signers");
    if (participants % 8 != 0 && (bits.get((int) bytes - 1) & 0xff) >>> participants % 8 != 0) {
      throw from.fail(Rule.INVALID, "BitMap", 0, "has bits set beyond its length");
    }
    List<Integer> signers = signers(bits);
    if (signers.isEmpty()) {
      throw from.fail(Rule.INVALID, "Certificate", 0, "has no signers");
    }
    int count = from.length(0, (int) Math.min(participantsMax, Integer.MAX_VALUE), "Certificate");
    if (count != signers.size()) {
      throw from.fail(Rule.INVALID, "Certificate", count, "has " + count + " signatures of " + signers.size()
          + " signers");
    }
    if ((long) count * signatureSize > from.remaining()) {
      throw from.fail(Rule.END_OF_BUFFER, "Certificate", count, "ends within its signatures");
    }
    var attestations = new ArrayList<Attestation>(count);
    for (int signer : signers) {
      attestations.add(new Attestation(signer, from.raw(signatureSize, "Certificate")));
    }
    return written(participants, bits, attestations);
  }

  private static List<Integer> signers(Bytes bits) {
    var signers = new ArrayList<Integer>();
    for (int i = 0; i < bits.size(); i++) {
      for (int rest = bits.get(i) & 0xff; rest != 0; rest &= rest - 1) {
        signers.add(8 * i + Integer.numberOfTrailingZeros(rest));
      }
    }
    return signers;
  }
}
