package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import java.util.ArrayList;
import java.util.List;

/// A parcel that is being filled, up to what one piece may cost the other side, which has to apply it in one step.
final class Packing {
  private static final int ITEMS_MAX = 1_024;
  private static final long BYTES_MAX = 256 << 10;
  /// Runs, orders, and sections that these drop, together. To a provider each may be a file to make, with its folder to
  /// force, or one to unlink: where items are small that is what a step takes its time for, and it has to end within
  /// `operationDeadlineMs`.
  private static final int PLACES_MAX = 64;

  private final List<Parcel.Order> orders = new ArrayList<>();
  private final List<Parcel.Run> runs = new ArrayList<>();
  private int items;
  private long bytes;
  private int places;

  /// Whether anything more goes in.
  boolean hasRoom() {
    return items < ITEMS_MAX && bytes < BYTES_MAX && places < PLACES_MAX;
  }

  /// Takes the room of some orders. A line of the change table is not cut: one that exceeds a piece goes first in one.
  ///
  /// @param work the orders, and the sections that they drop
  /// @return false if they do not fit beside what is in
  boolean reserve(int work) {
    if (places > 0 && places + work > PLACES_MAX) {
      return false;
    }
    places += work;
    return true;
  }

  /// For what has reserved its room.
  List<Parcel.Order> orders() {
    return orders;
  }

  void add(Parcel.Run run) {
    runs.add(run);
    places++;
    items += run.items().size();
    bytes += run.items().stream().mapToLong(Bytes::size).sum();
  }

  int itemsFree() {
    return ITEMS_MAX - items;
  }

  int bytesFree() {
    return (int) (BYTES_MAX - bytes);
  }

  int items() {
    return items;
  }

  long bytes() {
    return bytes;
  }

  Parcel parcel() {
    return new Parcel(List.copyOf(orders), List.copyOf(runs));
  }
}
