package dev.tenon.handover;

import dev.tenon.codec.Check;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One record slot: 4,096 bytes. Big-endian: magic `TNSR` and format version 1 (u32 each), the fields of [Fact] in its
/// order (strings as u16 length and UTF-8), zeros, and in the last four bytes the CRC-32C of all before.
final class RecordCodec {
  static final int SIZE = 4_096;
  private static final int MAGIC = 0x544e5352;
  private static final int VERSION = 1;
  private static final int TEXT_BYTES_MAX = 255;

  private RecordCodec() {}

  static byte[] encode(Fact fact) {
    ByteBuffer out = ByteBuffer.allocate(SIZE);
    out.putInt(MAGIC).putInt(VERSION).putLong(fact.sequence());
    for (String text : new String[] {fact.node(), fact.slot(), fact.provider(), fact.bundle(), fact.version(),
        fact.providerBefore(), fact.bundleBefore(), fact.versionBefore(), fact.format()}) {
      put(out, text);
    }
    out.putLong(fact.generation());
    put(out, fact.location());
    out.putInt(fact.wishDigest()).putInt(fact.flags());
    out.putInt(SIZE - 4, crc(out.array(), SIZE - 4));
    return out.array();
  }

  /// @return null if these bytes are no record: never written, torn or damaged
  static @Nullable Fact decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length != SIZE || in.getInt(SIZE - 4) != crc(bytes, SIZE - 4) || in.getInt() != MAGIC
        || in.getInt() != VERSION) {
      return null;
    }
    long sequence = in.getLong();
    String[] text = new String[9];
    for (int i = 0; i < text.length; i++) {
      text[i] = get(in);
    }
    long generation = in.getLong();
    String location = get(in);
    return new Fact(sequence, text[0], text[1], text[2], text[3], text[4], text[5], text[6], text[7], text[8],
        generation, location, in.getInt(), in.getInt());
  }

  static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  static void put(ByteBuffer out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Check.that(utf8.length <= TEXT_BYTES_MAX, "a record's text has at most 255 bytes");
    out.putShort((short) utf8.length).put(utf8);
  }

  static String get(ByteBuffer in) {
    byte[] utf8 = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
