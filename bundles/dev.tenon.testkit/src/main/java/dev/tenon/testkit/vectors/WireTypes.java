package dev.tenon.testkit.vectors;

import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Proposal;
import dev.tenon.codec.Addresses;
import dev.tenon.codec.BitMap;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.Containers;
import dev.tenon.codec.Interval;
import dev.tenon.codec.Ints;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.InvalidDataException.Rule;
import dev.tenon.codec.IpAddress;
import dev.tenon.codec.LengthRange;
import dev.tenon.codec.OrderedMap;
import dev.tenon.codec.OrderedSet;
import dev.tenon.codec.Pair;
import dev.tenon.codec.Ranges;
import dev.tenon.codec.SocketAddress;
import dev.tenon.codec.Unsigned;
import dev.tenon.codec.Varints;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.consensus.Round;
import dev.tenon.consensus.View;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;

/// The types of the conformance files by their names there, with the rules by which their values are drawn.
///
/// Source of the rules: the generator table in the README.md beside the vectors.
final class WireTypes {
  static final int KEY_SIZE = 32;
  static final int SIGNATURE_SIZE = 64;

  private static final LengthRange SOME = LengthRange.atMost(4096);
  private static final Comparator<Long> NUMBERS = Comparator.naturalOrder();
  private static final int DRAWN_HASH_MAX = 256; // bytes under a drawn digest
  private static final int DRAWN_SIGNERS = 10;

  private final Map<String, WireType<?>> types = new LinkedHashMap<>();
  private final TestKeys keys;

  WireTypes(TestKeys keys) {
    this.keys = keys;
  }

  /// The types that need no point of BLS12-381; certificates are read by their parts only.
  static Map<String, WireType<?>> withoutPoints(TestKeys keys) {
    return withoutPoints(keys, (value, encoded) -> true);
  }

  /// The types that need no point of BLS12-381.
  ///
  /// @param certificates a scheme's codec, which must agree on each drawn certificate of ed25519
  static Map<String, WireType<?>> withoutPoints(TestKeys keys, Codec<Certificate> certificates) {
    return withoutPoints(keys, (value, encoded) -> agrees(certificates, value, encoded));
  }

  private static Map<String, WireType<?>> withoutPoints(TestKeys keys,
      BiPredicate<Pair<BitMap, List<Bytes>>, Bytes> certificates) {
    var types = new WireTypes(keys);
    types.numbers();
    types.containers();
    types.addresses();
    types.utilities();
    types.cryptography(certificates);
    types.consensus();
    return types.types;
  }

  private <T> void add(String module, String type, Codec<T> codec, Function<Draw, T> draw) {
    types.put(name(module, type), new WireType<>(codec, draw));
  }

  private static String name(String module, String type) {
    return "commonware_" + module + "::conformance::CodecConformance<" + type + ">";
  }

  private void numbers() {
    String primitives = "codec::types::primitives::tests";
    add(primitives, "NonZeroU16", Ints.NON_ZERO_U16, from -> nonZero(from, Draw::u16));
    add(primitives, "NonZeroU32", Ints.NON_ZERO_U32, from -> nonZero(from, Draw::u32Long));
    add(primitives, "Option<u64>", Containers.optional(Ints.U64),
        from -> from.bool() ? Optional.of(from.u64()) : Optional.empty());
    add(primitives, "[u8;32]", Containers.fixedBytes(32), from -> from.bytes(32));
    add(primitives, "f32", Ints.F32, from -> Float.intBitsToFloat(from.u32()));
    add(primitives, "f64", Ints.F64, from -> Double.longBitsToDouble(from.u64()));
    add(primitives, "i8", Ints.I8, from -> (byte) from.u8());
    add(primitives, "i16", Ints.I16, from -> (short) from.u16());
    add(primitives, "i32", Ints.I32, Draw::u32);
    add(primitives, "u32", Ints.U32, Draw::u32Long);
    add(primitives, "u64", Ints.U64, Draw::u64);
    add(primitives, "u128", Ints.U128, Draw::u128);
    String varint = "codec::varint::tests";
    add(varint, "SInt<i16>", Varints.S16, from -> (short) from.u16());
    add(varint, "SInt<i64>", Varints.S64, Draw::u64);
    add(varint, "SInt<i128>", Varints.S128, Draw::i128);
    add(varint, "UInt<u32>", Varints.U32, Draw::u32Long);
    add(varint, "UInt<u64>", Varints.U64, Draw::u64);
    add(varint, "UInt<u128>", Varints.U128, Draw::u128);
  }

  private static <N extends Number> N nonZero(Draw from, Function<Draw, N> number) {
    N drawn = number.apply(from);
    while (drawn.longValue() == 0) {
      drawn = number.apply(from);
    }
    return drawn;
  }

