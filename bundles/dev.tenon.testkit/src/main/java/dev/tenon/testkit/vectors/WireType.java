package dev.tenon.testkit.vectors;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import java.util.function.BiPredicate;
import java.util.function.Function;

/// A type of a conformance file: how its values are drawn, and the codec that is tested with them.
///
/// @param also what else must hold of a value and its encoding
record WireType<T>(Codec<T> codec, Function<Draw, T> draw, BiPredicate<T, Bytes> also) {
  WireType(Codec<T> codec, Function<Draw, T> draw) {
    this(codec, draw, (value, encoded) -> true);
  }
}
