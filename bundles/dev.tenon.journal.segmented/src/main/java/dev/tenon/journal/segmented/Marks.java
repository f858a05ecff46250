package dev.tenon.journal.segmented;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// The blob `index` in `_tenon`: how far each section was durable when it was written.
///
/// Sealed, it is all there is, and the next open reads no history. Otherwise it is a lower bound, by which recovery
/// tells damage from a torn write; it is replaced before a rewind goes below it. Without it recovery goes by the files
/// alone.
///
/// Format: `magic u32 | sealed u8 | page bytes u32 | compressed u8 | journals varint | (name, sections varint, (section
/// u64, bytes u64, count u64, last page u32)*)* | CRC-32C u32 of all before`.
///
/// @param sealed whether nothing was changed since
/// @param format of the files
/// @param journals by name, by section
record Marks(boolean sealed, FileFormat format, TreeMap<String, TreeMap<Long, Mark>> journals) {
  static final Bytes BLOB = Bytes.of("index".getBytes(StandardCharsets.US_ASCII));
  /// The largest blob that is read: half a million sections.
  static final long BYTES_MAX = 16L << 20;
  private static final int MAGIC = 0x544e_4958;
  private static final int SECTION_BYTES = 28;

  static Marks none(FileFormat format) {
    return new Marks(false, format, new TreeMap<>());
  }

  Optional<Mark> find(String journal, long section) {
    TreeMap<Long, Mark> sections = journals.get(journal);
    return sections == null ? Optional.empty() : Optional.ofNullable(sections.get(section));
  }

  Bytes encode() {
    int size = 4 + 1 + 4 + 1 + Writer.varintSize(journals.size()) + 4;
    for (Map.Entry<String, TreeMap<Long, Mark>> journal : journals.entrySet()) {
      size += Writer.varintSize(journal.getKey().length()) + journal.getKey().length()
          + Writer.varintSize(journal.getValue().size()) + SECTION_BYTES * journal.getValue().size();
    }
    var body = new Writer(size - 4);
    body.u32(MAGIC);
    body.bool(sealed);
    body.u32(format.pageBytes());
    body.bool(format.compressed());
    body.varint(journals.size());
    for (Map.Entry<String, TreeMap<Long, Mark>> journal : journals.entrySet()) {
      body.bytes(Bytes.of(journal.getKey().getBytes(StandardCharsets.US_ASCII)));
      body.varint(journal.getValue().size());
      for (Map.Entry<Long, Mark> section : journal.getValue().entrySet()) {
        body.u64(section.getKey());
        body.u64(section.getValue().bytes());
        body.u64(section.getValue().count());
        body.u32(section.getValue().lastPage());
      }
    }
    return withCrc(body.finish());
  }

  /// @return nothing where the bytes are not what [#encode] made
  static Optional<Marks> decode(Bytes bytes) {
    try {
      var reader = new Reader(checked(bytes));
      if (reader.u32() != MAGIC) {
        return Optional.empty();
      }
      boolean sealed = reader.bool();
      var format = new FileFormat(reader.u32(), reader.bool());
      var journals = new TreeMap<String, TreeMap<Long, Mark>>();
      long count = reader.varint(32);
      for (long i = 0; i < count; i++) {
        String name = Family.name(reader);
        var sections = new TreeMap<Long, Mark>(Long::compareUnsigned);
        long sectionCount = reader.varint(32);
        for (long k = 0; k < sectionCount; k++) {
          sections.put(reader.u64(), new Mark(reader.u64(), reader.u64(), reader.u32()));
        }
        journals.put(name, sections);
      }
      reader.finish();
      return Optional.of(new Marks(sealed, format, journals));
    } catch (InvalidDataException e) {
      return Optional.empty();
    }
  }

  /// Appends the CRC-32C.
  static Bytes withCrc(Bytes body) {
    var whole = new Writer(body.size() + 4);
    whole.raw(body);
    whole.u32(crc(body));
    return whole.finish();
  }

  /// @return the bytes before the CRC-32C
  /// @throws InvalidDataException if it does not hold
  static Bytes checked(Bytes bytes) {
    if (bytes.size() < 4) {
      throw new InvalidDataException(InvalidDataException.Rule.END_OF_BUFFER, "checksum", 0, bytes.size(), "is cut");
    }
    Bytes body = bytes.slice(0, bytes.size() - 4);
    if (new Reader(bytes.slice(body.size(), bytes.size())).u32() != crc(body)) {
      throw new InvalidDataException(InvalidDataException.Rule.INVALID, "checksum", body.size(), crc(body), "differs");
    }
    return body;
  }

  private static int crc(Bytes body) {
    var crc = new CRC32C();
    crc.update(body.buffer());
    return (int) crc.getValue();
  }
}
