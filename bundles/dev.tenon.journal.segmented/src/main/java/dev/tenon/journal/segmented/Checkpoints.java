package dev.tenon.journal.segmented;

import java.util.Arrays;

/// Where some items of a section start: every n-th from a base on, n doubling as the section grows, so that the memory
/// is bounded.
final class Checkpoints {
  private static final int ENTRIES_MAX = 1_024;
  private static final int STRIDE_FIRST = 16;

  private final long baseIndex;
  private final long baseOffset;
  private long[] offsets = new long[4]; // entry i: item baseIndex + (i + 1) * stride
  private int entries;
  private long stride = STRIDE_FIRST;

  Checkpoints(long baseIndex, long baseOffset) {
    this.baseIndex = baseIndex;
    this.baseOffset = baseOffset;
  }

  long baseIndex() {
    return baseIndex;
  }

  /// Tells where an item starts; only the next one that is wanted is kept.
  void note(long index, long offset) {
    if (index != baseIndex + (entries + 1) * stride) {
      return;
    }
    if (entries == ENTRIES_MAX) {
      for (int i = 0; i < ENTRIES_MAX / 2; i++) {
        offsets[i] = offsets[2 * i + 1];
      }
      entries = ENTRIES_MAX / 2;
      stride *= 2;
      note(index, offset);
      return;
    }
    if (entries == offsets.length) {
      offsets = Arrays.copyOf(offsets, Math.min(ENTRIES_MAX, 2 * entries));
    }
    offsets[entries++] = offset;
  }

  /// Forgets what lies above.
  void cut(long index) {
    entries = (int) Math.min(entries, Math.max(0, (index - baseIndex) / stride));
  }

  /// The nearest known start at or before an item, not before the base.
  Place before(long index) {
    int known = (int) Math.min(entries, (index - baseIndex) / stride);
    return known == 0
        ? new Place(baseIndex, baseOffset)
        : new Place(baseIndex + known * stride, offsets[known - 1]);
  }

  /// @param index of an item
  /// @param offset where its prefix starts in the content
  record Place(long index, long offset) {}
}
