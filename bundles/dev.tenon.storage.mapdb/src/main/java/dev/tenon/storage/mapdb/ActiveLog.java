package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The segment of the log that is written. Records gather in memory until they make a frame.
final class ActiveLog {
  private final Storage storage;
  private final long segment;
  private final int bufferBytes;
  private @Nullable Blob blob;
  private ByteBuffer frame = ByteBuffer.allocate(Frame.HEAD_BYTES).position(Frame.HEAD_BYTES);
  private long written;
  private long durable;

  ActiveLog(Storage storage, long segment, int bufferBytes) {
    this.storage = storage;
    this.segment = segment;
    this.bufferBytes = bufferBytes;
  }

  /// Goes on with a segment that was recovered and synced.
  void recovered(Blob found, long bytes) {
    blob = found;
    written = bytes;
    durable = bytes;
  }

  long segment() {
    return segment;
  }

  /// Bytes of the segment, those in memory included.
  long size() {
    return frame.position() == Frame.HEAD_BYTES ? written : written + frame.position();
  }

  /// @param head of a record
  /// @param item its end, or nothing
  /// @return where the item will stand in the segment
  long add(Bytes head, Bytes item) {
    int bytes = head.size() + item.size();
    if (frame.position() > Frame.HEAD_BYTES && frame.position() + bytes > Frame.HEAD_BYTES + bufferBytes) {
      flush();
    }
    if (frame.remaining() < bytes) {
      long room = Math.max(frame.position() + (long) bytes, Math.min(2L * frame.capacity(), bufferBytes));
      frame = ByteBuffer.allocate(Math.toIntExact(room)).put(frame.flip());
    }
    head.copyTo(frame);
    long offset = written + frame.position();
    item.copyTo(frame);
    return offset;
  }

  /// Makes all records durable.
  ///
  /// @return whether there was anything to do
  boolean sync() {
    flush();
    if (durable == written || blob == null) {
      return false;
    }
    blob.sync();
    durable = written;
    return true;
  }

  /// Reads bytes of an item, from memory where they are not written yet.
  void read(long offset, byte[] into) {
    if (offset >= written) {
      frame.get((int) (offset - written), into);
    } else {
      file().read(offset, ByteBuffer.wrap(into));
    }
  }

  /// All that was written, in memory: for one pass in another order.
  byte[] image() {
    return written == 0 ? new byte[0] : image(file(), written);
  }

  static byte[] image(Blob blob, long bytes) {
    byte[] image = new byte[Math.toIntExact(bytes)];
    blob.read(0, ByteBuffer.wrap(image));
    return image;
  }

  void close() {
    if (blob != null) {
      blob.close();
      blob = null;
    }
  }

  private void flush() {
    int payload = frame.position() - Frame.HEAD_BYTES;
    if (payload == 0) {
      return;
    }
    frame.flip();
    new Frame(payload, segment, written, durable, Frame.crc(frame.slice(Frame.HEAD_BYTES, payload))).putInto(frame);
    file().write(written, frame);
    written += Frame.HEAD_BYTES + payload;
    // One large item does not hold its memory for ever.
    frame = frame.capacity() > Frame.HEAD_BYTES + 2L * bufferBytes
        ? ByteBuffer.allocate(Frame.HEAD_BYTES)
        : frame.clear();
    frame.position(Frame.HEAD_BYTES);
  }

  private Blob file() {
    Blob file = blob;
    if (file == null) {
      file = storage.open(Names.LOG, Names.numbered(segment));
      blob = file;
    }
    return file;
  }
}
