package dev.tenon.storage.mapdb;

import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import java.io.File;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.mapdb.DataInput2;
import org.mapdb.volume.Volume;

/// A run's table as MapDB reads it: through the scoped storage, in blocks each of which is checked first. So MapDB
/// never sees a damaged byte, whose length fields it would believe.
final class BlobVolume extends Volume {
  static final int BLOCK_BYTES = 4_096;

  private final Run run;
  private final Blob blob;
  private final BlockCache cache;
  private final int[] sums;
  /// The block that was used last: most reads are within it.
  private byte @Nullable [] last;
  private long lastBlock;

  /// @throws CorruptionException where the file's size or its list of checksums is not what the base says
  BlobVolume(Run run, Blob blob, BlockCache cache) {
    this.run = run;
    this.blob = blob;
    this.cache = cache;
    long size = blob.size();
    if (size != run.fileBytes()) {
      throw damaged(size, run.fileBytes() + " bytes", size + " bytes");
    }
    var stored = ByteBuffer.allocate(Math.toIntExact(Integer.BYTES * run.blocks()));
    blob.read(run.tableBytes(), stored);
    if (Frame.crc(stored.flip()) != run.sumsCrc()) {
      throw damaged(run.tableBytes(), "checksums as they were written", "others");
    }
    sums = new int[(int) run.blocks()];
    stored.rewind().asIntBuffer().get(sums);
  }

  private CorruptionException damaged(long offset, String expected, String found) {
    return new CorruptionException(Names.VIEW, Names.hex(run.number()), offset, expected, found);
  }

  private byte[] block(long number) {
    byte[] used = last;
    if (used != null && lastBlock == number) {
      return used;
    }
    var key = new BlockCache.Key(run.number(), number);
    byte[] block = cache.get(key);
    if (block == null) {
      long start = number * BLOCK_BYTES;
      if (start < 0 || start >= run.tableBytes()) {
        throw damaged(start, "an offset below " + run.tableBytes(), "one above");
      }
      block = new byte[(int) Math.min(BLOCK_BYTES, run.tableBytes() - start)];
      blob.read(start, ByteBuffer.wrap(block));
      if (Frame.crc(ByteBuffer.wrap(block)) != sums[(int) number]) {
        throw damaged(start, "a block as it was written", "another");
      }
      cache.put(key, block);
    }
    last = block;
    lastBlock = number;
    return block;
  }

  @Override
  public void getData(long offset, byte[] into, int position, int size) {
    for (int done = 0; done < size;) {
      long at = offset + done;
      byte[] block = block(Math.floorDiv(at, BLOCK_BYTES));
      int within = (int) (at % BLOCK_BYTES);
      int part = Math.min(size - done, block.length - within);
      System.arraycopy(block, within, into, position + done, part);
      done += part;
    }
  }

  private ByteBuffer bytes(long offset, int size) {
    byte[] bytes = new byte[size];
    getData(offset, bytes, 0, size);
    return ByteBuffer.wrap(bytes);
  }

  @Override
  public long getLong(long offset) {
    return bytes(offset, Long.BYTES).getLong();
  }

  @Override
  public int getInt(long offset) {
    return bytes(offset, Integer.BYTES).getInt();
  }

  @Override
  public byte getByte(long offset) {
    return block(Math.floorDiv(offset, BLOCK_BYTES))[(int) (offset % BLOCK_BYTES)];
  }

  @Override
  public DataInput2 getDataInput(long offset, int size) {
    return new DataInput2.ByteArray(bytes(offset, size).array());
  }

  @Override
  public long length() {
    return run.tableBytes();
  }

  @Override
  public int sliceSize() {
    return -1;
  }

  @Override
  public boolean isSliced() { return false; }

  @Override
  public boolean isReadOnly() { return true; }

  @Override
  public @Nullable File getFile() { return null; }

  @Override
  public boolean getFileLocked() { return false; }

  @Override
  public void close() {
    closed.set(true);
    last = null;
    blob.close();
  }

  @Override
  public void sync() {
    // It was synced when it was written.
  }

  @Override
  public void ensureAvailable(long offset) {
    throw readOnly();
  }

  @Override
  public void truncate(long size) {
    throw readOnly();
  }

  @Override
  public void putLong(long offset, long value) {
    throw readOnly();
  }

  @Override
  public void putInt(long offset, int value) {
    throw readOnly();
  }

  @Override
  public void putByte(long offset, byte value) {
    throw readOnly();
  }

  @Override
  public void putData(long offset, byte[] source, int position, int size) {
    throw readOnly();
  }

  @Override
  public void putData(long offset, ByteBuffer buffer) {
    throw readOnly();
  }

  @Override
  public void clear(long from, long to) {
    throw readOnly();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("a run is never changed");
  }
}
