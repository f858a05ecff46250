package dev.tenon.codec;

import java.math.BigInteger;

/// A signed integer of 128 bits, in two's complement.
///
/// @param high its upper 64 bits, the sign among them
/// @param low its lower 64 bits
public record I128(long high, long low) implements Comparable<I128> {
  /// @param value -2^127 to 2^127 - 1
  /// @return the same number
  public static I128 of(BigInteger value) {
    Check.that(value.bitLength() <= 127, "an i128 has at most 127 bits and a sign");
    return new I128(value.shiftRight(64).longValue(), value.longValue());
  }

  /// @return the same number
  public BigInteger toBigInteger() {
    return BigInteger.valueOf(high).shiftLeft(64).or(U128.unsigned(low));
  }

  /// Maps numbers near zero to small unsigned ones: 0, -1, 1, -2 to 0, 1, 2, 3.
  U128 zigZag() {
    long sign = high >> 63;
    return new U128(((high << 1) | (low >>> 63)) ^ sign, (low << 1) ^ sign);
  }

  /// The inverse of [#zigZag].
  static I128 unZigZag(U128 value) {
    long sign = -(value.low() & 1);
    return new I128((value.high() >>> 1) ^ sign, ((value.low() >>> 1) | (value.high() << 63)) ^ sign);
  }

  @Override
  public int compareTo(I128 other) {
    int upper = Long.compare(high, other.high);
    return upper != 0 ? upper : Unsigned.compare(low, other.low);
  }

  @Override
  public String toString() {
    return toBigInteger().toString();
  }
}
