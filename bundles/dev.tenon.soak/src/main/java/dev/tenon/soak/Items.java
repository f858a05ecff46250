package dev.tenon.soak;

import dev.tenon.codec.Bytes;
import java.nio.ByteBuffer;

/// Items that say which they are: a number that is never given twice, the writer, and bytes that follow from both.
final class Items {
  /// What every item has.
  static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;
  /// Told for an item whose bytes are not what its writer wrote.
  static final long SPOILED = -1;

  private Items() {}

  static ByteBuffer make(String writer, long number, int size) {
    ByteBuffer item = ByteBuffer.allocate(size);
    item.putLong(number).putInt(writer.hashCode());
    while (item.hasRemaining()) {
      item.put(filler(number, item.position()));
    }
    return item.flip();
  }

  /// The number in an item.
  static long number(String writer, Bytes item) {
    ByteBuffer bytes = item.buffer();
    if (bytes.remaining() < HEAD_BYTES) {
      return SPOILED;
    }
    long number = bytes.getLong();
    boolean right = bytes.getInt() == writer.hashCode();
    while (bytes.hasRemaining()) {
      int at = bytes.position();
      right &= bytes.get() == filler(number, at);
    }
    return right ? number : SPOILED;
  }

  private static byte filler(long number, int at) {
    return (byte) (number * 31 + at);
  }
}
