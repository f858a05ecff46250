package dev.tenon.crypto.jvm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A point of edwards25519 in extended coordinates (X : Y : Z : T), x = X/Z, y = Y/Z, x·y = T/Z. Mutable, for one
/// computation at a time. [#decompress] and [#vanishesTimesEight] branch on values and are for public ones only;
/// doublings and additions do the same steps for all points.
///
/// One code for every arithmetic: the field is a parameter.
///
/// Source: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited", sections 3.1 to 3.3, with a = -1.
///
/// @param <E> the field's elements
final class EdwardsPoint<E> {
  private final EdwardsCurve<E> curve;
  private final Field<E> field;
  private final E x;
  private final E y;
  private final E z;
  private final E t;
  private final E a;
  private final E b;
  private final E c;
  private final E d;

  /// The neutral element.
  EdwardsPoint(EdwardsCurve<E> curve) {
    this.curve = curve;
    field = curve.field();
    x = field.create();
    y = field.create();
    z = field.create();
    t = field.create();
    a = field.create();
    b = field.create();
    c = field.create();
    d = field.create();
    field.one(y);
    field.one(z);
  }

  static <E> EdwardsPoint<E> base(EdwardsCurve<E> curve) {
    var point = new EdwardsPoint<>(curve);
    point.field.copy(curve.baseX(), point.x);
    point.field.copy(curve.baseY(), point.y);
    point.field.mul(point.x, point.y, point.t);
    return point;
  }

  /// Decompresses by the rules of ZIP-215: y of 2^255 - 19 and more, and a set sign bit on x = 0, are accepted.
  ///
  /// @param encoded 32 bytes, y little-endian, the sign of x in the highest bit
  /// @return null where no point has that y
  static <E> @Nullable EdwardsPoint<E> decompress(EdwardsCurve<E> curve, byte[] encoded) {
    var point = new EdwardsPoint<>(curve);
    Field<E> field = point.field;
    field.decode(encoded, point.y);
    E u = field.create();
    E v = field.create();
    field.sqr(point.y, u);
    field.mul(u, curve.d(), v);
    field.sub(u, point.z, u);
    field.add(v, point.z, v);
    field.carry(u);
    field.carry(v);
    if (!field.sqrtRatio(u, v, point.x)) {
      return null;
    }
    if (field.isOdd(point.x) != ((encoded[31] & 0xff) >>> 7 == 1)) {
      field.negate(point.x, point.x);
    }
    field.carry(point.x);
    field.carry(point.y);
    field.mul(point.x, point.y, point.t);
    return point;
  }

  EdwardsPoint<E> copy() {
    var copy = new EdwardsPoint<>(curve);
    field.copy(x, copy.x);
    field.copy(y, copy.y);
    field.copy(z, copy.z);
    field.copy(t, copy.t);
    return copy;
  }

  void negate() {
    field.negate(x, x);
    field.carry(x);
    field.negate(t, t);
    field.carry(t);
  }

  /// Doubles.
  ///
  /// @param withT whether T is needed by what follows; a doubling never needs it
  void twice(boolean withT) {
    field.add(x, y, d);
    field.sqr(d, d);
    field.sqr(x, a);
    field.sqr(y, b);
    field.sqr(z, c);
    field.add(c, c, c);
    field.carry(c);
    E h = t;
    field.apm(a, b, h, a);
    field.sub(h, d, d);
    field.carry(d);
    field.add(c, a, c);
    field.carry(c);
    field.mul(d, c, x);
    field.mul(a, h, y);
    field.mul(c, a, z);
    if (withT) {
      field.mul(d, h, t);
    }
  }

  /// Adds or subtracts a prepared point. T must be valid and is valid afterwards.
  void add(Prepared<E> other, boolean subtract) {
    field.apm(y, x, b, a);
    field.mul(a, subtract ? other.sum : other.difference, a);
    field.mul(b, subtract ? other.difference : other.sum, b);
    field.mul(t, other.twiceDt, c);
    field.mul(z, other.twiceZ, d);
    E e = x;
    E h = y;
    field.apm(b, a, h, e);
    field.apm(d, c, b, a);
    E f = subtract ? b : a;
    E g = subtract ? a : b;
    // Here e, f, g, h are sums of two products each, within the bounds of a multiplication without a carry.
    field.mul(e, h, t);
    field.mul(f, g, z);
    field.mul(e, f, x);
    field.mul(g, h, y);
  }

  /// Adds an affine point x, y. T must be valid and is valid afterwards.
  ///
  /// @param sum half of y + x: with the halves no 2Z is needed
  /// @param difference half of y - x
  /// @param dt d·x·y
  void add(E sum, E difference, E dt) {
    field.apm(y, x, b, a);
    field.mul(a, difference, a);
    field.mul(b, sum, b);
    field.mul(t, dt, c);
    E e = x;
    E h = y;
    field.apm(b, a, h, e);
    E f = a;
    E g = b;
    field.apm(z, c, g, f);
    field.mul(e, h, t);
    field.mul(f, g, z);
    field.mul(e, f, x);
    field.mul(g, h, y);
  }

  /// Copies X, Y and Z to where they are asked for.
  void coordinates(E toX, E toY, E toZ) {
    field.copy(x, toX);
    field.copy(y, toY);
    field.copy(z, toZ);
  }

  /// Whether eight times this point is the neutral element: the cofactored equation of ZIP-215.
  boolean vanishesTimesEight() {
    twice(false);
    twice(false);
    twice(false);
    field.sub(y, z, a);
    return field.isZero(x) && field.isZero(a);
  }

  /// The form in which a point is added to others: (Y + X, Y - X, 2Z, 2dT).
  Prepared<E> prepared() {
    E sum = field.create();
    E difference = field.create();
    E twiceZ = field.create();
    E twiceDt = field.create();
    field.apm(y, x, sum, difference);
    field.carry(sum);
    field.carry(difference);
    field.add(z, z, twiceZ);
    field.carry(twiceZ);
    field.mul(t, curve.twiceD(), twiceDt);
    return new Prepared<>(sum, difference, twiceZ, twiceDt);
  }

  /// Odd multiples P, 3P, 5P, …
  ///
  /// @param count how many
  List<Prepared<E>> oddMultiples(int count) {
    var multiples = new ArrayList<Prepared<E>>(count);
    multiples.add(prepared());
    if (count == 1) {
      return multiples;
    }
    var twice = copy();
    twice.twice(true);
    var two = twice.prepared();
    var next = copy();
    for (int i = 1; i < count; i++) {
      next.add(two, false);
      multiples.add(next.prepared());
    }
    return multiples;
  }

  /// See [#prepared]. Written once.
  record Prepared<E>(E sum, E difference, E twiceZ, E twiceDt) {}
}
