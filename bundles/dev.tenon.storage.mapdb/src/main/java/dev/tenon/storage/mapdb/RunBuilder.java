package dev.tenon.storage.mapdb;

import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.mapdb.Serializer;
import org.mapdb.SortedTableMap;
import org.mapdb.volume.ByteArrayVol;

/// Makes one run: MapDB builds the table in memory, which is bounded by the log's length, and the bytes go to a new
/// file.
final class RunBuilder {
  private static final int SLICE_SHIFT_MIN = 16;
  /// Where MapDB keeps the number of a table's last page.
  private static final long LAST_PAGE_OFFSET = 24;

  private final int pageBytes;
  private final ByteArrayVol table;
  private final SortedTableMap.Sink<byte[], byte[]> sink;
  private long items;
  private long entries;
  private long digest;

  RunBuilder(int pageBytes) {
    this.pageBytes = pageBytes;
    this.table = new ByteArrayVol(Math.max(SLICE_SHIFT_MIN, Integer.numberOfTrailingZeros(pageBytes)), 0);
    this.sink = SortedTableMap.create(table, Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY).pageSize(pageBytes)
        .nodeSize(RunEntries.NODE_ENTRIES).createFromSink();
  }

  long items() {
    return items;
  }

  /// Takes an item; addresses ascend.
  void item(long journal, long section, long index, byte[] bytes, int offset, int length) {
    int chunkMax = RunEntries.chunkBytes(pageBytes);
    int first = Math.min(length, chunkMax - Integer.BYTES);
    byte[] value = ByteBuffer.allocate(Integer.BYTES + first).putInt(length).put(bytes, offset, first).array();
    put(RunEntries.key(journal, section, index, 0), value);
    int chunk = 1;
    for (int done = first; done < length; chunk++) {
      int part = Math.min(length - done, chunkMax);
      put(RunEntries.key(journal, section, index, chunk),
          Arrays.copyOfRange(bytes, offset + done, offset + done + part));
      done += part;
    }
    items++;
  }

  /// Gives up what was not written.
  void drop() {
    table.close();
  }

  private void put(byte[] key, byte[] value) {
    sink.put(key, value);
    digest = RunEntries.digest(digest, key, value);
    entries++;
  }

  /// Writes the table to a new file. Durable on return.
  Run write(Storage storage, long number) {
    sink.create();
    long tableBytes = (table.getLong(LAST_PAGE_OFFSET) + 1) * pageBytes;
    var empty = new Run(number, entries, items, pageBytes, tableBytes, 0, digest);
    var sums = ByteBuffer.allocate(Math.toIntExact(Integer.BYTES * empty.blocks()));
    byte[] piece = new byte[Math.max(pageBytes, 1 << SLICE_SHIFT_MIN)];
    try (Blob blob = storage.open(Names.VIEW, Names.numbered(number))) {
      for (long at = 0; at < tableBytes; at += piece.length) {
        int size = (int) Math.min(piece.length, tableBytes - at);
        for (int page = 0; page < size; page += pageBytes) {
          table.getData(at + page, piece, page, pageBytes);
        }
        for (int block = 0; block < size; block += BlobVolume.BLOCK_BYTES) {
          int length = Math.min(BlobVolume.BLOCK_BYTES, size - block);
          sums.putInt(Frame.crc(ByteBuffer.wrap(piece, block, length)));
        }
        blob.write(at, ByteBuffer.wrap(piece, 0, size));
      }
      blob.write(tableBytes, sums.flip());
      blob.sync();
    } finally {
      table.close();
    }
    return new Run(number, entries, items, pageBytes, tableBytes, Frame.crc(sums.rewind()), digest);
  }
}
