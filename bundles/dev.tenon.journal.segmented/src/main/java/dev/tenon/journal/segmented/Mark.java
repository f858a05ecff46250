package dev.tenon.journal.segmented;

/// How far a section was durable once.
///
/// @param bytes of its content
/// @param count of its items
/// @param lastPage CRC-32C of its last physical page; only where the family was sealed
record Mark(long bytes, long count, int lastPage) {}
