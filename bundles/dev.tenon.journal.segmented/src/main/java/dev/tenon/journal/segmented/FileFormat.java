package dev.tenon.journal.segmented;

/// What a file does not say of itself.
///
/// @param pageBytes the P of its pages
/// @param compressed whether items are zstd frames
record FileFormat(int pageBytes, boolean compressed) {}
