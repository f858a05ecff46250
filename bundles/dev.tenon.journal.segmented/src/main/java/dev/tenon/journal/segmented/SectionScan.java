package dev.tenon.journal.segmented;

import dev.tenon.runtime.storage.CorruptionException;

/// What a section holds after a crash, found by reading all of it. Changes nothing.
///
/// The content ends at the first page that does not hold, or holds only in part with others after it: whatever follows
/// was written later and was never acknowledged. Three things prove the contrary, that durable data is damaged: a later
/// page whose two records both hold (between them lay a sync that covered everything before), a mark (a size that was
/// durable once, [Marks]), and an item that whole pages show to be none.
///
/// @param size of the content up to the end of the last whole item
/// @param count items in it
/// @param pagesSize of the content up to the end of the last valid page
/// @param record of the page in which `pagesSize` lies, if it is partial
/// @param dropped bytes of the file that hold no part of the content, pages' ends apart
/// @param checkpoints where items start
record SectionScan(long size, long count, long pagesSize, PageRecord record, long dropped,
    Checkpoints checkpoints) {
  private static final int CHUNK_BYTES = 256 << 10;

  /// @param blob whose header was checked
  /// @param config page size
  /// @throws CorruptionException if what must have been durable is damaged
  static SectionScan of(PagedBlob blob, StoreConfig config) {
    long fileBytes = blob.file().size();
    long total = (fileBytes - BlobFiles.HEADER_BYTES) / config.physicalPageBytes();
    int chunkPages = Math.max(1, CHUNK_BYTES / config.physicalPageBytes());
    var checkpoints = new Checkpoints(0, 0);
    var items = new ItemScan(checkpoints);
    long size = 0;
    long good = 0;
    PageRecord record = PageRecord.NONE;
    boolean ended = false;
    for (long page = 0; page < total;) {
      int count = (int) Math.min(chunkPages, total - page);
      byte[] physical = blob.readPages(page, count);
      for (int i = 0; i < count; i++, page++) {
        int at = i * config.physicalPageBytes();
        if (ended) {
          if (PageRecord.bothHold(physical, at, config.pageBytes())) {
            long bad = good - (record.length() == 0 || record.length() == config.pageBytes() ? 0 : 1);
            throw blob.corrupt(bad, "a full page, since page " + page + " was synced after it",
                PagedBlob.describe(bad == good ? PageRecord.NONE : record));
          }
          continue;
        }
        PageRecord found = PageRecord.of(physical, at, config.pageBytes());
        if (found.length() > 0) {
          items.feed(physical, at, found.length());
          size += found.length();
          good++;
          record = found;
        }
        ended = found.length() < config.pageBytes();
      }
    }
    if (items.broken()) {
      throw new CorruptionException(blob.partition(), blob.hexName(), blob.fileOffset(items.end()),
          "a canonical varint of 32 bits", "none");
    }
    long dropped = fileBytes - blob.pageOffset(good) + size - items.end();
    return new SectionScan(items.end(), items.count(), size, record, dropped, checkpoints);
  }
}
