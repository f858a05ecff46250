package dev.tenon.codec;

/// The address of a host, as on the wire. No name is ever looked up.
public sealed interface IpAddress {
  /// An address of 32 bits.
  ///
  /// @param bits in network order
  record V4(int bits) implements IpAddress {}

  /// An address of 128 bits.
  ///
  /// @param high the first 64 bits in network order
  /// @param low the last 64 bits
  record V6(long high, long low) implements IpAddress {}
}
