package dev.tenon.journal.segmented;

import java.util.Arrays;

/// The random source of the reference's storage workloads: rand 0.8 `StdRng::seed_from_u64`, which is ChaCha12.
final class StdRng {
  private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

  private final int[] key = new int[8];
  private final int[] block = new int[16];
  private long counter;
  private int next = 16;

  StdRng(long seed) {
    long state = seed;
    for (int i = 0; i < key.length; i++) {
      state = state * 6364136223846793005L + 0xa17654e46fbe17f3L;
      int mixed = (int) (((state >>> 18) ^ state) >>> 27);
      key[i] = Integer.rotateRight(mixed, (int) (state >>> 59));
    }
  }

  int nextU32() {
    if (next == 16) {
      refill();
    }
    return block[next++];
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

  private void refill() {
    int[] start = new int[16];
    System.arraycopy(CONSTANTS, 0, start, 0, 4);
    System.arraycopy(key, 0, start, 4, 8);
    start[12] = (int) counter;
    start[13] = (int) (counter >>> 32);
    int[] x = Arrays.copyOf(start, 16);
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 4; i++) {
        quarter(x, i, 4 + i, 8 + i, 12 + i);
      }
      for (int i = 0; i < 4; i++) {
        quarter(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
      }
    }
    for (int i = 0; i < 16; i++) {
      block[i] = x[i] + start[i];
    }
    counter++;
    next = 0;
  }

  private static void quarter(int[] x, int a, int b, int c, int d) {
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 7);
  }
}
