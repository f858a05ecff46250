package dev.tenon.crypto;

import dev.tenon.codec.Bytes;

/// The encoding of an identity or signing key, ordered lexicographically. Its algorithm is known from where it stands.
///
/// @param bytes as on the wire
public record PublicKey(Bytes bytes) implements Comparable<PublicKey> {
  @Override
  public int compareTo(PublicKey other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.toString();
  }
}
