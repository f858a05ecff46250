package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;
import java.nio.ByteBuffer;

/// A cursor over bytes from outside. Every method throws [InvalidDataException] where the input breaks its rule, and
/// checks what remains before it allocates. After an exception the position is unspecified.
public final class Reader {
  private final ByteBuffer input;
  private final int start;

  /// @param input read from its position to its limit; its position moves
  public Reader(ByteBuffer input) {
    this.input = input;
    this.start = input.position();
  }

  /// @param input read from its first byte
  public Reader(Bytes input) {
    this(input.buffer());
  }

  /// @return how many bytes are left
  public int remaining() {
    return input.remaining();
  }

  /// @return how many bytes were read so far
  public int offset() {
    return input.position() - start;
  }

  /// @return 0 to 255
  public int u8() {
    need(1, "u8");
    return input.get() & 0xff;
  }

  /// @return 0 to 65,535
  public int u16() {
    need(2, "u16");
    return input.getShort() & 0xffff;
  }

  /// @return 32 bits, to be taken as unsigned
  public int u32() {
    need(4, "u32");
    return input.getInt();
  }

  /// @return 64 bits, to be taken as unsigned
  public long u64() {
    need(8, "u64");
    return input.getLong();
  }

  /// @return true for 1, false for 0
  public boolean bool() {
    int value = u8();
    if (value > 1) {
      throw fail(Rule.INVALID_BOOL, "bool", value, "is " + value);
    }
    return value == 1;
  }

  /// @param bits 16, 32 or 64: the width of the type
  /// @return the value, to be taken as unsigned
  public long varint(int bits) {
    long value = 0;
    for (int read = 0;; read += 7) {
      int next = u8();
      if (next == 0 && read > 0) {
        throw fail(Rule.INVALID_VARINT, "varint", bits / 8, "ends in a redundant zero byte");
      }
      int left = bits - read;
      if (left <= 7 && 32 - Integer.numberOfLeadingZeros(next) > left) {
        throw fail(Rule.INVALID_VARINT, "varint", bits / 8, "overflows " + bits + " bits");
      }
      value |= (long) (next & 0x7f) << read;
      if (next < 0x80) {
        return value;
      }
    }
  }

  /// Reads the length of a container.
  ///
  /// @param min the smallest length that is allowed
  /// @param max the largest length that is allowed
  /// @param context the type, for the message
  /// @return `min` to `max`
  public int length(int min, int max, String context) {
    long length = varint(32);
    if (length < min || length > max) {
      throw fail(Rule.INVALID_LENGTH, context, length, "has length " + length + ", allowed " + min + " to " + max);
    }
    return (int) length;
  }

  /// @param size in bytes
  /// @param context the type, for the message
  /// @return a copy of the next bytes
  public Bytes raw(int size, String context) {
    need(size, context);
    byte[] array = new byte[size];
    input.get(array);
    return Bytes.wrap(array);
  }

  /// @param min the smallest length that is allowed
  /// @param max the largest length that is allowed
  /// @param context the type, for the message
  /// @return a varint length's worth of bytes
  public Bytes bytes(int min, int max, String context) {
    return raw(length(min, max, context), context);
  }

  /// Ends a whole message.
  ///
  /// @throws InvalidDataException with [Rule#EXTRA_DATA] if bytes are left
  public void finish() {
    if (input.hasRemaining()) {
      throw fail(Rule.EXTRA_DATA, "message", remaining(), remaining() + " bytes are left");
    }
  }

  /// @param rule which rule was broken
  /// @param context the type or field
  /// @param value as in [InvalidDataException#value]
  /// @param text what is wrong
  /// @return the exception, with the present offset, for the caller to throw
  public InvalidDataException fail(Rule rule, String context, long value, String text) {
    return new InvalidDataException(rule, context, offset(), value, text);
  }

  private void need(int size, String context) {
    if (input.remaining() < size) {
      throw fail(Rule.END_OF_BUFFER, context, size, "needs " + size + " bytes, " + input.remaining() + " are left");
    }
  }
}
