package dev.tenon.journal.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Writer;
import dev.tenon.runtime.storage.CorruptionException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that another program wrote: frames of zstd in every form, and things that are no journal.
class ForeignFilesTest {
  private static final int PAGE_BYTES = 64;
  private static final int ITEM_BYTES_MAX = 100_000;
  private static final StoreConfig PLAIN = new StoreConfig(PAGE_BYTES, 256, 0, ITEM_BYTES_MAX, 4);
  private static final StoreConfig ZSTD = new StoreConfig(PAGE_BYTES, 256, 3, ITEM_BYTES_MAX, 4);
  private static final byte[] FIRST = new byte[8];

  /// A section with these payloads, in whole pages but for the last.
  private static Bytes section(List<byte[]> payloads) {
    var content = new ByteArrayOutputStream();
    for (byte[] payload : payloads) {
      var prefix = new Writer(Writer.varintSize(payload.length));
      prefix.varint(payload.length);
      content.writeBytes(prefix.finish().toArray());
      content.writeBytes(payload);
    }
    byte[] bytes = content.toByteArray();
    int pages = (bytes.length + PAGE_BYTES - 1) / PAGE_BYTES;
    int physical = PAGE_BYTES + PageRecord.TRAILER_BYTES;
    byte[] file = new byte[BlobFiles.HEADER_BYTES + pages * physical];
    ByteBuffer.wrap(file).putLong(0x4357_4943_0000_0000L);
    for (int page = 0; page < pages; page++) {
      int length = Math.min(PAGE_BYTES, bytes.length - page * PAGE_BYTES);
      int at = BlobFiles.HEADER_BYTES + page * physical;
      System.arraycopy(bytes, page * PAGE_BYTES, file, at, length);
      PageRecord.put(file, at, PAGE_BYTES, 0, length);
    }
    return Bytes.wrap(file);
  }

  /// A frame that does not say how long its content is.
  private static byte[] streamed(byte[] content) {
    var frame = new ByteArrayOutputStream();
    try (var zstd = new ZstdOutputStream(frame)) {
      zstd.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frame.toByteArray();
  }

  @Test
  void readsFramesThatDoNotSayHowLongTheirContentIs() {
    byte[] small = {1, 2, 3};
    byte[] large = new byte[ITEM_BYTES_MAX];
    Arrays.fill(large, (byte) 7);
    try (var disk = new Disk(1)) {
      disk.put("j", FIRST, section(List.of(streamed(small), streamed(large), Zstd.compress(small, 1))));
      List<Bytes> items = disk.withStore(ZSTD, instance -> {
        instance.create("j");
        return instance.read("j", 0, 0, 3, 1 << 20);
      });
      assertThat(items).containsExactly(Bytes.of(small), Bytes.of(large), Bytes.of(small));
    }
  }

  @Test
  void aPayloadThatIsNoFrameOrHoldsTooMuchIsATypedError() {
    byte[] frame = Zstd.compress(new byte[100], 3);
    byte[] spoilt = frame.clone();
    spoilt[0] ^= 1;
    for (byte[] payload : List.of(spoilt, Arrays.copyOf(frame, frame.length - 1), new byte[] {1, 2, 3}, new byte[0],
        streamed(new byte[ITEM_BYTES_MAX + 1]), Zstd.compress(new byte[ITEM_BYTES_MAX + 1], 3))) {
      try (var disk = new Disk(1)) {
        disk.put("j", FIRST, section(List.of(payload)));
        disk.withStore(ZSTD, instance -> {
          instance.create("j");
          assertThatThrownBy(() -> instance.read("j", 0, 0, 1, 1)).isInstanceOf(CorruptionException.class)
              .hasMessageContaining("partition j, blob 0000000000000000, offset 8");
          return true;
        });
      }
    }
  }

  /// What was appended there could not be read after the next open.
  @ParameterizedTest
  @ValueSource(strings = {"another name", "another header", "another page size", "an item that is none"})
  void refusesToBeginAJournalAmongFilesThatAreNone(String kind) {
    byte[] name = kind.equals("another name") ? new byte[] {1, 2, 3} : FIRST;
    Bytes file = switch (kind) {
      case "another header" -> Bytes.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
      case "another page size" -> Bytes.of(Arrays.copyOf(section(List.of()).toArray(), 200));
      default -> section(List.of(new byte[0]));
    };
    if (kind.equals("an item that is none")) {
      byte[] bytes = file.toArray();
      Arrays.fill(bytes, BlobFiles.HEADER_BYTES, BlobFiles.HEADER_BYTES + 9, (byte) -1);
      PageRecord.put(bytes, BlobFiles.HEADER_BYTES, PAGE_BYTES, 0, 9);
      file = Bytes.of(bytes);
    }
    try (var disk = new Disk(1)) {
      disk.put("j", name, file);
      disk.put("other", FIRST, section(List.of(new byte[] {5})));
      disk.withStore(PLAIN, instance -> {
        assertThat(instance.report().journals()).extracting(found -> found.name()).containsExactly("other");
        assertThatThrownBy(() -> instance.create("j")).isInstanceOf(CorruptionException.class)
            .hasMessageContaining("partition j, blob " + Bytes.of(name).hex());
        return true;
      });
      assertThat(disk.file("j", name)).isEqualTo(file);
      disk.withStore(PLAIN, instance -> {
        instance.create("other");
        instance.create("k");
        return true;
      });
    }
  }

  /// A power loss may leave the first page of a reference's newest section torn.
  @Test
  void aTornSectionBesideWholeOnesIsCutAndTakenOver() {
    byte[] second = {0, 0, 0, 0, 0, 0, 0, 1};
    try (var disk = new Disk(1)) {
      disk.put("j", FIRST, section(List.of(new byte[] {5})));
      disk.put("j", second, section(List.of(new byte[40])).slice(0, 50));
      disk.withStore(PLAIN, instance -> {
        instance.create("j");
        instance.append("j", 1, 0, List.of(Bytes.of((byte) 6)));
        instance.sync();
        return true;
      });
      List<Bytes> items = disk.withStore(PLAIN, instance -> {
        assertThat(instance.read("j", 0, 0, 9, 99)).containsExactly(Bytes.of((byte) 5));
        return instance.read("j", 1, 0, 9, 99);
      });
      assertThat(items).containsExactly(Bytes.of((byte) 6));
    }
  }
}
