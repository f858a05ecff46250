package dev.tenon.testkit.vectors;

import dev.tenon.codec.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The ChaCha keystream with a 64-bit block counter and a zero nonce, in any block.
final class ChaCha {
  /// Bytes of a block.
  static final int BLOCK = 64;

  private static final int KEY_WORDS = 8;
  private static final long PCG_FACTOR = 6_364_136_223_846_793_005L;
  private static final long PCG_STEP = Long.parseUnsignedLong("11634580027462260723");

  private final int[] key = new int[KEY_WORDS];
  private final int rounds;

  /// @param rounds 8, 12 or 20
  /// @param key 32 bytes
  ChaCha(int rounds, byte[] key) {
    this.rounds = rounds;
    ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(this.key);
  }

  /// The key of a seed: PCG32 with the seed as its state.
  static byte[] expand(long seed) {
    var words = ByteBuffer.allocate(4 * KEY_WORDS).order(ByteOrder.LITTLE_ENDIAN);
    long state = seed;
    for (int i = 0; i < KEY_WORDS; i++) {
      state = state * PCG_FACTOR + PCG_STEP;
      int folded = (int) (((state >>> 18) ^ state) >>> 27);
      words.putInt(Integer.rotateRight(folded, (int) (state >>> 59)));
    }
    return words.array();
  }

  /// The first bytes of a stream, at most one block.
  static Bytes first(int rounds, byte[] key, int size) {
    var block = new byte[BLOCK];
    new ChaCha(rounds, key).block(0, block, 0);
    return Bytes.of(block, 0, size);
  }

  /// Writes one block of the stream.
  void block(long counter, byte[] into, int offset) {
    int[] in = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, key[0], key[1], key[2], key[3], key[4], key[5], key[6],
        key[7], (int) counter, (int) (counter >>> 32), 0, 0};
    int[] x = in.clone();
    for (int i = 0; i < rounds; i += 2) {
      quarter(x, 0, 4, 8, 12);
      quarter(x, 1, 5, 9, 13);
      quarter(x, 2, 6, 10, 14);
      quarter(x, 3, 7, 11, 15);
      quarter(x, 0, 5, 10, 15);
      quarter(x, 1, 6, 11, 12);
      quarter(x, 2, 7, 8, 13);
      quarter(x, 3, 4, 9, 14);
    }
    var out = ByteBuffer.wrap(into, offset, BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < x.length; i++) {
      out.putInt(x[i] + in[i]);
    }
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
