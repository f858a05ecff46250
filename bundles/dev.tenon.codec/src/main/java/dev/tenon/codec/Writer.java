package dev.tenon.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Puts values into an array of exactly the size that their codecs announced. Integers are big-endian.
///
/// Writing more or less than announced is a programmer's error: [CheckFailed].
public final class Writer {
  private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] array;
  private int position;

  /// @param size in bytes, the sum of what will be written
  public Writer(int size) {
    array = new byte[size];
  }

  /// @param value its low 8 bits
  public void u8(int value) {
    int at = take(1);
    array[at] = (byte) value;
  }

  /// @param value its low 16 bits
  public void u16(int value) {
    SHORTS.set(array, take(2), (short) value);
  }

  /// @param value all 32 bits
  public void u32(int value) {
    INTS.set(array, take(4), value);
  }

  /// @param value all 64 bits
  public void u64(long value) {
    LONGS.set(array, take(8), value);
  }

  /// @param value all 128 bits
  public void u128(U128 value) {
    u64(value.high());
    u64(value.low());
  }

  /// @param value all 128 bits
  public void i128(I128 value) {
    u64(value.high());
    u64(value.low());
  }

  /// @param value one byte, 0 or 1
  public void bool(boolean value) {
    u8(value ? 1 : 0);
  }

  /// @param value unsigned, canonical LEB128
  public void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    u8((int) rest);
  }

  /// @param value unsigned, canonical LEB128
  public void varint(U128 value) {
    U128 rest = value;
    while (rest.high() != 0) {
      u8((int) (rest.low() & 0x7f) | 0x80);
      rest = rest.shiftRight(7);
    }
    varint(rest.low());
  }

  /// @param bytes written as they are, without a length
  public void raw(Bytes bytes) {
    bytes.copyTo(array, take(bytes.size()));
  }

  /// @param bytes written as they are, without a length
  public void raw(byte[] bytes) {
    System.arraycopy(bytes, 0, array, take(bytes.length), bytes.length);
  }

  /// @param bytes a varint length, then the bytes
  public void bytes(Bytes bytes) {
    varint(bytes.size());
    raw(bytes);
  }

  /// @return how many bytes were written so far
  public int position() {
    return position;
  }

  /// Ends the writing.
  ///
  /// @return all bytes
  /// @throws CheckFailed if fewer bytes were written than announced
  public Bytes finish() {
    Check.that(position == array.length, "a codec's size is what it writes");
    return Bytes.wrap(array);
  }

  /// @param value unsigned
  /// @return 1 to 10, the bytes that [#varint(long)] takes
  public static int varintSize(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
  }

  /// @param value unsigned
  /// @return 1 to 19, the bytes that [#varint(U128)] takes
  public static int varintSize(U128 value) {
    return Math.max(1, (value.bitLength() + 6) / 7);
  }

  /// @param value 0 to 2^32 - 1
  /// @return the same bits
  static int low32(long value) {
    Check.that(value >>> 32 == 0, "an unsigned number fits its width");
    return (int) value;
  }

  private int take(int bytes) {
    int at = position;
    Check.that(bytes <= array.length - at, "a codec writes no more than its size");
    position = at + bytes;
    return at;
  }
}
