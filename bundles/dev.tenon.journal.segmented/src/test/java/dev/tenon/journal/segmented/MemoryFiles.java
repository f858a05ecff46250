package dev.tenon.journal.segmented;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Check;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.ShortReadException;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// A location in memory that never fails, for many short runs. Counts its calls, so that a loop without an end is seen.
final class MemoryFiles implements Storage {
  private static final int CALLS_MAX = 200_000;
  private static final long SIZE_MAX = 16 << 20;

  /// One file.
  private static final class Content {
    byte[] bytes;

    Content(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private final TreeMap<String, TreeMap<Bytes, Content>> partitions = new TreeMap<>();
  private int calls;

  MemoryFiles copy() {
    var copy = new MemoryFiles();
    partitions.forEach((partition, blobs) -> blobs.forEach((name, content) -> copy.put(partition, name,
        content.bytes.clone())));
    return copy;
  }

  /// @return partition and name of each file, sorted
  List<File> files() {
    var files = new ArrayList<File>();
    partitions.forEach((partition, blobs) -> blobs.keySet().forEach(name -> files.add(new File(partition, name))));
    return files;
  }

  byte[] get(File file) {
    Content content = partitions.getOrDefault(file.partition(), new TreeMap<>()).get(file.name());
    return content == null ? new byte[0] : content.bytes.clone();
  }

  void put(String partition, Bytes name, byte[] whole) {
    partitions.computeIfAbsent(partition, fresh -> new TreeMap<>()).put(name, new Content(whole));
  }

  /// As strict as a real location.
  private static void checkPartition(String partition) {
    Check.that(partition.matches("[A-Za-z0-9_-]+"), "a partition's name");
  }

  private void called() {
    if (++calls > CALLS_MAX) {
      throw new AssertionError("more than " + CALLS_MAX + " storage calls");
    }
  }

  @Override
  public Blob open(String partition, byte[] name) {
    called();
    checkPartition(partition);
    assertThat(name.length).as("a blob's name").isBetween(1, 120);
    return new MemoryBlob(partitions.computeIfAbsent(partition, fresh -> new TreeMap<>())
        .computeIfAbsent(Bytes.of(name), fresh -> new Content(new byte[0])));
  }

  @Override
  public List<byte[]> scan(String partition) {
    called();
    checkPartition(partition);
    return partitions.getOrDefault(partition, new TreeMap<>()).keySet().stream().map(Bytes::toArray).toList();
  }

  @Override
  public List<String> partitions() {
    called();
    return List.copyOf(partitions.keySet());
  }

  @Override
  public void remove(String partition, byte[] name) {
    called();
    checkPartition(partition);
    TreeMap<Bytes, Content> blobs = partitions.get(partition);
    if (blobs != null) {
      blobs.remove(Bytes.of(name));
    }
  }

  @Override
  public void replace(String partition, byte[] name, ByteBuffer whole) {
    called();
    checkPartition(partition);
    put(partition, Bytes.of(name), Bytes.of(whole).toArray());
  }

  @Override
  public void syncAll(Collection<Blob> blobs) {
    called();
  }

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  /// @param partition of a blob
  /// @param name of it
  record File(String partition, Bytes name) {}

  private final class MemoryBlob implements Blob {
    private final Content content;

    MemoryBlob(Content content) {
      this.content = content;
    }

    @Override
    public long size() {
      return content.bytes.length;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      called();
      if (offset < 0 || into.remaining() > content.bytes.length - offset) {
        throw new ShortReadException("offset " + offset + ", " + into.remaining() + " bytes of " + size());
      }
      into.put(content.bytes, (int) offset, into.remaining());
    }

    @Override
    public void write(long offset, ByteBuffer from) {
      called();
      long end = offset + from.remaining();
      assertThat(end).as("end of a write at %s", offset).isBetween(offset, SIZE_MAX);
      if (end > content.bytes.length) {
        content.bytes = Arrays.copyOf(content.bytes, (int) end);
      }
      from.get(content.bytes, (int) offset, from.remaining());
    }

    @Override
    public void resize(long size) {
      called();
      assertThat(size).isBetween(0L, SIZE_MAX);
      content.bytes = Arrays.copyOf(content.bytes, (int) size);
    }

    @Override
    public void sync() {
      called();
    }

    @Override
    public void close() {}
  }
}
