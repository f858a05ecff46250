package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;

/// Numbers of a fixed width, big-endian. Each codec states the Java type that holds its values and their range.
public final class Ints {
  /// 0 to 255.
  public static final Codec<Integer> U8 = new FixedCodec<>(1, Reader::u8, (to, value) -> to.u8(within(value, 0xff)));
  /// 0 to 65,535.
  public static final Codec<Integer> U16 =
      new FixedCodec<>(2, Reader::u16, (to, value) -> to.u16(within(value, 0xffff)));
  /// 0 to 2^32 - 1.
  public static final Codec<Long> U32 =
      new FixedCodec<>(4, from -> from.u32() & 0xffff_ffffL, (to, value) -> to.u32(Writer.low32(value)));
  /// 64 bits, to be taken as unsigned; [Unsigned#compare] orders them.
  public static final Codec<Long> U64 = new FixedCodec<>(8, Reader::u64, Writer::u64);
  /// 0 to 2^128 - 1.
  public static final Codec<U128> U128 = new FixedCodec<>(16, Reader::u128, Writer::u128);

  /// -128 to 127.
  public static final Codec<Byte> I8 = new FixedCodec<>(1, from -> (byte) from.u8(), (to, value) -> to.u8(value));
  /// -32,768 to 32,767.
  public static final Codec<Short> I16 = new FixedCodec<>(2, from -> (short) from.u16(), (to, value) -> to.u16(value));
  /// 32 bits with a sign.
  public static final Codec<Integer> I32 = new FixedCodec<>(4, Reader::u32, Writer::u32);
  /// 64 bits with a sign.
  public static final Codec<Long> I64 = new FixedCodec<>(8, Reader::u64, Writer::u64);
  /// 128 bits with a sign.
  public static final Codec<I128> I128 = new FixedCodec<>(16, Reader::i128, Writer::i128);

  /// IEEE 754 bits of 32; those of a NaN pass unchanged.
  public static final Codec<Float> F32 = new FixedCodec<>(4, from -> Float.intBitsToFloat(from.u32()),
      (to, value) -> to.u32(Float.floatToRawIntBits(value)));
  /// IEEE 754 bits of 64; those of a NaN pass unchanged.
  public static final Codec<Double> F64 = new FixedCodec<>(8, from -> Double.longBitsToDouble(from.u64()),
      (to, value) -> to.u64(Double.doubleToRawLongBits(value)));

  /// 1 to 65,535.
  public static final Codec<Integer> NON_ZERO_U16 =
      new FixedCodec<>(2, from -> (int) nonZero(from.u16(), from),
          (to, value) -> to.u16(within(nonZero(value), 0xffff)));
  /// 1 to 2^32 - 1.
  public static final Codec<Long> NON_ZERO_U32 = new FixedCodec<>(4, from -> nonZero(from.u32() & 0xffff_ffffL, from),
      (to, value) -> to.u32(Writer.low32(nonZero(value))));
  /// 64 bits, to be taken as unsigned, not 0.
  public static final Codec<Long> NON_ZERO_U64 =
      new FixedCodec<>(8, from -> nonZero(from.u64(), from), (to, value) -> to.u64(nonZero(value)));

  /// One byte, 0 or 1.
  public static final Codec<Boolean> BOOL = new FixedCodec<>(1, Reader::bool, Writer::bool);

  private Ints() {}

  private static int within(int value, int max) {
    Check.that(value >= 0 && value <= max, "an unsigned number fits its width");
    return value;
  }

  private static int nonZero(int value) {
    return (int) nonZero((long) value);
  }

  private static long nonZero(long value) {
    Check.that(value != 0, "a non-zero number is not 0");
    return value;
  }

  private static long nonZero(long value, Reader from) {
    if (value == 0) {
      throw from.fail(Rule.INVALID, "non-zero integer", 0, "is 0");
    }
    return value;
  }
}
