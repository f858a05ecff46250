package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;

/// Reads one varint of up to 64 bits from a stream, a byte at a time, under the rules of [Reader#varint].
public final class VarintDecoder {
  private final int bits;
  private long value;
  private int read;
  private boolean done;

  /// @param bits 16, 32 or 64: the width of the type
  public VarintDecoder(int bits) {
    Check.that(bits == 16 || bits == 32 || bits == 64, "a varint has 16, 32 or 64 bits");
    this.bits = bits;
  }

  /// Takes the next byte. Must not be called again once it returned true.
  ///
  /// @param next the byte
  /// @return whether it was the last one
  /// @throws InvalidDataException with [Rule#INVALID_VARINT] if the varint is over-long or overflows its type
  public boolean feed(byte next) {
    Check.that(!done, "a finished varint takes no more bytes");
    int unsigned = next & 0xff;
    String fault = fault(bits, read, unsigned);
    if (!fault.isEmpty()) {
      throw new InvalidDataException(Rule.INVALID_VARINT, "varint", read / 7, bits / 8, fault);
    }
    value |= (long) (unsigned & 0x7f) << read;
    read += 7;
    done = unsigned < 0x80;
    return done;
  }

  /// @return the number, to be taken as unsigned, once [#feed] returned true
  public long value() {
    Check.that(done, "a varint is asked for its value when its last byte came");
    return value;
  }

  /// The rules of one byte, for all widths.
  ///
  /// @param bits the width of the type
  /// @param read the bits that came before
  /// @param next 0 to 255
  /// @return what is wrong, or an empty text
  static String fault(int bits, int read, int next) {
    if (next == 0 && read > 0) {
      return "ends in a redundant zero byte";
    }
    int left = bits - read;
    return left <= 7 && Integer.SIZE - Integer.numberOfLeadingZeros(next) > left ? "overflows " + bits + " bits" : "";
  }
}
