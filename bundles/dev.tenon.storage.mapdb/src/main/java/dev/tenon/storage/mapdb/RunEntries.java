package dev.tenon.storage.mapdb;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// How items stand in a table: key `journal u64 | section u64 | index u64 | chunk u32`, so that the order of the keys
/// is that of the addresses; value of chunk 0 `length u32 | bytes`, of the others `bytes`.
final class RunEntries {
  static final int NODE_ENTRIES = 4;
  private static final int KEY_BYTES = 28;
  /// What a page needs beside a node's chunks.
  private static final int PAGE_OVERHEAD = 256;
  private static final long DIGEST_FACTOR = 0x9e37_79b9_7f4a_7c15L;

  private RunEntries() {}

  static byte[] key(long journal, long section, long index, int chunk) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(journal).putLong(section).putLong(index).putInt(chunk).array();
  }

  /// The longest value: so that a node of the largest entries fits into one page.
  static int chunkBytes(int pageBytes) {
    return (pageBytes - PAGE_OVERHEAD) / NODE_ENTRIES;
  }

  /// A digest that depends on the order.
  static long digest(long before, byte[] key, byte[] value) {
    var crc = new CRC32C();
    crc.update(key);
    crc.update(value);
    return before * DIGEST_FACTOR + crc.getValue();
  }
}
