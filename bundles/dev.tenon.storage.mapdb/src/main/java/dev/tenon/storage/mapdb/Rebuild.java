package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.StorageFailedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;

/// Checks the newest run, and makes it again from its segment and the runs it was folded from where it differs.
///
/// Runs before the log's active segment is applied: the catalog is what the checkpoint left.
final class Rebuild {
  private record Address(long journal, long section, long index) {}

  private final Contents contents;
  private final NavigableSet<Long> present;
  private final Map<Address, Bytes> logged = new HashMap<>();

  private Rebuild(Contents contents, NavigableSet<Long> present) {
    this.contents = contents;
    this.present = present;
  }

  /// @param present the numbers of the run files that there are
  static void whereNeeded(Contents contents, NavigableSet<Long> present, NavigableSet<Long> segments) {
    if (contents.newest == Base.NONE) {
      return;
    }
    Run newest = contents.runs.run(contents.newest);
    StorageFailedException damage;
    try {
      if (present.contains(newest.number())) {
        contents.runs.open(newest).check();
        return;
      }
      damage = missing(newest);
    } catch (FencedException fenced) {
      throw fenced;
    } catch (StorageFailedException e) { // also a sector that cannot be read: opening again would find it so again
      damage = e;
    }
    if (!segments.contains(contents.retained)) {
      throw damage;
    }
    new Rebuild(contents, present).run(newest, damage);
  }

  static CorruptionException missing(Run run) {
    return new CorruptionException(Names.VIEW, Names.hex(run.number()), 0, run.fileBytes() + " bytes", "no file");
  }

  private void run(Run broken, StorageFailedException damage) {
    try (Blob blob = contents.storage.open(Names.LOG, Names.numbered(contents.retained))) {
      new LogScan(blob, contents.retained, (record, item, offset) -> {
        if (record instanceof LogRecord.Append append) { // a later one of the same address replaces what was rewound
          logged.put(new Address(append.journal(), append.section(), append.index()), item);
        }
      }).run(0);
    }
    var builder = new RunBuilder(broken.pageBytes());
    for (Catalog.Member member : contents.catalog.members()) {
      member.sections.forEach((number, section) -> build(builder, broken, member.id, number, section, damage));
    }
    Run built = builder.write(contents.storage, contents.runs.nextNumber());
    if (built.entries() != broken.entries() || built.digest() != broken.digest()) {
      contents.runs.delete(built);
      throw damage;
    }
    contents.runs.open(built).check();
    for (Catalog.Member member : contents.catalog.members()) {
      member.sections.values().forEach(section -> section.moved(Set.of(broken.number()), built.number()));
    }
    contents.runs.remove(broken.number());
    contents.runs.add(built);
    for (Catalog.Member member : contents.catalog.members()) {
      contents.runs.count(member.sections.values(), built.number());
    }
    contents.newest = built.number();
    contents.writeBase();
    contents.runs.delete(broken);
    present.remove(broken.number());
    present.add(built.number());
  }

  private void build(RunBuilder builder, Run broken, long journal, long number, Section section,
      StorageFailedException damage) {
    List<Section.Extent> extents = section.extents();
    for (int i = 0; i < extents.size(); i++) {
      if (extents.get(i).run() == broken.number()) {
        for (long index = extents.get(i).from(); index < section.endOf(i); index++) {
          Bytes item = logged.get(new Address(journal, number, index));
          byte[] bytes = item == null ? retired(journal, number, index, damage) : item.toArray();
          builder.item(journal, number, index, bytes, 0, bytes.length);
        }
      }
    }
  }

  private byte[] retired(long journal, long section, long index, StorageFailedException damage) {
    var found = new byte[1][];
    for (Run run : contents.runs.retired().reversed()) { // an older one may hold what was rewound there since
      if (present.contains(run.number()) && contents.runs.open(run).contains(journal, section, index)) {
        contents.runs.open(run).read(journal, section, index, index + 1, (at, item) -> {
          found[0] = item;
          return true;
        });
        return found[0];
      }
    }
    throw damage;
  }
}
