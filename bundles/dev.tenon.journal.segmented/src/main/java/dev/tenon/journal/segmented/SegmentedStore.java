package dev.tenon.journal.segmented;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/// A family of journals in one location.
///
/// After a crash everything is there that was durable, and of what came since any beginning of each section by itself:
/// sections are files of their own, so a later item of one may be found without an earlier one of another. Order of
/// changes, so that nothing durable is lost and nothing that was dropped comes back:
/// * append: into memory, full pages early; durable with the next sync.
/// * prune: the floor changes in memory. A sync forces the items first, then replaces `floors`, then removes files: a
///   floor never overtakes the items appended before it, and what lies below a durable floor is dropped at open.
/// * rewind: syncs what came before, lowers the marks, removes later sections from the highest down, then cuts; each
///   step is durable before the next, so nothing that was rewound comes back after something new.
/// * remove: syncs, notes `removing` in `floors`, removes the files, drops the note.
final class SegmentedStore implements JournalInstance {
  /// After so many appended bytes, or as many write buffers, a sync renews the marks.
  private static final long MARK_BYTES = 4L << 20;
  private static final long MARK_BUFFERS = 64;

  private final OpenContext context;
  private final Storage storage;
  private final StoreConfig config;
  private final FileFormat format;
  private final ItemCodec codec;
  private final BlobFiles files;
  private final PageWindow window;
  private final SegmentedMetrics metrics;
  private final TreeMap<String, JournalFiles> journals = new TreeMap<>();
  /// Names that nobody may use: their partitions hold something else, or what is left of a journal.
  private final TreeMap<String, CorruptionException> unreadable = new TreeMap<>();
  private final List<Section> changed = new ArrayList<>();
  private final List<PagedBlob> pruned = new ArrayList<>();
  private Marks marks;
  private boolean familyChanged;
  private long bytesUnmarked;
  private long bytesDropped;
  private State state = State.OPEN;

  private enum State {
    OPEN, SEALED, FAILED, CLOSED
  }

  SegmentedStore(OpenContext context, StoreConfig config) {
    this.context = context;
    this.storage = context.storage();
    this.config = config;
    this.format = new FileFormat(config.pageBytes(), config.compressed());
    this.codec = new ItemCodec(config);
    this.files = new BlobFiles(storage, openBlobsMax(context.byteBudget(), config), this::syncItems);
    this.window = new PageWindow(config.pageBytes());
    this.metrics = SegmentedMetrics.of(context.metrics(), context.slot());
    this.marks = Marks.none(format);
  }

  /// Half of the budget is for write buffers, of which each open file may fill one; the rest is for the window, for
  /// what a read takes and for the places of items. Fewer than the least number of files is none.
  private static int openBlobsMax(long byteBudget, StoreConfig config) {
    long fitting = byteBudget / 2 / config.bufferBytes();
    return (int) Math.max(StoreConfig.OPEN_BLOBS_MIN, Math.min(config.openBlobsMax(), fitting));
  }

  /// Takes over what recovery found.
  void recovered(Map<String, JournalFiles> found, Map<String, CorruptionException> foundUnreadable, Marks foundMarks,
      boolean familyStale, long dropped) {
    journals.putAll(found);
    unreadable.putAll(foundUnreadable);
    marks = foundMarks;
    familyChanged = familyStale;
    bytesDropped = dropped;
    metrics.droppedBytes().add(dropped);
  }

  @Override
  public OpenReport report() {
    var found = new ArrayList<OpenReport.Found>();
    for (JournalFiles journal : journals.values()) {
      var sections = new ArrayList<SectionEnd>();
      for (Section section : journal.sections.values()) {
        if (section.count() > 0) {
          sections.add(new SectionEnd(section.number(), section.count()));
        }
      }
      found.add(new OpenReport.Found(journal.name, journal.floor, sections));
    }
    return new OpenReport(found, bytesDropped);
  }

  @Override
  public OptionalLong floor(String name) {
    JournalFiles journal = journals.get(name);
    return journal == null ? OptionalLong.empty() : OptionalLong.of(journal.floor);
  }

  @Override
  public long end(String name, long section) {
    JournalFiles journal = journals.get(name);
    Section found = journal == null ? null : journal.sections.get(section);
    return found == null ? 0 : found.count();
  }

  @Override
  public void activate() {
    require(state == State.OPEN, "an ended instance is not activated");
  }

  @Override
  public void create(String name) {
    require(Family.isName(name), "a journal's name is [A-Za-z0-9_-]{1,200}, not _tenon");
    usable();
    CorruptionException damage = unreadable.get(name);
    if (damage != null) { // a journal begun among these files could not be opened again; nothing else suffers by it
      throw new CorruptionException(damage.partition(), damage.blob(), damage.offset(), damage.expected(),
          damage.found());
    }
    change(() -> {
      JournalFiles journal = journals.get(name);
      if (journal == null) {
        require(journals.size() < Family.JOURNALS_MAX, "a family has at most " + Family.JOURNALS_MAX + " journals");
        journals.put(name, new JournalFiles(name, 0, true));
        familyChanged = true;
      } else {
        adopt(journal);
      }
    });
  }

