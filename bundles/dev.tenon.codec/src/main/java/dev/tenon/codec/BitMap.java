package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;
import java.util.Arrays;

/// An immutable row of bits. Bit `i` is bit `i % 8` of byte `i / 8`, the lowest one first.
///
/// On the wire `u64 count of bits ‖ chunks of a fixed number of bytes`; all bits beyond the count are zero.
public final class BitMap {
  private final long size;
  private final byte[] bytes; // Exactly as many as hold `size` bits; those beyond are zero.

  private BitMap(long size, byte[] bytes) {
    this.size = size;
    this.bytes = bytes;
  }

  /// @param size how many bits; at most 8 × 2^31
  /// @param set indices of the bits that are 1
  /// @return the bits
  public static BitMap of(long size, long... set) {
    var bytes = new byte[bytesFor(size)];
    for (long index : set) {
      Check.that(index >= 0 && index < size, "a bit lies within its map");
      bytes[(int) (index >>> 3)] |= (byte) (1 << (index & 7));
    }
    return new BitMap(size, bytes);
  }

  /// @param chunkBytes the size of a chunk, 1 or more
  /// @param sizeMax the largest accepted count of bits, unsigned
  /// @return `u64 count ‖ chunks`
  public static Codec<BitMap> codec(int chunkBytes, long sizeMax) {
    Check.that(chunkBytes > 0, "a chunk has bytes");
    return new BitMapCodec(chunkBytes, sizeMax);
  }

  /// @return how many bits
  public long size() {
    return size;
  }

  /// @param index 0 to [#size] - 1
  /// @return that bit
  public boolean isSet(long index) {
    Check.that(index >= 0 && index < size, "a bit lies within its map");
    return (bytes[(int) (index >>> 3)] & 1 << (index & 7)) != 0;
  }

  /// @return how many bits are 1
  public long count() {
    long count = 0;
    for (byte part : bytes) {
      count += Integer.bitCount(part & 0xff);
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BitMap map && size == map.size && Arrays.equals(bytes, map.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(size) + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return count() + " of " + size + " bits";
  }

  private static int bytesFor(long size) {
    Check.that(size >= 0 && size <= 8L * Integer.MAX_VALUE, "a bit map fits an array");
    return (int) ((size + 7) >>> 3);
  }

  private record BitMapCodec(int chunkBytes, long sizeMax) implements Codec<BitMap> {
    @Override
    public int size(BitMap value) {
      return Containers.size(Long.BYTES + padded(value.bytes.length));
    }

    @Override
    public void write(BitMap value, Writer to) {
      to.u64(value.size);
      to.raw(value.bytes);
      to.raw(new byte[(int) (padded(value.bytes.length) - value.bytes.length)]);
    }

    @Override
    public BitMap read(Reader from) {
      long size = from.u64();
      if (Unsigned.compare(size, sizeMax) > 0) {
        throw from.fail(Rule.INVALID_LENGTH, "BitMap", size,
            "has " + Long.toUnsignedString(size) + " bits, allowed " + Long.toUnsignedString(sizeMax));
      }
      long used = (size >>> 3) + ((size & 7) == 0 ? 0 : 1);
      long all = padded(used);
      if (all > from.remaining()) {
        throw from.fail(Rule.END_OF_BUFFER, "BitMap", 0, "needs " + all + " bytes, " + from.remaining() + " are left");
      }
      byte[] raw = from.raw((int) all, "BitMap").toArray();
      for (int i = (int) used; i < raw.length; i++) {
        check(from, raw[i] == 0);
      }
      byte[] bytes = Arrays.copyOf(raw, (int) used);
      check(from, (size & 7) == 0 || (bytes[bytes.length - 1] & 0xff) >>> (size & 7) == 0);
      return new BitMap(size, bytes);
    }

    /// A count of up to 2^61 bytes, and a chunk on top: no overflow.
    private long padded(long used) {
      return (used + chunkBytes - 1) / chunkBytes * chunkBytes;
    }

    private static void check(Reader from, boolean zero) {
      if (!zero) {
        throw from.fail(Rule.INVALID, "BitMap", 0, "has a bit set beyond its count");
      }
    }

    @Override
    public int sizeMin() {
      return Long.BYTES;
    }
  }
}
