package dev.tenon.journal.segmented;

import dev.tenon.codec.Check;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.ShortReadException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// An append buffer of checksummed pages over one file.
///
/// Full pages may be written early, a partial page only by [#flush], which a sync follows before the next one. So the
/// record of a partial page that stands in the file is the durable one, and it and the bytes under it are never written
/// over: the longer record goes into the other slot. A crash at any point leaves the one or the other.
final class PagedBlob {
  private final String partition;
  private final byte[] name;
  private final StoreConfig config;
  private final BlobFiles files;
  private final PageWindow window;

  private @Nullable Blob file;
  private long lastUse;
  private boolean dirty;
  private long tailPage;        // full pages before it are in the file
  private byte @Nullable [] tail; // from the start of tailPage; absent after a close
  private int tailLength;
  private int recordLength;     // of tailPage: what the file holds of it, 0 for nothing
  private int recordSlot;
  /// Of the file as it is; null where it was changed since it was known.
  private @Nullable Integer lastPage;
  /// The file is what a seal says it is, and was not looked at yet.
  private boolean unchecked;

  PagedBlob(String partition, byte[] name, StoreConfig config, BlobFiles files, PageWindow window) {
    this.partition = partition;
    this.name = name.clone();
    this.config = config;
    this.files = files;
    this.window = window;
  }

  String partition() {
    return partition;
  }

  byte[] name() {
    return name.clone();
  }

  String hexName() {
    return HexFormat.of().formatHex(name);
  }

  boolean dirty() {
    return dirty;
  }

  long lastUse() {
    return lastUse;
  }

  /// Bytes of content, those not yet written included.
  long size() {
    return tailPage * config.pageBytes() + tailLength;
  }

  /// Where a byte of the content lies in the file.
  long fileOffset(long offset) {
    return pageOffset(offset / config.pageBytes()) + offset % config.pageBytes();
  }

  /// Where a page starts in the file.
  long pageOffset(long page) {
    return BlobFiles.HEADER_BYTES + page * config.physicalPageBytes();
  }

  /// The size of the file once everything is flushed.
  long fileBytes() {
    return pageOffset(pages());
  }

  /// The open file, its header checked; opened, and made, if need be.
  Blob file() {
    lastUse = files.nextUse();
    Blob present = file;
    if (present == null) {
      present = files.open(this);
      file = present;
      check(present);
    }
    return present;
  }

  /// What a seal says of a file is looked at when the file is used: a node opens no file that nobody asks for.
  private void check(Blob present) {
    boolean held = false;
    try {
      if (unchecked) {
        long size = present.size();
        if (size != fileBytes()) {
          throw new CorruptionException(partition, hexName(), Math.max(0, Math.min(size, fileBytes())),
              "a file of " + fileBytes() + " bytes, as it was sealed", size + " bytes");
        }
      }
      BlobFiles.start(present, this);
      Integer sealed = lastPage;
      if (unchecked && sealed != null && readLastPageMark() != sealed) {
        throw corrupt(Math.max(0, pages() - 1), "the last page as it was sealed", "another");
      }
      unchecked = false;
      held = true;
    } finally {
      if (!held) {
        close();
      }
    }
  }

  /// Takes over what recovery found.
  ///
  /// @param size of the content
  /// @param record of the last page, if it is partial
  void found(long size, PageRecord record) {
    changed();
    tailPage = size / config.pageBytes();
    tailLength = (int) (size % config.pageBytes());
    recordLength = tailLength;
    recordSlot = record.slot();
    tail = null;
  }

  /// Takes over what a seal left.
  ///
  /// @param size of the content
  /// @param mark as [#lastPageMark] gave it
  void sealed(long size, int mark) {
    found(size, PageRecord.NONE);
    lastPage = mark;
    unchecked = true;
  }

  private void changed() {
    lastPage = null;
    unchecked = false;
  }

  private long pages() {
    return tailPage + (tailLength > 0 ? 1 : 0);
  }

