package dev.tenon.handover;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A location's owner file. Big-endian: magic `TNOW` and version 1 (u32 each), slot (u16 length, UTF-8), generation
/// (u64), format id (as slot), state (u8), seal digest (u32), and the CRC-32C of all before.
///
/// @param slot the full name
/// @param generation that wrote it: at most the record's
/// @param format the format id
/// @param state how it stands
/// @param sealDigest of what `seal()` left, for [State#CLOSED]; else 0
record Owner(String slot, long generation, String format, State state, int sealDigest) {
  private static final int MAGIC = 0x544e4f57;
  private static final int VERSION = 1;
  static final int SIZE_MAX = 1_024;

  /// How a location stands.
  enum State {
    /// Made, its generation not yet in charge.
    PREPARING(1),
    /// In use.
    OWNED(2),
    /// Ended cleanly by its owner, still what the record names.
    CLOSED(3),
    /// Superseded.
    SEALED(4);
    private final int code;

    State(int code) {
      this.code = code;
    }
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(SIZE_MAX);
    out.putInt(MAGIC).putInt(VERSION);
    RecordCodec.put(out, slot);
    out.putLong(generation);
    RecordCodec.put(out, format);
    out.put((byte) state.code).putInt(sealDigest);
    out.putInt(RecordCodec.crc(out.array(), out.position()));
    byte[] whole = new byte[out.position()];
    out.flip().get(whole);
    return whole;
  }

  /// @return null if it cannot be read
  static @Nullable Owner decode(byte[] bytes) {
    if (bytes.length < 31 || bytes.length > SIZE_MAX) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt(bytes.length - 4) != RecordCodec.crc(bytes, bytes.length - 4) || in.getInt() != MAGIC
        || in.getInt() != VERSION) {
      return null;
    }
    String slot = RecordCodec.get(in);
    long generation = in.getLong();
    String format = RecordCodec.get(in);
    int code = in.get();
    for (State state : State.values()) {
      if (state.code == code) {
        return new Owner(slot, generation, format, state, in.getInt());
      }
    }
    return null;
  }
}
