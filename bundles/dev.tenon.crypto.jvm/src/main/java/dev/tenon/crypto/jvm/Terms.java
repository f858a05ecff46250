package dev.tenon.crypto.jvm;

import dev.tenon.crypto.jvm.EdwardsPoint.Prepared;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// A sum of multiples of points, computed with one chain of doublings for all of them (Straus' method).
///
/// @param <E> the field's elements
final class Terms<E> {
  private final EdwardsCurve<E> curve;
  private final List<List<Prepared<E>>> tables = new ArrayList<>();
  private final List<byte[]> digits = new ArrayList<>();

  Terms(EdwardsCurve<E> curve) {
    this.curve = curve;
  }

  /// @param table odd multiples of the point, 2^(width-2) of them
  /// @param factor 0 to ℓ - 1
  void add(List<Prepared<E>> table, BigInteger factor) {
    tables.add(table);
    digits.add(Scalar.nonAdjacent(factor, Integer.numberOfTrailingZeros(table.size()) + 2));
  }

  EdwardsPoint<E> sum() {
    var sum = new EdwardsPoint<>(curve);
    int top = Scalar.DIGITS - 1;
    while (top > 0 && !anyDigit(top)) {
      top--;
    }
    for (int i = top; i >= 0; i--) {
      if (i < top) {
        sum.twice(i == 0 || anyDigit(i)); // whoever takes the sum may add to it
      }
      for (int term = 0; term < tables.size(); term++) {
        int digit = digits.get(term)[i];
        if (digit != 0) {
          sum.add(tables.get(term).get(Math.abs(digit) >>> 1), digit < 0);
        }
      }
    }
    return sum;
  }

  private boolean anyDigit(int i) {
    for (byte[] expansion : digits) {
      if (expansion[i] != 0) {
        return true;
      }
    }
    return false;
  }
}
