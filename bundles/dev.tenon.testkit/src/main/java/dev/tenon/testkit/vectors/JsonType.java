package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.codec.Codec;
import java.util.Comparator;
import java.util.function.Function;

/// A type of the known answers: its codec, how a file writes its values, and their order where they have one.
record JsonType<T>(Codec<T> codec, Function<JsonNode, T> fromJson, Comparator<T> order) {
  /// A type whose values are never compared: asking for their order is a mistake in the file.
  static <T> JsonType<T> unordered(Codec<T> codec, Function<JsonNode, T> fromJson) {
    return new JsonType<>(codec, fromJson, Comparator.comparing(JsonType::unorderable));
  }

  static <T extends Comparable<T>> JsonType<T> ordered(Codec<T> codec, Function<JsonNode, T> fromJson) {
    return new JsonType<>(codec, fromJson, Comparator.naturalOrder());
  }

  private static Boolean unorderable(Object value) {
    throw new IllegalArgumentException("values of this type have no order: " + value);
  }
}
