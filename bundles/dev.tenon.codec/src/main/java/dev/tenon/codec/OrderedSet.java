package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;

/// An immutable set whose items have an index: their place in strictly ascending order.
///
/// @param <T> the type of an item
public final class OrderedSet<T> implements Iterable<T> {
  private final List<T> items;
  private final Comparator<? super T> order;

  private OrderedSet(List<T> items, Comparator<? super T> order) {
    this.items = items;
    this.order = order;
  }

  /// @param <T> the type of an item
  /// @param items in any order; of equal ones the first is kept
  /// @param order of the items
  /// @return the set
  public static <T> OrderedSet<T> of(Iterable<T> items, Comparator<? super T> order) {
    var sorted = new TreeSet<T>(order);
    for (T item : items) {
      sorted.add(item);
    }
    return new OrderedSet<>(List.copyOf(sorted), order);
  }

  /// @param <T> the type of an item
  /// @param range the accepted numbers of items
  /// @param item of each item
  /// @param order of the items; sets that are written have the same
  /// @return `varint count ‖ items`, strictly ascending
  public static <T> Codec<OrderedSet<T>> codec(LengthRange range, Codec<T> item, Comparator<? super T> order) {
    return new SetCodec<>(Containers.list(range, item), order);
  }

  /// @return how many items
  public int size() {
    return items.size();
  }

  /// @param index from 0
  /// @return the item there
  public T item(int index) {
    return items.get(index);
  }

  /// @param item any
  /// @return its index, or a negative number if it is not in the set
  public int indexOf(T item) {
    return Collections.binarySearch(items, item, order);
  }

  /// @param item any
  /// @return whether it is in the set
  public boolean contains(T item) {
    return indexOf(item) >= 0;
  }

  /// @return the items, ascending
  public List<T> items() {
    return items;
  }

  @Override
  public Iterator<T> iterator() {
    return items.iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OrderedSet<?> set && items.equals(set.items);
  }

  @Override
  public int hashCode() {
    return items.hashCode();
  }

  @Override
  public String toString() {
    return items.toString();
  }

  private record SetCodec<T>(Codec<List<T>> list, Comparator<? super T> order) implements Codec<OrderedSet<T>> {
    @Override
    public int size(OrderedSet<T> value) {
      return list.size(value.items);
    }

    @Override
    public void write(OrderedSet<T> value, Writer to) {
      list.write(value.items, to);
    }

    @Override
    public OrderedSet<T> read(Reader from) {
      List<T> items = list.read(from);
      for (int i = 1; i < items.size(); i++) {
        if (order.compare(items.get(i - 1), items.get(i)) >= 0) {
          throw from.fail(Rule.INVALID, "Set", 0, "items must be sorted and unique");
        }
      }
      return new OrderedSet<>(items, order);
    }
  }
}
