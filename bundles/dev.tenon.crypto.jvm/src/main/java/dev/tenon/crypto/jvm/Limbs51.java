package dev.tenon.crypto.jvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Five limbs of 51 bits, each in a long. A product of two limbs has up to 108 bits: of it `x * y & MASK` are the low
/// 51, and the high word of `(x << 6) * (y << 7)` is the rest. So nothing has to be carried while they are added up.
///
/// Carried limbs are below 2^51 + 2^17, those of a sum or difference of two below 2^53; none is negative. Factors may
/// have limbs up to 2^53 + 2^18.
///
/// [#sqrtRatio] and whoever asks [#isZero] or [#isOdd] branch on values. Everything else does the same steps and
/// touches the same memory for all values, so secrets may go through it.
final class Limbs51 implements Field<long[]> {
  private static final int BITS = 51;
  private static final long MASK = (1L << BITS) - 1;
  private static final long MASK_60 = (1L << 60) - 1;
  /// Twice p, limb by limb: what a difference is lifted by, so that no limb of it is negative.
  private static final long LIFT_0 = 2 * (MASK - 18);
  private static final long LIFT = 2 * MASK;
  /// 2^((p - 1) / 4), a root of -1; little-endian.
  private static final String ROOT_OF_MINUS_ONE =
      "b0a00e4a271beec478e42fad0618432fa7d7fb3d99004d2b0bdfc14f8024832b";

  private final long[] rootOfMinusOne = create();

  Limbs51() {
    decode(java.util.HexFormat.of().parseHex(ROOT_OF_MINUS_ONE), rootOfMinusOne);
  }

  @Override
  public long[] create() {
    return new long[5];
  }

  @Override
  public void one(long[] z) {
    Arrays.fill(z, 0);
    z[0] = 1;
  }

  @Override
  public void copy(long[] x, long[] z) {
    System.arraycopy(x, 0, z, 0, 5);
  }

  @Override
  public void decode(byte[] little, long[] z) {
    split(word(little, 0), word(little, 8), word(little, 16), word(little, 24), z);
  }

  /// The limbs of a number in words of 64 bits, the lowest first; the highest bit is ignored.
  void split(long w0, long w1, long w2, long w3, long[] z) {
    z[0] = w0 & MASK;
    z[1] = (w0 >>> 51 | w1 << 13) & MASK;
    z[2] = (w1 >>> 38 | w2 << 26) & MASK;
    z[3] = (w2 >>> 25 | w3 << 39) & MASK;
    z[4] = w3 >>> 12 & MASK;
  }

  /// The opposite of [#decode].
  ///
  /// @param x any sum or difference of two carried elements; is reduced
  /// @return 32 bytes, little-endian, of the representative below p
  byte[] encode(long[] x) {
    normalize(x);
    var little = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    little.putLong(x[0] | x[1] << 51);
    little.putLong(x[1] >>> 13 | x[2] << 38);
    little.putLong(x[2] >>> 26 | x[3] << 25);
    little.putLong(x[3] >>> 39 | x[4] << 12);
    return little.array();
  }

  private static long word(byte[] little, int at) {
    long word = 0;
    for (int i = 7; i >= 0; i--) {
      word = (word << 8) | (little[at + i] & 0xff);
    }
    return word;
  }

  @Override
  public void add(long[] x, long[] y, long[] z) {
    for (int i = 0; i < 5; i++) {
      z[i] = x[i] + y[i];
    }
  }

  @Override
  public void sub(long[] x, long[] y, long[] z) {
    z[0] = x[0] + LIFT_0 - y[0];
    for (int i = 1; i < 5; i++) {
      z[i] = x[i] + LIFT - y[i];
    }
  }

