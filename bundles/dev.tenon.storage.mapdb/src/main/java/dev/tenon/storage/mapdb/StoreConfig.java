package dev.tenon.storage.mapdb;

import dev.tenon.codec.ConfigException;

/// The checked configuration. Nothing of it belongs to the format: any value opens what another has written.
///
/// @param logBytes how long the log grows before a checkpoint
/// @param writeBufferBytes gathered before a frame is written
/// @param itemBytesMax the largest item that is taken
/// @param pageBytes a page of a run's table, a power of two
/// @param openRunsMax how many runs are open at once
record StoreConfig(int logBytes, int writeBufferBytes, int itemBytesMax, int pageBytes, int openRunsMax) {
  static final int LOG_BYTES_MIN = 256;
  static final int LOG_BYTES_MAX = 128 << 20;
  static final int WRITE_BUFFER_BYTES_MIN = 64;
  static final int WRITE_BUFFER_BYTES_MAX = 16 << 20;
  static final int ITEM_BYTES_MAX = 64 << 20;
  static final int PAGE_BYTES_MIN = 512;
  static final int PAGE_BYTES_MAX = 1 << 20;
  static final int OPEN_RUNS_MIN = 2;
  static final int OPEN_RUNS_MAX = 4_096;
  /// The log, its index and a run being built must fit into what an instance may hold, beside the cache.
  private static final long LOG_SHARE = 16;
  private static final long CACHE_SHARE = 4;

  StoreConfig {
    check("logBytes", logBytes, LOG_BYTES_MIN, LOG_BYTES_MAX);
    check("writeBufferBytes", writeBufferBytes, WRITE_BUFFER_BYTES_MIN, WRITE_BUFFER_BYTES_MAX);
    check("itemBytesMax", itemBytesMax, 1, ITEM_BYTES_MAX);
    check("pageBytes", pageBytes, PAGE_BYTES_MIN, PAGE_BYTES_MAX);
    check("openRunsMax", openRunsMax, OPEN_RUNS_MIN, OPEN_RUNS_MAX);
    if (Integer.bitCount(pageBytes) != 1) {
      throw new ConfigException("pageBytes", Integer.toString(pageBytes), "a power of two");
    }
  }

  /// How long the log may grow where an instance may hold so many bytes.
  long logBytes(long byteBudget) {
    return Math.max(LOG_BYTES_MIN, Math.min(logBytes, byteBudget / LOG_SHARE));
  }

  static long cacheBytes(long byteBudget) {
    return byteBudget / CACHE_SHARE;
  }

  private static void check(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ConfigException(key, Integer.toString(value), min + " to " + max);
    }
  }
}
