package dev.tenon.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tenon.codec.InvalidDataException.Rule;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/// Goal: each decode rule is broken once, and told as what it is. Method: one input a rule, beside an accepted one.
class RejectionTest {
  private static final LengthRange TEN = LengthRange.atMost(10);
  private static final Comparator<Integer> ORDER = Comparator.naturalOrder();

  @Test
  void refusesInputThatEndsInsideAValue() {
    rejects(Ints.U32, "010203", Rule.END_OF_BUFFER);
    rejects(Ints.U128, "000102030405060708090a0b0c0d0e", Rule.END_OF_BUFFER);
    rejects(Varints.U64, "80", Rule.END_OF_BUFFER);
    rejects(Containers.fixedBytes(4), "000102", Rule.END_OF_BUFFER);
  }

  @Test
  void refusesBytesAfterAWholeMessage() {
    assertThat(rejects(Ints.U8, "0102", Rule.EXTRA_DATA).value()).isEqualTo(1);
  }

  @Test
  void refusesOverlongVarints() {
    assertThat(rejects(Varints.U16, "8000", Rule.INVALID_VARINT).value()).isEqualTo(2);
    assertThat(rejects(Varints.U128, "ff00", Rule.INVALID_VARINT).value()).isEqualTo(16);
    assertThat(Varints.U16.decode(Bytes.ofHex("8001"))).isEqualTo(128);
  }

  @Test
  void refusesVarintsThatOverflowOrGoOnAtTheLastByte() {
    rejects(Varints.U16, "ffff04", Rule.INVALID_VARINT);
    rejects(Varints.U16, "808080", Rule.INVALID_VARINT);
    rejects(Varints.U32, "ffffffff1f", Rule.INVALID_VARINT);
    rejects(Varints.U64, "ffffffffffffffffff02", Rule.INVALID_VARINT);
    rejects(Varints.U128, "ffffffffffffffffffffffffffffffffffff04", Rule.INVALID_VARINT);
    assertThat(Varints.U128.decode(Bytes.ofHex("ffffffffffffffffffffffffffffffffffff03"))).isEqualTo(U128.MAX);
  }

  @Test
  void refusesBooleansOtherThanZeroAndOne() {
    rejects(Ints.BOOL, "02", Rule.INVALID_BOOL);
    rejects(Containers.optional(Ints.U8), "0201", Rule.INVALID_BOOL);
  }

