package dev.tenon.journal.segmented;

import dev.tenon.runtime.storage.Storage;

/// The page layer of one blob alone, for whoever checks files: bytes without items. Blocking, on one strand.
public final class SegmentedPages {
  private static final int ITEM_BYTES_MAX = 1 << 20;
  private static final int OPEN_BLOBS = 4;

  private final BlobFiles files;
  private final PagedBlob blob;

  /// Opens a blob, makes it where it is absent, and cuts off what follows its last good page.
  ///
  /// @param storage where
  /// @param partition its folder
  /// @param name the blob
  /// @param pageBytes bytes of data in a page
  /// @param writeBufferBytes gathered before full pages are written
  /// @throws dev.tenon.codec.ConfigException where a number is out of its range
  /// @throws dev.tenon.runtime.storage.CorruptionException if what must have been durable is damaged
  public SegmentedPages(Storage storage, String partition, byte[] name, int pageBytes, int writeBufferBytes) {
    var config = new StoreConfig(pageBytes, writeBufferBytes, 0, ITEM_BYTES_MAX, OPEN_BLOBS);
    files = new BlobFiles(storage, OPEN_BLOBS, () -> {});
    blob = new PagedBlob(partition, name, config, files, new PageWindow(pageBytes));
    SectionScan scan = SectionScan.of(blob, config);
    blob.found(scan.pagesSize(), scan.record());
    if (blob.file().size() != blob.fileBytes()) {
      blob.shrink(scan.pagesSize());
    }
  }

  /// @return bytes of content, those not yet written included
  public long size() {
    return blob.size();
  }

  /// @param bytes follow the content; not durable before [#sync]
  public void append(byte[] bytes) {
    blob.append(bytes);
  }

  /// Makes the content durable.
  public void sync() {
    if (blob.dirty()) {
      blob.flush().sync();
      blob.synced();
    }
  }

  /// @return the whole content
  public byte[] read() {
    byte[] content = new byte[Math.toIntExact(blob.size())];
    for (int done = 0; done < content.length;) {
      done += blob.read(done, content, done, content.length - done);
    }
    return content;
  }

  /// Frees the blob; what was not synced may be lost.
  public void close() {
    files.closeAll();
  }
}
