package dev.tenon.storage.mapdb;

import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// The blocks of runs that were read last, within a bound.
final class BlockCache {
  /// @param run its number
  /// @param block in its file
  record Key(long run, long block) {}

  private final LinkedHashMap<Key, byte[]> blocks = new LinkedHashMap<>(16, 0.75f, true);
  private final long blocksMax;

  BlockCache(long bytesMax) {
    this.blocksMax = Math.max(1, bytesMax / BlobVolume.BLOCK_BYTES);
  }

  byte @Nullable [] get(Key key) {
    return blocks.get(key);
  }

  void put(Key key, byte[] block) {
    if (blocks.size() >= blocksMax) {
      Iterator<Key> oldest = blocks.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    blocks.put(key, block);
  }

  void clear() {
    blocks.clear();
  }
}
