package dev.tenon.crypto.jvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;

/// Multiplies the base point of edwards25519 by secret scalars, with multiples that are made once: j·256^i·B for i of 0
/// to 31 and j of 1 to 8, affine, in 24 KiB. A multiple takes 64 additions and four doublings: the sum of the odd
/// digits to the base of 16 is multiplied by 16, then that of the even ones is added from the same rows.
///
/// The same steps and the same memory for all scalars: every entry of a row is read for each digit, and masks choose.
///
/// Immutable, for any thread.
final class BaseTable {
  private static final int ROWS = SecretScalar.DIGITS / 2;
  private static final int COLUMNS = 1 << (SecretScalar.DIGIT_BITS - 1);
  private static final int LIMBS = 5;
  /// Words of an element in the table: fewer than limbs, so that there is less to be read.
  private static final int WORDS = 4;
  /// (y + x) / 2, (y - x) / 2 and d·x·y, one after the other.
  private static final int ENTRY = 3 * WORDS;
  private static final int ROW = COLUMNS * ENTRY;

  private final Limbs51 field = new Limbs51();
  private final EdwardsCurve<long[]> curve = EdwardsCurve.over(field);
  private final long[] half = field.create();
  private final long[] halfWords = new long[WORDS];
  private final long[] entries = new long[ROWS * ROW];

  /// Makes the table: about 5,500 multiplications in the field.
  BaseTable() {
    long[] two = field.create();
    field.one(two);
    field.add(two, two, two);
    field.invert(two, half);
    ByteBuffer.wrap(field.encode(half)).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(halfWords);
    int count = ROWS * COLUMNS;
    long[][] xs = new long[count][LIMBS];
    long[][] ys = new long[count][LIMBS];
    long[][] zs = new long[count][LIMBS];
    var next = EdwardsPoint.base(curve);
    for (int row = 0; row < ROWS; row++) {
      var step = next.prepared();
      for (int column = 0; column < COLUMNS; column++) {
        int at = row * COLUMNS + column;
        if (column > 0) {
          next.add(step, false);
        }
        next.coordinates(xs[at], ys[at], zs[at]);
      }
      for (int times = COLUMNS; times < 256; times *= 2) {
        next.twice(times == 128);
      }
    }
    long[][] reciprocals = reciprocals(zs);
    for (int i = 0; i < count; i++) {
      field.mul(xs[i], reciprocals[i], xs[i]);
      field.mul(ys[i], reciprocals[i], ys[i]);
      write(xs[i], ys[i], i * ENTRY);
    }
  }

  /// One inversion for all: the reciprocal of a product of all, from which those of the single ones are taken.
  private long[][] reciprocals(long[][] values) {
    long[][] found = new long[values.length][LIMBS];
    long[] product = field.create();
    field.one(product);
    for (int i = 0; i < values.length; i++) {
      field.copy(product, found[i]); // of all before
      field.mul(product, values[i], product);
    }
    field.invert(product, product);
    for (int i = values.length - 1; i >= 0; i--) {
      field.mul(found[i], product, found[i]);
      field.mul(product, values[i], product);
    }
    return found;
  }

  private void write(long[] x, long[] y, int at) {
    long[] sum = field.create();
    long[] difference = field.create();
    long[] dt = field.create();
    field.apm(y, x, sum, difference);
    field.mul(sum, half, sum);
    field.mul(difference, half, difference);
    field.mul(x, y, dt);
    field.mul(dt, curve.d(), dt);
    var words = LongBuffer.wrap(entries, at, ENTRY);
    for (long[] part : List.of(sum, difference, dt)) {
      words.put(ByteBuffer.wrap(field.encode(part)).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer());
    }
  }

  /// The base point times a scalar.
  ///
  /// @param scalar 32 bytes, little-endian, below 2^255
  /// @return the point by RFC 8032 section 5.1.2: 32 bytes, y little-endian, the sign of x in the highest bit
  byte[] multiply(byte[] scalar) {
    byte[] digits = SecretScalar.digits(scalar);
    var chosen = new Chosen();
    var sum = new EdwardsPoint<>(curve);
    for (int row = 0; row < ROWS; row++) {
      add(row, digits[2 * row + 1], chosen, sum);
    }
    for (int i = 0; i < SecretScalar.DIGIT_BITS; i++) {
      sum.twice(i == SecretScalar.DIGIT_BITS - 1);
    }
    for (int row = 0; row < ROWS; row++) {
      add(row, digits[2 * row], chosen, sum);
    }
    return encode(sum);
  }

