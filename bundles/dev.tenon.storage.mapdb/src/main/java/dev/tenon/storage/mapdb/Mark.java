package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.Reader;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The blob `mark` in `_tenon`: how far the active segment was durable when it was written. Sealed, it also tells what
/// an open reports, so that the next one reads no history; it holds as long as the segment has exactly that length.
///
/// Without it recovery goes by the log alone.
///
/// Format: `magic u32 | segment u64 | bytes u64 | sealed u8 | journals varint | (name, floor u64, sections varint,
/// (section u64, end varint)*)* | CRC-32C u32`.
///
/// @param segment that was active
/// @param bytes durable
/// @param sealed whether the report is there
/// @param found the report
record Mark(long segment, long bytes, boolean sealed, List<OpenReport.Found> found) {
  static final long BYTES_MAX = 64L << 20;
  private static final int MAGIC = 0x544e_4d4b;

  Bytes encode() {
    var out = new GrowingWriter();
    out.u32(MAGIC);
    out.u64(segment);
    out.u64(bytes);
    out.u8(sealed ? 1 : 0);
    out.varint(found.size());
    for (OpenReport.Found journal : found) {
      out.bytes(journal.name().getBytes(StandardCharsets.US_ASCII));
      out.u64(journal.floor());
      out.varint(journal.sections().size());
      for (SectionEnd section : journal.sections()) {
        out.u64(section.section());
        out.varint(section.end());
      }
    }
    return out.finish();
  }

  /// @return nothing where the bytes are not what [#encode] made
  static Optional<Mark> decode(Bytes bytes) {
    try {
      var in = Checksum.checked(bytes);
      if (in.u32() != MAGIC) {
        return Optional.empty();
      }
      var mark = new Mark(in.u64(), in.u64(), in.bool(), journals(in));
      in.finish();
      return Optional.of(mark);
    } catch (InvalidDataException e) {
      return Optional.empty();
    }
  }

  private static List<OpenReport.Found> journals(Reader in) {
    var found = new ArrayList<OpenReport.Found>();
    for (long left = in.varint(Integer.SIZE); left > 0; left--) {
      String name = new String(in.bytes(1, LogRecord.NAME_BYTES_MAX, "name").toArray(), StandardCharsets.US_ASCII);
      long floor = in.u64();
      var sections = new ArrayList<SectionEnd>();
      for (long more = in.varint(Integer.SIZE); more > 0; more--) {
        sections.add(new SectionEnd(in.u64(), in.varint(Long.SIZE)));
      }
      found.add(new OpenReport.Found(name, floor, sections));
    }
    return found;
  }
}
