package dev.tenon.journal.segmented;

import org.jspecify.annotations.Nullable;

/// The page cache of a family: the run of full pages that was read last, checked. Reads go forwards, so one run serves
/// them.
final class PageWindow {
  static final int BYTES = 64 << 10;

  final byte[] data;
  final int pagesMax;
  private @Nullable PagedBlob owner;
  private long firstPage;
  private int pages;

  PageWindow(int pageBytes) {
    pagesMax = Math.max(1, BYTES / pageBytes);
    data = new byte[pagesMax * pageBytes];
  }

  boolean holds(PagedBlob blob, long page) {
    return owner == blob && page >= firstPage && page < firstPage + pages;
  }

  long firstPage() {
    return firstPage;
  }

  void hold(PagedBlob blob, long first, int count) {
    owner = blob;
    firstPage = first;
    pages = count;
  }

  void forget(PagedBlob blob) {
    if (owner == blob) {
      owner = null;
      pages = 0;
    }
  }
}