  @Override
  public void remove(String name) {
    change(() -> {
      JournalFiles journal = journals.get(name);
      if (journal == null) {
        return;
      }
      syncAll();
      lowerMarks(name, 0, 0);
      adopt(journal);
      writeFamily(name, true);
      for (Section section : journal.sections.descendingMap().values()) {
        removeFile(section.blob());
      }
      journals.remove(name);
      writeFamily("", true);
    });
  }

  @Override
  public void append(String name, long section, long index, List<Bytes> items) {
    JournalFiles journal = journal(name);
    require(!items.isEmpty(), "an append has items");
    require(Long.compareUnsigned(section, journal.floor) >= 0, "a section is not below the floor");
    for (Bytes item : items) {
      require(item.size() <= config.itemBytesMax(), "an item is at most " + config.itemBytesMax() + " bytes");
    }
    Section present = journal.sections.get(section);
    require(index == (present == null ? 0 : present.count()), "an append starts at the section's end");
    change(() -> {
      adopt(journal);
      Section into = journal.sections.get(section);
      if (into == null) {
        if (!journal.stored) {
          writeFamily("", false); // without raising a floor before the items that came before it
        }
        into = section(journal, section);
        into.blob().file();
        journal.sections.put(section, into);
      }
      for (Bytes item : items) {
        byte[] payload = codec.encode(item);
        boolean clean = !into.blob().dirty();
        into.append(payload);
        if (clean) {
          changed.add(into);
        }
        bytesUnmarked += payload.length;
        metrics.appendedBytes().add(payload.length);
      }
    });
  }

  @Override
  public void rewind(String name, long section, long index) {
    JournalFiles journal = journal(name);
    require(Long.compareUnsigned(section, journal.floor) >= 0, "a section is not below the floor");
    Section last = journal.sections.get(section);
    long end = last == null ? 0 : last.count();
    require(index >= 0 && index <= end, "an index is not above its section's end");
    if (index == end && journal.sections.tailMap(section, false).isEmpty()) {
      return;
    }
    change(() -> {
      adopt(journal);
      syncAll();
      lowerMarks(name, section, index);
      for (Section later : List.copyOf(journal.sections.tailMap(section, false).descendingMap().values())) {
        removeFile(later.blob());
        journal.sections.remove(later.number());
      }
      if (last != null && index < end) {
        last.rewind(index);
      }
    });
  }

  @Override
  public void prune(String name, long section) {
    JournalFiles journal = journal(name);
    if (Long.compareUnsigned(section, journal.floor) <= 0) {
      return;
    }
    change(() -> {
      adopt(journal);
      journal.floor = section;
      familyChanged = true;
      var below = journal.sections.headMap(section, false);
      for (Section gone : below.values()) {
        changed.remove(gone);
        gone.blob().close(); // nobody reads it any more, and unsynced it could not be closed for another
        pruned.add(gone.blob());
      }
      below.clear();
    });
  }

  @Override
  public List<Bytes> read(String name, long section, long index, int itemsMax, int bytesMax) {
    JournalFiles journal = journal(name);
    require(index >= 0 && itemsMax > 0, "an index is not negative, a count above 0");
    Section from = journal.sections.get(section);
    if (from == null) {
      return List.of();
    }
    return reading(() -> from.read(index, itemsMax, bytesMax, codec));
  }

  @Override
  public void sync() {
    if (familyChanged || !pruned.isEmpty() || !changed.isEmpty()) {
      change(this::syncAll);
    } else {
      usable();
    }
  }

  @Override
  public void seal() {
    if (state == State.SEALED) {
      return;
    }
    guarded(() -> {
      syncAll();
      if (!marks.sealed() && !journals.isEmpty()) {
        writeMarks(true);
      }
      state = State.SEALED;
      return state;
    });
  }

