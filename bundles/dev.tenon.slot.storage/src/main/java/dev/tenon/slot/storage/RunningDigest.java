package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// The digest over (section, index, bytes) of a section's items, one item after the other, with a checkpoint every
/// [#CHECKPOINT_ITEMS] items from which it goes on after a rewind. Guards against damage and mistakes, not against an
/// enemy: 64 bits mixed from CRC-32C.
final class RunningDigest {
  static final int CHECKPOINT_ITEMS = 1_024;
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

  private long end;
  private long value;
  /// At index (i + 1) * CHECKPOINT_ITEMS.
  private long[] checkpoints = new long[4];
  private int count;

  RunningDigest(long section) {
    this.value = first(section);
  }

  static long first(long section) {
    return mix(section + MULTIPLIER);
  }

  static long next(long value, long index, Bytes item) {
    CRC32C crc = new CRC32C();
    crc.update(item.buffer());
    return mix(value ^ mix((index << 1) * MULTIPLIER + crc.getValue()) ^ ((long) item.size() << 32));
  }

  void add(Bytes item) {
    value = next(value, end, item);
    end++;
    if (end % CHECKPOINT_ITEMS == 0) {
      if (count == checkpoints.length) {
        checkpoints = Arrays.copyOf(checkpoints, count * 2);
      }
      checkpoints[count++] = value;
    }
  }

  /// How many items are in it.
  long end() {
    return end;
  }

  long value() {
    return value;
  }

  /// Goes back to the last checkpoint at or below an index.
  ///
  /// @param section as it was made with
  void rewind(long section, long index) {
    if (index >= end) {
      return;
    }
    count = (int) (index / CHECKPOINT_ITEMS);
    end = (long) count * CHECKPOINT_ITEMS;
    value = count == 0 ? first(section) : checkpoints[count - 1];
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
