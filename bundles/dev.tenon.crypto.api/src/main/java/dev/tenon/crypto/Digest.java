package dev.tenon.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Check;
import dev.tenon.codec.Codec;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;

/// The hash of some bytes: 32 bytes, written as they are, ordered lexicographically.
///
/// @param bytes exactly [#SIZE]
public record Digest(Bytes bytes) implements Comparable<Digest> {
  /// In bytes.
  public static final int SIZE = 32;

  /// 32 raw bytes.
  public static final Codec<Digest> CODEC = new Codec<>() {
    @Override
    public int size(Digest value) {
      return SIZE;
    }

    @Override
    public void write(Digest value, Writer to) {
      to.raw(value.bytes);
    }

    @Override
    public Digest read(Reader from) {
      return new Digest(from.raw(SIZE, "Digest"));
    }
  };

  /// Checks the size.
  public Digest {
    Check.that(bytes.size() == SIZE, "a digest has 32 bytes");
  }

  @Override
  public int compareTo(Digest other) {
    return bytes.compareTo(other.bytes);
  }
}
