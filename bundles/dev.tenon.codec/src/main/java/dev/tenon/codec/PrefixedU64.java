package dev.tenon.codec;

/// A number in a space of its own: `u8 prefix ‖ u64`, so that encodings sort by prefix, then by number.
///
/// @param prefix 0 to 255
/// @param value unsigned
public record PrefixedU64(int prefix, long value) {
  /// 9 bytes.
  public static final Codec<PrefixedU64> CODEC = Containers.pair(Ints.U8, Ints.U64)
      .as(pair -> new PrefixedU64(pair.first(), pair.second()), number -> new Pair<>(number.prefix, number.value));

  /// Checks the prefix.
  public PrefixedU64 {
    Check.that(prefix >= 0 && prefix <= 0xff, "a prefix is one byte");
  }
}
