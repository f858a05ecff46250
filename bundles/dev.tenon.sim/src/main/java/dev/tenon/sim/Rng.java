package dev.tenon.sim;

import dev.tenon.runtime.Chance;

/// SplitMix64. Every stream is split from the seed by a name, so that a new stream does not shift the others.
final class Rng implements Chance {
  private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;

  private long state;

  Rng(long seed) {
    state = seed;
  }

  Rng(long seed, String name) {
    this(mix(seed ^ hash(name)));
  }

  @Override
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /// @return low to high, both included
  long between(long low, long high) {
    return low >= high ? low : low + Math.unsignedMultiplyHigh(nextLong(), high - low + 1);
  }

  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }

  /// FNV-1a over the characters, the same at every JVM start.
  static long hash(String text) {
    long hash = 0xCBF2_9CE4_8422_2325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100_0000_01B3L;
    }
    return hash;
  }
}
