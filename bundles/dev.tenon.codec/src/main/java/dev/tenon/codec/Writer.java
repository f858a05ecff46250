package dev.tenon.codec;

/// Puts values into an array of exactly the size that their codecs announced. Integers are big-endian.
public final class Writer {
  private final byte[] array;
  private int position;

  /// @param size in bytes, the sum of what will be written
  public Writer(int size) {
    array = new byte[size];
  }

  /// @param value its low 8 bits
  public void u8(int value) {
    array[position++] = (byte) value;
  }

  /// @param value its low 16 bits
  public void u16(int value) {
    u8(value >>> 8);
    u8(value);
  }

  /// @param value all 32 bits
  public void u32(int value) {
    u16(value >>> 16);
    u16(value);
  }

  /// @param value all 64 bits
  public void u64(long value) {
    u32((int) (value >>> 32));
    u32((int) value);
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

  /// @param bytes written as they are, without a length
  public void raw(Bytes bytes) {
    bytes.copyTo(array, position);
    position += bytes.size();
  }

  /// @param bytes written as they are, without a length
  public void raw(byte[] bytes) {
    System.arraycopy(bytes, 0, array, position, bytes.length);
    position += bytes.length;
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
  /// @return 1 to 10, the bytes that [#varint] takes
  public static int varintSize(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
  }
}
