package dev.tenon.codec;

import java.util.function.BiConsumer;
import java.util.function.Function;

/// A type whose every value takes the same number of bytes.
record FixedCodec<T>(int bytes, Function<Reader, T> reading, BiConsumer<Writer, T> writing) implements Codec<T> {
  @Override
  public int size(T value) {
    return bytes;
  }

  @Override
  public void write(T value, Writer to) {
    writing.accept(to, value);
  }

  @Override
  public T read(Reader from) {
    return reading.apply(from);
  }

  @Override
  public int sizeMin() {
    return bytes;
  }
}
