package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tenon.codec.Addresses;
import dev.tenon.codec.BitMap;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Containers;
import dev.tenon.codec.I128;
import dev.tenon.codec.Interval;
import dev.tenon.codec.Ints;
import dev.tenon.codec.IpAddress;
import dev.tenon.codec.LengthRange;
import dev.tenon.codec.OrderedMap;
import dev.tenon.codec.Pair;
import dev.tenon.codec.Ranges;
import dev.tenon.codec.SocketAddress;
import dev.tenon.codec.U128;
import dev.tenon.codec.Unit;
import dev.tenon.codec.Unsigned;
import dev.tenon.codec.Varints;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the type names of the known answers, such as `HashMap<Bytes,Vec<u8>>`.
final class JsonTypes {
  private static final int NAME_MAX = 200; // characters, and so a bound of the nesting
  private static final Pattern REPEATED = Pattern.compile("(\\d{1,6}) x 0x([0-9A-Fa-f]{2})");
  private static final Pattern NUMERIC = Pattern.compile("[0-9a-fA-F.:]+");

  private final String name;
  private final LengthRange outermost;

  private JsonTypes(String name, LengthRange outermost) {
    this.name = name;
    this.outermost = outermost;
  }

  /// @param name of the type
  /// @param limits of the outermost container, or of the count of bits
  static JsonType<?> of(String name, LengthRange limits) {
    if (name.length() > NAME_MAX) {
      throw new IllegalArgumentException("a type's name has at most " + NAME_MAX + " characters");
    }
    return new JsonTypes(name, limits).type();
  }

  private JsonType<?> type() {
    return switch (name) {
      case "bool" -> JsonType.ordered(Ints.BOOL, JsonNode::booleanValue);
      case "u8" -> JsonType.ordered(Ints.U8, JsonNode::intValue);
      case "u16" -> JsonType.ordered(Ints.U16, JsonNode::intValue);
      case "u32" -> JsonType.ordered(Ints.U32, JsonNode::longValue);
      case "u64" -> new JsonType<>(Ints.U64, value -> number(value).longValue(), Unsigned::compare);
      case "i8" -> JsonType.ordered(Ints.I8, value -> (byte) value.intValue());
      case "i16" -> JsonType.ordered(Ints.I16, value -> (short) value.intValue());
      case "i32" -> JsonType.ordered(Ints.I32, JsonNode::intValue);
      case "NonZeroU32" -> JsonType.ordered(Ints.NON_ZERO_U32, JsonNode::longValue);
      case "NonZeroU64" -> JsonType.ordered(Ints.NON_ZERO_U64, JsonNode::longValue);
      case "usize" -> JsonType.ordered(Varints.length(outermost), JsonNode::longValue);
      case "UInt<u16>" -> JsonType.ordered(Varints.U16, value -> number(value).intValueExact());
      case "UInt<u32>" -> JsonType.ordered(Varints.U32, value -> number(value).longValueExact());
      case "UInt<u64>" -> JsonType.ordered(Varints.U64, value -> number(value).longValue());
      case "UInt<u128>" -> JsonType.ordered(Varints.U128, value -> U128.of(number(value)));
      case "SInt<i16>" -> JsonType.ordered(Varints.S16, value -> number(value).shortValueExact());
      case "SInt<i32>" -> JsonType.ordered(Varints.S32, value -> number(value).intValueExact());
      case "SInt<i64>" -> JsonType.ordered(Varints.S64, value -> number(value).longValueExact());
      case "SInt<i128>" -> JsonType.ordered(Varints.S128, value -> I128.of(number(value)));
      case "Bytes" -> JsonType.ordered(Containers.bytes(outermost), value -> Bytes.ofHex(value.asText()));
      case "RangeFull" -> JsonType.ordered(Containers.UNIT, value -> Unit.UNIT);
      case "Ipv4Addr" -> JsonType.unordered(Addresses.IPV4, value -> v4(ip(value.asText())));
      case "Ipv6Addr" -> JsonType.unordered(Addresses.IPV6, value -> v6(ip(value.asText())));
      case "IpAddr" -> JsonType.unordered(Addresses.IP, value -> ip(value.asText()));
      case "SocketAddrV4" -> JsonType.unordered(Addresses.SOCKET_V4,
          value -> new SocketAddress<>(v4(socket(value).address()), socket(value).port()));
      case "SocketAddr" -> JsonType.unordered(Addresses.SOCKET, JsonTypes::socket);
      case "BitMap<1>" -> JsonType.unordered(BitMap.codec(1, outermost.max()), JsonTypes::bitMap);
      default -> compound();
    };
  }

