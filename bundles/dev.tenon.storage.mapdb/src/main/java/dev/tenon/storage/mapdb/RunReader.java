package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mapdb.Serializer;
import org.mapdb.SortedTableMap;

/// One run, opened. What MapDB throws ends here: it is damage.
final class RunReader {
  private final Run run;
  private final BlobVolume volume;
  private final SortedTableMap<byte[], byte[]> map;

  /// Told of items in order.
  @FunctionalInterface
  interface Items {
    /// @param index of the item
    /// @param item its bytes
    /// @return whether to go on
    boolean item(long index, byte[] item);
  }

  private RunReader(Run run, BlobVolume volume) {
    this.run = run;
    this.volume = volume;
    this.map = SortedTableMap.open(volume, Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY);
  }

  /// @throws CorruptionException where it is not the run that was written
  static RunReader open(Storage storage, Run run, BlockCache cache) {
    Blob blob = storage.open(Names.VIEW, Names.numbered(run.number()));
    @Nullable RunReader reader = null;
    try {
      var opened = guarded(run, () -> new RunReader(run, new BlobVolume(run, blob, cache)));
      if (opened.map.sizeLong() != run.entries()) {
        throw damaged(run, run.entries() + " entries", opened.map.sizeLong() + " entries");
      }
      reader = opened;
      return opened;
    } finally {
      if (reader == null) {
        blob.close();
      }
    }
  }

  /// Reads all of it.
  ///
  /// @throws CorruptionException where count or digest is another than when it was made
  void check() {
    guarded(run, () -> {
      long entries = 0;
      long digest = 0;
      for (Iterator<Map.Entry<byte[], byte[]>> all = map.entryIterator(); all.hasNext(); entries++) {
        Map.Entry<byte[], byte[]> entry = all.next();
        digest = RunEntries.digest(digest, entry.getKey(), entry.getValue());
      }
      if (entries != run.entries() || digest != run.digest()) {
        throw damaged(run, run.entries() + " entries, digest " + Long.toHexString(run.digest()),
            entries + ", " + Long.toHexString(digest));
      }
      return entries;
    });
  }

  /// Whether it holds an item.
  boolean contains(long journal, long section, long index) {
    return guarded(run, () -> map.get(RunEntries.key(journal, section, index, 0)) != null);
  }

  /// Reads items of one section.
  ///
  /// @param from index of the first
  /// @param to index after the last; all between are there
  void read(long journal, long section, long from, long to, Items items) {
    guarded(run, () -> {
      var entries = map.entryIterator(RunEntries.key(journal, section, from, 0), true, null, false);
      for (long index = from; index < to; index++) {
        if (!items.item(index, item(journal, section, index, entries))) {
          break;
        }
      }
      return to;
    });
  }

  private byte[] item(long journal, long section, long index, Iterator<Map.Entry<byte[], byte[]>> entries) {
    var first = ByteBuffer.wrap(value(journal, section, index, 0, entries));
    int length = first.remaining() < Integer.BYTES ? -1 : first.getInt();
    if (length < first.remaining() || length > StoreConfig.ITEM_BYTES_MAX) {
      throw damaged(run, "the length of an item", Integer.toString(length));
    }
    byte[] item = new byte[length];
    int done = first.remaining();
    first.get(item, 0, done);
    for (int chunk = 1; done < length; chunk++) {
      byte[] part = value(journal, section, index, chunk, entries);
      if (part.length == 0 || part.length > length - done) {
        throw damaged(run, "a part of an item", part.length + " bytes");
      }
      System.arraycopy(part, 0, item, done, part.length);
      done += part.length;
    }
    return item;
  }

  private byte[] value(long journal, long section, long index, int chunk,
      Iterator<Map.Entry<byte[], byte[]>> entries) {
    byte[] key = RunEntries.key(journal, section, index, chunk);
    Map.Entry<byte[], byte[]> entry = entries.hasNext() ? entries.next() : null;
    if (entry == null || !Arrays.equals(entry.getKey(), key)) {
      throw damaged(run, "key " + Bytes.wrap(key).hex(), entry == null ? "the end" : Bytes.of(entry.getKey()).hex());
    }
    return entry.getValue();
  }

  void close() {
    volume.close();
  }

  private static <T> T guarded(Run run, Supplier<T> call) {
    try {
      return call.get();
    } catch (StorageFailedException e) {
      throw e;
    } catch (RuntimeException | AssertionError e) {
      throw damaged(run, "a table that can be read", String.valueOf(e));
    }
  }

  /// A run that the disk does not give back is as good as one that rots: opening again would not mend it, and whatever
  /// else there is must not suffer by it. Not for the run that was just built, whose items the log still has.
  ///
  /// @throws FencedException if it is none of the run's: the whole view was revoked
  static CorruptionException damage(Run run, StorageFailedException failure) {
    return switch (failure) {
      case FencedException fenced -> throw fenced;
      case CorruptionException damage -> damage;
      default -> damaged(run, "a run that can be read", String.valueOf(failure));
    };
  }

  private static CorruptionException damaged(Run run, String expected, String found) {
    return new CorruptionException(Names.VIEW, Names.hex(run.number()), 0, expected, found);
  }
}
