package dev.tenon.consensus;

import dev.tenon.codec.Codec;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;

/// An attempt to agree within an epoch; on the wire a varint u64.
///
/// @param value unsigned
public record View(long value) implements Comparable<View> {
  /// The wire form.
  public static final Codec<View> CODEC = new Codec<>() {
    @Override
    public int size(View value) {
      return Writer.varintSize(value.value);
    }

    @Override
    public void write(View value, Writer to) {
      to.varint(value.value);
    }

    @Override
    public View read(Reader from) {
      return new View(from.varint(64));
    }
  };

  @Override
  public int compareTo(View other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(value);
  }
}
