package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;
import java.util.function.Predicate;

/// A type with one more rule: values that break it are refused when read, and are a programmer's error when written.
record Checked<T>(Codec<T> inner, String context, String fault, Predicate<? super T> rule) implements Codec<T> {
  @Override
  public int size(T value) {
    return inner.size(value);
  }

  @Override
  public void write(T value, Writer to) {
    Check.that(rule.test(value), context + " " + fault);
    inner.write(value, to);
  }

  @Override
  public T read(Reader from) {
    T value = inner.read(from);
    if (!rule.test(value)) {
      throw from.fail(Rule.INVALID, context, 0, fault);
    }
    return value;
  }

  @Override
  public int sizeMin() {
    return inner.sizeMin();
  }
}
