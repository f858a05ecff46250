package dev.tenon.crypto.jvm;

import java.util.Arrays;

/// Five limbs of 51 bits, each in a long. A product of two limbs has up to 108 bits: of it `x * y & MASK` are the low
/// 51, and the high word of `(x << 6) * (y << 7)` is the rest. So nothing has to be carried while they are added up.
///
/// Carried limbs are below 2^52, those of a sum or difference of two below 2^53; none is negative.
final class Limbs51 implements Field<long[]> {
  private static final int BITS = 51;
  private static final long MASK = (1L << BITS) - 1;
  /// Four times p, limb by limb: what a difference is lifted by.
  private static final long LIFT_0 = 4 * (MASK - 18);
  private static final long LIFT = 4 * MASK;
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
    long w0 = word(little, 0);
    long w1 = word(little, 8);
    long w2 = word(little, 16);
    long w3 = word(little, 24);
    z[0] = w0 & MASK;
    z[1] = (w0 >>> 51 | w1 << 13) & MASK;
    z[2] = (w1 >>> 38 | w2 << 26) & MASK;
    z[3] = (w2 >>> 25 | w3 << 39) & MASK;
    z[4] = w3 >>> 12 & MASK;
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
    reduce(x[0] + LIFT_0 - y[0], x[1] + LIFT - y[1], x[2] + LIFT - y[2], x[3] + LIFT - y[3], x[4] + LIFT - y[4], z);
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
    reduce(x0 + LIFT_0 - y0, x1 + LIFT - y1, x2 + LIFT - y2, x3 + LIFT - y3, x4 + LIFT - y4, difference);
  }

  @Override
  public void negate(long[] x, long[] z) {
    reduce(LIFT_0 - x[0], LIFT - x[1], LIFT - x[2], LIFT - x[3], LIFT - x[4], z);
  }

  @Override
  public void carry(long[] z) {
    reduce(z[0], z[1], z[2], z[3], z[4], z);
  }

  /// Limbs below 2^63, and not negative, to limbs below 2^52.
  private static void reduce(long z0, long z1, long z2, long z3, long z4, long[] z) {
    long c1 = z1 + (z0 >>> BITS);
    long c2 = z2 + (c1 >>> BITS);
    long c3 = z3 + (c2 >>> BITS);
    long c4 = z4 + (c3 >>> BITS);
    long c0 = (z0 & MASK) + 19 * (c4 >>> BITS);
    z[0] = c0 & MASK;
    z[1] = (c1 & MASK) + (c0 >>> BITS);
    z[2] = c2 & MASK;
    z[3] = c3 & MASK;
    z[4] = c4 & MASK;
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
    long c0 = (x0 * y0 & MASK);
    long c1 = (x0 * y1 & MASK) + (x1 * y0 & MASK) + Math.multiplyHigh(u0, v0);
    long c2 = (x0 * y2 & MASK) + (x1 * y1 & MASK) + (x2 * y0 & MASK) + Math.multiplyHigh(u0, v1)
        + Math.multiplyHigh(u1, v0);
    long c3 = (x0 * y3 & MASK) + (x1 * y2 & MASK) + (x2 * y1 & MASK) + (x3 * y0 & MASK) + Math.multiplyHigh(u0, v2)
        + Math.multiplyHigh(u1, v1) + Math.multiplyHigh(u2, v0);
    long c4 = (x0 * y4 & MASK) + (x1 * y3 & MASK) + (x2 * y2 & MASK) + (x3 * y1 & MASK) + (x4 * y0 & MASK)
        + Math.multiplyHigh(u0, v3) + Math.multiplyHigh(u1, v2) + Math.multiplyHigh(u2, v1)
        + Math.multiplyHigh(u3, v0);
    long c5 = (x1 * y4 & MASK) + (x2 * y3 & MASK) + (x3 * y2 & MASK) + (x4 * y1 & MASK) + Math.multiplyHigh(u0, v4)
        + Math.multiplyHigh(u1, v3) + Math.multiplyHigh(u2, v2) + Math.multiplyHigh(u3, v1)
        + Math.multiplyHigh(u4, v0);
    long c6 = (x2 * y4 & MASK) + (x3 * y3 & MASK) + (x4 * y2 & MASK) + Math.multiplyHigh(u1, v4)
        + Math.multiplyHigh(u2, v3) + Math.multiplyHigh(u3, v2) + Math.multiplyHigh(u4, v1);
    long c7 = (x3 * y4 & MASK) + (x4 * y3 & MASK) + Math.multiplyHigh(u2, v4) + Math.multiplyHigh(u3, v3)
        + Math.multiplyHigh(u4, v2);
    long c8 = (x4 * y4 & MASK) + Math.multiplyHigh(u3, v4) + Math.multiplyHigh(u4, v3);
    long c9 = Math.multiplyHigh(u4, v4);
    // 2^255 is 19. Each sum is below 2^58.
    reduce(c0 + 19 * c5, c1 + 19 * c6, c2 + 19 * c7, c3 + 19 * c8, c4 + 19 * c9, z);
  }

  @Override
  public void sqr(long[] x, long[] z) {
    mul(x, x, z);
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
