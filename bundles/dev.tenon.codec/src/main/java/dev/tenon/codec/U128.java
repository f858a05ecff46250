package dev.tenon.codec;

import java.math.BigInteger;

/// An unsigned integer of 128 bits.
///
/// @param high its upper 64 bits
/// @param low its lower 64 bits
public record U128(long high, long low) implements Comparable<U128> {
  /// 0.
  public static final U128 ZERO = new U128(0, 0);
  /// 2^128 - 1.
  public static final U128 MAX = new U128(-1, -1);

  /// @param value 0 to 2^128 - 1
  /// @return the same number
  public static U128 of(BigInteger value) {
    Check.that(value.signum() >= 0 && value.bitLength() <= 128, "a u128 has 0 to 128 bits");
    return new U128(value.shiftRight(64).longValue(), value.longValue());
  }

  /// @return the same number
  public BigInteger toBigInteger() {
    return unsigned(high).shiftLeft(64).or(unsigned(low));
  }

  /// @return the bits up to the highest one that is set, 0 for the number 0
  public int bitLength() {
    return high != 0 ? 128 - Long.numberOfLeadingZeros(high) : 64 - Long.numberOfLeadingZeros(low);
  }

  /// @param count 0 to 127
  /// @return all bits moved down
  U128 shiftRight(int count) {
    if (count == 0) {
      return this;
    }
    return count >= 64
        ? new U128(0, high >>> (count - 64))
        : new U128(high >>> count, (low >>> count) | (high << (64 - count)));
  }

  @Override
  public int compareTo(U128 other) {
    int upper = Unsigned.compare(high, other.high);
    return upper != 0 ? upper : Unsigned.compare(low, other.low);
  }

  @Override
  public String toString() {
    return toBigInteger().toString();
  }

  static BigInteger unsigned(long bits) {
    return BigInteger.valueOf(bits >>> 1).shiftLeft(1).or(BigInteger.valueOf(bits & 1));
  }
}
