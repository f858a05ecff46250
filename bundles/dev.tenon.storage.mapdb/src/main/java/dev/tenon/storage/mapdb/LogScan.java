package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.Reader;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads a segment of the log from its start: what is whole, and whether what is not was a torn write or is damage.
final class LogScan {
  private static final int SEARCH_BYTES = 64 << 10;

  private final Blob blob;
  private final long segment;
  private final long size;
  private final Visitor visitor;

  /// What the records are given to.
  @FunctionalInterface
  interface Visitor {
    /// @param record in order
    /// @param item of an append
    /// @param offset where the item stands
    /// @throws InvalidDataException if the record cannot follow what came before
    void record(LogRecord record, Bytes item, long offset);
  }

  LogScan(Blob blob, long segment, Visitor visitor) {
    this.blob = blob;
    this.segment = segment;
    this.size = blob.size();
    this.visitor = visitor;
  }

  /// @param required how far the segment is known to have been durable
  /// @return the end of the last whole frame; what follows was never acknowledged
  /// @throws CorruptionException where something acknowledged is damaged
  long run(long required) {
    long at = 0;
    while (at < size) {
      Frame frame = frame(at);
      if (frame == null) {
        break;
      }
      at += Frame.HEAD_BYTES + frame.payloadBytes();
    }
    if (at < required) {
      throw damaged(at, "a whole frame: " + required + " bytes were durable", "none");
    }
    mustBeTorn(at);
    return at;
  }

  /// Gives a whole frame's records on.
  private @Nullable Frame frame(long at) {
    if (size - at < Frame.HEAD_BYTES) {
      return null;
    }
    var head = ByteBuffer.allocate(Frame.HEAD_BYTES);
    blob.read(at, head);
    Frame frame = Frame.at(head, segment, at);
    if (frame == null || frame.payloadBytes() > size - at - Frame.HEAD_BYTES) {
      return null;
    }
    byte[] payload = new byte[frame.payloadBytes()];
    blob.read(at + Frame.HEAD_BYTES, ByteBuffer.wrap(payload));
    if (Frame.crc(ByteBuffer.wrap(payload)) != frame.payloadCrc()) {
      return null;
    }
    var in = new Reader(ByteBuffer.wrap(payload));
    long start = at + Frame.HEAD_BYTES;
    try {
      while (in.remaining() > 0) {
        LogRecord record = LogRecord.decode(in);
        long offset = start + in.offset();
        Bytes item = record instanceof LogRecord.Append append ? in.raw(append.length(), "item") : Bytes.EMPTY;
        visitor.record(record, item, offset);
      }
    } catch (InvalidDataException e) {
      throw damaged(start + in.offset(), "a record that follows the one before", e.getMessage());
    }
    return frame;
  }

  /// A later frame that was made after a force of what lies here proves that this was acknowledged.
  private void mustBeTorn(long bad) {
    for (long at = bad + 1; at + Frame.HEAD_BYTES <= size; at += SEARCH_BYTES - Frame.HEAD_BYTES + 1) {
      var window = ByteBuffer.allocate((int) Math.min(SEARCH_BYTES, size - at));
      blob.read(at, window);
      for (int i = 0; i + Frame.HEAD_BYTES <= window.capacity(); i++) {
        if (window.getInt(i) == Frame.MAGIC) {
          Frame later = Frame.at(window.slice(i, Frame.HEAD_BYTES), segment, at + i);
          if (later != null && later.durable() > bad) {
            throw damaged(bad, "a whole frame: the one at " + later.offset() + " follows its force", "none");
          }
        }
      }
    }
  }

  private CorruptionException damaged(long offset, String expected, @Nullable String found) {
    return new CorruptionException(Names.LOG, Names.hex(segment), offset, expected, String.valueOf(found));
  }
}
