package dev.tenon.codec;

import java.nio.ByteBuffer;

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
}
