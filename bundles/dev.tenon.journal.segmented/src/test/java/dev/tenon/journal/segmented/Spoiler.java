package dev.tenon.journal.segmented;

import dev.tenon.codec.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// Spoils files as a string of bytes says: each step is one byte for what, one for which file, and its arguments.
final class Spoiler {
  private static final int STEPS_MAX = 48;
  private static final int FILE_BYTES_MAX = 64 << 10;
  private static final String[] PARTITIONS = {"a", "b", "c", Family.PARTITION};
  private static final long[] NUMBERS = {0, 1, -1, 255, 4_096, 1L << 31, (1L << 31) - 1, 1L << 32, 1L << 40,
      Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 7};

  private final byte[] script;
  private final StoreConfig config;
  private int at;
  private int steps;
  private boolean mended;
  private boolean taken;

  /// @param script what to do
  /// @param from where it begins
  /// @param config of the files
  Spoiler(byte[] script, int from, StoreConfig config) {
    this.script = script;
    this.at = from;
    this.config = config;
  }

  /// Runs until the script ends.
  void spoil(MemoryFiles files) {
    while (at < script.length && steps < STEPS_MAX) {
      step(files);
      steps++;
    }
  }

  /// Whether all that was done is what a failing disk does to one place of one file: no new checksum, no other file.
  /// Then nothing may be read that was not written.
  boolean isOneWound() { return steps == 1 && !mended && !taken; }

  private int next() {
    return at < script.length ? script[at++] & 0xff : 0;
  }

  private int next16() {
    return next() << 8 | next();
  }

  private byte[] bytes(int length) {
    byte[] bytes = Arrays.copyOfRange(script, Math.min(at, script.length), Math.min(script.length, at + length));
    at += bytes.length;
    return bytes;
  }

  private void step(MemoryFiles files) {
    int what = next() % 11;
    List<MemoryFiles.File> all = files.files();
    if (what == 4 || all.isEmpty()) {
      taken = true;
      String partition = PARTITIONS[next() % PARTITIONS.length];
      files.put(partition, name(), bytes(next16() % FILE_BYTES_MAX));
      return;
    }
    MemoryFiles.File file = all.get(next() % all.size());
    if (what == 3) {
      taken = true;
      files.remove(file.partition(), file.name().toArray());
      return;
    }
    byte[] whole = files.get(file);
    files.put(file.partition(), file.name(), spoilt(what, whole, files, all));
  }

  private Bytes name() {
    return switch (next() % 4) {
      case 0 -> Bytes.of(bytes(1 + next() % 12)).concat(Bytes.of((byte) 1));
      case 1 -> Family.BLOB;
      case 2 -> Marks.BLOB;
      default -> Bytes.of(ByteBuffer.allocate(8).putLong(number()).array());
    };
  }

  private long number() {
    int which = next();
    return which < 128 ? NUMBERS[which % NUMBERS.length] : which - 128;
  }

  private byte[] spoilt(int what, byte[] whole, MemoryFiles files, List<MemoryFiles.File> all) {
    return switch (what) {
      case 0 -> changed(whole, (bytes, offset) -> bytes[offset] ^= (byte) next());
      case 1 -> Arrays.copyOf(whole, next16() % (whole.length + 1));
      case 2 -> {
        taken = true;
        byte[] more = bytes(next());
        byte[] longer = Arrays.copyOf(whole, Math.min(FILE_BYTES_MAX, whole.length + more.length));
        System.arraycopy(more, 0, longer, whole.length, longer.length - whole.length);
        yield longer;
      }
      case 5 -> changed(whole, this::mendPage);
      case 6 -> mendWhole(whole);
      case 7 -> {
        taken = true;
        yield files.get(all.get(next() % all.size()));
      }
      case 8 -> {
        taken = true;
        yield changed(whole, (bytes, offset) -> {
          byte[] run = bytes(next() % 64);
          int length = Math.min(run.length, bytes.length - offset);
          System.arraycopy(run, 0, bytes, offset, length);
        });
      }
      case 9 -> {
        taken = true;
        yield changed(whole, (bytes, offset) -> {
          byte[] number = ByteBuffer.allocate(8).putLong(number()).array();
          int length = Math.min(8, bytes.length - offset);
          System.arraycopy(number, 0, bytes, offset, length);
        });
      }
      default -> marks(whole);
    };
  }

  private interface Change {
    void at(byte[] bytes, int offset);
  }

  private byte[] changed(byte[] whole, Change change) {
    if (whole.length == 0) {
      return whole;
    }
    byte[] bytes = whole.clone();
    change.at(bytes, next16() % bytes.length);
    return bytes;
  }

  /// Gives the page at an offset the checksums that its slots' lengths ask for.
  private void mendPage(byte[] bytes, int offset) {
    mended = true;
    int page = Math.max(0, offset - BlobFiles.HEADER_BYTES) / config.physicalPageBytes();
    int start = BlobFiles.HEADER_BYTES + page * config.physicalPageBytes();
    if (start + config.physicalPageBytes() > bytes.length) {
      return;
    }
    var slots = ByteBuffer.wrap(bytes, start + config.pageBytes(), PageRecord.TRAILER_BYTES);
    for (int slot = 0; slot < 2; slot++) {
      int length = slots.getShort() & 0xffff;
      slots.putInt(length > config.pageBytes() ? 0 : PageRecord.crc(bytes, start, length));
    }
  }

  /// Gives a blob of `_tenon` the checksum at its end that holds.
  private byte[] mendWhole(byte[] whole) {
    mended = true;
    if (whole.length < 4) {
      return whole;
    }
    var crc = new CRC32C();
    crc.update(whole, 0, whole.length - 4);
    byte[] bytes = whole.clone();
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
    return bytes;
  }

  /// Marks with a valid checksum that say what they like, in place of a file.
  private byte[] marks(byte[] whole) {
    taken = true;
    var journals = new TreeMap<String, TreeMap<Long, Mark>>();
    boolean sealed = next() % 2 == 0;
    for (int i = next() % 4; i > 0; i--) {
      var sections = journals.computeIfAbsent(PARTITIONS[next() % 3], fresh -> new TreeMap<>(Long::compareUnsigned));
      sections.put(number(), new Mark(number(), number(), next() % 2 == 0 ? 0 : crcAt(whole)));
    }
    var format = new FileFormat(config.pageBytes(), config.compressed());
    return new Marks(sealed, format, journals).encode().toArray();
  }

  private int crcAt(byte[] whole) {
    int from = Math.max(0, whole.length - config.physicalPageBytes());
    return PageRecord.crc(whole, from, whole.length - from);
  }
}