  @Override
  public void apm(long[] x, long[] y, long[] sum, long[] difference) {
    long x0 = x[0];
    long x1 = x[1];
    long x2 = x[2];
    long x3 = x[3];
    long x4 = x[4];
    long y0 = y[0];
    long y1 = y[1];
    long y2 = y[2];
    long y3 = y[3];
    long y4 = y[4];
    sum[0] = x0 + y0;
    sum[1] = x1 + y1;
    sum[2] = x2 + y2;
    sum[3] = x3 + y3;
    sum[4] = x4 + y4;
    difference[0] = x0 + LIFT_0 - y0;
    difference[1] = x1 + LIFT - y1;
    difference[2] = x2 + LIFT - y2;
    difference[3] = x3 + LIFT - y3;
    difference[4] = x4 + LIFT - y4;
  }

  @Override
  public void negate(long[] x, long[] z) {
    z[0] = LIFT_0 - x[0];
    for (int i = 1; i < 5; i++) {
      z[i] = LIFT - x[i];
    }
  }

  /// @param mask all ones to negate, or 0
  /// @param z carried; afterwards a difference of two carried ones
  void negateIf(long mask, long[] z) {
    z[0] = (z[0] ^ mask) - mask + (LIFT_0 & mask);
    for (int i = 1; i < 5; i++) {
      z[i] = (z[i] ^ mask) - mask + (LIFT & mask);
    }
  }

  @Override
  public void carry(long[] z) {
    reduce(z[0], z[1], z[2], z[3], z[4], z);
  }

  /// Limbs below 2^63, and not negative, to carried ones. Each limb gives its upper bits, at most 12, to the next one,
  /// all at the same time: a chain of carries would make the processor wait for each link.
  private static void reduce(long z0, long z1, long z2, long z3, long z4, long[] z) {
    z[0] = (z0 & MASK) + 19 * (z4 >>> BITS);
    z[1] = (z1 & MASK) + (z0 >>> BITS);
    z[2] = (z2 & MASK) + (z1 >>> BITS);
    z[3] = (z3 & MASK) + (z2 >>> BITS);
    z[4] = (z4 & MASK) + (z3 >>> BITS);
  }

  @Override
  public void mul(long[] x, long[] y, long[] z) {
    long x0 = x[0];
    long x1 = x[1];
    long x2 = x[2];
    long x3 = x[3];
    long x4 = x[4];
    long y0 = y[0];
    long y1 = y[1];
    long y2 = y[2];
    long y3 = y[3];
    long y4 = y[4];
    long u0 = x0 << 6;
    long u1 = x1 << 6;
    long u2 = x2 << 6;
    long u3 = x3 << 6;
    long u4 = x4 << 6;
    long v0 = y0 << 7;
    long v1 = y1 << 7;
    long v2 = y2 << 7;
    long v3 = y3 << 7;
    long v4 = y4 << 7;
    long h0 = Math.multiplyHigh(u0, v0);
    long h1 = Math.multiplyHigh(u0, v1) + Math.multiplyHigh(u1, v0);
    long h2 = Math.multiplyHigh(u0, v2) + Math.multiplyHigh(u1, v1) + Math.multiplyHigh(u2, v0);
    long h3 =
        Math.multiplyHigh(u0, v3) + Math.multiplyHigh(u1, v2) + Math.multiplyHigh(u2, v1) + Math.multiplyHigh(u3, v0);
    long h4 = Math.multiplyHigh(u0, v4) + Math.multiplyHigh(u1, v3) + Math.multiplyHigh(u2, v2)
        + Math.multiplyHigh(u3, v1) + Math.multiplyHigh(u4, v0);
    long h5 =
        Math.multiplyHigh(u1, v4) + Math.multiplyHigh(u2, v3) + Math.multiplyHigh(u3, v2) + Math.multiplyHigh(u4, v1);
    long h6 = Math.multiplyHigh(u2, v4) + Math.multiplyHigh(u3, v3) + Math.multiplyHigh(u4, v2);
    long h7 = Math.multiplyHigh(u3, v4) + Math.multiplyHigh(u4, v3);
    long h8 = Math.multiplyHigh(u4, v4);
    long w1 = 19 * y1;
    long w2 = 19 * y2;
    long w3 = 19 * y3;
    long w4 = 19 * y4;
    long l0 = x0 * y0 + x1 * w4 + x2 * w3 + x3 * w2 + x4 * w1;
    long l1 = x0 * y1 + x1 * y0 + x2 * w4 + x3 * w3 + x4 * w2;
    long l2 = x0 * y2 + x1 * y1 + x2 * y0 + x3 * w4 + x4 * w3;
    long l3 = x0 * y3 + x1 * y2 + x2 * y1 + x3 * y0 + x4 * w4;
    long l4 = x0 * y4 + x1 * y3 + x2 * y2 + x3 * y1 + x4 * y0;
    h0 += 19 * h5;
    h1 += 19 * h6;
    h2 += 19 * h7;
    h3 += 19 * h8;
    reduce(l0 - (h0 << BITS) + 19 * h4, l1 - (h1 << BITS) + h0, l2 - (h2 << BITS) + h1, l3 - (h3 << BITS) + h2,
        l4 - (h4 << BITS) + h3, z);
  }

