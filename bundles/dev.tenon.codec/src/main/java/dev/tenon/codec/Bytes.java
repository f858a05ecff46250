package dev.tenon.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// An immutable string of bytes, ordered lexicographically as unsigned values.
public final class Bytes implements Comparable<Bytes> {
  /// No bytes.
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /// @param array copied
  /// @return the same bytes
  public static Bytes of(byte... array) {
    return array.length == 0 ? EMPTY : new Bytes(array.clone());
  }

  /// @param array copied from
  /// @param offset the first byte
  /// @param length how many
  /// @return the same bytes
  public static Bytes of(byte[] array, int offset, int length) {
    return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(array, offset, offset + length));
  }

  /// @param buffer what lies between position and limit is copied; the position stays
  /// @return the same bytes
  public static Bytes of(ByteBuffer buffer) {
    byte[] array = new byte[buffer.remaining()];
    buffer.get(buffer.position(), array);
    return new Bytes(array);
  }

  /// Takes an array over without a copy, for code that has just made it.
  ///
  /// @param array from now on nobody may write to it
  /// @return the same bytes
  public static Bytes wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  /// @param hex an even number of hexadecimal digits
  /// @return the bytes they stand for
  public static Bytes ofHex(String hex) {
    return wrap(HexFormat.of().parseHex(hex));
  }

  /// @return how many bytes
  public int size() {
    return array.length;
  }

  /// @param index from 0
  /// @return that byte, signed
  public byte get(int index) {
    return array[index];
  }

  /// @return a copy
  public byte[] toArray() {
    return array.clone();
  }

  /// @return a read-only view from position 0 to the end
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(array).asReadOnlyBuffer();
  }

  /// @param into receives all bytes at its position
  public void copyTo(ByteBuffer into) {
    into.put(array);
  }

  /// @param into receives all bytes
  /// @param offset where in `into`
  public void copyTo(byte[] into, int offset) {
    System.arraycopy(array, 0, into, offset, array.length);
  }

  /// @param from the first byte
  /// @param to one past the last
  /// @return a copy of that part
  public Bytes slice(int from, int to) {
    return wrap(Arrays.copyOfRange(array, from, to));
  }

  /// @param tail what follows
  /// @return both, one after the other
  public Bytes concat(Bytes tail) {
    byte[] both = Arrays.copyOf(array, array.length + tail.array.length);
    System.arraycopy(tail.array, 0, both, array.length, tail.array.length);
    return wrap(both);
  }

  /// @return lower-case hexadecimal digits
  public String hex() {
    return HexFormat.of().formatHex(array);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  /// @return at most the first eight hexadecimal digits, for logs
  @Override
  public String toString() {
    return array.length <= 4 ? hex() : HexFormat.of().formatHex(array, 0, 4);
  }
}