  private JsonType<?> compound() {
    if (name.startsWith("[") && name.endsWith("]")) {
      int split = name.lastIndexOf(';');
      return array(Integer.parseInt(name.substring(split + 1, name.length() - 1)), inner(name.substring(1, split)));
    }
    List<JsonType<?>> parts = new ArrayList<>();
    boolean tuple = name.startsWith("(") && name.endsWith(")");
    int open = tuple ? 0 : name.indexOf('<');
    if (open < 0 || !(tuple || name.endsWith(">"))) {
      throw new IllegalArgumentException("unknown type " + name);
    }
    for (String part : split(name.substring(open + 1, name.length() - 1))) {
      parts.add(part.equals("Bytes") ? text() : inner(part));
    }
    String kind = name.substring(0, open);
    return switch (kind + "/" + parts.size()) {
      case "/2" -> pair(parts.get(0), parts.get(1));
      case "Vec/1" -> list(parts.get(0));
      case "Option/1" -> option(parts.get(0));
      case "Range/1" -> range(parts.get(0));
      case "RangeFrom/1", "RangeTo/1" -> parts.get(0);
      case "HashSet/1", "BTreeSet/1" -> set(parts.get(0));
      case "HashMap/2", "BTreeMap/2" -> map(parts.get(0), parts.get(1));
      case "ordered Map/2" -> orderedMap(parts.get(0), parts.get(1));
      default -> throw new IllegalArgumentException("unknown type " + name);
    };
  }

  private static JsonType<?> inner(String name) {
    return new JsonTypes(name, LengthRange.ANY).type();
  }

