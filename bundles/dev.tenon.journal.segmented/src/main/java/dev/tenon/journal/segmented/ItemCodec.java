package dev.tenon.journal.segmented;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.tenon.codec.Bytes;
import java.util.Arrays;
import java.util.Optional;

/// Items to stored payloads and back: as they are, or each as a zstd frame.
final class ItemCodec {
  private final int level;
  private final int itemBytesMax;

  ItemCodec(StoreConfig config) {
    this.level = config.compressionLevel();
    this.itemBytesMax = config.itemBytesMax();
  }

  byte[] encode(Bytes item) {
    byte[] bytes = item.toArray();
    return level == 0 ? bytes : Zstd.compress(bytes, level);
  }

  /// The longest payload that an item may have: what is longer is refused before it is read.
  int payloadBytesMax() {
    return level == 0 ? itemBytesMax : Math.toIntExact(Math.min(Integer.MAX_VALUE, Zstd.compressBound(itemBytesMax)));
  }

  /// @return the item, or nothing where the payload is no frame of at most `itemBytesMax` bytes
  Optional<Bytes> decode(byte[] payload) {
    if (level == 0) {
      return Optional.of(Bytes.wrap(payload));
    }
    long announced = payload.length == 0 ? Long.MAX_VALUE : Zstd.getFrameContentSize(payload); // it refuses no bytes
    if (announced > itemBytesMax) {
      return Optional.empty();
    }
    // A frame written as a stream does not announce its size: try with room that grows up to the limit.
    long room = announced >= 0 ? announced : Math.min(itemBytesMax, Math.max(1_024L, 4L * payload.length));
    while (true) {
      byte[] item = new byte[(int) room];
      try {
        long size = Zstd.decompressByteArray(item, 0, item.length, payload, 0, payload.length);
        return Optional.of(Bytes.wrap(size == item.length ? item : Arrays.copyOf(item, (int) size)));
      } catch (ZstdException e) {
        if (announced >= 0 || e.getErrorCode() != Zstd.errDstSizeTooSmall() || room == itemBytesMax) {
          return Optional.empty();
        }
        room = Math.min(itemBytesMax, room * 4);
      }
    }
  }
}