  private void add(int row, int digit, Chosen chosen, EdwardsPoint<long[]> sum) {
    choose(row, digit, chosen);
    sum.add(chosen.sum, chosen.difference, chosen.dt);
  }

  /// Takes digit·256^row·B from the table: reads a whole row and keeps one entry of it, negated by mask.
  ///
  /// @param digit -8 to 8
  private void choose(int row, long digit, Chosen chosen) {
    long negative = digit >> 63;
    long size = (digit ^ negative) - negative;
    long mask0 = (size - 1) >> 63; // then the neutral element is added
    long mask1 = ((size ^ 1) - 1) >> 63;
    long mask2 = ((size ^ 2) - 1) >> 63;
    long mask3 = ((size ^ 3) - 1) >> 63;
    long mask4 = ((size ^ 4) - 1) >> 63;
    long mask5 = ((size ^ 5) - 1) >> 63;
    long mask6 = ((size ^ 6) - 1) >> 63;
    long mask7 = ((size ^ 7) - 1) >> 63;
    long mask8 = ((size ^ 8) - 1) >> 63;
    long[] of = entries;
    long[] words = chosen.words;
    for (int i = 0; i < WORDS; i++) {
      int at = row * ROW + i;
      long sum = (halfWords[i] & mask0) | (of[at] & mask1) | (of[at + ENTRY] & mask2) | (of[at + 2 * ENTRY] & mask3)
          | (of[at + 3 * ENTRY] & mask4) | (of[at + 4 * ENTRY] & mask5) | (of[at + 5 * ENTRY] & mask6)
          | (of[at + 6 * ENTRY] & mask7) | (of[at + 7 * ENTRY] & mask8);
      at += WORDS;
      long difference =
          (halfWords[i] & mask0) | (of[at] & mask1) | (of[at + ENTRY] & mask2) | (of[at + 2 * ENTRY] & mask3)
              | (of[at + 3 * ENTRY] & mask4) | (of[at + 4 * ENTRY] & mask5) | (of[at + 5 * ENTRY] & mask6)
              | (of[at + 6 * ENTRY] & mask7) | (of[at + 7 * ENTRY] & mask8);
      at += WORDS;
      words[2 * WORDS + i] = (of[at] & mask1) | (of[at + ENTRY] & mask2) | (of[at + 2 * ENTRY] & mask3)
          | (of[at + 3 * ENTRY] & mask4) | (of[at + 4 * ENTRY] & mask5) | (of[at + 5 * ENTRY] & mask6)
          | (of[at + 6 * ENTRY] & mask7) | (of[at + 7 * ENTRY] & mask8);
      long swap = (sum ^ difference) & negative;
      words[i] = sum ^ swap;
      words[WORDS + i] = difference ^ swap;
    }
    field.split(words[0], words[1], words[2], words[3], chosen.sum);
    field.split(words[4], words[5], words[6], words[7], chosen.difference);
    field.split(words[8], words[9], words[10], words[11], chosen.dt);
    field.negateIf(negative, chosen.dt);
  }

  private byte[] encode(EdwardsPoint<long[]> point) {
    long[] x = field.create();
    long[] y = field.create();
    long[] z = field.create();
    point.coordinates(x, y, z);
    field.invert(z, z);
    field.mul(x, z, x);
    field.mul(y, z, y);
    byte[] encoded = field.encode(y);
    encoded[31] |= (byte) (field.encode(x)[0] << 7);
    return encoded;
  }

  /// What is added for a digit. Made once a multiplication.
  private static final class Chosen {
    private final long[] words = new long[ENTRY];
    private final long[] sum = new long[LIMBS];
    private final long[] difference = new long[LIMBS];
    private final long[] dt = new long[LIMBS];
  }
}
