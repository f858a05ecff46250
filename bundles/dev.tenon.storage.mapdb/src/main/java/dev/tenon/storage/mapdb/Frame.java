package dev.tenon.storage.mapdb;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The head of a frame, which is what one write brings into the log: `magic u32 | payload bytes u32 | segment u64 |
/// offset u64 | durable u64 | CRC-32C of the payload u32 | CRC-32C of the head u32`, then the payload.
///
/// `durable` tells how far the segment was forced when the frame was made. So a frame that can be read proves that what
/// lies below was acknowledged, and damage there is no torn write.
///
/// @param payloadBytes above 0
/// @param segment the log's number
/// @param offset of the head in the segment
/// @param durable not above the offset
/// @param payloadCrc CRC-32C
record Frame(int payloadBytes, long segment, long offset, long durable, int payloadCrc) {
  static final int HEAD_BYTES = 40;
  /// The write buffer and the largest item together, with room to spare.
  static final int PAYLOAD_BYTES_MAX = 96 << 20;
  static final int MAGIC = 0x544e_4c47;
  private static final int CRC_AT = HEAD_BYTES - Integer.BYTES;

  /// Writes the head at the buffer's absolute start.
  void putInto(ByteBuffer buffer) {
    buffer.putInt(0, MAGIC).putInt(4, payloadBytes).putLong(8, segment).putLong(16, offset).putLong(24, durable)
        .putInt(32, payloadCrc).putInt(CRC_AT, crc(buffer.slice(0, CRC_AT)));
  }

  /// @param segment and `offset`: where it stands
  /// @return nothing where these bytes are no head made for this place
  static @Nullable Frame at(ByteBuffer head, long segment, long offset) {
    if (head.getInt(0) != MAGIC || head.getInt(CRC_AT) != crc(head.slice(0, CRC_AT))) {
      return null;
    }
    var frame = new Frame(head.getInt(4), head.getLong(8), head.getLong(16), head.getLong(24), head.getInt(32));
    boolean here = frame.segment == segment && frame.offset == offset && frame.durable <= offset;
    return here && frame.payloadBytes > 0 && frame.payloadBytes <= PAYLOAD_BYTES_MAX ? frame : null;
  }

  static int crc(ByteBuffer bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
