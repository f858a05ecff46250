package dev.tenon.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Comparator;
import java.util.List;

/// Any bytes are refused with a typed exception or are the one encoding of what was read. The first byte chooses the
/// type.
///
/// A normal run replays the inputs in the resources; with `JAZZER_FUZZ=1` new ones are searched for.
class CodecFuzzTest {
  private static final LengthRange SOME = LengthRange.atMost(1 << 16);
  private static final Comparator<Integer> ORDER = Comparator.naturalOrder();
  private static final Codec<Bytes> STRING = Containers.bytes(SOME);

  private static final List<Codec<?>> CODECS = List.of(Varints.U16, Varints.U32, Varints.U64, Varints.U128, Varints.S16,
      Varints.S128, Ints.BOOL, Ints.F32, Ints.F64, Ints.NON_ZERO_U64, Containers.list(LengthRange.ANY, Ints.U128),
      Containers.list(SOME, Containers.list(SOME, Containers.optional(STRING))),
      Containers.sortedMap(SOME, STRING, Varints.S64, Comparator.naturalOrder()),
      Containers.sortedSet(SOME, Ints.U64, Unsigned::compare),
      OrderedSet.codec(SOME, STRING, Comparator.naturalOrder()),
      OrderedMap.codec(SOME, Ints.U8, STRING, ORDER), OrderedMap.biMapCodec(SOME, Ints.U8, Ints.U8, ORDER, ORDER),
      Ranges.range(Ints.U16, ORDER), Ranges.nonEmpty(Varints.U16, ORDER), Addresses.SOCKET, Hostname.CODEC,
      BitMap.codec(1, -1L), BitMap.codec(32, 1 << 16), PrunableBitMap.codec(4, -1L), PrefixedU64.CODEC,
      Lazy.codec(1, Ints.BOOL), Containers.nonEmptyList(SOME, Containers.array(3, Varints.U16)));

  @FuzzTest(maxDuration = "10m")
  void acceptsOnlyTheOneEncoding(byte[] input) {
    if (input.length == 0) {
      return;
    }
    Codec<?> codec = CODECS.get((input[0] & 0xff) % CODECS.size());
    check(codec, Bytes.of(input, 1, input.length - 1));
  }

  private static <T> void check(Codec<T> codec, Bytes input) {
    T value;
    try {
      value = codec.decode(input);
    } catch (InvalidDataException e) {
      assertThat(e.offset()).isBetween(0L, (long) input.size());
      return;
    }
    assertThat(codec.encode(value)).isEqualTo(input);
    assertThat(codec.decode(input)).isEqualTo(value).hasSameHashCodeAs(value);
  }
}