  @Override
  public void sqr(long[] x, long[] z) {
    long x0 = x[0];
    long x1 = x[1];
    long x2 = x[2];
    long x3 = x[3];
    long x4 = x[4];
    // What stands twice in the product is multiplied once, with one factor doubled.
    long d0 = x0 << 1;
    long d1 = x1 << 1;
    long d2 = x2 << 1;
    long d3 = x3 << 1;
    long v0 = x0 << 7;
    long v1 = x1 << 7;
    long v2 = x2 << 7;
    long v3 = x3 << 7;
    long v4 = x4 << 7;
    long c0 = x0 * x0 & MASK;
    long c1 = (d0 * x1 & MASK) + Math.multiplyHigh(x0 << 6, v0);
    long c2 = (d0 * x2 & MASK) + (x1 * x1 & MASK) + Math.multiplyHigh(v0, v1);
    long c3 = (d0 * x3 & MASK) + (d1 * x2 & MASK) + Math.multiplyHigh(v0, v2) + Math.multiplyHigh(x1 << 6, v1);
    long c4 = (d0 * x4 & MASK) + (d1 * x3 & MASK) + (x2 * x2 & MASK) + Math.multiplyHigh(v0, v3)
        + Math.multiplyHigh(v1, v2);
    long c5 = (d1 * x4 & MASK) + (d2 * x3 & MASK) + Math.multiplyHigh(v0, v4) + Math.multiplyHigh(v1, v3)
        + Math.multiplyHigh(x2 << 6, v2);
    long c6 = (d2 * x4 & MASK) + (x3 * x3 & MASK) + Math.multiplyHigh(v1, v4) + Math.multiplyHigh(v2, v3);
    long c7 = (d3 * x4 & MASK) + Math.multiplyHigh(v2, v4) + Math.multiplyHigh(x3 << 6, v3);
    long c8 = (x4 * x4 & MASK) + Math.multiplyHigh(v3, v4);
    long c9 = Math.multiplyHigh(x4 << 6, v4);
    reduce(c0 + 19 * c5, c1 + 19 * c6, c2 + 19 * c7, c3 + 19 * c8, c4 + 19 * c9, z);
  }

  private void sqr(long[] x, int times, long[] z) {
    sqr(x, z);
    for (int i = 1; i < times; i++) {
      sqr(z, z);
    }
  }

