package dev.tenon.journal.segmented;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The one of a page's two slots that counts: how many bytes of the page are valid, and in which slot that stands.
///
/// A physical page is `data: P bytes | len1 u16 | crc1 u32 | len2 u16 | crc2 u32`, big-endian; a CRC is the CRC-32C of
/// the first `len` bytes; length 0 means an empty slot. The slot with the larger length is tried first (slot 1 in a
/// tie), the other one where it does not hold.
///
/// @param length 1 to P; 0 where neither slot holds
/// @param slot 0 or 1
record PageRecord(int length, int slot) {
  /// Bytes of one slot.
  static final int SLOT_BYTES = 6;
  /// Bytes that follow a page's data.
  static final int TRAILER_BYTES = 2 * SLOT_BYTES;
  /// A page that does not hold, or that is not there.
  static final PageRecord NONE = new PageRecord(0, 0);

  /// @param pages physical pages
  /// @param offset where the page starts
  /// @param pageBytes P
  /// @return the slot that holds, or [#NONE]
  static PageRecord of(byte[] pages, int offset, int pageBytes) {
    int first = slotLength(pages, offset, pageBytes, 0) >= slotLength(pages, offset, pageBytes, 1) ? 0 : 1;
    if (holds(pages, offset, pageBytes, first)) {
      return new PageRecord(slotLength(pages, offset, pageBytes, first), first);
    }
    int second = 1 - first;
    if (holds(pages, offset, pageBytes, second)) {
      return new PageRecord(slotLength(pages, offset, pageBytes, second), second);
    }
    return NONE;
  }

  /// Whether both slots hold: the older one was durable before the newer one was written, and with it all pages before.
  static boolean bothHold(byte[] pages, int offset, int pageBytes) {
    return holds(pages, offset, pageBytes, 0) && holds(pages, offset, pageBytes, 1);
  }

  /// Writes a slot into a physical page.
  static void put(byte[] pages, int offset, int pageBytes, int slot, int length) {
    ByteBuffer.wrap(pages, offset + pageBytes + slot * SLOT_BYTES, SLOT_BYTES).putShort((short) length)
        .putInt(crc(pages, offset, length));
  }

  static int crc(byte[] bytes, int offset, int length) {
    var crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  private static int slotLength(byte[] pages, int offset, int pageBytes, int slot) {
    int at = offset + pageBytes + slot * SLOT_BYTES;
    return (pages[at] & 0xff) << 8 | (pages[at + 1] & 0xff);
  }

  private static boolean holds(byte[] pages, int offset, int pageBytes, int slot) {
    int length = slotLength(pages, offset, pageBytes, slot);
    if (length == 0 || length > pageBytes) {
      return false;
    }
    int stored = ByteBuffer.wrap(pages).getInt(offset + pageBytes + slot * SLOT_BYTES + 2);
    return stored == crc(pages, offset, length);
  }
}
