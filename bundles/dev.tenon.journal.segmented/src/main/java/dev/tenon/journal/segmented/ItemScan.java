package dev.tenon.journal.segmented;

/// Walks over the content of a section, item by item, without keeping any: `varint u32 length | payload`, back to back.
final class ItemScan {
  private static final int PREFIX_BYTES_MAX = 5;

  private final Checkpoints checkpoints;
  private long position;   // in the content
  private long itemStart;
  private long count;
  private long payloadLeft = -1; // -1 inside a prefix
  private long length;
  private int prefixBytes;
  private boolean malformed;

  ItemScan(Checkpoints checkpoints) {
    this.checkpoints = checkpoints;
  }

  void feed(byte[] bytes, int offset, int size) {
    int at = offset;
    int end = offset + size;
    while (at < end && !malformed) {
      if (payloadLeft > 0) {
        long part = Math.min(payloadLeft, end - at);
        at += (int) part;
        payloadLeft -= part;
        position += part;
      } else {
        prefix(bytes[at++] & 0xff);
        position++;
      }
      if (payloadLeft == 0) {
        ended();
      }
    }
    position += end - at;
  }

  /// The end of the last whole item.
  long end() {
    return itemStart;
  }

  long count() {
    return count;
  }

  /// Whether the bytes after [#end] can be no item, however many may have followed.
  boolean broken() {
    return malformed && position - itemStart >= PREFIX_BYTES_MAX;
  }

  private void prefix(int next) {
    int shift = 7 * prefixBytes;
    prefixBytes++;
    length |= (next & 0x7fL) << shift;
    boolean overlong = next == 0 && prefixBytes > 1;
    if (overlong || (prefixBytes == PREFIX_BYTES_MAX && next > 0x0f)) {
      malformed = true;
    } else if (next < 0x80) {
      payloadLeft = length;
    }
  }

  private void ended() {
    count++;
    itemStart = position;
    checkpoints.note(count, position);
    payloadLeft = -1;
    prefixBytes = 0;
    length = 0;
  }
}
