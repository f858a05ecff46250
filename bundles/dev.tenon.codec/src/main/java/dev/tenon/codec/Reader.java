package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A cursor over bytes from outside. Every method throws [InvalidDataException] where the input breaks its rule, and
/// checks what remains before it allocates. After an exception the position is unspecified.
public final class Reader {
  private final ByteBuffer input;
  private final int start;

  /// @param input big-endian, read from its position to its limit; its position moves
  public Reader(ByteBuffer input) {
    Check.that(input.order() == ByteOrder.BIG_ENDIAN, "the wire is big-endian");
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

  /// @return 128 bits, unsigned
  public U128 u128() {
    need(16, "u128");
    return new U128(input.getLong(), input.getLong());
  }

  /// @return 128 bits, signed
  public I128 i128() {
    need(16, "i128");
    return new I128(input.getLong(), input.getLong());
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
      check(bits, read, next);
      value |= (long) (next & 0x7f) << read;
      if (next < 0x80) {
        return value;
      }
    }
  }

  /// @return the value of a varint of 128 bits
  public U128 varint128() {
    long high = 0;
    long low = 0;
    for (int read = 0;; read += 7) {
      int next = u8();
      check(128, read, next);
      long part = next & 0x7f;
      if (read < 64) {
        low |= part << read;
      }
      if (read > 64 - 7) {
        high |= read < 64 ? part >>> (64 - read) : part << (read - 64);
      }
      if (next < 0x80) {
        return new U128(high, low);
      }
    }
  }

  private void check(int bits, int read, int next) {
    String fault = VarintDecoder.fault(bits, read, next);
    if (!fault.isEmpty()) {
      throw fail(Rule.INVALID_VARINT, "varint", bits / 8, fault);
    }
  }

  /// Reads the length of a container.
  ///
  /// @param min the smallest length that is allowed
  /// @param max the largest length that is allowed
  /// @param context the type, for the message
  /// @return `min` to `max`
  public int length(int min, int max, String context) {
    return length(LengthRange.between(min, max), context);
  }

  /// Reads the length of a container.
  ///
  /// @param range the lengths that are allowed
  /// @param context the type, for the message
  /// @return a length within `range`
  public int length(LengthRange range, String context) {
    long length = varint(32);
    if (!range.contains(length)) {
      throw fail(Rule.INVALID_LENGTH, context, length,
          "has length " + length + ", allowed " + range.min() + " to " + range.max());
    }
    if (length > Integer.MAX_VALUE) {
      throw fail(Rule.INVALID_USIZE, context, length, "has length " + length + ", which no array can have");
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

  /// @param range the lengths that are allowed
  /// @param context the type, for the message
  /// @return a varint length's worth of bytes
  public Bytes bytes(LengthRange range, String context) {
    return raw(length(range, context), context);
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
