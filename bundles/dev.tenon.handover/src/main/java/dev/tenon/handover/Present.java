package dev.tenon.handover;

import dev.tenon.codec.CheckFailed;
import org.jspecify.annotations.Nullable;

/// A value that the order of steps guarantees.
final class Present {
  private Present() {}

  static <T> T of(@Nullable T value) {
    if (value == null) {
      throw new CheckFailed("a step before this one has set it");
    }
    return value;
  }
}
