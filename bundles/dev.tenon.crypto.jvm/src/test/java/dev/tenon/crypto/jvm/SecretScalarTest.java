package dev.tenon.crypto.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Against the JDK's integers, at the edges of the order, of a limb and of a word too.
class SecretScalarTest {
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  static byte[] little(BigInteger value, int size) {
    byte[] big = value.toByteArray();
    byte[] little = new byte[size];
    for (int i = 0; i < Math.min(size, big.length); i++) {
      little[i] = big[big.length - 1 - i];
    }
    return little;
  }

  /// Values around each multiple of the order and each power of two, below a limit.
  private static List<BigInteger> edges(int bits) {
    var edges = new ArrayList<BigInteger>();
    for (int bit = 0; bit <= bits; bit++) {
      BigInteger power = BigInteger.TWO.pow(bit);
      BigInteger multiple = power.divide(ORDER).multiply(ORDER);
      for (int i = -2; i <= 2; i++) {
        edges.add(power.add(BigInteger.valueOf(i)));
        edges.add(multiple.add(BigInteger.valueOf(i)));
        edges.add(ORDER.multiply(BigInteger.valueOf(bit)).add(BigInteger.valueOf(i)));
      }
    }
    edges.removeIf(value -> value.signum() < 0 || value.bitLength() > bits);
    return edges;
  }

  private static void reduces(BigInteger value) {
    assertThat(SecretScalar.reduce(little(value, 64))).as(value.toString(16))
        .isEqualTo(little(value.mod(ORDER), 32));
  }

  @Test
  void reducesAsIntegersAre() {
    assertThat(edges(512)).hasSizeGreaterThan(5_000).contains(ORDER, ORDER.subtract(BigInteger.ONE))
        .contains(BigInteger.TWO.pow(512).subtract(BigInteger.ONE));
    edges(512).forEach(SecretScalarTest::reduces);
    var random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      reduces(new BigInteger(512, random));
    }
  }

  private static void multipliesAndAdds(BigInteger x, BigInteger y, BigInteger z) {
    assertThat(SecretScalar.multiplyAdd(little(x, 32), little(y, 32), little(z, 32))).as(x + " * " + y + " + " + z)
        .isEqualTo(little(x.multiply(y).add(z).mod(ORDER), 32));
  }

  @Test
  void multipliesAndAddsAsIntegersDo() {
    BigInteger top = ORDER.subtract(BigInteger.ONE);
    var values = List.of(BigInteger.ZERO, BigInteger.ONE, BigInteger.TWO.pow(252), top);
    var second = new ArrayList<>(values);
    second.add(BigInteger.TWO.pow(255).subtract(BigInteger.ONE));
    for (BigInteger x : values) {
      for (BigInteger y : second) {
        values.forEach(z -> multipliesAndAdds(x, y, z));
      }
    }
    var random = new Random(2);
    for (int i = 0; i < 5_000; i++) {
      multipliesAndAdds(new BigInteger(256, random).mod(ORDER), new BigInteger(255, random),
          new BigInteger(256, random).mod(ORDER));
    }
  }

  private static void recodes(byte[] scalar) {
    byte[] digits = SecretScalar.digits(scalar);
    BigInteger sum = BigInteger.ZERO;
    for (int i = digits.length - 1; i >= 0; i--) {
      assertThat((int) digits[i]).as("digit " + i + " of " + HexFormat.of().formatHex(scalar)).isBetween(-8,
          i == digits.length - 1 ? 8 : 7);
      sum = sum.shiftLeft(4).add(BigInteger.valueOf(digits[i]));
    }
    assertThat(little(sum, 32)).isEqualTo(scalar);
  }

  @Test
  void recodesToDigitsOfTheSameValue() {
    for (int nibble = 0; nibble < 16; nibble++) {
      byte[] same = new byte[32];
      Arrays.fill(same, (byte) (nibble * 17));
      same[31] &= 0x7f;
      recodes(same);
    }
    edges(255).forEach(value -> recodes(little(value, 32)));
  }
}
