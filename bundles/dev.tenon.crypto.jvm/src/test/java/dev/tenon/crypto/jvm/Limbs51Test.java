package dev.tenon.crypto.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Limbs at the bounds that the class promises to take, which decoded elements never reach, and reciprocals.
class Limbs51Test {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final long CARRIED_MAX = (1L << 51) + (1L << 17) - 1;
  private static final long FACTOR_MAX = (1L << 53) + (1L << 18);

  private final Limbs51 field = new Limbs51();
  private final Random random = new Random(5);

  private static BigInteger number(long[] limbs) {
    BigInteger number = BigInteger.ZERO;
    for (int i = 4; i >= 0; i--) {
      number = number.shiftLeft(51).add(BigInteger.valueOf(limbs[i]));
    }
    return number.mod(P);
  }

  private List<long[]> elements(long max) {
    long[] edges = {0, 1, 18, 19, (1L << 51) - 20, (1L << 51) - 19, (1L << 51) - 1, 1L << 51, max - 1, max};
    var elements = new ArrayList<long[]>();
    for (long edge : edges) {
      elements.add(new long[] {edge, edge, edge, edge, edge});
    }
    for (int i = 0; i < 150; i++) {
      elements.add(random.ints(5, 0, edges.length).mapToLong(at -> edges[at]).toArray());
      elements.add(random.longs(5, 0, max + 1).toArray());
    }
    return elements;
  }

  private void carried(long[] found, BigInteger expected) {
    assertThat(found).as("carried").satisfies(
        limbs -> Arrays.stream(limbs).forEach(limb -> assertThat(limb).isBetween(0L, CARRIED_MAX)));
    assertThat(number(found)).isEqualTo(expected.mod(P));
  }

  @Test
  void multipliesAtTheBounds() {
    for (long[] x : elements(FACTOR_MAX)) {
      long[] square = field.create();
      field.sqr(x, square);
      carried(square, number(x).pow(2));
      for (long[] y : elements(FACTOR_MAX).subList(0, 40)) {
        long[] product = field.create();
        field.mul(x, y, product);
        carried(product, number(x).multiply(number(y)));
      }
    }
  }

  @Test
  void subtractsAndNegatesAtTheBounds() {
    for (long[] x : elements(CARRIED_MAX)) {
      for (long[] y : elements(CARRIED_MAX).subList(0, 40)) {
        long[] sum = field.create();
        long[] difference = field.create();
        field.apm(x, y, sum, difference);
        assertThat(number(sum)).isEqualTo(number(x).add(number(y)).mod(P));
        assertThat(number(difference)).isEqualTo(number(x).subtract(number(y)).mod(P));
        assertThat(difference).satisfies(
            limbs -> Arrays.stream(limbs).forEach(limb -> assertThat(limb).isBetween(0L, FACTOR_MAX)));
        field.sub(x, y, sum);
        assertThat(sum).isEqualTo(difference);
      }
      long[] same = x.clone();
      field.negateIf(0, same);
      assertThat(same).isEqualTo(x);
      field.negateIf(-1, same);
      assertThat(number(same)).isEqualTo(number(x).negate().mod(P));
    }
  }

  @Test
  void encodesTheOneRepresentative() {
    for (long[] x : elements(FACTOR_MAX)) {
      BigInteger expected = number(x);
      assertThat(field.encode(x)).isEqualTo(SecretScalarTest.little(expected, 32));
    }
  }

  @Test
  void invertsAllButZero() {
    var values = elements(FACTOR_MAX);
    for (int i = 0; i < 2_000; i++) {
      values.add(random.longs(5, 0, 1L << 51).toArray());
    }
    for (int bit = 0; bit < 255; bit++) { // powers of two and what is below them: long runs of equal steps
      for (BigInteger value : List.of(BigInteger.TWO.pow(bit), BigInteger.TWO.pow(bit).subtract(BigInteger.ONE))) {
        long[] element = field.create();
        field.decode(SecretScalarTest.little(value, 32), element);
        values.add(element);
      }
    }
    for (long[] x : values) {
      BigInteger value = number(x);
      long[] reciprocal = field.create();
      field.invert(x, reciprocal);
      carried(reciprocal, value.signum() == 0 ? BigInteger.ZERO : value.modInverse(P));
    }
  }
}
