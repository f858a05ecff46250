package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.OpenReport;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.Storage;
import java.util.List;

/// The family in memory: catalog, runs and the active log, and the blobs that describe them.
final class Contents {
  private static final long FIRST_SEGMENT = 1;

  final Storage storage;
  final StoreConfig config;
  /// From this length on a checkpoint is due.
  final long logBytes;
  final Catalog catalog = new Catalog();
  final Runs runs;
  ActiveLog log;
  /// The segment that the newest run was made from, and that run; [Base#NONE] where there is none.
  long retained = Base.NONE;
  long newest = Base.NONE;
  /// Whether the log got more than appends since the last mark. Such a frame must not be lost to damage that looks like
  /// a torn write: what it dropped would come back.
  boolean unmarked;
  /// Whether there is a base on disk. Nothing else is written before it.
  private boolean stored;

  Contents(Storage storage, StoreConfig config, long byteBudget) {
    this.storage = storage;
    this.config = config;
    this.logBytes = config.logBytes(byteBudget);
    this.runs = new Runs(storage, config, byteBudget);
    this.log = new ActiveLog(storage, FIRST_SEGMENT, config.writeBufferBytes());
  }

  /// Takes over what the last checkpoint left.
  void based(Base base) {
    stored = true;
    retained = base.retained();
    newest = base.newest();
    log = new ActiveLog(storage, base.active(), config.writeBufferBytes());
    base.runs().forEach(runs::add);
    for (Catalog.Member member : base.members()) {
      catalog.add(member);
      if (!runs.count(member.sections.values())) {
        throw new CorruptionException(Names.OWN, Names.BASE.hex(), 0, "extents in runs", "others in " + member.name);
      }
    }
    catalog.nextIdFrom(base.nextJournal());
    runs.nextNumberFrom(base.nextRun());
    runs.retire(base.retired());
  }

  void writeBase() {
    var base = new Base(log.segment(), retained, newest, runs.nextNumber(), catalog.nextId(),
        runs.all().stream().map(held -> held.run).toList(), runs.retired(), List.copyOf(catalog.members()));
    Names.replace(storage, Names.BASE, base.encode(), Base.BYTES_MAX);
    stored = true;
  }

  /// Whether anything was ever changed here.
  boolean stored() {
    return stored;
  }

  /// Before the first record of a new family.
  void begin() {
    if (!stored) {
      writeBase();
    }
  }

  /// Notes how far the log is durable. All of it was synced.
  void writeMark(boolean sealed) {
    List<OpenReport.Found> found = sealed ? catalog.found() : List.of();
    Bytes bytes = new Mark(log.segment(), log.size(), sealed, found).encode();
    if (bytes.size() + Integer.BYTES > Mark.BYTES_MAX) { // more than a later open would read: it goes by the log
      bytes = new Mark(log.segment(), log.size(), false, List.of()).encode();
    }
    Names.replace(storage, Names.MARK, bytes, Mark.BYTES_MAX);
    unmarked = false;
  }

  void close() {
    log.close();
    runs.closeAll();
  }
}
