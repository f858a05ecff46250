package dev.tenon.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What is written is read back, and whatever bytes are accepted are the one encoding of what was read.
class CodecPropertyTest {
  private static final Codec<SortedMap<Long, Bytes>> MAP =
      Containers.sortedMap(LengthRange.atMost(1000), Varints.S64, Containers.bytes(LengthRange.ANY),
          Comparator.naturalOrder());
  private static final Codec<SortedSet<Long>> SET =
      Containers.sortedSet(LengthRange.atMost(1000), Ints.U64, Unsigned::compare);
  private static final List<Codec<?>> ALL = List.of(Ints.U16, Ints.F32, Ints.F64, Ints.NON_ZERO_U16, Ints.BOOL,
      Ints.I128, Varints.U16, Varints.U32, Varints.U64, Varints.U128, Varints.S16, Varints.S32, Varints.S64,
      Varints.S128,
      MAP, SET, Containers.optional(Varints.U16), Containers.list(LengthRange.ANY, Ints.BOOL), Addresses.SOCKET,
      BitMap.codec(1, 64), PrunableBitMap.codec(2, 64), Hostname.CODEC,
      Ranges.range(Ints.U8, Comparator.naturalOrder()),
      OrderedMap.codec(LengthRange.atMost(5), Ints.U8, Ints.U8, Comparator.naturalOrder()));

  @Property
  void acceptsOnlyTheOneEncoding(@ForAll byte[] input) {
    for (Codec<?> codec : ALL) {
      isCanonical(codec, Bytes.of(input));
    }
  }

  private static <T> void isCanonical(Codec<T> codec, Bytes input) {
    T value;
    try {
      value = codec.decode(input);
    } catch (InvalidDataException e) {
      assertThat(e.offset()).isBetween(0L, (long) input.size());
      return;
    }
    assertThat(codec.encode(value)).isEqualTo(input);
    assertThat(codec.sizeMin()).isLessThanOrEqualTo(input.size());
  }

  @Property
  void readsBackNumbers(@ForAll long value) {
    readsBack(Varints.U64, value);
    readsBack(Varints.S64, value);
    readsBack(Varints.S32, (int) value);
    readsBack(Varints.S16, (short) value);
    readsBack(Varints.U16, (int) value & 0xffff);
    readsBack(Ints.I64, value);
  }

  @Property
  void readsBackWideNumbers(@ForAll long high, @ForAll long low) {
    var unsigned = new U128(high, low);
    var signed = new I128(high, low);
    readsBack(Varints.U128, unsigned);
    readsBack(Varints.S128, signed);
    readsBack(Ints.U128, unsigned);
    assertThat(U128.of(unsigned.toBigInteger())).isEqualTo(unsigned);
    assertThat(I128.of(signed.toBigInteger())).isEqualTo(signed);
    BigInteger twice = signed.toBigInteger().shiftLeft(1);
    assertThat(signed.zigZag().toBigInteger()).isEqualTo(high < 0 ? twice.not() : twice);
  }

  @Property
  void comparesWideNumbersAsBigOnes(@ForAll long a, @ForAll long b, @ForAll long c, @ForAll boolean sameHigh) {
    var left = new U128(a, b);
    var right = new U128(sameHigh ? a : b, c);
    assertThat(Integer.signum(left.compareTo(right))).isEqualTo(left.toBigInteger().compareTo(right.toBigInteger()));
    var signedLeft = new I128(a, b);
    var signedRight = new I128(sameHigh ? a : b, c);
    assertThat(Integer.signum(signedLeft.compareTo(signedRight)))
        .isEqualTo(signedLeft.toBigInteger().compareTo(signedRight.toBigInteger()));
    assertThat(Integer.signum(Unsigned.compare(a, b))).isEqualTo(Integer.signum(Long.compareUnsigned(a, b)));
  }

  @Property
  void keepsTheBitsOfFloats(@ForAll int single, @ForAll long wide) {
    assertThat(Ints.F32.encode(Float.intBitsToFloat(single))).isEqualTo(Ints.I32.encode(single));
    assertThat(Ints.F64.encode(Double.longBitsToDouble(wide))).isEqualTo(Ints.I64.encode(wide));
  }

  @Property
  void readsBackContainers(@ForAll Map<Long, byte[]> entries, @ForAll Set<Long> items, @ForAll Optional<Long> maybe) {
    var map = new TreeMap<Long, Bytes>();
    entries.forEach((key, value) -> map.put(key, Bytes.of(value)));
    readsBack(MAP, map);
    var set = new TreeSet<Long>(Unsigned::compare);
    set.addAll(items);
    assertThat(SET.decode(SET.encode(set))).containsExactlyElementsOf(set);
    readsBack(Containers.optional(Ints.I64), maybe);
    readsBack(Containers.list(LengthRange.ANY, Ints.I64), List.copyOf(items));
  }

  @Property
  void feedsVarintsByteByByteAsAtOnce(@ForAll byte[] input) {
    for (int bits : new int[] {16, 32, 64}) {
      assertThat(fed(input, bits)).isEqualTo(read(input, bits));
    }
  }

  private static String fed(byte[] input, int bits) {
    var decoder = new VarintDecoder(bits);
    try {
      for (byte next : input) {
        if (decoder.feed(next)) {
          return "value " + decoder.value();
        }
      }
      return "END_OF_BUFFER";
    } catch (InvalidDataException e) {
      return e.rule().name();
    }
  }

  private static String read(byte[] input, int bits) {
    try {
      return "value " + new Reader(Bytes.of(input)).varint(bits);
    } catch (InvalidDataException e) {
      return e.rule().name();
    }
  }

  private static <T> void readsBack(Codec<T> codec, T value) {
    Bytes encoded = codec.encode(value);
    assertThat(codec.decode(encoded)).isEqualTo(value);
    assertThat(encoded.size()).isEqualTo(codec.size(value)).isGreaterThanOrEqualTo(codec.sizeMin());
  }
}
