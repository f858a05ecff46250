package dev.tenon.codec;

import java.nio.ByteBuffer;
import java.util.function.Function;

/// The wire form of one type. A codec that reads from outside carries its limits; limits never change the bytes.
///
/// @param <T> the type
public interface Codec<T> {
  /// @param value any value of the type
  /// @return exactly the bytes that [#write] takes
  int size(T value);

  /// @param value any value of the type
  /// @param to has room for it
  void write(T value, Writer to);

  /// Reads one value and leaves what follows it.
  ///
  /// @param from the input
  /// @return the value
  /// @throws InvalidDataException where the bytes break a rule
  T read(Reader from);

  /// The bytes that any value takes at least. Containers divide what remains by it before they reserve memory.
  ///
  /// @return 1 unless the type says otherwise; 0 only for a type that may take no bytes at all
  default int sizeMin() {
    return 1;
  }

  /// @param value any value of the type
  /// @return its one encoding
  default Bytes encode(T value) {
    var writer = new Writer(size(value));
    write(value, writer);
    return writer.finish();
  }

  /// Reads a whole message.
  ///
  /// @param input from position to limit
  /// @return the value
  /// @throws InvalidDataException where the bytes break a rule, or are left over
  default T decode(ByteBuffer input) {
    var reader = new Reader(input);
    T value = read(reader);
    reader.finish();
    return value;
  }

  /// Reads a whole message.
  ///
  /// @param input all of it
  /// @return the value
  /// @throws InvalidDataException where the bytes break a rule, or are left over
  default T decode(Bytes input) {
    return decode(input.buffer());
  }

  /// The same bytes for another type, such as a record with one component.
  ///
  /// @param <U> the other type
  /// @param make gives the value of the other type; it refuses none
  /// @param part is the inverse of `make`
  /// @return a codec with this one's bytes
  default <U> Codec<U> as(Function<? super T, ? extends U> make, Function<? super U, ? extends T> part) {
    return new MappedCodec<>(this, make, part);
  }
}
