package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.Reader;
import java.nio.ByteBuffer;

/// A CRC-32C behind the bytes of a small blob.
final class Checksum {
  private Checksum() {}

  static ByteBuffer with(Bytes body) {
    var whole = ByteBuffer.allocate(body.size() + Integer.BYTES);
    body.copyTo(whole);
    return whole.putInt(Frame.crc(body.buffer())).flip();
  }

  /// @return a reader of the bytes before it
  /// @throws InvalidDataException where it does not hold
  static Reader checked(Bytes whole) {
    int size = whole.size() - Integer.BYTES;
    if (size < 0) {
      throw new InvalidDataException(InvalidDataException.Rule.END_OF_BUFFER, "checksum", 0, size, "is cut");
    }
    Bytes body = whole.slice(0, size);
    int crc = Frame.crc(body.buffer());
    if (whole.slice(size, whole.size()).buffer().getInt() != crc) {
      throw new InvalidDataException(InvalidDataException.Rule.INVALID, "checksum", size, crc, "differs");
    }
    return new Reader(body);
  }
}
