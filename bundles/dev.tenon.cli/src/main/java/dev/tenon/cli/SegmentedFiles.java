package dev.tenon.cli;

import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.segmented.SegmentedJournalProvider;
import dev.tenon.journal.segmented.SegmentedPages;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.testkit.vectors.ReferenceFiles;

/// The provider `segmented` for vectors.
final class SegmentedFiles implements ReferenceFiles {
  @Override
  public JournalProvider provider(int pageBytes, int writeBufferBytes) {
    return SegmentedJournalProvider.plain(pageBytes, writeBufferBytes);
  }

  @Override
  public Pages pages(Storage storage, String partition, byte[] name, int pageBytes, int writeBufferBytes) {
    var pages = new SegmentedPages(storage, partition, name, pageBytes, writeBufferBytes);
    return new Pages() {
      @Override
      public long size() {
        return pages.size();
      }

      @Override
      public void append(byte[] bytes) {
        pages.append(bytes);
      }

      @Override
      public void sync() {
        pages.sync();
      }

      @Override
      public byte[] read() {
        return pages.read();
      }

      @Override
      public void close() {
        pages.close();
      }
    };
  }
}
