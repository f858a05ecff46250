package dev.tenon.runtime.jvm;

import dev.tenon.runtime.Chance;

/// SplitMix64, started from a seed and a name. One actor's, so without any synchronization.
final class SplitChance implements Chance {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  SplitChance(long seed, String name) {
    long mixed = seed;
    for (int i = 0; i < name.length(); i++) {
      mixed = mix(mixed + GAMMA ^ name.charAt(i));
    }
    state = mixed;
  }

  @Override
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
