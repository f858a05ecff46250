package dev.tenon.scenarios;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// A scenario's own chance, drawn from the seed.
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  /// @return 0 to `bound - 1`
  int below(int bound) {
    return random.nextInt(bound);
  }

  /// @return both ends included
  Duration between(long lowMs, long highMs) {
    return Duration.ofNanos(random.nextLong(lowMs * 1_000_000, highMs * 1_000_000 + 1));
  }

  boolean happens(double probability) {
    return random.nextDouble() < probability;
  }

  <T> T one(List<T> of) {
    return of.get(below(of.size()));
  }

  long number() {
    return random.nextLong();
  }
}
