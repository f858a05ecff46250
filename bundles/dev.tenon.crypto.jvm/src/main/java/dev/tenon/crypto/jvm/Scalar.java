package dev.tenon.crypto.jvm;

import java.math.BigInteger;

/// Scalars modulo the order ℓ = 2^252 + 27742317777372353535851937790883648493 of edwards25519's prime subgroup. Not
/// constant-time: for public values only.
final class Scalar {
  /// Digits of the longest expansion: 253 bits and a carry.
  static final int DIGITS = 256;

  private static final BigInteger ORDER =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private Scalar() {}

  /// Whether 32 little-endian bytes are below ℓ.
  static boolean isCanonical(byte[] little) {
    return read(little).compareTo(ORDER) < 0;
  }

  /// @param little any number of little-endian bytes
  static BigInteger read(byte[] little) {
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    return new BigInteger(1, big);
  }

  static BigInteger reduce(BigInteger value) {
    return value.mod(ORDER);
  }

  /// The width-w non-adjacent form: odd digits of absolute value below 2^(width-1), at least width-1 zeros after each.
  ///
  /// @param value 0 to ℓ - 1
  /// @param width 2 to 8
  /// @return digit i counts 2^i; [#DIGITS] of them
  static byte[] nonAdjacent(BigInteger value, int width) {
    long[] words = new long[5];
    for (int i = 0; i < 4; i++) {
      words[i] = value.shiftRight(64 * i).longValue();
    }
    byte[] digits = new byte[DIGITS];
    int carry = 0;
    int position = 0;
    while (position < DIGITS) {
      int window = bits(words, position, width) + carry;
      if ((window & 1) == 0) {
        // An even window leaves carry and digit as they are and moves on by one bit.
        position++;
        continue;
      }
      if (window > 1 << (width - 1)) {
        digits[position] = (byte) (window - (1 << width));
        carry = 1;
      } else {
        digits[position] = (byte) window;
        carry = 0;
      }
      position += width;
    }
    return digits;
  }

  private static int bits(long[] words, int position, int width) {
    int word = position >>> 6;
    int shift = position & 63;
    long low = words[word] >>> shift;
    long high = shift == 0 ? 0 : words[word + 1] << (64 - shift);
    return (int) ((low | high) & ((1 << width) - 1));
  }
}
