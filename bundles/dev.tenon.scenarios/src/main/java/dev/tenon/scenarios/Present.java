package dev.tenon.scenarios;

import org.jspecify.annotations.Nullable;

/// A value that is there by now.
final class Present {
  private Present() {}

  static <T> T of(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the node never booted");
    }
    return value;
  }
}
