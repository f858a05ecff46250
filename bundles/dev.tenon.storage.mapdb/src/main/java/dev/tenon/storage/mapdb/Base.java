package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.Reader;
import dev.tenon.runtime.storage.CorruptionException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The blob `base` in `_tenon`: the family as the last checkpoint left it. The log's active segment goes on from there.
/// Replaced as a whole.
///
/// Format: `magic u32 | active u64 | retained u64 | newest u64 | next run u64 | next journal varint | runs varint |
/// run* | retired varint | run* | journals varint | (number varint, name, floor u64, sections varint, (section u64, end
/// varint, extents varint, (from varint, run varint, bytes varint)*)*)* | CRC-32C u32`, run = `number u64, entries
/// varint, items varint, page bytes u32, table bytes varint, sums' CRC u32, digest u64`.
///
/// @param active the segment that is written
/// @param retained the segment that the newest run was made from, or 0
/// @param newest the run that the last checkpoint made, or 0
/// @param nextRun no number from here on was used
/// @param nextJournal likewise
/// @param runs all that hold items
/// @param retired runs that the newest was partly made from
/// @param members the journals
record Base(long active, long retained, long newest, long nextRun, long nextJournal, List<Run> runs, List<Run> retired,
    List<Catalog.Member> members) {
  /// The largest base that is read.
  static final long BYTES_MAX = 256L << 20;
  static final long NONE = 0;
  private static final int MAGIC = 0x544e_4d42;

  Bytes encode() {
    var out = new GrowingWriter();
    out.u32(MAGIC);
    out.u64(active);
    out.u64(retained);
    out.u64(newest);
    out.u64(nextRun);
    out.varint(nextJournal);
    runs(out, runs);
    runs(out, retired);
    out.varint(members.size());
    for (Catalog.Member member : members) {
      out.varint(member.id);
      out.bytes(member.name.getBytes(StandardCharsets.US_ASCII));
      out.u64(member.floor);
      var stored = member.sections.entrySet().stream().filter(section -> section.getValue().base() > 0).toList();
      out.varint(stored.size());
      stored.forEach(section -> section(out, section.getKey(), section.getValue()));
    }
    return out.finish();
  }

  private static void runs(GrowingWriter out, List<Run> runs) {
    out.varint(runs.size());
    for (Run run : runs) {
      out.u64(run.number());
      out.varint(run.entries());
      out.varint(run.items());
      out.u32(run.pageBytes());
      out.varint(run.tableBytes());
      out.u32(run.sumsCrc());
      out.u64(run.digest());
    }
  }

  private static void section(GrowingWriter out, long number, Section section) {
    out.u64(number);
    out.varint(section.base());
    out.varint(section.extents().size());
    for (Section.Extent extent : section.extents()) {
      out.varint(extent.from());
      out.varint(extent.run());
      out.varint(extent.bytes());
    }
  }

  /// @throws CorruptionException where the bytes are not what [#encode] made
  static Base decode(Bytes bytes) {
    try {
      var in = Checksum.checked(bytes);
      int magic = in.u32();
      if (magic != MAGIC) {
        throw in.fail(InvalidDataException.Rule.INVALID, "magic", magic, "is none of a base");
      }
      var base =
          new Base(in.u64(), in.u64(), in.u64(), in.u64(), in.varint(Long.SIZE), runs(in), runs(in), members(in));
      in.finish();
      return base;
    } catch (InvalidDataException e) {
      throw new CorruptionException(Names.OWN, Names.BASE.hex(), e.offset(), "a base as it was written",
          String.valueOf(e.getMessage()));
    }
  }

  private static List<Run> runs(Reader in) {
    var runs = new ArrayList<Run>();
    for (long left = in.varint(Integer.SIZE); left > 0; left--) {
      runs.add(new Run(in.u64(), in.varint(Long.SIZE), in.varint(Long.SIZE), in.u32(), in.varint(Long.SIZE), in.u32(),
          in.u64()));
    }
    return runs;
  }

  private static List<Catalog.Member> members(Reader in) {
    var members = new ArrayList<Catalog.Member>();
    for (long left = in.varint(Integer.SIZE); left > 0; left--) {
      long id = in.varint(Long.SIZE);
      String name = new String(in.bytes(1, LogRecord.NAME_BYTES_MAX, "name").toArray(), StandardCharsets.US_ASCII);
      var member = new Catalog.Member(id, name, in.u64());
      for (long sections = in.varint(Integer.SIZE); sections > 0; sections--) {
        long number = in.u64();
        long end = in.varint(Long.SIZE);
        var extents = new ArrayList<Section.Extent>();
        for (long more = in.varint(Integer.SIZE); more > 0; more--) {
          extents.add(new Section.Extent(in.varint(Long.SIZE), in.varint(Long.SIZE), in.varint(Long.SIZE)));
        }
        member.sections.put(number, new Section(extents, end));
      }
      members.add(member);
    }
    return members;
  }
}
