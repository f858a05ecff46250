package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Lists, optional values, pairs, sorted sets and maps.
///
/// Memory is reserved for no more items than the range allows and the bytes left can hold. Values that are read are
/// immutable.
public final class Containers {
  /// No bytes.
  public static final Codec<Unit> UNIT = new FixedCodec<>(0, from -> Unit.UNIT, (to, value) -> {
  });

  private Containers() {}

  /// A byte string with its length before it.
  ///
  /// @param range the accepted lengths
  /// @return `varint length ‖ raw`
  public static Codec<Bytes> bytes(LengthRange range) {
    return new ByteString(range);
  }

  /// A byte string of a fixed size; digests and keys.
  ///
  /// @param size in bytes
  /// @return the bytes as they are
  public static Codec<Bytes> fixedBytes(int size) {
    return new FixedCodec<>(size, from -> from.raw(size, "FixedBytes"), (to, value) -> {
      Check.that(value.size() == size, "fixed bytes have their size");
      to.raw(value);
    });
  }

  /// A list with its length before it.
  ///
  /// @param <T> the type of an item
  /// @param range the accepted lengths
  /// @param item of each item
  /// @return `varint length ‖ items`
  public static <T> Codec<List<T>> list(LengthRange range, Codec<T> item) {
    return new Items<>(range, item);
  }

  /// A list that is never empty.
  ///
  /// @param <T> the type of an item
  /// @param range the accepted lengths
  /// @param item of each item
  /// @return `varint length ‖ items`
  public static <T> Codec<List<T>> nonEmptyList(LengthRange range, Codec<T> item) {
    return new Checked<>(list(range, item), "NonEmptyVec", "is empty", list -> !list.isEmpty());
  }

  /// A list of a fixed length, without its length.
  ///
  /// @param <T> the type of an item
  /// @param length how many items
  /// @param item of each item
  /// @return the items
  public static <T> Codec<List<T>> array(int length, Codec<T> item) {
    return new FixedItems<>(length, item);
  }

  /// A value that may be absent.
  ///
  /// @param <T> the type of the value
  /// @param value of the value
  /// @return `bool ‖ [value]`
  public static <T> Codec<Optional<T>> optional(Codec<T> value) {
    return new Maybe<>(value);
  }

  /// Two values, one after the other. Longer tuples are pairs in pairs: only the order of the fields is on the wire.
  ///
  /// @param <A> the first type
  /// @param <B> the second type
  /// @param first of the first value
  /// @param second of the second value
  /// @return `first ‖ second`
  public static <A, B> Codec<Pair<A, B>> pair(Codec<A> first, Codec<B> second) {
    return new PairCodec<>(first, second);
  }

  /// A set in the reference's tree and hash form.
  ///
  /// @param <T> the type of an item
  /// @param range the accepted numbers of items
  /// @param item of each item
  /// @param order of the items; sets that are written have the same
  /// @return `varint count ‖ items`, strictly ascending
  public static <T> Codec<SortedSet<T>> sortedSet(LengthRange range, Codec<T> item, Comparator<? super T> order) {
    return new SortedItems<>(range, item, order);
  }

  /// A map in the reference's tree and hash form.
  ///
  /// @param <K> the type of a key
  /// @param <V> the type of a value
  /// @param range the accepted numbers of entries
  /// @param key of each key
  /// @param value of each value
  /// @param order of the keys; maps that are written have the same
  /// @return `varint count ‖ key, value, key, value …`, keys strictly ascending
  public static <K, V> Codec<SortedMap<K, V>> sortedMap(LengthRange range, Codec<K> key, Codec<V> value,
      Comparator<? super K> order) {
    return new Entries<>(range, key, value, order);
  }

  /// How many items to reserve memory for: a length that the input cannot hold does not reserve its items.
  static int reserve(int length, int sizeMin, Reader from) {
    return Math.min(length, from.remaining() / Math.max(1, sizeMin));
  }

  /// The sum of sizes as an int: no message has 2 GiB.
  static int size(long bytes) {
    Check.that(bytes <= Integer.MAX_VALUE, "an encoding has less than 2 GiB");
    return (int) bytes;
  }

  private static <K> void ascend(Reader from, String context, String what, Comparator<? super K> order, K before,
      K item) {
    int compared = order.compare(before, item);
    if (compared == 0) {
      throw from.fail(Rule.INVALID, context, 0, "duplicate " + what);
    }
    if (compared > 0) {
      throw from.fail(Rule.INVALID, context, 0, what + "s must ascend");
    }
  }

  private record ByteString(LengthRange range) implements Codec<Bytes> {
    @Override
    public int size(Bytes value) {
      return Containers.size((long) Writer.varintSize(value.size()) + value.size());
    }

    @Override
    public void write(Bytes value, Writer to) {
      to.bytes(value);
    }

    @Override
    public Bytes read(Reader from) {
      return from.bytes(range, "Bytes");
    }
  }