  /// u / v has the root u·v^3·(u·v^7)^((p - 5) / 8), or that times the root of -1, or none.
  @Override
  public boolean sqrtRatio(long[] u, long[] v, long[] z) {
    long[] v3 = create();
    long[] candidate = create();
    long[] check = create();
    sqr(v, v3);
    mul(v3, v, v3);
    sqr(v3, candidate);
    mul(candidate, v, candidate);
    mul(candidate, u, candidate);
    power(candidate, candidate);
    mul(candidate, v3, candidate);
    mul(candidate, u, candidate);
    sqr(candidate, check);
    mul(check, v, check);
    long[] difference = create();
    sub(check, u, difference);
    if (!isZero(difference)) {
      add(check, u, difference);
      if (!isZero(difference)) {
        return false;
      }
      mul(candidate, rootOfMinusOne, candidate);
    }
    normalize(candidate);
    copy(candidate, z);
    return true;
  }

  /// To the power of (p - 5) / 8 = 2^252 - 3.
  private void power(long[] x, long[] z) {
    long[] base = x.clone();
    long[] ones = create(); // x to the power of 2^n - 1, for a growing n
    long[] shifted = create();
    sqr(base, ones);
    mul(ones, base, ones);
    long[] two = ones.clone();
    sqr(ones, 2, shifted);
    mul(shifted, two, ones); // 4
    sqr(ones, shifted);
    mul(shifted, base, ones); // 5
    long[] five = ones.clone();
    sqr(ones, 5, shifted);
    mul(shifted, five, ones); // 10
    long[] ten = ones.clone();
    sqr(ones, 10, shifted);
    mul(shifted, ten, ones); // 20
    long[] twenty = ones.clone();
    sqr(ones, 20, shifted);
    mul(shifted, twenty, ones); // 40
    sqr(ones, 10, shifted);
    mul(shifted, ten, ones); // 50
    long[] fifty = ones.clone();
    sqr(ones, 50, shifted);
    mul(shifted, fifty, ones); // 100
    long[] hundred = ones.clone();
    sqr(ones, 100, shifted);
    mul(shifted, hundred, ones); // 200
    sqr(ones, 50, shifted);
    mul(shifted, fifty, ones); // 250
    sqr(ones, 2, shifted);
    mul(shifted, base, z);
  }

  /// The reciprocal; that of zero is zero.
  ///
  /// @param x any sum or difference of two carried elements; is reduced
  void invert(long[] x, long[] z) {
    normalize(x);
    long[] wide =
        {(x[0] | x[1] << 51) & MASK_60, (x[1] >>> 9 | x[2] << 42) & MASK_60, (x[2] >>> 18 | x[3] << 33) & MASK_60,
            (x[3] >>> 27 | x[4] << 24) & MASK_60, x[4] >>> 36};
    wide = DivisionSteps.reciprocal(wide);
    z[0] = wide[0] & MASK;
    z[1] = (wide[0] >>> 51 | wide[1] << 9) & MASK;
    z[2] = (wide[1] >>> 42 | wide[2] << 18) & MASK;
    z[3] = (wide[2] >>> 33 | wide[3] << 27) & MASK;
    z[4] = wide[3] >>> 24 | wide[4] << 36;
    carry(z);
  }

  @Override
  public boolean isOdd(long[] x) {
    return (x[0] & 1) == 1;
  }

  @Override
  public boolean isZero(long[] x) {
    normalize(x);
    return (x[0] | x[1] | x[2] | x[3] | x[4]) == 0;
  }

  /// To the one representative below p.
  private static void normalize(long[] z) {
    reduce(z[0], z[1], z[2], z[3], z[4], z);
    reduce(z[0], z[1], z[2], z[3], z[4], z);
    // Now below 2p: p is taken off once if adding 19 overflows 255 bits.
    long over = (z[0] + 19) >>> BITS;
    over = (z[1] + over) >>> BITS;
    over = (z[2] + over) >>> BITS;
    over = (z[3] + over) >>> BITS;
    over = (z[4] + over) >>> BITS;
    z[0] += 19 * over;
    for (int i = 0; i < 4; i++) {
      z[i + 1] += z[i] >>> BITS;
      z[i] &= MASK;
    }
    z[4] &= MASK;
  }
}
