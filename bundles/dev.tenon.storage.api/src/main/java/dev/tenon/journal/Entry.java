package dev.tenon.journal;

import dev.tenon.codec.Bytes;

/// One item with its address.
///
/// @param section unsigned
/// @param index from 0 in its section
/// @param item the bytes
public record Entry(long section, long index, Bytes item) {}
