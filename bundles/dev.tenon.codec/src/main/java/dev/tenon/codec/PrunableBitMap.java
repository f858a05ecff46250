package dev.tenon.codec;

import dev.tenon.codec.InvalidDataException.Rule;

/// A row of bits whose first chunks were dropped.
///
/// @param prunedChunks how many, unsigned
/// @param rest the bits after them
public record PrunableBitMap(long prunedChunks, BitMap rest) {
  /// @param chunkBytes the size of a chunk, 1 or more
  /// @param sizeMax the largest accepted count of bits that are left, unsigned
  /// @return `u64 pruned chunks ‖ bit map`
  public static Codec<PrunableBitMap> codec(int chunkBytes, long sizeMax) {
    return new PrunableCodec(8L * chunkBytes, BitMap.codec(chunkBytes, sizeMax));
  }

  private record PrunableCodec(long chunkBits, Codec<BitMap> map) implements Codec<PrunableBitMap> {
    @Override
    public int size(PrunableBitMap value) {
      return Containers.size((long) Long.BYTES + map.size(value.rest));
    }

    @Override
    public void write(PrunableBitMap value, Writer to) {
      Check.that(!Unsigned.productOverflows(value.prunedChunks, chunkBits)
          && !Unsigned.sumOverflows(value.prunedChunks * chunkBits, value.rest.size()), "bits are counted by a u64");
      to.u64(value.prunedChunks);
      map.write(value.rest, to);
    }

    @Override
    public PrunableBitMap read(Reader from) {
      long pruned = from.u64();
      if (Unsigned.productOverflows(pruned, chunkBits)) {
        throw from.fail(Rule.INVALID, "Prunable", pruned, "has more pruned bits than a u64 counts");
      }
      BitMap rest = map.read(from);
      if (Unsigned.sumOverflows(pruned * chunkBits, rest.size())) {
        throw from.fail(Rule.INVALID, "Prunable", pruned, "has more bits than a u64 counts");
      }
      return new PrunableBitMap(pruned, rest);
    }

    @Override
    public int sizeMin() {
      return Long.BYTES + map.sizeMin();
    }
  }
}
