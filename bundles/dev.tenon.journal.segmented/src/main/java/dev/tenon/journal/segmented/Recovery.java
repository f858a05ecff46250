package dev.tenon.journal.segmented;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.journal.JournalInstance;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Opens a location: from what a seal left, or by reading everything, cutting torn ends and syncing what is kept.
final class Recovery {
  private static final int SECTION_NAME_BYTES = 8;
  /// No section's name, so never a blob of a journal.
  private static final byte[] NO_SECTION = {0};

  private final Storage storage;
  private final StoreConfig config;
  private final FileFormat format;
  private final SegmentedStore store;
  private final TreeMap<String, JournalFiles> journals = new TreeMap<>();
  /// Partitions that hold files which do not read as a journal, with what is wrong.
  private final TreeMap<String, CorruptionException> unreadable = new TreeMap<>();
  private boolean familyStale;
  private boolean unmarked;
  private long dropped;

  private Recovery(OpenContext context, StoreConfig config) {
    this.storage = context.storage();
    this.config = config;
    this.format = new FileFormat(config.pageBytes(), config.compressed());
    this.store = new SegmentedStore(context, config);
  }

  /// @throws CorruptionException if what was durable is damaged
  /// @throws ConfigException if the files have another format than the configured one
  static JournalInstance open(OpenContext context, StoreConfig config) {
    var recovery = new Recovery(context, config);
    boolean done = false;
    try {
      recovery.run();
      done = true;
      return recovery.store;
    } finally {
      if (!done) {
        recovery.store.close();
      }
    }
  }

  private void run() {
    readFamily();
    Marks marks = readMarks();
    for (JournalFiles journal : journals.values()) {
      for (byte[] name : storage.scan(journal.name)) {
        addSection(journal, name);
      }
      if (!journal.adopted && !journal.sections.isEmpty()) {
        journal.floor = journal.sections.firstKey();
        journal.floorStored = journal.floor;
      }
    }
    // What a removed journal leaves is an empty folder.
    journals.values().removeIf(journal -> !journal.adopted && journal.sections.isEmpty());
    boolean sealed = marks.sealed() && takeSealed(marks);
    for (JournalFiles journal : List.copyOf(journals.values())) {
      if (!journal.adopted) {
        look(journal);
      } else if (!sealed) {
        recover(journal, marks);
      }
    }
    if (sealed) {
      store.recovered(journals, unreadable, marks, familyStale, dropped);
      return;
    }
    // Marks of what `floors` does not name are older than what lies there: none may ask for more once it is adopted.
    var known = new TreeMap<>(marks.journals());
    boolean stale = known.keySet().removeIf(name -> !isAdopted(name));
    store.recovered(journals, unreadable, new Marks(false, format, known), familyStale, dropped);
    if (unmarked || stale || marks.sealed()) {
      store.writeMarks(false);
    }
  }

  private boolean isAdopted(String name) {
    JournalFiles journal = journals.get(name);
    return journal != null && journal.adopted;
  }

  private void readFamily() {
    Optional<Bytes> stored = readWhole(Family.BLOB, Family.BYTES_MAX);
    if (stored.isPresent()) {
      Family family;
      try {
        family = Family.decode(stored.get());
      } catch (InvalidDataException e) {
        throw new CorruptionException(Family.PARTITION, Family.BLOB.hex(), Math.max(0, e.offset()),
            "the family's floors", e.rule().name());
      }
      sameFormat(family.format());
      family.journals().forEach((name, member) -> {
        if (member.removing()) {
          removeAll(name);
        } else {
          var journal = new JournalFiles(name, member.floor(), true);
          journal.stored = true;
          journals.put(name, journal);
        }
      });
    }
    for (String partition : storage.partitions()) {
      if (!partition.equals(Family.PARTITION) && !journals.containsKey(partition)
          && partition.length() <= Family.NAME_BYTES_MAX) {
        journals.put(partition, new JournalFiles(partition, 0, false));
      }
    }
  }

  private void removeAll(String name) {
    List<byte[]> blobs = storage.scan(name);
    for (int i = blobs.size() - 1; i >= 0; i--) {
      storage.remove(name, blobs.get(i));
    }
    storage.remove(name, NO_SECTION);
    familyStale = true;
  }

  private Marks readMarks() {
    Marks marks = readWhole(Marks.BLOB, Marks.BYTES_MAX).flatMap(Marks::decode).orElse(Marks.none(format));
    sameFormat(marks.format());
    return marks;
  }

  private void sameFormat(FileFormat stored) {
    if (stored.pageBytes() != format.pageBytes()) {
      throw new ConfigException("pageBytes", Integer.toString(format.pageBytes()),
          "the location was written with " + stored.pageBytes());
    }
    if (stored.compressed() != format.compressed()) {
      throw new ConfigException("compressionLevel", Integer.toString(config.compressionLevel()),
          "the location was written with compression " + (stored.compressed() ? "on" : "off"));
    }
  }