  @Test
  void refusesZeroForNonZeroNumbers() {
    rejects(Ints.NON_ZERO_U16, "0000", Rule.INVALID);
    rejects(Ints.NON_ZERO_U32, "00000000", Rule.INVALID);
    rejects(Ints.NON_ZERO_U64, "0000000000000000", Rule.INVALID);
    assertThat(Ints.NON_ZERO_U64.decode(Bytes.ofHex("8000000000000000"))).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void acceptsLengthsAtTheLimitAndRefusesThoseBeyond() {
    Codec<Bytes> bytes = Containers.bytes(LengthRange.between(1, 2));
    assertThat(bytes.decode(Bytes.ofHex("020102")).size()).isEqualTo(2);
    assertThat(rejects(bytes, "03010203", Rule.INVALID_LENGTH).value()).isEqualTo(3);
    assertThat(rejects(bytes, "00", Rule.INVALID_LENGTH).value()).isZero();
    rejects(Containers.list(TEN, Ints.U8), "0b0000000000000000000000", Rule.INVALID_LENGTH);
    rejects(Varints.length(LengthRange.exactly(3)), "04", Rule.INVALID_LENGTH);
  }

  @Test
  void refusesALengthThatNoArrayCanHave() {
    rejects(Containers.list(LengthRange.ANY, Ints.U8), "ffffffff0f", Rule.INVALID_USIZE);
  }

  @Test
  void reservesNoMemoryForItemsThatTheInputCannotHold() {
    // 2^31 - 1 items of 16 bytes: with memory reserved up front this needs more heap than the tests have.
    rejects(Containers.list(LengthRange.ANY, Ints.U128), "ffffffff07", Rule.END_OF_BUFFER);
    rejects(Containers.bytes(LengthRange.ANY), "ffffffff07", Rule.END_OF_BUFFER);
    rejects(BitMap.codec(32, -1L), "ffffffffffffffff", Rule.END_OF_BUFFER);
  }

  @Test
  void refusesUnsortedAndRepeatedItems() {
    Codec<SortedSet<Integer>> set = Containers.sortedSet(TEN, Ints.U8, ORDER);
    assertThat(rejects(set, "020201", Rule.INVALID)).hasMessageContaining("items must ascend");
    assertThat(rejects(set, "020101", Rule.INVALID)).hasMessageContaining("duplicate item");
    Codec<OrderedSet<Integer>> ordered = OrderedSet.codec(TEN, Ints.U8, ORDER);
    rejects(ordered, "020201", Rule.INVALID);
    rejects(ordered, "020101", Rule.INVALID);
    Codec<SortedMap<Integer, Integer>> map = Containers.sortedMap(TEN, Ints.U8, Ints.U8, ORDER);
    assertThat(rejects(map, "0202000100", Rule.INVALID)).hasMessageContaining("keys must ascend");
    assertThat(rejects(map, "0201000100", Rule.INVALID)).hasMessageContaining("duplicate key");
  }

  @Test
  void checksAKeyBeforeItReadsTheValue() {
    rejects(Containers.sortedMap(TEN, Ints.U8, Ints.BOOL, ORDER), "0201010109", Rule.INVALID);
  }

  @Test
  void ordersUnsignedKeysAboveTheSignBit() {
    Codec<SortedSet<Long>> set = Containers.sortedSet(TEN, Ints.U64, Unsigned::compare);
    String ascending = "0200000000000000018000000000000000";
    assertThat(set.encode(set.decode(Bytes.ofHex(ascending))).hex()).isEqualTo(ascending);
    rejects(set, "0280000000000000000000000000000001", Rule.INVALID);
  }

  @Test
  void refusesMapsWhoseCountsDifferOrValuesRepeat() {
    Codec<OrderedMap<Integer, Integer>> map = OrderedMap.codec(TEN, Ints.U8, Ints.U8, ORDER);
    assertThat(rejects(map, "0201020109", Rule.INVALID_LENGTH).value()).isEqualTo(1);
    Codec<OrderedMap<Integer, Integer>> biMap = OrderedMap.biMapCodec(TEN, Ints.U8, Ints.U8, ORDER, ORDER);
    rejects(biMap, "020102020909", Rule.INVALID);
    assertThat(biMap.decode(Bytes.ofHex("020102020908")).value(2)).contains(8);
    assertThat(biMap.decode(Bytes.ofHex("0000")).keys().size()).isZero();
  }

  @Test
  void refusesInvertedAndEmptyRanges() {
    rejects(Ranges.range(Ints.U16, ORDER), "03040102", Rule.INVALID);
    rejects(Ranges.nonEmpty(Ints.U16, ORDER), "01020102", Rule.INVALID);
    assertThat(Ranges.range(Ints.U16, ORDER).decode(Bytes.ofHex("01020102"))).isEqualTo(new Interval<>(258, 258));
    rejects(Containers.nonEmptyList(TEN, Ints.U8), "00", Rule.INVALID);
  }

  @Test
  void refusesAnAddressOfAnotherVersion() {
    rejects(Addresses.IP, "0501020304", Rule.INVALID);
    rejects(Addresses.SOCKET, "060000000000000000000000000000000000", Rule.END_OF_BUFFER);
  }

  @Test
  void refusesBitsBeyondTheCountOfAMap() {
    Codec<BitMap> map = BitMap.codec(2, 9);
    rejects(map, "00000000000000010200", Rule.INVALID);
    rejects(map, "00000000000000010101", Rule.INVALID);
    rejects(map, "00000000000000080001", Rule.INVALID);
    assertThat(rejects(map, "000000000000000a0000", Rule.INVALID_LENGTH).value()).isEqualTo(10);
    assertThat(map.decode(Bytes.ofHex("00000000000000090101"))).isEqualTo(BitMap.of(9, 0, 8));
  }

  @Test
  void refusesPrunedBitsThatAU64DoesNotCount() {
    Codec<PrunableBitMap> map = PrunableBitMap.codec(1, 16);
    rejects(map, "2000000000000000" + "0000000000000000", Rule.INVALID);
    rejects(map, "1fffffffffffffff" + "0000000000000009" + "0000", Rule.INVALID);
    String most = "1fffffffffffffff" + "0000000000000007" + "7f";
    assertThat(map.encode(map.decode(Bytes.ofHex(most))).hex()).isEqualTo(most);
  }

  @Test
  void refusesWhatIsNoHostName() {
    for (String name : List.of("", ".", "a..b", "a.", "-a", "a-", "a_b", "é", "x".repeat(64),
        "a.".repeat(126) + "bb")) {
      var raw = Bytes.wrap(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      Rule rule = raw.size() > Hostname.LENGTH_MAX ? Rule.INVALID_LENGTH : Rule.INVALID;
      rejects(Hostname.CODEC, Containers.bytes(LengthRange.ANY).encode(raw).hex(), rule);
    }
    var longest = new Hostname("a.".repeat(126) + "b");
    assertThat(Hostname.CODEC.decode(Hostname.CODEC.encode(longest))).isEqualTo(longest);
  }

  @Test
  void keepsUndecodableLazyBytes() {
    Codec<Lazy<Boolean>> codec = Lazy.codec(1, Ints.BOOL);
    Lazy<Boolean> bad = codec.decode(Bytes.ofHex("02"));
    assertThat(bad.value()).isEmpty();
    assertThat(bad).isEqualTo(codec.decode(Bytes.ofHex("03"))).isNotEqualTo(codec.decode(Bytes.ofHex("01")));
    assertThat(codec.encode(bad).hex()).isEqualTo("02");
    assertThat(codec.decode(Bytes.ofHex("01"))).isEqualTo(Lazy.of(true, Ints.BOOL));
    rejects(codec, "", Rule.END_OF_BUFFER);
  }

  @Test
  void failsLoudlyWhereAValueIsNoneOfItsType() {
    fails(() -> Ints.U8.encode(256));
    fails(() -> Ints.U32.encode(-1L));
    fails(() -> Varints.U32.encode(1L << 32));
    fails(() -> Ints.NON_ZERO_U32.encode(0L));
    fails(() -> Ranges.range(Ints.U8, ORDER).encode(new Interval<>(2, 1)));
    fails(() -> Containers.fixedBytes(2).encode(Bytes.EMPTY));
    fails(() -> Containers.array(2, Ints.U8).encode(List.of(1)));
    fails(() -> new Hostname("a..b"));
    fails(() -> new Writer(1).u16(1));
    fails(() -> new Writer(1).finish());
  }

  private static void fails(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(CheckFailed.class).isThrownBy(call);
  }

  private static <T> InvalidDataException rejects(Codec<T> codec, String hex, Rule rule) {
    var thrown = new InvalidDataException[1];
    assertThatExceptionOfType(InvalidDataException.class).isThrownBy(() -> codec.decode(Bytes.ofHex(hex)))
        .satisfies(e -> {
          assertThat(e.rule()).isEqualTo(rule);
          thrown[0] = e;
        });
    return thrown[0];
  }
}
