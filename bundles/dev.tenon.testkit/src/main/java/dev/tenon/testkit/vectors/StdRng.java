package dev.tenon.testkit.vectors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The random source of the reference's storage workloads: rand 0.8 `StdRng::seed_from_u64`, which is ChaCha12.
final class StdRng {
  private static final int ROUNDS = 12;

  private final ChaCha stream;
  private final byte[] block = new byte[ChaCha.BLOCK];
  private final ByteBuffer words = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
  private long counter;

  StdRng(long seed) {
    stream = new ChaCha(ROUNDS, ChaCha.expand(seed));
    words.position(ChaCha.BLOCK);
  }

  int nextU32() {
    if (!words.hasRemaining()) {
      stream.block(counter++, block, 0);
      words.clear();
    }
    return words.getInt();
  }

  long nextU64() {
    long low = nextU32() & 0xffffffffL;
    return low | (long) nextU32() << 32;
  }

  byte[] fill(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i += 4) {
      int word = nextU32();
      for (int k = 0; k < 4 && i + k < length; k++) {
        bytes[i + k] = (byte) (word >>> (8 * k));
      }
    }
    return bytes;
  }

  /// @return 0 to bound - 1, as a 64-bit type
  long range64(long bound) {
    long zone = (bound << Long.numberOfLeadingZeros(bound)) - 1;
    while (true) {
      long word = nextU64();
      if (Long.compareUnsigned(word * bound, zone) <= 0) {
        return Math.unsignedMultiplyHigh(word, bound);
      }
    }
  }

  /// @return 0 to bound - 1, as a 32-bit type
  int range32(int bound) {
    int zone = (bound << Integer.numberOfLeadingZeros(bound)) - 1;
    while (true) {
      long product = (nextU32() & 0xffffffffL) * bound;
      if (Integer.compareUnsigned((int) product, zone) <= 0) {
        return (int) (product >>> 32);
      }
    }
  }
}
