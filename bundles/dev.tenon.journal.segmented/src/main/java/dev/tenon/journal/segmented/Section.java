package dev.tenon.journal.segmented;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Writer;
import dev.tenon.runtime.storage.CorruptionException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One section of a journal: items with indexes over a [PagedBlob].
final class Section {
  private static final int PREFIX_BYTES_MAX = 5;

  private final long number;
  private final PagedBlob blob;
  private long count;
  private long end; // of the content; less than the blob's size only until a repair
  private Checkpoints low;
  private @Nullable Checkpoints high; // from where it was opened on, if what lies below was not read
  private long cursorIndex;
  private long cursorOffset;

  Section(long number, PagedBlob blob) {
    this.number = number;
    this.blob = blob;
    this.low = new Checkpoints(0, 0);
  }

  long number() {
    return number;
  }

  PagedBlob blob() {
    return blob;
  }

  /// How many items.
  long count() {
    return count;
  }

  /// Bytes of content.
  long end() {
    return end;
  }

  /// Takes over what was found by reading everything.
  void found(SectionScan scan) {
    blob.found(scan.pagesSize(), scan.record());
    count = scan.count();
    end = scan.size();
    low = scan.checkpoints();
    high = null;
  }

  /// Takes over what a seal left.
  void found(Mark mark) {
    blob.sealed(mark.bytes(), mark.lastPage());
    count = mark.count();
    end = mark.bytes();
    high = new Checkpoints(count, end);
  }

  /// Cuts off what no whole item covers.
  void repair() {
    blob.shrink(end);
  }

  void append(byte[] payload) {
    var prefix = new Writer(Writer.varintSize(payload.length));
    prefix.varint(payload.length);
    blob.append(prefix.finish().toArray());
    blob.append(payload);
    count++;
    end = blob.size();
    Checkpoints above = high;
    (above == null ? low : above).note(count, end);
  }

  /// Drops items from an index on. What is buffered was synced before.
  void rewind(long index) {
    long offset = locate(index);
    blob.shrink(offset);
    count = index;
    end = offset;
    low.cut(index);
    Checkpoints above = high;
    if (above != null && above.baseIndex() >= index) {
      high = new Checkpoints(index, offset);
    } else if (above != null) {
      above.cut(index);
    }
    cursorIndex = 0;
    cursorOffset = 0;
  }

  List<Bytes> read(long index, int itemsMax, int bytesMax, ItemCodec codec) {
    var items = new ArrayList<Bytes>();
    long left = bytesMax;
    long offset = index < count ? locate(index) : 0;
    for (long next = index; next < count && items.size() < itemsMax; next++) {
      Prefix prefix = prefix(offset);
      if (prefix.length() > codec.payloadBytesMax()) {
        throw corrupt(offset, codec.limit(), prefix.length() + " bytes, in pages whose checksums are right");
      }
      if (!items.isEmpty() && prefix.length() > left) {
        break;
      }
      byte[] payload = new byte[(int) prefix.length()];
      readFully(offset + prefix.bytes(), payload, payload.length);
      long at = offset;
      Bytes item = codec.decode(payload)
          .orElseThrow(() -> corrupt(at, "a zstd frame of " + codec.limit(), "none"));
      if (!items.isEmpty() && item.size() > left) {
        break;
      }
      offset += prefix.bytes() + prefix.length();
      if (next == count - 1 && offset != end) { // a seal's mark and the pages do not belong together
        throw corrupt(offset, count + " items of " + end + " bytes", "the last one's end");
      }
      items.add(item);
      left -= item.size();
      cursorIndex = next + 1;
      cursorOffset = offset;
    }
    return items;
  }

  private long locate(long index) {
    if (index == count) {
      return end;
    }
    Checkpoints above = high;
    boolean upper = above != null && index >= above.baseIndex();
    Checkpoints.Place place = upper && above != null ? above.before(index) : low.before(index);
    long at = place.index();
    long offset = place.offset();
    if (cursorIndex <= index && cursorIndex > at) {
      at = cursorIndex;
      offset = cursorOffset;
    }
    while (at < index) {
      Prefix prefix = prefix(offset);
      offset += prefix.bytes() + prefix.length();
      at++;
      if (!upper) {
        low.note(at, offset);
      }
    }
    cursorIndex = at;
    cursorOffset = offset;
    return offset;
  }

  private Prefix prefix(long offset) {
    byte[] one = new byte[1];
    long length = 0;
    for (int i = 0; i < PREFIX_BYTES_MAX && offset + i < end; i++) {
      blob.read(offset + i, one, 0, 1);
      int next = one[0] & 0xff;
      length |= (next & 0x7fL) << (7 * i);
      if (next < 0x80) {
        if ((next == 0 && i > 0) || length > end - offset - i - 1 || (i == PREFIX_BYTES_MAX - 1 && next > 0x0f)) {
          break;
        }
        return new Prefix(i + 1, length);
      }
    }
    throw corrupt(offset, "an item", "a length that is malformed or goes beyond the section's end");
  }

  private void readFully(long offset, byte[] into, int length) {
    for (int done = 0; done < length;) {
      done += blob.read(offset + done, into, done, length - done);
    }
  }

  private CorruptionException corrupt(long offset, String expected, String found) {
    return new CorruptionException(blob.partition(), blob.hexName(), blob.fileOffset(offset), expected, found);
  }

  private record Prefix(int bytes, long length) {}
}
