package dev.tenon.consensus;

import dev.tenon.codec.Codec;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;

/// A period with fixed sets of sequencers and validators; on the wire a varint u64.
///
/// @param value unsigned
public record Epoch(long value) implements Comparable<Epoch> {
  /// The wire form.
  public static final Codec<Epoch> CODEC = new Codec<>() {
    @Override
    public int size(Epoch value) {
      return Writer.varintSize(value.value);
    }

    @Override
    public void write(Epoch value, Writer to) {
      to.varint(value.value);
    }

    @Override
    public Epoch read(Reader from) {
      return new Epoch(from.varint(64));
    }
  };

  @Override
  public int compareTo(Epoch other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(value);
  }
}
