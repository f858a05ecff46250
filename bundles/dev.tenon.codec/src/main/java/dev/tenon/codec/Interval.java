package dev.tenon.codec;

/// The two bounds of a range. Whether the end belongs to it, and whether it may be empty, its codec says: see [Ranges].
///
/// @param <T> the type of a bound
/// @param start the lower bound
/// @param end the upper bound
public record Interval<T>(T start, T end) {}
