package dev.tenon.crypto.jvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Scalars modulo the order ℓ of edwards25519's prime subgroup that nobody may learn. The same steps and the same
/// memory for all values: no branch, index or number of rounds depends on one. What is public goes through [Scalar].
///
/// Numbers are limbs of 28 bits, the lowest first, because ℓ = 2^252 + c with a c of 125 bits, and 252 bits are nine
/// limbs. So what lies above 2^252 is taken modulo ℓ by a product with -c, with nothing to be shifted.
final class SecretScalar {
  /// Bits of a digit of [#digits].
  static final int DIGIT_BITS = 4;
  /// Of 255 bits; the last carry has room in the highest.
  static final int DIGITS = 64;

  private static final int BITS = 28;
  private static final long MASK = (1L << BITS) - 1;
  /// Limbs up to 2^252.
  private static final int LOW = 9;
  /// Limbs of a product of two scalars, and of a SHA-512.
  private static final int WIDE = 20;
  /// ℓ - 2^252.
  private static final long[] C = {0xcf5d3edL, 0x12631a5L, 0x79cd658L, 0xf9dea2fL, 0x14deL};

  private SecretScalar() {}

  /// @param little 64 bytes, little-endian
  /// @return 32 bytes, little-endian, below ℓ
  static byte[] reduce(byte[] little) {
    return bytes(modulo(limbs(little)));
  }

  /// x·y + z modulo ℓ.
  ///
  /// @param x 32 little-endian bytes, below ℓ
  /// @param y 32 little-endian bytes, below 2^255
  /// @param z 32 little-endian bytes, below ℓ
  /// @return 32 bytes, little-endian, below ℓ
  static byte[] multiplyAdd(byte[] x, byte[] y, byte[] z) {
    long[] wide = new long[WIDE];
    multiply(limbs(x), 0, limbs(y), wide);
    long[] addend = limbs(z);
    for (int i = 0; i < addend.length; i++) {
      wide[i] += addend[i];
    }
    carry(wide);
    return bytes(modulo(wide));
  }

  /// Recodes to the base of 16 with digits of -8 to 7; the highest is 0 to 8. Digits with a sign need half the
  /// multiples in a table.
  ///
  /// @param little 32 bytes, little-endian, below 2^255
  /// @return digit i counts 16^i; [#DIGITS] of them
  static byte[] digits(byte[] little) {
    byte[] digits = new byte[DIGITS];
    for (int i = 0; i < little.length; i++) {
      digits[2 * i] = (byte) (little[i] & 15);
      digits[2 * i + 1] = (byte) (little[i] >>> 4 & 15);
    }
    int carry = 0;
    for (int i = 0; i < DIGITS - 1; i++) {
      int digit = digits[i] + carry;
      carry = (digit + 8) >> DIGIT_BITS;
      digits[i] = (byte) (digit - (carry << DIGIT_BITS));
    }
    digits[DIGITS - 1] += (byte) carry;
    return digits;
  }

  /// @param wide carried and below 2^512
  /// @return carried and below ℓ, in one limb more than [#LOW]
  private static long[] modulo(long[] wide) {
    // With 2^252 = -c: wide = low - c·high, and c·high, of 385, 258 and then 131 bits, is split in the same way.
    long[] sum = new long[LOW + 1];
    accumulate(wide, 1, sum);
    long[] once = fold(wide);
    accumulate(once, -1, sum);
    long[] twice = fold(once);
    accumulate(twice, 1, sum);
    accumulate(fold(twice), -1, sum);
    // The sum is above -2ℓ and below 2ℓ: it is lifted by 2ℓ, then 2ℓ and ℓ are taken off if they fit in.
    addOrder(sum, 2);
    carry(sum);
    subtractIfNotBelow(sum, 2);
    subtractIfNotBelow(sum, 1);
    return sum;
  }

  /// What lies above 2^252, times c.
  private static long[] fold(long[] value) {
    long[] product = new long[value.length - LOW + C.length];
    multiply(value, LOW, C, product);
    carry(product);
    return product;
  }

  /// Adds what lies below 2^252, or takes it off.
  private static void accumulate(long[] value, int sign, long[] sum) {
    for (int i = 0; i < Math.min(LOW, value.length); i++) {
      sum[i] += sign * value[i];
    }
  }

  private static void addOrder(long[] value, int times) {
    for (int i = 0; i < C.length; i++) {
      value[i] += times * C[i];
    }
    value[LOW] += times;
  }

  private static void subtractIfNotBelow(long[] value, int times) {
    long[] difference = value.clone();
    addOrder(difference, -times);
    carry(difference);
    long keep = difference[LOW] >> 63; // all ones if the difference is negative
    for (int i = 0; i <= LOW; i++) {
      value[i] = (value[i] & keep) | (difference[i] & ~keep);
    }
  }

  /// Adds the product of the limbs from one on with other ones. Ten products of 56 bits are the most one limb gets.
  private static void multiply(long[] x, int from, long[] y, long[] product) {
    for (int i = from; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        product[i - from + j] += x[i] * y[j];
      }
    }
  }

  /// Brings all limbs but the highest to 0 to 2^28 - 1; that one gets the sign.
  private static void carry(long[] value) {
    for (int i = 0; i < value.length - 1; i++) {
      value[i + 1] += value[i] >> BITS;
      value[i] &= MASK;
    }
  }

  /// @param little 32 or 64 bytes
  /// @return 10 or 19 limbs
  private static long[] limbs(byte[] little) {
    long[] limbs = new long[8 * little.length / BITS + 1];
    var words = ByteBuffer.wrap(little).order(ByteOrder.LITTLE_ENDIAN);
    long held = 0; // bits that are in no limb yet
    int bits = 0;
    int at = 0;
    while (words.hasRemaining()) {
      held |= (words.getInt() & 0xffff_ffffL) << bits;
      for (bits += 32; bits >= BITS; bits -= BITS) {
        limbs[at++] = held & MASK;
        held >>>= BITS;
      }
    }
    limbs[at] = held;
    return limbs;
  }

  private static byte[] bytes(long[] limbs) {
    var little = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    long held = 0;
    int bits = 0;
    for (long limb : limbs) {
      held |= limb << bits;
      bits += BITS;
      if (bits >= 32 && little.hasRemaining()) {
        little.putInt((int) held);
        held >>>= 32;
        bits -= 32;
      }
    }
    return little.array();
  }
}
