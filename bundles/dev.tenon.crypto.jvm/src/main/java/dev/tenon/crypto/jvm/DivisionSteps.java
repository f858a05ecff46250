package dev.tenon.crypto.jvm;

/// The reciprocal modulo p = 2^255 - 19 by division steps: 600 of them whatever the value, the same steps and the same
/// memory for all, so that secrets may go through it. Takes half the time of a power of p - 2.
///
/// Numbers are five limbs of 60 bits in two's complement: the lower four are not negative, the highest has the sign.
/// Sixty steps look at the lowest limbs only and give a matrix, which is then multiplied to the whole numbers.
///
/// Source: Bernstein, Yang, "Fast constant-time gcd computation and modular inversion", with the half-integer delta for
/// which 590 steps are enough for 256 bits (Wuille, "The safegcd implementation in libsecp256k1 explained", section 6).
final class DivisionSteps {
  private static final int BITS = 60;
  private static final long MASK = (1L << BITS) - 1;
  private static final int BATCHES = 10;
  /// The limbs of p that are not 0: the lowest and the highest.
  private static final long P_LOW = -19;
  private static final long P_HIGH = 1L << 15;
  /// The reciprocal of p, which is that of -19, modulo 2^60.
  private static final long RECIPROCAL_OF_P = reciprocalOfP();

  private final long[] f = {MASK - 18, MASK, MASK, MASK, P_HIGH - 1};
  private final long[] g;
  private final long[] d = new long[5];
  private final long[] e = {1, 0, 0, 0, 0};
  private long zeta = -1; // -(delta + 1/2)
  private long u;
  private long v;
  private long q;
  private long r;

  private DivisionSteps(long[] g) {
    this.g = g;
  }

  /// @param x five limbs of 60 bits, below p
  /// @return its reciprocal plus a multiple of p, below 2^257 and not negative; a multiple of p for 0
  static long[] reciprocal(long[] x) {
    var steps = new DivisionSteps(x.clone());
    for (int batch = 0; batch < BATCHES; batch++) {
      steps.look();
      steps.updateModulo();
      steps.update();
    }
    return steps.result();
  }

  private static long reciprocalOfP() {
    long reciprocal = 1;
    for (int bits = 1; bits < BITS; bits *= 2) {
      reciprocal *= 2 - P_LOW * reciprocal; // doubles the bits that are right
    }
    return reciprocal & MASK;
  }

  /// Sixty steps on the lowest limbs: f and g times 2^60 will be u·f + v·g and q·f + r·g. Thirty at a time, because the
  /// rows of their matrix then have 32 bits an entry, and a long carries both: u + 2^32·v and q + 2^32·r.
  private void look() {
    u = 1;
    v = 0;
    q = 0;
    r = 1;
    long lowF = f[0];
    long lowG = g[0];
    long zeta = this.zeta;
    for (int half = 0; half < 2; half++) {
      long uv = 1;
      long qr = 1L << 32;
      for (int i = 0; i < BITS / 2; i++) {
        long swap = zeta >> 63;
        long odd = -(lowG & 1);
        lowG += ((lowF ^ swap) - swap) & odd;
        qr += ((uv ^ swap) - swap) & odd;
        swap &= odd;
        zeta = (zeta ^ swap) - 1;
        lowF += lowG & swap;
        uv += qr & swap;
        lowG >>= 1;
        uv <<= 1;
      }
      follow(uv, qr);
    }
    this.zeta = zeta;
  }

  /// Multiplies the matrix of thirty more steps to that of those before.
  private void follow(long uv, long qr) {
    long u2 = (int) uv;
    long v2 = (uv - u2) >> 32;
    long q2 = (int) qr;
    long r2 = (qr - q2) >> 32;
    long u1 = u;
    long v1 = v;
    u = u2 * u1 + v2 * q;
    v = u2 * v1 + v2 * r;
    q = q2 * u1 + r2 * q;
    r = q2 * v1 + r2 * r;
  }

  /// Multiplies the matrix to f and g, and divides by 2^60: what is shifted out is 0.
  private void update() {
    long carryF = 0;
    long carryG = 0;
    for (int i = 0; i < 5; i++) {
      long lowF = low(u, f[i]) + low(v, g[i]) + carryF;
      long lowG = low(q, f[i]) + low(r, g[i]) + carryG;
      carryF = high(u, f[i]) + high(v, g[i]) + (lowF >> BITS);
      carryG = high(q, f[i]) + high(r, g[i]) + (lowG >> BITS);
      if (i > 0) {
        f[i - 1] = lowF & MASK;
        g[i - 1] = lowG & MASK;
      }
    }
    f[4] = carryF;
    g[4] = carryG;
  }

  /// The same with d and e, modulo p: such multiples of p are added that zeros are shifted out, and that both stay
  /// above -2p and below p.
  private void updateModulo() {
    long signD = d[4] >> 63;
    long signE = e[4] >> 63;
    long timesD = (u & signD) + (v & signE);
    long timesE = (q & signD) + (r & signE);
    timesD -= (RECIPROCAL_OF_P * (u * d[0] + v * e[0]) + timesD) & MASK;
    timesE -= (RECIPROCAL_OF_P * (q * d[0] + r * e[0]) + timesE) & MASK;
    long carryD = 0;
    long carryE = 0;
    for (int i = 0; i < 5; i++) {
      long p = i == 0 ? P_LOW : i == 4 ? P_HIGH : 0;
      long lowD = low(u, d[i]) + low(v, e[i]) + low(timesD, p) + carryD;
      long lowE = low(q, d[i]) + low(r, e[i]) + low(timesE, p) + carryE;
      carryD = high(u, d[i]) + high(v, e[i]) + high(timesD, p) + (lowD >> BITS);
      carryE = high(q, d[i]) + high(r, e[i]) + high(timesE, p) + (lowE >> BITS);
      if (i > 0) {
        d[i - 1] = lowD & MASK;
        e[i - 1] = lowE & MASK;
      }
    }
    d[4] = carryD;
    e[4] = carryE;
  }

  /// The lower 60 bits of a product.
  private static long low(long x, long y) {
    return x * y & MASK;
  }

  /// The rest of a product, rounded down.
  private static long high(long x, long y) {
    return (Math.multiplyHigh(x, y) << (64 - BITS)) | ((x * y) >>> BITS);
  }

  /// Now f is 1 or -1, and d the reciprocal times f. Two p are added, so that nothing is negative.
  private long[] result() {
    long sign = f[4] >> 63;
    long carry = 0;
    for (int i = 0; i < 5; i++) {
      long p = i == 0 ? P_LOW : i == 4 ? P_HIGH : 0;
      long limb = (d[i] ^ sign) - sign + 2 * p + carry;
      carry = limb >> BITS;
      d[i] = limb & MASK;
    }
    return d;
  }
}