  private record Items<T>(LengthRange range, Codec<T> item) implements Codec<List<T>> {
    @Override
    public int size(List<T> value) {
      long bytes = Writer.varintSize(value.size());
      for (T each : value) {
        bytes += item.size(each);
      }
      return Containers.size(bytes);
    }

    @Override
    public void write(List<T> value, Writer to) {
      to.varint(value.size());
      for (T each : value) {
        item.write(each, to);
      }
    }

    @Override
    public List<T> read(Reader from) {
      int length = from.length(range, "Vec");
      var items = new ArrayList<T>(reserve(length, item.sizeMin(), from));
      for (int i = 0; i < length; i++) {
        items.add(item.read(from));
      }
      return Collections.unmodifiableList(items);
    }
  }

  private record FixedItems<T>(int length, Codec<T> item) implements Codec<List<T>> {
    @Override
    public int size(List<T> value) {
      long bytes = 0;
      for (T each : value) {
        bytes += item.size(each);
      }
      return Containers.size(bytes);
    }

    @Override
    public void write(List<T> value, Writer to) {
      Check.that(value.size() == length, "an array has its length");
      for (T each : value) {
        item.write(each, to);
      }
    }

    @Override
    public List<T> read(Reader from) {
      var items = new ArrayList<T>(reserve(length, item.sizeMin(), from));
      for (int i = 0; i < length; i++) {
        items.add(item.read(from));
      }
      return Collections.unmodifiableList(items);
    }

    @Override
    public int sizeMin() {
      return Containers.size((long) length * item.sizeMin());
    }
  }

  private record Maybe<T>(Codec<T> inner) implements Codec<Optional<T>> {
    @Override
    public int size(Optional<T> value) {
      return 1 + value.map(inner::size).orElse(0);
    }

    @Override
    public void write(Optional<T> value, Writer to) {
      to.bool(value.isPresent());
      value.ifPresent(present -> inner.write(present, to));
    }

    @Override
    public Optional<T> read(Reader from) {
      return from.bool() ? Optional.of(inner.read(from)) : Optional.empty();
    }
  }

  private record PairCodec<A, B>(Codec<A> first, Codec<B> second) implements Codec<Pair<A, B>> {
    @Override
    public int size(Pair<A, B> value) {
      return Containers.size((long) first.size(value.first()) + second.size(value.second()));
    }

    @Override
    public void write(Pair<A, B> value, Writer to) {
      first.write(value.first(), to);
      second.write(value.second(), to);
    }

    @Override
    public Pair<A, B> read(Reader from) {
      A left = first.read(from);
      return new Pair<>(left, second.read(from));
    }

    @Override
    public int sizeMin() {
      return first.sizeMin() + second.sizeMin();
    }
  }

  private record SortedItems<T>(LengthRange range, Codec<T> item, Comparator<? super T> order)
      implements Codec<SortedSet<T>> {
    @Override
    public int size(SortedSet<T> value) {
      long bytes = Writer.varintSize(value.size());
      for (T each : value) {
        bytes += item.size(each);
      }
      return Containers.size(bytes);
    }

    @Override
    public void write(SortedSet<T> value, Writer to) {
      to.varint(value.size());
      T before = null;
      for (T each : value) {
        Check.that(before == null || order.compare(before, each) < 0, "a set that is written has the codec's order");
        item.write(each, to);
        before = each;
      }
    }

    @Override
    public SortedSet<T> read(Reader from) {
      int length = from.length(range, "Set");
      var items = new TreeSet<T>(order);
      for (int i = 0; i < length; i++) {
        T next = item.read(from);
        if (i > 0) {
          ascend(from, "Set", "item", order, items.last(), next);
        }
        items.add(next);
      }
      return Collections.unmodifiableSortedSet(items);
    }
  }

  private record Entries<K, V>(LengthRange range, Codec<K> key, Codec<V> value, Comparator<? super K> order)
      implements Codec<SortedMap<K, V>> {
    @Override
    public int size(SortedMap<K, V> map) {
      long bytes = Writer.varintSize(map.size());
      for (var entry : map.entrySet()) {
        bytes += key.size(entry.getKey()) + (long) value.size(entry.getValue());
      }
      return Containers.size(bytes);
    }

    @Override
    public void write(SortedMap<K, V> map, Writer to) {
      to.varint(map.size());
      K before = null;
      for (var entry : map.entrySet()) {
        Check.that(before == null || order.compare(before, entry.getKey()) < 0,
            "a map that is written has the codec's order");
        key.write(entry.getKey(), to);
        value.write(entry.getValue(), to);
        before = entry.getKey();
      }
    }

    @Override
    public SortedMap<K, V> read(Reader from) {
      int length = from.length(range, "Map");
      var entries = new TreeMap<K, V>(order);
      for (int i = 0; i < length; i++) {
        K next = key.read(from);
        if (i > 0) {
          ascend(from, "Map", "key", order, entries.lastKey(), next);
        }
        entries.put(next, value.read(from));
      }
      return Collections.unmodifiableSortedMap(entries);
    }
  }
}
