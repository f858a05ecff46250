package dev.tenon.crypto.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

/// Multiples of the base point against those of BouncyCastle, whose method is private: the public ones clamp, and would
/// leave out the edges.
class BaseTableTest {
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private final BaseTable table = new BaseTable();

  private static byte[] expected(byte[] scalar) throws ReflectiveOperationException {
    Method method = Ed25519.class.getDeclaredMethod("scalarMultBaseEncoded", byte[].class, byte[].class, int.class);
    method.setAccessible(true);
    byte[] encoded = new byte[32];
    method.invoke(null, scalar, encoded, 0);
    return encoded;
  }

  private void agrees(byte[] scalar) throws ReflectiveOperationException {
    assertThat(table.multiply(scalar)).as(HexFormat.of().formatHex(scalar)).isEqualTo(expected(scalar));
  }

  private static byte[] filled(int value) {
    byte[] scalar = new byte[32];
    Arrays.fill(scalar, (byte) value);
    return scalar;
  }

  private static byte[] clamped(byte[] scalar) {
    scalar[0] &= (byte) 0xf8;
    scalar[31] = (byte) ((scalar[31] & 0x7f) | 0x40);
    return scalar;
  }

  @Test
  void multipliesByTheEdges() throws ReflectiveOperationException {
    byte[] neutral = new byte[32];
    neutral[0] = 1;
    byte[] base = filled(0x66);
    base[0] = 0x58;
    assertThat(table.multiply(new byte[32])).isEqualTo(neutral);
    assertThat(table.multiply(SecretScalarTest.little(BigInteger.ONE, 32))).isEqualTo(base);
    assertThat(table.multiply(SecretScalarTest.little(ORDER, 32))).isEqualTo(neutral);
    base[31] |= (byte) 0x80;
    assertThat(table.multiply(SecretScalarTest.little(ORDER.subtract(BigInteger.ONE), 32))).isEqualTo(base);
    var edges = new ArrayList<>(List.of(clamped(filled(0xff)), clamped(new byte[32])));
    for (int nibble = 0; nibble < 16; nibble++) { // 7 and 8 carry through all digits, or just do not
      edges.add(clamped(filled(nibble * 17)));
      byte[] same = filled(nibble * 17);
      same[31] &= 0x7f;
      edges.add(same);
    }
    for (BigInteger center : List.of(BigInteger.TWO, ORDER, ORDER.shiftLeft(1), ORDER.shiftLeft(2))) {
      for (int i = -2; i <= 10; i++) {
        edges.add(SecretScalarTest.little(center.add(BigInteger.valueOf(i)), 32));
      }
    }
    for (byte[] scalar : edges) {
      agrees(scalar);
    }
  }

  @Test
  void multipliesByEachEntryOfTheTable() throws ReflectiveOperationException {
    for (int digit = 0; digit < SecretScalar.DIGITS; digit++) {
      for (int value = 1; value <= (digit == SecretScalar.DIGITS - 1 ? 7 : 15); value++) {
        agrees(SecretScalarTest.little(BigInteger.valueOf(value).shiftLeft(4 * digit), 32));
      }
    }
  }

  @Test
  void multipliesByRandomScalars() throws ReflectiveOperationException {
    var random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      byte[] scalar = new byte[32];
      random.nextBytes(scalar);
      scalar[31] &= 0x7f;
      agrees(scalar);
    }
  }
}
