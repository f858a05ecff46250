package dev.tenon.journal.segmented;

import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The open files of one family: at most so many at once. A file with unsynced changes stays open.
final class BlobFiles {
  /// The header of each file: magic `CWIC`, header version 0, blob version 0.
  static final int HEADER_BYTES = 8;
  private static final long HEADER = 0x4357_4943_0000_0000L;

  private final Storage storage;
  private final int openMax;
  private final Runnable relieve;
  private final List<PagedBlob> open = new ArrayList<>();
  private long uses;

  /// @param relieve makes all files clean, so that one of them can be closed
  BlobFiles(Storage storage, int openMax, Runnable relieve) {
    this.storage = storage;
    this.openMax = openMax;
    this.relieve = relieve;
  }

  /// Counts a use of an open file.
  long nextUse() {
    return ++uses;
  }

  int openCount() {
    return open.size();
  }

  Blob open(PagedBlob blob) {
    if (open.size() >= openMax && !closeOldest()) {
      relieve.run();
      closeOldest();
    }
    Blob file = storage.open(blob.partition(), blob.name());
    open.add(blob);
    return file;
  }

  void closed(PagedBlob blob) {
    open.remove(blob);
  }

  void closeAll() {
    for (PagedBlob blob : List.copyOf(open)) {
      blob.close();
    }
  }

  private boolean closeOldest() {
    PagedBlob oldest = null;
    for (PagedBlob blob : open) {
      if (!blob.dirty() && (oldest == null || blob.lastUse() < oldest.lastUse())) {
        oldest = blob;
      }
    }
    if (oldest == null) {
      return false;
    }
    try {
      oldest.lastPageMark(); // so that a seal need not open it again
    } catch (CorruptionException e) {
      // Whoever asks for it hears of it; who asked for another file does not.
    }
    oldest.close();
    return true;
  }

  /// Checks the header, and writes it where the file's creation was interrupted.
  ///
  /// A header is synced before anything follows it: only a file without any content may lack it.
  ///
  /// @return the bytes after the header
  static long start(Blob file, PagedBlob blob) {
    long size = file.size();
    var header = ByteBuffer.allocate(HEADER_BYTES);
    if (size >= HEADER_BYTES) {
      file.read(0, header);
      long found = header.getLong(0);
      if (found == HEADER) {
        return size - HEADER_BYTES;
      }
      if (size > HEADER_BYTES || found != 0) {
        throw new CorruptionException(blob.partition(), blob.hexName(), 0, "header " + Long.toHexString(HEADER),
            Long.toHexString(found));
      }
    }
    file.resize(0);
    file.write(0, header.clear().putLong(HEADER).flip());
    file.sync();
    return 0;
  }
}
