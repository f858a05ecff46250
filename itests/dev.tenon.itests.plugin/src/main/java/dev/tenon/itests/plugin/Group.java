package dev.tenon.itests.plugin;

import dev.tenon.codec.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// What is done between two syncs, as it will lie in one file: the CRC-32 of all that follows, the journals and floors
/// before it, and each operation in its order.
final class Group {
  /// A journal is there, with a floor. These come first.
  static final byte FLOOR = 'f';
  static final byte APPEND = 'a';
  static final byte REWIND = 'r';
  static final byte PRUNE = 'p';
  static final byte REMOVE = 'd';

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  /// One operation.
  ///
  /// @param item the offset of its bytes in the file; `itemBytes` of them
  record Op(byte kind, String name, long section, long index, int item, int itemBytes) {}

  interface Reader {
    void read(Op op);
  }

  Group() {
    bytes.writeBytes(new byte[Integer.BYTES]); // the checksum's place
  }

  int size() {
    return bytes.size();
  }

  /// @return the offset of the item's bytes
  int write(byte kind, String name, long section, long index, Bytes item) {
    try {
      out.writeByte(kind);
      out.writeUTF(name);
      out.writeLong(section);
      out.writeLong(index);
      out.writeInt(item.size());
      int at = bytes.size();
      out.write(item.toArray());
      return at;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a stream in memory has no reason to
    }
  }

  /// @return the file; the group may grow afterwards without changing it
  ByteBuffer file() {
    ByteBuffer file = ByteBuffer.wrap(bytes.toByteArray());
    return file.putInt(0, crc(file.slice(Integer.BYTES, file.limit() - Integer.BYTES)));
  }

  static int crc(ByteBuffer of) {
    CRC32 crc = new CRC32();
    crc.update(of);
    return (int) crc.getValue();
  }

  /// Reads a file whose checksum was compared.
  static void read(ByteBuffer file, Reader reader) {
    file.position(Integer.BYTES);
    while (file.hasRemaining()) {
      byte kind = file.get();
      byte[] name = new byte[Short.toUnsignedInt(file.getShort())];
      file.get(name);
      long section = file.getLong();
      long index = file.getLong();
      int size = file.getInt();
      int at = file.position();
      file.position(at + size);
      reader.read(new Op(kind, new String(name, StandardCharsets.UTF_8), section, index, at, size));
    }
  }
}