  private void containers() {
    for (String flavour : List.of("btree", "hash")) {
      String name = flavour.equals("btree") ? "BTree" : "Hash";
      add("codec::types::" + flavour + "_map::tests", name + "Map<u32,u32>",
          Containers.sortedMap(SOME, Ints.U32, Ints.U32, NUMBERS), from -> map(from, false));
    }
    add("codec::types::btree_set::tests", "BTreeSet<u8>",
        Containers.sortedSet(SOME, Ints.U8, Comparator.naturalOrder()), from -> set(from, Draw::u8));
    add("codec::types::hash_set::tests", "HashSet<u32>", Containers.sortedSet(SOME, Ints.U32, NUMBERS),
        from -> set(from, Draw::u32Long));
    String vec = "codec::types::vec::tests";
    add(vec, "Vec<u16>", Containers.list(SOME, Ints.U16), from -> from.list(Draw::u16));
    add(vec, "Vec<u32>", Containers.list(SOME, Ints.U32), from -> from.list(Draw::u32Long));
    String range = "codec::types::range::tests";
    for (String kind : List.of("Range", "RangeInclusive")) {
      add(range, kind + "<u32>", Ranges.range(Ints.U32, NUMBERS), from -> interval(from, Draw::u32Long));
      add(range, kind + "<u64>", Ranges.range(Ints.U64, Unsigned::compare), from -> interval(from, Draw::u64));
    }
    add(range, "RangeToInclusive<u32>", Ints.U32, Draw::u32Long);
    String tuple = "codec::types::tuple::tests";
    Codec<Pair<Long, Long>> two = Containers.pair(Ints.U32, Ints.U32);
    add(tuple, "(u32,u32)", two, WireTypes::two);
    add(tuple, "(u32,u32,u32,u32)", Containers.pair(two, two), from -> new Pair<>(two(from), two(from)));
    add(tuple, "(u32,u32,u32,u32,u32)", Containers.pair(two, Containers.pair(two, Ints.U32)),
        from -> new Pair<>(two(from), new Pair<>(two(from), from.u32Long())));
  }

  private static Pair<Long, Long> two(Draw from) {
    long first = from.u32Long();
    return new Pair<>(first, from.u32Long());
  }

  private static <T> SortedSet<T> set(Draw from, Function<Draw, T> item) {
    return new TreeSet<>(from.list(item));
  }

  private static SortedMap<Long, Long> map(Draw from, boolean firstStays) {
    var map = new TreeMap<Long, Long>();
    for (Pair<Long, Long> entry : from.list(WireTypes::two)) {
      if (firstStays) {
        map.putIfAbsent(entry.first(), entry.second());
      } else {
        map.put(entry.first(), entry.second());
      }
    }
    return map;
  }

  private static Interval<Long> interval(Draw from, Function<Draw, Long> bound) {
    Long a = bound.apply(from);
    Long b = bound.apply(from);
    return Unsigned.compare(a, b) <= 0 ? new Interval<>(a, b) : new Interval<>(b, a);
  }

  private void addresses() {
    String net = "codec::types::net::test";
    add(net, "Ipv4Addr", Addresses.IPV4, from -> new IpAddress.V4(from.u32()));
    add(net, "Ipv6Addr", Addresses.IPV6, WireTypes::v6);
    add(net, "SocketAddrV4", Addresses.SOCKET_V4,
        from -> new SocketAddress<>(new IpAddress.V4(from.u32()), from.u16()));
    add(net, "SocketAddrV6", Addresses.SOCKET_V6, from -> new SocketAddress<>(v6(from), from.u16()));
  }

  private static IpAddress.V6 v6(Draw from) {
    var bits = from.u128();
    return new IpAddress.V6(bits.high(), bits.low());
  }

  private void utilities() {
    add("utils::ordered::test", "Map<u32,u32>", OrderedMap.codec(SOME, Ints.U32, Ints.U32, NUMBERS),
        from -> OrderedMap.of(map(from, true), NUMBERS));
    add("utils::ordered::test", "Set<u32>", OrderedSet.codec(SOME, Ints.U32, NUMBERS),
        from -> OrderedSet.of(from.list(Draw::u32Long), NUMBERS));
    add("utils::range::tests", "NonEmptyRange<u64>", Ranges.nonEmpty(Ints.U64, Unsigned::compare), from -> {
      Interval<Long> drawn = interval(from, Draw::u64);
      while (drawn.start().equals(drawn.end())) {
        drawn = interval(from, Draw::u64);
      }
      return drawn;
    });
    add("utils::sequence::fixed_bytes::tests", "FixedBytes<16>", Containers.fixedBytes(16), from -> from.bytes(16));
    add("utils::sequence::u32::tests", "U32", Ints.I32, from -> from.bytes(4).buffer().getInt());
    add("utils::sequence::u64::tests", "U64", Ints.U64, from -> from.bytes(8).buffer().getLong());
    add("utils::tests", "Participant", Varints.U32, Draw::u32Long);
  }

