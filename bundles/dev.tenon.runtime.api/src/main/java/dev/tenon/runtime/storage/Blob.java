package dev.tenon.runtime.storage;

import java.nio.ByteBuffer;

/// One open file. Used from the strand that opened it only. Blocking; errors as in [Storage].
public interface Blob extends AutoCloseable {
  /// @return bytes, written ones that are not yet durable included
  long size();

  /// Fills the buffer from position to limit.
  ///
  /// @param offset from the start of the blob
  /// @param into filled
  /// @throws ShortReadException if the blob ends before
  void read(long offset, ByteBuffer into);

  /// Writes without making durable; a gap is filled with zeros.
  ///
  /// @param offset from the start of the blob
  /// @param from position to limit; the position moves
  void write(long offset, ByteBuffer from);

  /// Cuts, or grows with zeros. Not durable.
  ///
  /// @param size in bytes
  void resize(long size);

  /// Makes all earlier writes and resizes, and the blob's existence, durable, also where it came by a replacement that
  /// failed. A failure is final for this handle: opened again the blob holds any part of what was not durable, and a
  /// sync that then returns is true of all that is seen. (A system may go on to show bytes that it has given up, and
  /// force them well: the runtime writes such a blob anew before it opens it.)
  void sync();

  /// Frees the handle; unsynced bytes may be lost or kept. Idempotent.
  @Override
  void close();
}
