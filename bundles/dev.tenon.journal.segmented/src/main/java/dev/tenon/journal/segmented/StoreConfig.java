package dev.tenon.journal.segmented;

import dev.tenon.codec.ConfigException;

/// The checked configuration.
///
/// @param pageBytes the P of the page layer, 16 to 65,535; part of the format
/// @param writeBufferBytes gathered in a section before its full pages are written
/// @param compressionLevel 0 for none, else 1 to 22 of zstd; whether it is 0 is part of the format
/// @param itemBytesMax the largest item
/// @param openBlobsMax how many files are open at once
record StoreConfig(int pageBytes, int writeBufferBytes, int compressionLevel, int itemBytesMax, int openBlobsMax) {
  static final int PAGE_BYTES_MIN = 8;
  static final int PAGE_BYTES_MAX = 65_535;
  static final int WRITE_BUFFER_BYTES_MIN = 256;
  static final int WRITE_BUFFER_BYTES_MAX = 16 << 20;
  static final int COMPRESSION_LEVEL_MAX = 22;
  static final int ITEM_BYTES_MAX = 64 << 20;
  static final int OPEN_BLOBS_MIN = 4;
  static final int OPEN_BLOBS_MAX = 4_096;

  StoreConfig {
    check("pageBytes", pageBytes, PAGE_BYTES_MIN, PAGE_BYTES_MAX);
    check("writeBufferBytes", writeBufferBytes, WRITE_BUFFER_BYTES_MIN, WRITE_BUFFER_BYTES_MAX);
    check("compressionLevel", compressionLevel, 0, COMPRESSION_LEVEL_MAX);
    check("itemBytesMax", itemBytesMax, 1, ITEM_BYTES_MAX);
    check("openBlobsMax", openBlobsMax, OPEN_BLOBS_MIN, OPEN_BLOBS_MAX);
  }

  /// The format id: the same id means that the files can be opened as they are.
  String format() {
    return "segmented-1-page" + pageBytes + (compressed() ? "-zstd" : "");
  }

  boolean compressed() {
    return compressionLevel > 0;
  }

  /// What the write buffer holds before full pages are written.
  int bufferBytes() {
    return Math.max(writeBufferBytes, 2 * pageBytes);
  }

  int physicalPageBytes() {
    return pageBytes + PageRecord.TRAILER_BYTES;
  }

  private static void check(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ConfigException(key, Integer.toString(value), min + " to " + max);
    }
  }
}
