package dev.tenon.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The digest of all that ran, and the same as lines of text for whoever asks.
final class Trace {
  private static final long FIRST = 0xA076_1D64_78BD_642FL;
  private static final long SECOND = 0xE703_7ED1_A0B4_28DBL;
  private static final long THIRD = 0x8EBC_6AF0_9C88_C6E3L;

  private long left = 0x243F_6A88_85A3_08D3L;
  private long right = 0x1319_8A2E_0370_7344L;
  private @Nullable Appendable lines;

  void writeTo(Appendable to) {
    lines = to;
  }

  void mix(long timeNs, long id, long value) {
    long word = (timeNs * FIRST) ^ id;
    word = (word ^ (word >>> 32)) * SECOND + value;
    word = (word ^ (word >>> 29)) * THIRD;
    left = Long.rotateLeft(left ^ word, 27) * FIRST + SECOND;
    right = (Long.rotateLeft(right, 31) + word) * THIRD ^ value;
  }

  /// One line: time, who, what, of which kind, trace value. Only called where [#wantsLines].
  void line(long timeNs, String who, String what, String kind, long value) {
    Appendable to = lines;
    if (to == null) {
      return;
    }
    try {
      String time = Long.toString(timeNs);
      to.append("0".repeat(Math.max(0, 16 - time.length()))).append(time).append(' ').append(who).append(' ')
          .append(what).append(' ').append(kind).append(' ').append(HexFormat.of().toHexDigits(value)).append('\n');
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  boolean wantsLines() {
    return lines != null;
  }

  String digest() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(Rng.mix(left ^ Long.rotateLeft(right, 17)))
        + hex.toHexDigits(Rng.mix(right + left * SECOND));
  }
}