  void append(byte[] bytes) {
    byte[] into = tailFor(bytes.length);
    file(); // from now on it stays open: a sync of many opens none
    changed();
    dirty = true;
    int done = 0;
    while (true) {
      int part = Math.min(bytes.length - done, into.length - tailLength);
      System.arraycopy(bytes, done, into, tailLength, part);
      tailLength += part;
      done += part;
      if (done == bytes.length) {
        return;
      }
      write(tailLength / config.pageBytes());
    }
  }

  /// Writes everything buffered. The caller syncs the file, alone or with others, and then calls [#synced].
  Blob flush() {
    Check.that(dirty, "only a changed blob is flushed");
    int partial = tailLength % config.pageBytes();
    int full = tailLength / config.pageBytes();
    boolean grown = partial > 0 && (full > 0 || partial != recordLength);
    write(full + (grown ? 1 : 0));
    return file();
  }

  void synced() {
    dirty = false;
    byte[] present = tail;
    if (present != null && present.length > config.pageBytes()) {
      tail = Arrays.copyOf(present, config.pageBytes());
    }
  }

  /// Forces what is in the file already.
  void syncFile() {
    file().sync();
  }

  /// Cuts content off. Durable on return, and whole at any point before: a page that shrinks gets its shorter record
  /// beside the longer one, which counts until its length is cleared.
  void shrink(long size) {
    Check.that(!dirty, "what is cut was synced before");
    Check.that(size <= size(), "a blob shrinks only");
    window.forget(this);
    long page = size / config.pageBytes();
    int rest = (int) (size % config.pageBytes());
    Blob open = file();
    open.resize(pageOffset(page + (rest > 0 ? 1 : 0)));
    open.sync();
    PageRecord record = PageRecord.NONE;
    if (rest > 0) {
      record = shorten(open, page, rest);
    }
    found(size, record);
  }

  private PageRecord shorten(Blob open, long page, int length) {
    byte[] physical = readPages(page, 1);
    PageRecord record = PageRecord.of(physical, 0, config.pageBytes());
    if (record.length() < length) {
      throw corrupt(page, "a page of at least " + length + " bytes", describe(record));
    }
    if (record.length() == length) {
      return record;
    }
    int slot = 1 - record.slot();
    PageRecord.put(physical, 0, config.pageBytes(), slot, length);
    int at = config.pageBytes() + slot * PageRecord.SLOT_BYTES;
    open.write(pageOffset(page) + at, ByteBuffer.wrap(physical, at, PageRecord.SLOT_BYTES));
    open.sync();
    at = config.pageBytes() + record.slot() * PageRecord.SLOT_BYTES;
    open.write(pageOffset(page) + at, ByteBuffer.wrap(new byte[2]));
    open.sync();
    return new PageRecord(length, slot);
  }

  /// Reads content.
  ///
  /// @return how many bytes: at least one, fewer than asked at the end of what is at hand
  int read(long offset, byte[] into, int at, int length) {
    Check.that(offset >= 0 && offset < size() && length > 0, "what is read exists");
    long page = offset / config.pageBytes();
    int within = (int) (offset % config.pageBytes());
    if (page >= tailPage) {
      int from = (int) (offset - tailPage * config.pageBytes());
      int part = Math.min(length, tailLength - from);
      System.arraycopy(tailFor(0), from, into, at, part);
      return part;
    }
    if (!window.holds(this, page)) {
      fill(page);
    }
    int from = (int) (page - window.firstPage()) * config.pageBytes() + within;
    int part = Math.min(length, config.pageBytes() - within);
    System.arraycopy(window.data, from, into, at, part);
    return part;
  }

  /// Reads physical pages as they are.
  byte[] readPages(long page, int count) {
    byte[] physical = new byte[count * config.physicalPageBytes()];
    Blob from = file();
    try {
      from.read(pageOffset(page), ByteBuffer.wrap(physical));
    } catch (ShortReadException e) { // nobody but this instance shortens it
      throw corrupt(page, count + " pages", "a file of " + from.size() + " bytes");
    }
    return physical;
  }

  /// The CRC-32C of the last physical page, as a mark of the whole; 0 for an empty blob. Known without a look at the
  /// file unless that was changed and not closed since.
  int lastPageMark() {
    Integer known = lastPage;
    if (known == null) {
      known = readLastPageMark();
      lastPage = known;
    }
    return known;
  }

