package dev.tenon.journal;

/// A section and how far it goes.
///
/// @param section unsigned
/// @param end the index that the next item gets: how many items it has
public record SectionEnd(long section, long end) {}
