package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Writer;
import java.nio.ByteBuffer;

/// Writes what nobody counts before.
final class GrowingWriter {
  private ByteBuffer out = ByteBuffer.allocate(256);

  private ByteBuffer room(int bytes) {
    if (out.remaining() < bytes) {
      out = ByteBuffer.allocate(Math.addExact(2 * out.capacity(), bytes)).put(out.flip());
    }
    return out;
  }

  void u8(int value) {
    room(1).put((byte) value);
  }

  void u32(int value) {
    room(Integer.BYTES).putInt(value);
  }

  void u64(long value) {
    room(Long.BYTES).putLong(value);
  }

  void varint(long value) {
    var varint = new Writer(Writer.varintSize(value));
    varint.varint(value);
    raw(varint.finish());
  }

  /// With the length before.
  void bytes(byte[] bytes) {
    varint(bytes.length);
    raw(Bytes.wrap(bytes));
  }

  private void raw(Bytes bytes) {
    bytes.copyTo(room(bytes.size()));
  }

  Bytes finish() {
    return Bytes.of(out.flip());
  }
}
