package dev.tenon.codec;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value of fixed size whose bytes are kept and decoded when it is first asked for.
///
/// So an expensive check, such as that of a curve point, is paid where it may be paid on several cores. Reading one
/// never fails on its content; whoever uses it treats an absent value as an invalid one. Equality and hash decode; two
/// values that cannot be decoded are equal. Any thread.
///
/// @param <T> the type of the value
public final class Lazy<T> {
  private final Bytes bytes;
  private final Codec<T> codec;
  /// Null until decoded. Decoding is pure, so it does no harm if two threads do it at once.
  private volatile @Nullable Decoded<T> decoded;

  private record Decoded<T>(Optional<T> value) {}

  private Lazy(Bytes bytes, Codec<T> codec, @Nullable Decoded<T> decoded) {
    this.bytes = bytes;
    this.codec = codec;
    this.decoded = decoded;
  }

  /// @param <T> the type of the value
  /// @param value a value
  /// @param codec of the value
  /// @return the value, with its bytes
  public static <T> Lazy<T> of(T value, Codec<T> codec) {
    return new Lazy<>(codec.encode(value), codec, new Decoded<>(Optional.of(value)));
  }

  /// @param <T> the type of the value
  /// @param bytes of which nothing is known yet
  /// @param codec of the value
  /// @return what they stand for
  public static <T> Lazy<T> of(Bytes bytes, Codec<T> codec) {
    return new Lazy<>(bytes, codec, null);
  }

  /// The bytes as they are, decodable or not.
  ///
  /// @param <T> the type of the value
  /// @param size in bytes
  /// @param value of the value
  /// @return `size` raw bytes; only too short an input is refused
  public static <T> Codec<Lazy<T>> codec(int size, Codec<T> value) {
    return Containers.fixedBytes(size).as(bytes -> of(bytes, value), Lazy::bytes);
  }

  /// @return the bytes as they were received, or as they are sent
  public Bytes bytes() {
    return bytes;
  }

  /// @return the value, absent if the bytes are no encoding of one
  public Optional<T> value() {
    Decoded<T> known = decoded;
    if (known == null) {
      known = new Decoded<>(decode());
      decoded = known;
    }
    return known.value();
  }

  private Optional<T> decode() {
    try {
      return Optional.of(codec.decode(bytes));
    } catch (InvalidDataException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Lazy<?> lazy && value().equals(lazy.value());
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(value());
  }

  @Override
  public String toString() {
    return bytes.toString();
  }
}
