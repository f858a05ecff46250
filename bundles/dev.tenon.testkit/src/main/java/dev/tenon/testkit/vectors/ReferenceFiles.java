package dev.tenon.testkit.vectors;

import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.storage.Storage;

/// A provider whose files are those of the reference, as vectors check it.
public interface ReferenceFiles {
  /// Makes a provider without compression.
  ///
  /// @param pageBytes bytes of data in a page
  /// @param writeBufferBytes gathered before full pages are written
  /// @return a provider
  JournalProvider provider(int pageBytes, int writeBufferBytes);

  /// Opens one blob of pages, as far as it is good.
  ///
  /// @param storage where
  /// @param partition its folder
  /// @param name the blob
  /// @param pageBytes bytes of data in a page
  /// @param writeBufferBytes gathered before full pages are written
  /// @return the blob
  Pages pages(Storage storage, String partition, byte[] name, int pageBytes, int writeBufferBytes);

  /// A blob of checksummed pages, without items.
  interface Pages {
    /// @return bytes of content
    long size();

    /// @param bytes follow the content
    void append(byte[] bytes);

    /// Makes the content durable.
    void sync();

    /// @return the whole content
    byte[] read();

    /// Frees it.
    void close();
  }
}
