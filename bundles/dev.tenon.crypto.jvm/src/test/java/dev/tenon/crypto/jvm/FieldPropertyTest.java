package dev.tenon.crypto.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/// Both arithmetics against that of the JDK's integers, also at the edges of a limb and of the modulus.
class FieldPropertyTest {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  @Provide
  Arbitrary<byte[]> elements() {
    Arbitrary<Byte> edge = Arbitraries.of((byte) 0, (byte) 1, (byte) 0xff, (byte) 0x7f, (byte) 0x80, (byte) 0xec,
        (byte) 0xed, (byte) 0xee, (byte) 0x07, (byte) 0xf8);
    return Arbitraries.oneOf(edge, Arbitraries.bytes()).array(byte[].class).ofSize(32);
  }

  private static BigInteger number(byte[] little) {
    byte[] big = new byte[32];
    for (int i = 0; i < 32; i++) {
      big[i] = little[31 - i];
    }
    big[0] &= 0x7f;
    return new BigInteger(1, big).mod(P);
  }

  private static <E> E element(Field<E> field, BigInteger value) {
    byte[] little = new byte[32];
    byte[] big = value.mod(P).toByteArray();
    for (int i = 0; i < Math.min(32, big.length); i++) {
      little[i] = big[big.length - 1 - i];
    }
    E element = field.create();
    field.decode(little, element);
    return element;
  }

  private static <E> void same(Field<E> field, E found, BigInteger expected) {
    E difference = field.create();
    field.carry(found);
    field.sub(found, element(field, expected), difference);
    assertThat(field.isZero(difference)).as(field.getClass().getSimpleName() + " " + expected).isTrue();
  }

  private static <E> void computes(Field<E> field, byte[] left, byte[] right) {
    BigInteger a = number(left);
    BigInteger b = number(right);
    E x = field.create();
    E y = field.create();
    E z = field.create();
    E w = field.create();
    field.decode(left, x);
    field.decode(right, y);
    field.mul(x, y, z);
    same(field, z, a.multiply(b));
    field.sqr(x, z);
    same(field, z, a.multiply(a));
    field.add(x, y, z);
    field.sub(x, y, w);
    E product = field.create();
    field.mul(z, w, product);
    same(field, product, a.add(b).multiply(a.subtract(b)));
    field.apm(x, y, z, w);
    field.mul(w, w, product);
    same(field, product, a.subtract(b).pow(2));
    field.mul(z, z, product);
    same(field, product, a.add(b).pow(2));
    field.negate(x, z);
    same(field, z, a.negate());
    field.add(x, x, z);
    same(field, z, a.add(a));
  }

  @Property(tries = 2_000)
  void bothComputeAsIntegersDo(@ForAll("elements") byte[] left, @ForAll("elements") byte[] right) {
    computes(new Limbs51(), left, right);
    computes(new BouncyCastleField(), left, right);
  }

  private static <E> boolean root(Field<E> field, byte[] left, byte[] right) {
    E u = field.create();
    E v = field.create();
    E z = field.create();
    field.decode(left, u);
    field.decode(right, v);
    if (!field.sqrtRatio(u, v, z)) {
      return false;
    }
    E square = field.create();
    field.sqr(z, square);
    field.mul(square, v, square);
    same(field, square, number(left));
    return true;
  }

  @Property(tries = 300)
  void bothFindTheSameRoots(@ForAll("elements") byte[] left, @ForAll("elements") byte[] right) {
    boolean found = root(new Limbs51(), left, right);
    assertThat(found).isEqualTo(root(new BouncyCastleField(), left, right));
  }

  /// Long chains of sums and products, as the point code makes them: no limb may outgrow its word.
  @Property(tries = 200)
  void bothAgreeAfterManySteps(@ForAll("elements") @Size(32) byte[] start, @ForAll long script) {
    assertThat(chain(new Limbs51(), start, script)).isEqualTo(chain(new BouncyCastleField(), start, script));
  }

  private static <E> String chain(Field<E> field, byte[] start, long script) {
    E x = field.create();
    E y = field.create();
    E sum = field.create();
    E difference = field.create();
    field.decode(start, x);
    field.one(y);
    boolean[] odd = new boolean[64];
    for (int i = 0; i < 64; i++) {
      field.apm(x, y, sum, difference);
      if ((script >>> i & 1) == 0) {
        field.mul(sum, difference, x);
      } else {
        field.mul(difference, difference, y);
        field.sqr(sum, x);
      }
      E looked = field.create();
      field.copy(x, looked);
      field.isZero(looked); // reduces
      odd[i] = field.isOdd(looked);
    }
    return Arrays.toString(odd);
  }
}