  /// The parts between commas that stand in no brackets.
  private static List<String> split(String parts) {
    var all = new ArrayList<String>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < parts.length(); i++) {
      char c = parts.charAt(i);
      depth += "<([".indexOf(c) >= 0 ? 1 : ">)]".indexOf(c) >= 0 ? -1 : 0;
      if (c == ',' && depth == 0) {
        all.add(parts.substring(start, i));
        start = i + 1;
      }
    }
    all.add(parts.substring(start));
    return all;
  }

  /// Within containers byte strings are written as text.
  private static JsonType<Bytes> text() {
    return JsonType.ordered(Containers.bytes(LengthRange.ANY),
        value -> Bytes.wrap(value.asText().getBytes(StandardCharsets.UTF_8)));
  }

  private static <T> JsonType<List<T>> array(int length, JsonType<T> item) {
    return JsonType.unordered(Containers.array(length, item.codec()), value -> items(value, item));
  }

  private <T> JsonType<List<T>> list(JsonType<T> item) {
    return JsonType.unordered(Containers.list(outermost, item.codec()), value -> items(value, item));
  }

  private static <A, B> JsonType<Pair<A, B>> pair(JsonType<A> first, JsonType<B> second) {
    return JsonType.unordered(Containers.pair(first.codec(), second.codec()),
        value -> new Pair<>(first.fromJson().apply(value.required(0)), second.fromJson().apply(value.required(1))));
  }

  private static <T> JsonType<Optional<T>> option(JsonType<T> inner) {
    return JsonType.unordered(Containers.optional(inner.codec()),
        value -> value.isNull() ? Optional.empty() : Optional.of(inner.fromJson().apply(value)));
  }

  private static <T> JsonType<Interval<T>> range(JsonType<T> bound) {
    return JsonType.unordered(Ranges.range(bound.codec(), bound.order()), value -> new Interval<>(
        bound.fromJson().apply(value.required(0)), bound.fromJson().apply(value.required(1))));
  }

  private <T> JsonType<SortedSet<T>> set(JsonType<T> item) {
    return JsonType.unordered(Containers.sortedSet(outermost, item.codec(), item.order()), value -> {
      var set = new TreeSet<T>(item.order());
      set.addAll(items(value, item));
      return set;
    });
  }

  private <K, V> JsonType<SortedMap<K, V>> map(JsonType<K> key, JsonType<V> value) {
    return JsonType.unordered(Containers.sortedMap(outermost, key.codec(), value.codec(), key.order()),
        node -> entries(node, key, value));
  }

  private <K, V> JsonType<OrderedMap<K, V>> orderedMap(JsonType<K> key, JsonType<V> value) {
    return JsonType.unordered(OrderedMap.codec(outermost, key.codec(), value.codec(), key.order()),
        node -> OrderedMap.of(entries(node, key, value), key.order()));
  }

  private static <K, V> SortedMap<K, V> entries(JsonNode node, JsonType<K> key, JsonType<V> value) {
    var map = new TreeMap<K, V>(key.order());
    for (var entry : node.properties()) {
      String text = entry.getKey();
      boolean numeric = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
      JsonNode name = numeric ? BigIntegerNode.valueOf(new BigInteger(text)) : TextNode.valueOf(text);
      map.put(key.fromJson().apply(name), value.fromJson().apply(entry.getValue()));
    }
    return map;
  }

  private static <T> List<T> items(JsonNode node, JsonType<T> item) {
    var items = new ArrayList<T>();
    Matcher repeated = REPEATED.matcher(node.asText());
    if (repeated.matches()) {
      int value = Integer.parseInt(repeated.group(2), 16);
      for (int i = Integer.parseInt(repeated.group(1)); i > 0; i--) {
        items.add(item.fromJson().apply(IntNode.valueOf(value)));
      }
    }
    for (JsonNode each : node) {
      items.add(item.fromJson().apply(each));
    }
    return items;
  }

  private static BigInteger number(JsonNode node) {
    return new BigInteger(node.asText());
  }

  private static IpAddress ip(String text) {
    if (!NUMERIC.matcher(text).matches()) {
      throw new IllegalArgumentException("no address: " + text); // a name would be looked up
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(InetAddress.getByName(text).getAddress());
      return bytes.remaining() == 4
          ? new IpAddress.V4(bytes.getInt())
          : new IpAddress.V6(bytes.getLong(), bytes.getLong());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no address: " + text, e);
    }
  }

  private static IpAddress.V4 v4(IpAddress address) {
    if (address instanceof IpAddress.V4 v4) {
      return v4;
    }
    throw new IllegalArgumentException("no address of version 4: " + address);
  }

  private static IpAddress.V6 v6(IpAddress address) {
    if (address instanceof IpAddress.V6 v6) {
      return v6;
    }
    throw new IllegalArgumentException("no address of version 6: " + address);
  }

  private static SocketAddress<IpAddress> socket(JsonNode node) {
    String text = node.asText();
    int split = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(0, split));
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return new SocketAddress<>(ip(bracketed ? host.substring(1, host.length() - 1) : host),
        Integer.parseInt(text.substring(split + 1)));
  }

  private static BitMap bitMap(JsonNode node) {
    var set = new ArrayList<Long>();
    for (JsonNode each : node.required("set")) {
      set.add(each.longValue());
    }
    long bits = node.required("bits").longValue();
    return BitMap.of(bits, set.stream().mapToLong(Long::longValue).toArray());
  }
}
