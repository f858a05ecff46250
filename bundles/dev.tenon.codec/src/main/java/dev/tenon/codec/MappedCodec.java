package dev.tenon.codec;

import java.util.function.Function;

/// The bytes of one type for the values of another.
record MappedCodec<T, U>(Codec<T> inner, Function<? super T, ? extends U> make,
    Function<? super U, ? extends T> part) implements Codec<U> {
  @Override
  public int size(U value) {
    return inner.size(part.apply(value));
  }

  @Override
  public void write(U value, Writer to) {
    inner.write(part.apply(value), to);
  }

  @Override
  public U read(Reader from) {
    return make.apply(inner.read(from));
  }

  @Override
  public int sizeMin() {
    return inner.sizeMin();
  }
}
