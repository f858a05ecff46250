package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.Storage;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Brings the family back into memory: base, newest run, active segment.
final class Recovery {
  private final Contents contents;
  private final Storage storage;

  /// @param contents the family
  /// @param dropped bytes that were cut off
  record Recovered(Contents contents, long dropped) {}

  private Recovery(Contents contents) {
    this.contents = contents;
    this.storage = contents.storage;
  }

  /// @param mark what is known of the log
  static Recovered load(Storage storage, StoreConfig config, long byteBudget, Optional<Mark> mark) {
    var contents = new Contents(storage, config, byteBudget);
    boolean done = false;
    try {
      long dropped = new Recovery(contents).run(mark);
      done = true;
      return new Recovered(contents, dropped);
    } finally {
      if (!done) {
        contents.close();
      }
    }
  }

  private long run(Optional<Mark> mark) {
    Optional<Bytes> bytes = Names.small(storage, Names.BASE, Base.BYTES_MAX);
    NavigableSet<Long> runs = Names.numbers(storage, Names.VIEW);
    NavigableSet<Long> segments = Names.numbers(storage, Names.LOG);
    if (bytes.isEmpty()) {
      if (!runs.isEmpty() || !segments.isEmpty() || mark.isPresent()) {
        throw new CorruptionException(Names.OWN, Names.BASE.hex(), 0, "a base before anything else", "no blob");
      }
      return 0;
    }
    Base base = Base.decode(bytes.get());
    contents.based(base);
    if (!segments.isEmpty() && segments.last() > base.active()) {
      throw new CorruptionException(Names.LOG, Names.hex(segments.last()), 0, "a segment up to " + base.active(),
          "a later one");
    }
    if (mark.isPresent() && mark.get().segment() > base.active()) {
      throw new CorruptionException(Names.OWN, Names.BASE.hex(), 0, "segment " + mark.get().segment(),
          "segment " + base.active());
    }
    if (!runs.isEmpty()) {
      contents.runs.nextNumberFrom(runs.last() + 1);
    }
    Rebuild.whereNeeded(contents, runs, segments);
    tidy(runs, segments);
    Mark known = mark.filter(each -> each.segment() == base.active()).orElse(null);
    return replay(segments.contains(base.active()), known);
  }

  /// Every run must be there; what the base does not name is left from a checkpoint that was interrupted.
  private void tidy(NavigableSet<Long> runs, NavigableSet<Long> segments) {
    var named = new TreeSet<Long>();
    for (Runs.Held held : contents.runs.all()) {
      named.add(held.run.number());
      if (!runs.contains(held.run.number())) {
        throw Rebuild.missing(held.run);
      }
    }
    contents.runs.retired().forEach(run -> named.add(run.number()));
    for (long run : runs) {
      if (!named.contains(run)) {
        storage.remove(Names.VIEW, Names.numbered(run));
      }
    }
    for (long segment : segments) {
      if (segment != contents.log.segment() && segment != contents.retained) {
        storage.remove(Names.LOG, Names.numbered(segment));
      }
    }
  }

  private long replay(boolean present, @Nullable Mark known) {
    long segment = contents.log.segment();
    long required = known == null ? 0 : known.bytes();
    if (!present) {
      if (required > 0) {
        throw new CorruptionException(Names.LOG, Names.hex(segment), 0, required + " bytes", "no blob");
      }
      return 0;
    }
    Blob blob = storage.open(Names.LOG, Names.numbered(segment));
    boolean done = false;
    try {
      long end = new LogScan(blob, segment, this::apply).run(required);
      long dropped = blob.size() - end;
      if (dropped > 0) {
        blob.resize(end);
      }
      blob.sync(); // what is seen may be in the page cache only
      contents.log.recovered(blob, end);
      done = true;
      if (end != required) {
        contents.writeMark(false);
      }
      return dropped;
    } finally {
      if (!done) {
        blob.close();
      }
    }
  }

  private void apply(LogRecord record, Bytes item, long offset) {
    Catalog catalog = contents.catalog;
    switch (record) {
      case LogRecord.Create(long id, String name) -> {
        require(id >= catalog.nextId() && catalog.named(name) == null, "a new journal", id);
        catalog.add(new Catalog.Member(id, name, 0));
      }
      case LogRecord.Remove(long id) -> catalog.remove(member(id), contents.runs);
      case LogRecord.Append(long id, long section, long index, int length) -> {
        Catalog.Member member = member(id);
        require(Long.compareUnsigned(section, member.floor) >= 0 && index == member.end(section), "an index", index);
        member.sectionFor(section).add(offset, length, Frame.crc(item.buffer()));
      }
      case LogRecord.Rewind(long id, long section, long index) -> {
        Catalog.Member member = member(id);
        require(index >= 0 && index <= member.end(section), "an index", index);
        member.rewind(section, index, contents.runs);
      }
      case LogRecord.Prune(long id, long section) -> {
        require(Long.compareUnsigned(section, member(id).floor) > 0, "a floor", section);
        member(id).prune(section, contents.runs);
      }
    }
  }

  private Catalog.Member member(long id) {
    Catalog.Member member = contents.catalog.numbered(id);
    if (member == null) {
      throw new InvalidDataException(InvalidDataException.Rule.INVALID, "journal", 0, id, "is none that exists");
    }
    return member;
  }

  private static void require(boolean condition, String what, long value) {
    if (!condition) {
      throw new InvalidDataException(InvalidDataException.Rule.INVALID, what, 0, value, "does not follow");
    }
  }
}
