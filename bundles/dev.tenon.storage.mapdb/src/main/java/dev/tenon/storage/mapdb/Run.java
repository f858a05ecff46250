package dev.tenon.storage.mapdb;

/// One immutable sorted table, as the base describes it. File: MapDB's bytes, then the CRC-32C of each block of
/// [BlobVolume#BLOCK_BYTES].
///
/// @param number of its file, never used twice
/// @param entries in the table: an item has one or more
/// @param items that it held when it was made
/// @param pageBytes of the table: the same again where it is rebuilt, so that the digest is the same
/// @param tableBytes of MapDB
/// @param sumsCrc CRC-32C of the blocks' checksums
/// @param digest over all entries in order
record Run(long number, long entries, long items, int pageBytes, long tableBytes, int sumsCrc, long digest) {
  long blocks() {
    return (tableBytes + BlobVolume.BLOCK_BYTES - 1) / BlobVolume.BLOCK_BYTES;
  }

  long fileBytes() {
    return tableBytes + Integer.BYTES * blocks();
  }
}
