package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import java.util.List;

/// What one piece of a journal handover carries: what became of the past, then items.
///
/// @param orders in the order in which they are to be applied
/// @param runs items, each run at the end of its section
record Parcel(List<Order> orders, List<Run> runs) {
  /// A change of what was carried over before.
  sealed interface Order {
    /// The journal is gone; it may be made anew by a later order.
    record Remove(String name) implements Order {}

    /// The journal is there.
    record Create(String name) implements Order {}

    /// All from an address on is gone.
    ///
    /// @param digest of the section up to there
    record Rewind(String name, long section, long index, long digest) implements Order {}

    /// All below a section is gone.
    record Prune(String name, long floor) implements Order {}
  }

  /// Some items of a section.
  ///
  /// @param index of the first
  /// @param digest of the section up to and with the last
  record Run(String name, long section, long index, List<Bytes> items, long digest) {}
}