  private int readLastPageMark() {
    return pages() == 0 ? 0 : PageRecord.crc(readPages(pages() - 1, 1), 0, config.physicalPageBytes());
  }

  /// Frees the handle and the buffer; what is unsynced may be lost.
  void close() {
    Blob present = file;
    if (present != null) {
      file = null;
      files.closed(this);
      present.close();
    }
    tail = null;
  }

  CorruptionException corrupt(long page, String expected, String found) {
    return new CorruptionException(partition, hexName(), pageOffset(page), expected, found);
  }

  static String describe(PageRecord record) {
    return record.length() == 0 ? "no valid checksum" : "a page of " + record.length() + " bytes";
  }

  private void fill(long page) {
    int count = (int) Math.min(window.pagesMax, tailPage - page);
    window.forget(this);
    byte[] physical = readPages(page, count);
    for (int i = 0; i < count; i++) {
      int at = i * config.physicalPageBytes();
      PageRecord record = PageRecord.of(physical, at, config.pageBytes());
      if (record.length() != config.pageBytes()) {
        if (i > 0) { // tell of it when it is asked for
          window.hold(this, page, i);
          return;
        }
        throw corrupt(page, "a full page", describe(record));
      }
      System.arraycopy(physical, at, window.data, i * config.pageBytes(), config.pageBytes());
    }
    window.hold(this, page, count);
  }

  /// The tail buffer, loaded if need be, with room for so many bytes or its full size.
  private byte[] tailFor(int more) {
    byte[] present = tail;
    if (present == null && tailLength == 0) {
      present = new byte[config.pageBytes()];
    } else if (present == null) {
      byte[] physical = readPages(tailPage, 1);
      PageRecord record = PageRecord.of(physical, 0, config.pageBytes());
      if (record.length() != tailLength) {
        throw corrupt(tailPage, "a page of " + tailLength + " bytes", describe(record));
      }
      recordSlot = record.slot();
      present = Arrays.copyOf(physical, config.pageBytes());
    }
    long wanted = Math.min(config.bufferBytes(), (long) tailLength + more);
    if (wanted > present.length) {
      present = Arrays.copyOf(present, (int) Math.min(config.bufferBytes(), Math.max(wanted, 2L * present.length)));
    }
    tail = present;
    return present;
  }

  /// Writes the first pages of the tail, the last of them padded if it is partial. The bytes under the record that the
  /// file holds, and the record, stay as they are.
  private void write(int pages) {
    byte[] from = tail;
    if (pages == 0 || from == null) {
      return;
    }
    int pageBytes = config.pageBytes();
    byte[] physical = new byte[pages * config.physicalPageBytes()];
    int full = Math.min(pages, tailLength / pageBytes);
    for (int i = 0; i < pages; i++) {
      int length = Math.min(pageBytes, tailLength - i * pageBytes);
      int at = i * config.physicalPageBytes();
      System.arraycopy(from, i * pageBytes, physical, at, length);
      PageRecord.put(physical, at, pageBytes, i == 0 && recordLength > 0 ? 1 - recordSlot : 0, length);
    }
    Blob open = file();
    long start = pageOffset(tailPage);
    if (recordLength == 0) {
      open.write(start, ByteBuffer.wrap(physical));
    } else {
      int kept = pageBytes + recordSlot * PageRecord.SLOT_BYTES;
      open.write(start + recordLength, ByteBuffer.wrap(physical, recordLength, kept - recordLength));
      int after = kept + PageRecord.SLOT_BYTES;
      if (after < physical.length) {
        open.write(start + after, ByteBuffer.wrap(physical, after, physical.length - after));
      }
    }
    if (pages > full) { // the partial page is in the file now
      recordSlot = full == 0 && recordLength > 0 ? 1 - recordSlot : 0;
      recordLength = tailLength - full * pageBytes;
    } else {
      recordSlot = 0;
      recordLength = 0;
    }
    tailPage += full;
    tailLength -= full * pageBytes;
    System.arraycopy(from, full * pageBytes, from, 0, tailLength);
  }
}