  /// Reads `floors` or `index`, and makes what is read durable: a replacement that failed may be seen here and be
  /// undone by a power loss, while files that it gave up were removed.
  private Optional<Bytes> readWhole(Bytes blob, long bytesMax) {
    for (byte[] name : storage.scan(Family.PARTITION)) {
      if (Bytes.of(name).equals(blob)) {
        try (Blob file = storage.open(Family.PARTITION, name)) {
          file.sync();
          if (file.size() > bytesMax) {
            return Optional.of(Bytes.EMPTY); // no writer makes it so long: damaged
          }
          var whole = ByteBuffer.allocate((int) file.size());
          file.read(0, whole);
          return Optional.of(Bytes.wrap(whole.array()));
        }
      }
    }
    return Optional.empty();
  }

  private void addSection(JournalFiles journal, byte[] name) {
    if (name.length != SECTION_NAME_BYTES) {
      var misnamed = new CorruptionException(journal.name, HexFormat.of().formatHex(name), 0,
          "a blob's name of 8 bytes", name.length + " bytes");
      if (journal.adopted) {
        throw misnamed;
      }
      unreadable.put(journal.name, misnamed);
      return;
    }
    long number = ByteBuffer.wrap(name).getLong();
    if (Long.compareUnsigned(number, journal.floor) < 0) {
      storage.remove(journal.name, name); // pruned, when a crash came between
    } else {
      journal.sections.put(number, store.section(journal, number));
    }
  }

  /// Takes what a seal left, if the files are those that it left. Of each journal the names are compared, and the last
  /// file, which another node would have gone on with; every other file when it is used ([PagedBlob#file]).
  private boolean takeSealed(Marks marks) {
    var adopted = journals.values().stream().filter(journal -> journal.adopted).toList();
    if (!List.copyOf(marks.journals().keySet()).equals(adopted.stream().map(journal -> journal.name).toList())) {
      return false;
    }
    for (JournalFiles journal : adopted) {
      TreeMap<Long, Mark> sections = marks.journals().getOrDefault(journal.name, new TreeMap<>());
      if (!List.copyOf(sections.keySet()).equals(List.copyOf(journal.sections.keySet()))) {
        return false;
      }
      for (Section section : journal.sections.values()) {
        Mark mark = marks.find(journal.name, section.number()).orElseThrow();
        if (mark.bytes() < mark.count() || mark.count() < 0) {
          return false;
        }
        section.found(mark);
      }
    }
    try {
      for (JournalFiles journal : adopted) {
        if (!journal.sections.isEmpty()) {
          journal.sections.lastEntry().getValue().blob().file();
        }
      }
    } catch (CorruptionException other) { // not as it was sealed: what it is now is judged by reading all
      return false;
    }
    return true;
  }

  private void recover(JournalFiles journal, Marks marks) {
    TreeMap<Long, Mark> marked = marks.journals().getOrDefault(journal.name, new TreeMap<>());
    for (var mark : marked.tailMap(journal.floor, true).entrySet()) {
      if (mark.getValue().bytes() > 0 && !journal.sections.containsKey(mark.getKey())) {
        throw new CorruptionException(journal.name, HexFormat.of().toHexDigits(mark.getKey()), 0,
            "a blob with " + mark.getValue().count() + " items", "none");
      }
    }
    // A rewind that ended in the middle may have removed sections in the page cache only: they must not come back once
    // something new was appended before them. Removing what is absent makes the removals that are seen last.
    storage.remove(journal.name, NO_SECTION);
    for (Section section : journal.sections.values()) {
      SectionScan scan = SectionScan.of(section.blob(), config);
      long durable = marks.find(journal.name, section.number()).map(Mark::bytes).orElse(0L);
      if (scan.size() < durable) {
        throw new CorruptionException(journal.name, section.blob().hexName(), section.blob().fileOffset(scan.size()),
            durable + " bytes of items", "damage or an end after " + scan.size());
      }
      section.found(scan);
      if (scan.dropped() > 0) {
        section.repair();
      }
      // Also where nothing is left: the cut of a rewind may be in the page cache only.
      section.blob().syncFile();
      unmarked |= scan.size() > durable;
      dropped += scan.dropped();
    }
  }

  /// Looks at a partition that may be a journal of the reference's or something else, without changing it. What does
  /// not read as a journal is left out, and is refused where somebody wants to use it as one.
  private void look(JournalFiles journal) {
    boolean pages = false;
    long torn = 0;
    PagedBlob tornIn = null;
    try {
      for (Section section : journal.sections.values()) {
        SectionScan scan = SectionScan.of(section.blob(), config);
        pages |= scan.pagesSize() > 0;
        if (scan.pagesSize() == 0 && scan.dropped() > 0) {
          tornIn = section.blob();
        }
        section.found(scan);
        section.blob().syncFile();
        torn += scan.dropped();
      }
      if (tornIn != null && !pages) {
        throw tornIn.corrupt(0, "a page of " + config.pageBytes() + " bytes", "none in any section");
      }
    } catch (CorruptionException e) {
      unreadable.put(journal.name, e);
    }
    if (journal.sections.isEmpty() || unreadable.containsKey(journal.name)) {
      journals.remove(journal.name);
    } else {
      dropped += torn;
    }
  }
}
