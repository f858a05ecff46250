package dev.tenon.runtime;

/// A seeded stream of numbers, never for keys.
public interface Chance {
  /// @return all 64 bits
  long nextLong();

  /// @param bound above 0
  /// @return 0 to `bound - 1`, each as likely as the others
  default int nextInt(int bound) {
    return (int) Math.unsignedMultiplyHigh(nextLong(), bound);
  }

  /// @param probability 0 to 1
  /// @return true that often
  default boolean happens(double probability) {
    return (nextLong() >>> 11) * 0x1.0p-53 < probability;
  }
}