  @Override
  public void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      files.closeAll();
      codec.close();
      changed.clear();
    }
  }

  /// How many files are open now.
  int openFiles() {
    return files.openCount();
  }

  /// Makes a section that is not in the journal yet.
  Section section(JournalFiles journal, long number) {
    byte[] name = ByteBuffer.allocate(8).putLong(number).array();
    return new Section(number, new PagedBlob(journal.name, name, config, files, window));
  }

  /// Writes how far all sections are durable. Everything was synced before.
  void writeMarks(boolean sealed) {
    var all = new TreeMap<String, TreeMap<Long, Mark>>();
    for (JournalFiles journal : journals.values()) {
      if (!journal.adopted) {
        continue; // not this family's yet: it is looked at whenever the family is opened
      }
      var sections = new TreeMap<Long, Mark>(Long::compareUnsigned);
      for (Section section : journal.sections.values()) {
        sections.put(section.number(),
            new Mark(section.end(), section.count(), sealed ? section.blob().lastPageMark() : 0));
      }
      all.put(journal.name, sections);
    }
    putMarks(new Marks(sealed, format, all));
  }

  private void putMarks(Marks next) {
    Bytes bytes = next.encode();
    if (bytes.size() > Marks.BYTES_MAX) { // more than a later open would read: it goes by the files alone
      storage.remove(Family.PARTITION, Marks.BLOB.toArray());
      marks = Marks.none(format);
    } else {
      storage.replace(Family.PARTITION, Marks.BLOB.toArray(), bytes.buffer());
      marks = next;
    }
    bytesUnmarked = 0;
  }

  /// Takes a partition that was only looked at for a journal of this family.
  private void adopt(JournalFiles journal) {
    if (journal.adopted) {
      return;
    }
    for (Section section : journal.sections.values()) {
      section.repair();
    }
    journal.adopted = true;
    familyChanged = true;
  }

  private void syncAll() {
    syncItems();
    if (familyChanged) {
      writeFamily("", true);
    }
    for (PagedBlob blob : pruned) {
      removeFile(blob);
    }
    pruned.clear();
    if (bytesUnmarked >= Math.min(MARK_BYTES, MARK_BUFFERS * config.bufferBytes())) {
      writeMarks(false);
    }
  }

  private void syncItems() {
    if (changed.isEmpty()) {
      return;
    }
    long start = context.clock().monotonicNs();
    var blobs = new ArrayList<Blob>();
    for (Section section : changed) {
      blobs.add(section.blob().flush());
    }
    storage.syncAll(blobs);
    for (Section section : changed) {
      section.blob().synced();
    }
    changed.clear();
    metrics.syncSeconds().observe((context.clock().monotonicNs() - start) / 1e9);
    metrics.openBlobs().set(files.openCount());
  }

  private void writeFamily(String removing, boolean floors) {
    var members = new TreeMap<String, Family.Member>();
    boolean raised = false;
    for (JournalFiles journal : journals.values()) {
      raised |= journal.floor != journal.floorStored;
      if (journal.adopted) {
        journal.floorStored = floors ? journal.floor : journal.floorStored;
        journal.stored = true;
        members.put(journal.name, new Family.Member(journal.name.equals(removing), journal.floorStored));
      }
    }
    Bytes bytes = new Family(format, members).encode();
    if (bytes.size() > Family.BYTES_MAX) { // no open would read it
      throw new StorageFailedException("the floors of " + context.slot() + " are more than " + Family.BYTES_MAX
          + " bytes");
    }
    storage.replace(Family.PARTITION, Family.BLOB.toArray(), bytes.buffer());
    familyChanged = raised && !floors;
  }

  /// Before a journal is cut: no mark may ask for more than will be left.
  private void lowerMarks(String name, long section, long index) {
    TreeMap<Long, Mark> found = marks.journals().get(name);
    if (found == null) {
      return;
    }
    Mark last = found.get(section);
    boolean above = last != null && last.count() > index;
    if (!above && found.tailMap(section, false).isEmpty()) {
      return;
    }
    var kept = new TreeMap<Long, Mark>(Long::compareUnsigned);
    kept.putAll(found.headMap(section, !above));
    var all = new TreeMap<>(marks.journals());
    all.put(name, kept);
    putMarks(new Marks(false, format, all));
  }

  private void removeFile(PagedBlob blob) {
    window.forget(blob);
    blob.close();
    storage.remove(blob.partition(), blob.name());
  }

  private JournalFiles journal(String name) {
    JournalFiles journal = journals.get(name);
    if (journal == null) {
      throw new IllegalArgumentException("no journal has this name");
    }
    return journal;
  }

  /// Before the first change the seal goes: from then on its marks are only a lower bound.
  private void change(Runnable change) {
    guarded(() -> {
      require(state == State.OPEN, "a sealed instance is not changed");
      if (marks.sealed()) {
        putMarks(new Marks(false, format, marks.journals()));
      }
      change.run();
      return state;
    });
  }

  /// After a failure the instance is dead: what it holds in memory may differ from what is stored.
  private <T> T guarded(Supplier<T> call) {
    usable();
    boolean done = false;
    try {
      T result = call.get();
      done = true;
      return result;
    } catch (IllegalArgumentException refused) {
      done = true; // nothing was done
      throw refused;
    } finally {
      if (!done) {
        state = State.FAILED;
      }
    }
  }

  /// A read that finds damage has changed nothing: whatever is whole is served on.
  private <T> T reading(Supplier<T> read) {
    usable();
    boolean done = false;
    try {
      T result = read.get();
      done = true;
      return result;
    } catch (IllegalArgumentException | CorruptionException unharmed) {
      done = true;
      throw unharmed;
    } finally {
      if (!done) {
        state = State.FAILED;
      }
    }
  }

  private void usable() {
    if (state == State.FAILED || state == State.CLOSED) {
      throw new StorageFailedException("the family of " + context.slot() + " at " + context.location() + " has ended");
    }
  }

  private static void require(boolean condition, String text) {
    if (!condition) {
      throw new IllegalArgumentException(text);
    }
  }
}
