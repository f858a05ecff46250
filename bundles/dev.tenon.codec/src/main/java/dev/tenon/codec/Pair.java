package dev.tenon.codec;

/// Two values.
///
/// @param <A> the first type
/// @param <B> the second type
/// @param first the one
/// @param second the other
public record Pair<A, B>(A first, B second) {}
