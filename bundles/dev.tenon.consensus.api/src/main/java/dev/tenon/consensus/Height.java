package dev.tenon.consensus;

import dev.tenon.codec.Codec;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;

/// A place in a chain; on the wire a varint u64.
///
/// @param value unsigned
public record Height(long value) implements Comparable<Height> {
  /// The wire form.
  public static final Codec<Height> CODEC = new Codec<>() {
    @Override
    public int size(Height value) {
      return Writer.varintSize(value.value);
    }

    @Override
    public void write(Height value, Writer to) {
      to.varint(value.value);
    }

    @Override
    public Height read(Reader from) {
      return new Height(from.varint(64));
    }
  };

  @Override
  public int compareTo(Height other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(value);
  }
}
