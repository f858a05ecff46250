package dev.tenon.journal.segmented;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The blob `floors` in `_tenon`: which journals there are, and the floor of each. Replaced as a whole.
///
/// Format: `magic u32 | page bytes u32 | compressed u8 | journals varint | (name, removing u8, floor u64)* | CRC-32C
/// u32 of all before`.
///
/// @param format of all files
/// @param journals by name
record Family(FileFormat format, TreeMap<String, Member> journals) {
  /// The partition that no journal may use.
  static final String PARTITION = "_tenon";
  static final Bytes BLOB = Bytes.of("floors".getBytes(StandardCharsets.US_ASCII));
  static final int NAME_BYTES_MAX = 200;
  /// The most journals of a family.
  static final int JOURNALS_MAX = 65_536;
  /// The largest blob that is read or written: so many journals with the longest names fit.
  static final long BYTES_MAX = 16L << 20;
  private static final int MAGIC = 0x544e_464c;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1," + NAME_BYTES_MAX + "}");

  /// @param removing its files are going: nothing of it counts any more
  /// @param floor unsigned
  record Member(boolean removing, long floor) {}

  Bytes encode() {
    int size = 4 + 4 + 1 + Writer.varintSize(journals.size());
    for (String name : journals.keySet()) {
      size += Writer.varintSize(name.length()) + name.length() + 1 + 8;
    }
    var body = new Writer(size);
    body.u32(MAGIC);
    body.u32(format.pageBytes());
    body.bool(format.compressed());
    body.varint(journals.size());
    for (Map.Entry<String, Member> journal : journals.entrySet()) {
      body.bytes(Bytes.of(journal.getKey().getBytes(StandardCharsets.US_ASCII)));
      body.bool(journal.getValue().removing());
      body.u64(journal.getValue().floor());
    }
    return Marks.withCrc(body.finish());
  }

  /// @throws InvalidDataException where the bytes are not what [#encode] made
  static Family decode(Bytes bytes) {
    var reader = new Reader(Marks.checked(bytes));
    int magic = reader.u32();
    if (magic != MAGIC) {
      throw reader.fail(InvalidDataException.Rule.INVALID, "magic", magic, "is none of floors");
    }
    var format = new FileFormat(reader.u32(), reader.bool());
    var journals = new TreeMap<String, Member>();
    long count = reader.varint(32);
    for (long i = 0; i < count; i++) {
      String name = name(reader);
      journals.put(name, new Member(reader.bool(), reader.u64()));
    }
    reader.finish();
    return new Family(format, journals);
  }

  /// Whether a journal may be called so.
  static boolean isName(String name) {
    return NAME.matcher(name).matches() && !name.equals(PARTITION);
  }

  /// Reads a journal's name.
  static String name(Reader reader) {
    String name = new String(reader.bytes(1, NAME_BYTES_MAX, "name").toArray(), StandardCharsets.ISO_8859_1);
    if (!isName(name)) {
      throw reader.fail(InvalidDataException.Rule.INVALID, "name", name.length(), "is no journal's");
    }
    return name;
  }
}
