package dev.tenon.crypto.jvm;

import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.jspecify.annotations.Nullable;

/// A point of edwards25519 in extended coordinates (X : Y : Z : T), x = X/Z, y = Y/Z, x·y = T/Z. Mutable, for one
/// computation at a time. Not constant-time: for public values only.
///
/// Source: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited", sections 3.1 to 3.3, with a = -1.
final class EdwardsPoint {
  private static final int[] D = constant("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
  private static final int[] TWICE_D = sum(D, D);
  private static final int[] BASE_X = constant("216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a");
  private static final int[] BASE_Y = constant("6666666666666666666666666666666666666666666666666666666666666658");

  private final int[] x = X25519Field.create();
  private final int[] y = X25519Field.create();
  private final int[] z = X25519Field.create();
  private final int[] t = X25519Field.create();
  private final int[] a = X25519Field.create();
  private final int[] b = X25519Field.create();
  private final int[] c = X25519Field.create();
  private final int[] d = X25519Field.create();

  /// The neutral element.
  EdwardsPoint() {
    X25519Field.one(y);
    X25519Field.one(z);
  }

  static EdwardsPoint base() {
    var point = new EdwardsPoint();
    X25519Field.copy(BASE_X, 0, point.x, 0);
    X25519Field.copy(BASE_Y, 0, point.y, 0);
    X25519Field.mul(BASE_X, BASE_Y, point.t);
    return point;
  }

  /// Decompresses by the rules of ZIP-215: y of 2^255 - 19 and more, and a set sign bit on x = 0, are accepted.
  ///
  /// @param encoded 32 bytes, y little-endian, the sign of x in the highest bit
  /// @return null where no point has that y
  static @Nullable EdwardsPoint decompress(byte[] encoded) {
    var point = new EdwardsPoint();
    X25519Field.decode255(encoded, point.y);
    int[] u = X25519Field.create();
    int[] v = X25519Field.create();
    X25519Field.sqr(point.y, u);
    X25519Field.mul(u, D, v);
    X25519Field.subOne(u);
    X25519Field.addOne(v);
    X25519Field.carry(u);
    X25519Field.carry(v);
    if (!X25519Field.sqrtRatioVar(u, v, point.x)) {
      return null;
    }
    X25519Field.normalize(point.x);
    if ((point.x[0] & 1) != (encoded[31] & 0xff) >>> 7) {
      X25519Field.negate(point.x, point.x);
    }
    X25519Field.carry(point.x);
    X25519Field.carry(point.y);
    X25519Field.mul(point.x, point.y, point.t);
    return point;
  }

  EdwardsPoint copy() {
    var copy = new EdwardsPoint();
    X25519Field.copy(x, 0, copy.x, 0);
    X25519Field.copy(y, 0, copy.y, 0);
    X25519Field.copy(z, 0, copy.z, 0);
    X25519Field.copy(t, 0, copy.t, 0);
    return copy;
  }

  void negate() {
    X25519Field.negate(x, x);
    X25519Field.carry(x);
    X25519Field.negate(t, t);
    X25519Field.carry(t);
  }

  /// Doubles.
  ///
  /// @param withT whether T is needed by what follows; a doubling never needs it
  void twice(boolean withT) {
    X25519Field.add(x, y, d);
    X25519Field.sqr(d, d);
    X25519Field.sqr(x, a);
    X25519Field.sqr(y, b);
    X25519Field.sqr(z, c);
    X25519Field.add(c, c, c);
    X25519Field.carry(c);
    int[] h = t;
    X25519Field.apm(a, b, h, a);
    X25519Field.sub(h, d, d);
    X25519Field.carry(d);
    X25519Field.add(c, a, c);
    X25519Field.carry(c);
    X25519Field.mul(d, c, x);
    X25519Field.mul(a, h, y);
    X25519Field.mul(c, a, z);
    if (withT) {
      X25519Field.mul(d, h, t);
    }
  }

  /// Adds or subtracts a prepared point. T must be valid and is valid afterwards.
  void add(Prepared other, boolean subtract) {
    X25519Field.apm(y, x, b, a);
    X25519Field.mul(a, subtract ? other.sum : other.difference, a);
    X25519Field.mul(b, subtract ? other.difference : other.sum, b);
    X25519Field.mul(t, other.twiceDt, c);
    X25519Field.mul(z, other.twiceZ, d);
    int[] e = x;
    int[] h = y;
    X25519Field.apm(b, a, h, e);
    X25519Field.apm(d, c, b, a);
    int[] f = subtract ? b : a;
    int[] g = subtract ? a : b;
    // Here e, f, g, h are sums of two products each, within the bounds of a multiplication without a carry.
    X25519Field.mul(e, h, t);
    X25519Field.mul(f, g, z);
    X25519Field.mul(e, f, x);
    X25519Field.mul(g, h, y);
  }

  /// Whether eight times this point is the neutral element: the cofactored equation of ZIP-215.
  boolean vanishesTimesEight() {
    twice(false);
    twice(false);
    twice(false);
    X25519Field.normalize(x);
    X25519Field.sub(y, z, a);
    X25519Field.normalize(a);
    return X25519Field.isZeroVar(x) && X25519Field.isZeroVar(a);
  }

  /// The form in which a point is added to others: (Y + X, Y - X, 2Z, 2dT).
  Prepared prepared() {
    int[] sum = X25519Field.create();
    int[] difference = X25519Field.create();
    int[] twiceZ = X25519Field.create();
    int[] twiceDt = X25519Field.create();
    X25519Field.apm(y, x, sum, difference);
    X25519Field.carry(sum);
    X25519Field.carry(difference);
    X25519Field.add(z, z, twiceZ);
    X25519Field.carry(twiceZ);
    X25519Field.mul(t, TWICE_D, twiceDt);
    return new Prepared(sum, difference, twiceZ, twiceDt);
  }

  /// Odd multiples P, 3P, 5P, …
  ///
  /// @param count how many
  Prepared[] oddMultiples(int count) {
    var multiples = new Prepared[count];
    multiples[0] = prepared();
    if (count == 1) {
      return multiples;
    }
    var twice = copy();
    twice.twice(true);
    var two = twice.prepared();
    var next = copy();
    for (int i = 1; i < count; i++) {
      next.add(two, false);
      multiples[i] = next.prepared();
    }
    return multiples;
  }

  private static int[] constant(String bigEndianHex) {
    byte[] bytes = java.util.HexFormat.of().parseHex(bigEndianHex);
    byte[] little = new byte[32];
    for (int i = 0; i < 32; i++) {
      little[i] = bytes[31 - i];
    }
    int[] field = X25519Field.create();
    X25519Field.decode255(little, field);
    return field;
  }

  private static int[] sum(int[] left, int[] right) {
    int[] sum = X25519Field.create();
    X25519Field.add(left, right, sum);
    X25519Field.carry(sum);
    return sum;
  }

  /// See [#prepared].
  @SuppressWarnings("ArrayRecordComponent") // private to this room, never compared, written once
  record Prepared(int[] sum, int[] difference, int[] twiceZ, int[] twiceDt) {}
}
