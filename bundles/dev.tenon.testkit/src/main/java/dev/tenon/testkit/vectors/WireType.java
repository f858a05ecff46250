package dev.tenon.testkit.vectors;

import dev.tenon.codec.Codec;
import java.util.function.Function;

/// A type of a conformance file: how its values are drawn, and the codec that is tested with them.
record WireType<T>(Codec<T> codec, Function<Draw, T> draw) {}
