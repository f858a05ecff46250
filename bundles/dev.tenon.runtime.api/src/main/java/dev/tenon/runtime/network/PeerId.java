package dev.tenon.runtime.network;

import dev.tenon.codec.Bytes;

/// Who sends or receives on a link. One node may host several.
///
/// @param key the encoding of the peer's public key
public record PeerId(Bytes key) implements Comparable<PeerId> {
  @Override
  public int compareTo(PeerId other) {
    return key.compareTo(other.key);
  }
}
