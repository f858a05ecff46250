package dev.tenon.handover;

import dev.tenon.runtime.role.Description;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverOutcome.Kind;
import java.util.Locale;

/// What is looked at before anything is made for a handover. Pure.
final class Preflight {
  /// What is assumed of a disk that nothing was copied on yet.
  static final long BYTES_PER_SECOND = 20_000_000;
  private static final double MIB = 1 << 20;

  private Preflight() {}

  /// Whether the one that serves would be opened by the next provider where it is: nothing is copied. What would write
  /// another format there is copied to, since the one before could not open it again.
  static boolean reopens(Fact fact, Description next) {
    return next.reads().contains(fact.format()) && next.writes().equals(fact.format());
  }

  /// @return what speaks against a provider's limits; empty where nothing does
  static String limits(Description serving, Description next) {
    return next.itemBytesMax() >= serving.itemBytesMax()
        ? ""
        : "its items have at most " + next.itemBytesMax() + " bytes, those of who serves may have "
            + serving.itemBytesMax();
  }

  /// Copying needs room for what is there a second time, a fifth more, and the tail.
  static long neededBytes(long heldBytes, long tailBytes) {
    return heldBytes + heldBytes / 5 + tailBytes;
  }

  static HandoverOutcome space(String provider, SlotEvent.Measured found) {
    long needed = neededBytes(found.heldBytes(), found.tailBytes());
    long rate = found.bytesPerSecond() > 0 ? found.bytesPerSecond() : BYTES_PER_SECOND;
    String room = String.format(Locale.ROOT, "needs %.1f MiB of disk, %.1f MiB are free", needed / MIB,
        found.usableBytes() / MIB);
    if (needed > found.usableBytes()) {
      return new HandoverOutcome(Kind.NO_SPACE, provider, room);
    }
    return new HandoverOutcome(Kind.POSSIBLE, provider,
        String.format(Locale.ROOT, "copies %.1f MiB, %s, takes about %d s at %s %.1f MiB/s", found.heldBytes() / MIB,
            room, (found.heldBytes() + rate - 1) / rate, found.bytesPerSecond() > 0 ? "the last" : "an assumed",
            rate / MIB));
  }
}
