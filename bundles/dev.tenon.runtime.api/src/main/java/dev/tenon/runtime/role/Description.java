package dev.tenon.runtime.role;

import java.util.List;

/// What a provider says of itself without any I/O.
///
/// @param provider its short name, as in the service property `tenon.provider`
/// @param writes the format id of what it stores; the same id means the same bytes
/// @param reads the format ids that it can open, `writes` included
/// @param itemBytesMax the largest item or unit it takes
public record Description(String provider, String writes, List<String> reads, int itemBytesMax) {
  /// Copies the list.
  public Description {
    reads = List.copyOf(reads);
  }
}
