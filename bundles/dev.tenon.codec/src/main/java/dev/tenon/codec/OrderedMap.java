package dev.tenon.codec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/// An immutable map whose keys have an index: their place in strictly ascending order.
///
/// On the wire all keys come first, then all values, each with a length: other bytes than [Containers#sortedMap].
///
/// @param <K> the type of a key
/// @param <V> the type of a value
/// @param keys strictly ascending
/// @param values one for each key, by its index
public record OrderedMap<K, V>(OrderedSet<K> keys, List<V> values) {
  /// Checks that each key has a value.
  public OrderedMap {
    values = List.copyOf(values);
    Check.that(keys.size() == values.size(), "each key has a value");
  }

  /// @param <K> the type of a key
  /// @param <V> the type of a value
  /// @param entries the entries
  /// @param order of the keys
  /// @return the same entries
  public static <K, V> OrderedMap<K, V> of(SortedMap<K, V> entries, Comparator<? super K> order) {
    var keys = OrderedSet.of(entries.keySet(), order);
    var values = new ArrayList<V>(entries.size());
    for (Map.Entry<K, V> entry : entries.entrySet()) {
      Check.that(keys.item(values.size()).equals(entry.getKey()), "the entries have the map's order");
      values.add(entry.getValue());
    }
    return new OrderedMap<>(keys, values);
  }

  /// @param key any
  /// @return its value, if it is in the map
  public Optional<V> value(K key) {
    int index = keys.indexOf(key);
    return index < 0 ? Optional.empty() : Optional.of(values.get(index));
  }

  /// @param <K> the type of a key
  /// @param <V> the type of a value
  /// @param range the accepted numbers of entries
  /// @param key of each key
  /// @param value of each value
  /// @param order of the keys; maps that are written have the same
  /// @return `varint count ‖ keys ‖ varint count ‖ values`
  public static <K, V> Codec<OrderedMap<K, V>> codec(LengthRange range, Codec<K> key, Codec<V> value,
      Comparator<? super K> order) {
    return new MapCodec<>(OrderedSet.codec(range, key, order), value);
  }

  /// A map that no two keys share a value of.
  ///
  /// @param <K> the type of a key
  /// @param <V> the type of a value
  /// @param range the accepted numbers of entries
  /// @param key of each key
  /// @param value of each value
  /// @param keyOrder of the keys; maps that are written have the same
  /// @param valueOrder tells values apart
  /// @return the bytes of [#codec]
  public static <K, V> Codec<OrderedMap<K, V>> biMapCodec(LengthRange range, Codec<K> key, Codec<V> value,
      Comparator<? super K> keyOrder, Comparator<? super V> valueOrder) {
    return new Checked<>(codec(range, key, value, keyOrder), "BiMap", "has a duplicate value", map -> {
      var distinct = new TreeSet<V>(valueOrder);
      return distinct.addAll(map.values) ? distinct.size() == map.values.size() : map.values.isEmpty();
    });
  }

  private record MapCodec<K, V>(Codec<OrderedSet<K>> keyCodec, Codec<V> value) implements Codec<OrderedMap<K, V>> {
    @Override
    public int size(OrderedMap<K, V> map) {
      return Containers.size((long) keyCodec.size(map.keys) + Containers.list(LengthRange.ANY, value).size(map.values));
    }

    @Override
    public void write(OrderedMap<K, V> map, Writer to) {
      keyCodec.write(map.keys, to);
      Containers.list(LengthRange.ANY, value).write(map.values, to);
    }

    @Override
    public OrderedMap<K, V> read(Reader from) {
      OrderedSet<K> keys = keyCodec.read(from);
      return new OrderedMap<>(keys, Containers.list(LengthRange.exactly(keys.size()), value).read(from));
    }

    @Override
    public int sizeMin() {
      return 2;
    }
  }
}
