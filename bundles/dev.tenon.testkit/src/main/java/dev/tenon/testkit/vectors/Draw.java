package dev.tenon.testkit.vectors;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Check;
import dev.tenon.codec.I128;
import dev.tenon.codec.U128;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The random bytes of one generated value: the ChaCha8 stream of a seed, read from both ends.
///
/// A block of the stream is computed when it is first read; most values take one of 64.
final class Draw {
  private static final int SIZE = 4096; // bytes; no type of the vectors ever needs more
  private static final int LENGTH_BYTES = 2; // of a length at the end, while more than 257 bytes are left

  private final ChaCha stream;
  private final byte[] data = new byte[SIZE];
  private long known; // bit i: block i is computed
  private int front;
  private int end = SIZE;

  Draw(long seed) {
    stream = new ChaCha(8, ChaCha.expand(seed));
  }

  int u8() {
    return at(take(1));
  }

  int u16() {
    int low = u8();
    return low | u8() << 8;
  }

  int u32() {
    int low = u16();
    return low | u16() << 16;
  }

  long u32Long() {
    return u32() & 0xffff_ffffL;
  }

  long u64() {
    long low = u32Long();
    return low | (long) u32() << 32;
  }

  U128 u128() {
    long low = u64();
    return new U128(u64(), low);
  }

  I128 i128() {
    long low = u64();
    return new I128(u64(), low);
  }

  boolean bool() {
    return (u8() & 1) == 1;
  }

  Bytes bytes(int size) {
    int from = take(size);
    var copy = new byte[size];
    for (int i = 0; i < size; i++) {
      copy[i] = (byte) at(from + i);
    }
    return Bytes.wrap(copy);
  }

  /// Items as long as a bool before each says so, and at most `countMax`.
  <T> List<T> list(long countMax, Function<Draw, T> item) {
    var items = new ArrayList<T>();
    while (items.size() < countMax && bool()) {
      items.add(item.apply(this));
    }
    return items;
  }

  <T> List<T> list(Function<Draw, T> item) {
    return list(Long.MAX_VALUE, item);
  }

  /// A number from 0 to `max`; takes as few bytes as can make it.
  int intInRange(int max, int widthBytes) {
    long value = 0;
    for (int read = 0; read < widthBytes && (long) max >>> (8 * read) > 0; read++) {
      value = (value << 8) | u8();
    }
    return (int) Long.remainderUnsigned(value, max + 1L);
  }

  /// A length, out of bytes that are cut off the end.
  int lengthFromEnd() {
    Check.that(end - front > 257, "a length of two bytes is taken from more than 257");
    end -= LENGTH_BYTES;
    int value = at(end) << 8 | at(end + 1);
    return value % (end - front + 1);
  }

  private int take(int size) {
    Check.that(size <= end - front, "the values of the vectors need less than 4,096 bytes");
    int from = front;
    front += size;
    return from;
  }

  private int at(int index) {
    int block = index / ChaCha.BLOCK;
    if ((known >>> block & 1) == 0) {
      stream.block(block, data, block * ChaCha.BLOCK);
      known |= 1L << block;
    }
    return data[index] & 0xff;
  }
}
