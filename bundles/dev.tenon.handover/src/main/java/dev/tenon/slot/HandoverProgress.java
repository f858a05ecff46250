package dev.tenon.slot;

import java.util.Locale;

/// How far a provider has been filled that is to take over.
///
/// @param provider `name@version`
/// @param stage where it stands, in one word
/// @param items copied so far
/// @param bytes copied so far
/// @param itemsLeft how many items were to be copied when the last piece was read
/// @param bytesPerSecond how fast items were copied so far; 0 where nothing was
/// @param remainingMs how long the rest takes at that rate, if nothing new comes; -1 where that is not known yet
public record HandoverProgress(String provider, String stage, long items, long bytes, long itemsLeft,
    long bytesPerSecond, long remainingMs) {
  /// One phrase for an operator.
  @Override
  public String toString() {
    String copied = items == 0
        ? ""
        : String.format(Locale.ROOT, ", %d items (%.1f MiB) copied, %d left", items, bytes / (double) (1 << 20),
            itemsLeft);
    return provider + " " + stage + copied + (remainingMs < 0 ? "" : ", about " + (remainingMs + 999) / 1_000 + " s");
  }
}
