package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Numbers of variable width: little-endian base 128, seven bits a byte, the eighth set on all but the last.
///
/// Only the shortest form is accepted. Signed numbers are mapped to unsigned ones by zig-zag first.
public final class Varints {
  /// 0 to 65,535, in 1 to 3 bytes.
  public static final Codec<Integer> U16 = new VarintCodec<>(value -> Writer.varintSize(within(value, 0xffff)),
      (to, value) -> to.varint(within(value, 0xffff)), from -> (int) from.varint(16));
  /// 0 to 2^32 - 1, in 1 to 5 bytes.
  public static final Codec<Long> U32 =
      new VarintCodec<>(value -> Writer.varintSize(Writer.low32(value) & 0xffff_ffffL),
          (to, value) -> to.varint(value), from -> from.varint(32));
  /// 64 bits, to be taken as unsigned, in 1 to 10 bytes.
  public static final Codec<Long> U64 =
      new VarintCodec<>(Writer::varintSize, Writer::varint, from -> from.varint(64));
  /// 0 to 2^128 - 1, in 1 to 19 bytes.
  public static final Codec<U128> U128 = new VarintCodec<>(Writer::varintSize, Writer::varint, Reader::varint128);

  /// -32,768 to 32,767.
  public static final Codec<Short> S16 = signed(16, Long::shortValue, Short::longValue);
  /// 32 bits with a sign.
  public static final Codec<Integer> S32 = signed(32, Long::intValue, Integer::longValue);
  /// 64 bits with a sign.
  public static final Codec<Long> S64 = signed(64, value -> value, value -> value);
  /// 128 bits with a sign.
  public static final Codec<I128> S128 = U128.as(dev.tenon.codec.I128::unZigZag, dev.tenon.codec.I128::zigZag);

  private Varints() {}

  /// A length or count on its own.
  ///
  /// @param range the lengths that are accepted
  /// @return a codec of numbers from 0 to 2^32 - 1
  public static Codec<Long> length(LengthRange range) {
    return new VarintCodec<>(U32::size, (to, value) -> U32.write(value, to), from -> {
      long length = from.varint(32);
      if (!range.contains(length)) {
        throw from.fail(Rule.INVALID_LENGTH, "usize", length, "is " + length + ", allowed " + range);
      }
      return length;
    });
  }

  /// @param value with a sign
  /// @return 0, 1, 2, 3 for 0, -1, 1, -2
  static long zigZag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  /// @param value unsigned
  /// @return the number that [#zigZag] maps to it
  static long unZigZag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }

  /// A number of `bits` with its sign extended maps to the same unsigned number as one of 64 bits.
  private static <T> Codec<T> signed(int bits, Function<Long, T> narrow, Function<T, Long> widen) {
    return new VarintCodec<>(value -> Writer.varintSize(zigZag(widen.apply(value))),
        (to, value) -> to.varint(zigZag(widen.apply(value))), from -> narrow.apply(unZigZag(from.varint(bits))));
  }

  private static int within(int value, int max) {
    Check.that(value >= 0 && value <= max, "an unsigned number fits its width");
    return value;
  }

  private record VarintCodec<T>(ToIntFunction<T> sizing, BiConsumer<Writer, T> writing, Function<Reader, T> reading)
      implements Codec<T> {
    @Override
    public int size(T value) {
      return sizing.applyAsInt(value);
    }

    @Override
    public void write(T value, Writer to) {
      writing.accept(to, value);
    }

    @Override
    public T read(Reader from) {
      return reading.apply(from);
    }
  }
}