  private void cryptography(BiPredicate<Pair<BitMap, List<Bytes>>, Bytes> certificates) {
    add("cryptography::sha256::tests", "Digest", Digest.CODEC, WireTypes::digest);
    add("cryptography::transcript::test", "Summary", Containers.fixedBytes(32), from -> from.bytes(32));
    add("cryptography::ed25519::scheme::tests", "PrivateKey", Containers.fixedBytes(KEY_SIZE), WireTypes::secret);
    add("cryptography::ed25519::scheme::tests", "PublicKey", Containers.fixedBytes(KEY_SIZE),
        from -> key(from).bytes());
    Codec<BitMap> signers = BitMap.codec(1, DRAWN_SIGNERS);
    add("cryptography::certificate::tests", "Signers", signers, WireTypes::signers);
    types.put(name("cryptography::ed25519::certificate::tests", "Certificate"),
        new WireType<>(Containers.pair(signers, Containers.list(SOME, Containers.fixedBytes(SIGNATURE_SIZE))),
            this::certificate, certificates));
  }

  private Pair<BitMap, List<Bytes>> certificate(Draw from) {
    BitMap drawn = signers(from);
    var signatures = new ArrayList<Bytes>();
    for (long i = drawn.count(); i > 0; i--) {
      signatures.add(signature(from).bytes());
    }
    return new Pair<>(drawn, signatures);
  }

  /// Certificates without signers are drawn too; no scheme may read them.
  private static boolean agrees(Codec<Certificate> codec, Pair<BitMap, List<Bytes>> drawn, Bytes encoded) {
    Certificate read;
    try {
      read = codec.decode(encoded);
    } catch (InvalidDataException e) {
      return drawn.second().isEmpty() && e.rule() == Rule.INVALID;
    }
    var expected = new ArrayList<Attestation>();
    for (int i = 0; i < drawn.second().size(); i++) { // the first participants have signed
      expected.add(new Attestation(i, drawn.second().get(i)));
    }
    return !expected.isEmpty() && read.attestations().equals(expected) && codec.encode(read).equals(encoded);
  }

  static Digest digest(Draw from) {
    Bytes hashed = from.bytes(from.intInRange(DRAWN_HASH_MAX, 8));
    return new Digest(Bytes.wrap(Conformance.sha256().digest(hashed.toArray())));
  }

  private static Bytes secret(Draw from) {
    return ChaCha.first(12, from.bytes(KEY_SIZE).toArray(), KEY_SIZE);
  }

  private PublicKey key(Draw from) {
    return new PublicKey(keys.publicKey(secret(from)));
  }

  Signature signature(Draw from) {
    Bytes secret = secret(from);
    long limit = Long.remainderUnsigned(from.u64(), 256);
    List<Integer> drawn = from.list(limit, Draw::u8);
    var message = new byte[drawn.size()];
    for (int i = 0; i < message.length; i++) {
      message[i] = drawn.get(i).byteValue();
    }
    return new Signature(keys.sign(secret, Framing.framed(Bytes.EMPTY, Bytes.wrap(message))));
  }

  private static BitMap signers(Draw from) {
    int participants = from.lengthFromEnd() % DRAWN_SIGNERS;
    int signing = Math.min(from.lengthFromEnd(), participants);
    var set = new long[signing];
    for (int i = 0; i < signing; i++) {
      set[i] = i;
    }
    return BitMap.of(participants, set);
  }

  private void consensus() {
    add("consensus::types::tests", "Height", Height.CODEC, from -> new Height(from.u64()));
    add("consensus::types::tests", "Round", Round.CODEC, from -> {
      var epoch = new Epoch(from.u64());
      return new Round(epoch, new View(from.u64()));
    });
    // The keys are drawn, so whether they are keys is no question here; certificates do not occur in these two.
    var codecs = new BroadcastCodecs(KEY_SIZE, SIGNATURE_SIZE, key -> true, Attestation.codec(SIGNATURE_SIZE),
        epoch -> Optional.empty());
    String broadcast = "consensus::ordered_broadcast::types::tests";
    add(broadcast, "Chunk<PublicKey,Sha256Digest>", codecs.chunk(), this::chunk);
    add(broadcast, "Proposal<PublicKey,Sha256Digest>", codecs.proposal(), from -> {
      Chunk chunk = chunk(from);
      return new Proposal(chunk, signature(from));
    });
  }

  Chunk chunk(Draw from) {
    PublicKey key = key(from);
    var height = new Height(from.u64());
    return new Chunk(key, height, digest(from));
  }
}
