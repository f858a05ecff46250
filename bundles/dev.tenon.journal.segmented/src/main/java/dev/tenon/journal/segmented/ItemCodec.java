package dev.tenon.journal.segmented;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.tenon.codec.Bytes;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Items to stored payloads and back: as they are, or each as a zstd frame. For one call at a time.
///
/// A context of zstd takes longer to make than a small item to compress, so one of each kind stays until `close`: a MiB
/// or two outside of the heap, made when it is first needed.
final class ItemCodec implements AutoCloseable {
  private final int level;
  private final int itemBytesMax;
  private @Nullable ZstdCompressCtx compressing;
  private @Nullable ZstdDecompressCtx decompressing;

  ItemCodec(StoreConfig config) {
    this.level = config.compressionLevel();
    this.itemBytesMax = config.itemBytesMax();
  }

  byte[] encode(Bytes item) {
    byte[] bytes = item.toArray();
    return level == 0 ? bytes : compressing().compress(bytes);
  }

  @Override
  public void close() {
    if (compressing != null) compressing.close();
    if (decompressing != null) decompressing.close();
    compressing = null;
    decompressing = null;
  }

  private ZstdCompressCtx compressing() {
    if (compressing == null) compressing = new ZstdCompressCtx().setLevel(level);
    return compressing;
  }

  private ZstdDecompressCtx decompressing() {
    if (decompressing == null) decompressing = new ZstdDecompressCtx();
    return decompressing;
  }

  /// The longest payload that an item may have: what is longer is refused before it is read.
  int payloadBytesMax() {
    return level == 0 ? itemBytesMax : Math.toIntExact(Math.min(Integer.MAX_VALUE, Zstd.compressBound(itemBytesMax)));
  }

  /// What an item must be to be read, by the key's name: a larger one may be whole, and taken while this was higher.
  String limit() {
    return "an item within itemBytesMax=" + itemBytesMax;
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
        long size = decompressing().decompressByteArray(item, 0, item.length, payload, 0, payload.length);
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
