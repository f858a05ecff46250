package dev.tenon.codec;

/// The type with one value, which takes no bytes.
public enum Unit {
  /// The value.
  UNIT
}
