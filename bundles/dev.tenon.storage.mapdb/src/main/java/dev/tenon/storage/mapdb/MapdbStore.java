package dev.tenon.storage.mapdb;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A family of journals in one location.
///
/// Every change is a record of one log, in order, so a crash leaves the beginning of what was asked. After a seal an
/// open reads the mark alone; the first call that needs more recovers the rest.
final class MapdbStore implements JournalInstance {
  private static final Logger log = LoggerFactory.getLogger(MapdbStore.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,200}");
  /// Between two syncs the log may grow to so many times the length at which a checkpoint is due.
  private static final long UNSYNCED_LOGS_MAX = 2;

  private final OpenContext context;
  private final StoreConfig config;
  private final MapdbMetrics metrics;
  private @Nullable Contents contents;
  /// What the seal left, until the contents are needed.
  private @Nullable Mark sealed;
  private long dropped;
  private State state = State.OPEN;

  private enum State {
    OPEN, SEALED, FAILED, CLOSED
  }

  private MapdbStore(OpenContext context, StoreConfig config) {
    this.context = context;
    this.config = config;
    this.metrics = MapdbMetrics.of(context.metrics(), context.slot());
  }

  static MapdbStore open(OpenContext context, StoreConfig config) {
    var store = new MapdbStore(context, config);
    Storage storage = context.storage();
    Optional<Mark> mark = Names.small(storage, Names.MARK, Mark.BYTES_MAX).flatMap(Mark::decode);
    if (mark.isPresent() && mark.get().sealed() && holds(storage, mark.get())) {
      store.sealed = mark.get();
    } else {
      store.recover(mark);
    }
    return store;
  }

  /// Whether nothing was written since the seal: no checkpoint, and the log has the same length.
  private static boolean holds(Storage storage, Mark mark) {
    Optional<Bytes> base = Names.small(storage, Names.BASE, Base.BYTES_MAX);
    if (base.isEmpty() || Base.decode(base.get()).active() != mark.segment()) {
      return false;
    }
    if (!Names.numbers(storage, Names.LOG).contains(mark.segment())) {
      return mark.bytes() == 0;
    }
    try (Blob blob = storage.open(Names.LOG, Names.numbered(mark.segment()))) {
      return blob.size() == mark.bytes();
    }
  }

  private Contents recover(Optional<Mark> mark) {
    Recovery.Recovered recovered = Recovery.load(context.storage(), config, context.byteBudget(), mark);
    contents = recovered.contents();
    dropped = recovered.dropped();
    metrics.droppedBytes().add(dropped);
    metrics.runs().set(recovered.contents().runs.all().size());
    return recovered.contents();
  }

  private Contents contents() {
    Contents loaded = contents;
    if (loaded != null) {
      return loaded;
    }
    Mark mark = Objects.requireNonNull(sealed);
    boolean done = false;
    try {
      loaded = recoverBehind(mark);
      if (!loaded.catalog.found().equals(mark.found())) {
        throw new CorruptionException(Names.OWN, Names.MARK.hex(), 0, "what the seal tells", "other journals or ends");
      }
      done = true;
      return loaded;
    } finally {
      if (!done) { // an open that was put off has failed, whoever asked
        state = State.FAILED;
      }
    }
  }

  /// Where this finds damage, the next open would put the recovery off again, and nobody would ever hear of it. So the
  /// seal goes, while it stays known what was durable: the next open recovers at once, and fails by what it finds.
  private Contents recoverBehind(Mark mark) {
    try {
      return recover(Optional.of(mark));
    } catch (CorruptionException damage) {
      try {
        Bytes known = new Mark(mark.segment(), mark.bytes(), false, List.of()).encode();
        Names.replace(context.storage(), Names.MARK, known, Mark.BYTES_MAX);
      } catch (StorageFailedException unwritten) { // then the next open finds what this one did
        damage.addSuppressed(unwritten);
      }
      throw damage;
    }
  }

  @Override
  public OpenReport report() {
    Contents loaded = contents;
    return loaded == null
        ? new OpenReport(Objects.requireNonNull(sealed).found(), 0)
        : new OpenReport(loaded.catalog.found(), dropped);
  }

  @Override
  public OptionalLong floor(String name) {
    Contents loaded = contents;
    if (loaded == null) {
      return JournalInstance.super.floor(name); // the seal tells it: nothing need be recovered
    }
    Catalog.Member member = loaded.catalog.named(name);
    return member == null ? OptionalLong.empty() : OptionalLong.of(member.floor);
  }

  @Override
  public long end(String name, long section) {
    Contents loaded = contents;
    if (loaded == null) {
      return JournalInstance.super.end(name, section);
    }
    Catalog.Member member = loaded.catalog.named(name);
    return member == null ? 0 : member.end(section);
  }

  @Override
  public void activate() {
    require(state == State.OPEN, "an ended instance is not activated");
  }

  @Override
  public void create(String name) {
    require(NAME.matcher(name).matches() && !name.equals(Names.OWN),
        "a journal's name is [A-Za-z0-9_-]{1,200}, not _tenon");
    change(into -> {
      if (into.catalog.named(name) == null) {
        long id = into.catalog.nextId();
        add(into, new LogRecord.Create(id, name), Bytes.EMPTY);
        into.catalog.add(new Catalog.Member(id, name, 0));
      }
    });
  }

  @Override
  public void remove(String name) {
    change(into -> {
      Catalog.Member member = into.catalog.named(name);
      if (member != null) {
        add(into, new LogRecord.Remove(member.id), Bytes.EMPTY);
        into.catalog.remove(member, into.runs);
        sync(into);
      }
    });
  }

  @Override
  public void append(String name, long section, long index, List<Bytes> items) {
    change(into -> {
      Catalog.Member member = member(into, name);
      require(!items.isEmpty(), "an append has items");
      require(Long.compareUnsigned(section, member.floor) >= 0, "a section is not below the floor");
      for (Bytes item : items) {
        require(item.size() <= config.itemBytesMax(), "an item is at most " + config.itemBytesMax() + " bytes");
      }
      require(index == member.end(section), "an append starts at the section's end");
      long next = index;
      for (Bytes item : items) {
        long offset = add(into, new LogRecord.Append(member.id, section, next++, item.size()), item);
        member.sectionFor(section).add(offset, item.size(), Frame.crc(item.buffer()));
        metrics.appendedBytes().add(item.size());
        if (into.log.size() >= UNSYNCED_LOGS_MAX * into.logBytes) {
          sync(into);
        }
      }
    });
  }

  @Override
  public void rewind(String name, long section, long index) {
    change(into -> {
      Catalog.Member member = member(into, name);
      require(Long.compareUnsigned(section, member.floor) >= 0, "a section is not below the floor");
      long end = member.end(section);
      require(index >= 0 && index <= end, "an index is not above its section's end");
      if (index < end || !member.sections.tailMap(section, false).isEmpty()) {
        add(into, new LogRecord.Rewind(member.id, section, index), Bytes.EMPTY);
        member.rewind(section, index, into.runs);
      }
    });
  }

  @Override
  public void prune(String name, long section) {
    change(into -> {
      Catalog.Member member = member(into, name);
      if (Long.compareUnsigned(section, member.floor) > 0) {
        add(into, new LogRecord.Prune(member.id, section), Bytes.EMPTY);
        member.prune(section, into.runs);
      }
    });
  }

  @Override
  public List<Bytes> read(String name, long section, long index, int itemsMax, int bytesMax) {
    require(index >= 0 && itemsMax > 0, "an index is not negative, a count above 0");
    return reading(() -> {
      Contents from = contents();
      Catalog.Member member = member(from, name);
      Section found = member.sections.get(section);
      return found == null ? List.of() : read(from, member.id, section, found, index, itemsMax, bytesMax);
    });
  }

  private static List<Bytes> read(Contents from, long journal, long number, Section section, long index, int itemsMax,
      int bytesMax) {
    var read = new Items(itemsMax, bytesMax);
    long next = index;
    List<Section.Extent> extents = section.extents();
    for (int at = next < section.base() ? section.extentOf(next) : extents.size(); at < extents.size() && read.room;
        at++) {
      from.runs.read(extents.get(at).run(), journal, number, next, section.endOf(at), read);
      next = section.endOf(at);
    }
    for (; next < section.end() && read.room; next++) {
      byte[] item = new byte[section.length(next)];
      long offset = section.offset(next);
      from.log.read(offset, item);
      if (Frame.crc(ByteBuffer.wrap(item)) != section.crc(next)) {
        throw new CorruptionException(Names.LOG, Names.hex(from.log.segment()), offset, "an item as it was written",
            "another");
      }
      read.item(next, item);
    }
    return read.items;
  }

  /// Gathers what was asked for.
  private static final class Items implements RunReader.Items {
    private final List<Bytes> items = new ArrayList<>();
    private final int itemsMax;
    private long bytesLeft;
    private boolean room = true;

    Items(int itemsMax, int bytesMax) {
      this.itemsMax = itemsMax;
      this.bytesLeft = bytesMax;
    }

    @Override
    public boolean item(long index, byte[] item) {
      bytesLeft -= item.length;
      room = items.isEmpty() || bytesLeft >= 0;
      if (room) {
        items.add(Bytes.wrap(item));
        room = items.size() < itemsMax && bytesLeft > 0;
      }
      return room;
    }
  }

  @Override
  public void sync() {
    guarded(() -> {
      Contents loaded = contents;
      if (loaded != null && state == State.OPEN) {
        sync(loaded);
      }
      return state;
    });
  }

  private void sync(Contents loaded) {
    long start = context.clock().monotonicNs();
    if (loaded.log.sync()) {
      metrics.syncSeconds().observe((context.clock().monotonicNs() - start) / 1e9);
    }
    if (Checkpoint.due(loaded)) {
      long begun = context.clock().monotonicNs();
      List<CorruptionException> damage = Checkpoint.run(loaded);
      metrics.checkpointSeconds().observe((context.clock().monotonicNs() - begun) / 1e9);
      metrics.runs().set(loaded.runs.all().size());
      damage.forEach(each -> log.atWarn().addKeyValue("slot", context.slot())
          .addKeyValue("generation", context.generation()).addKeyValue("reason", each.getMessage())
          .log("checkpoint left a damaged run as it is"));
    } else if (loaded.unmarked) {
      loaded.writeMark(false);
    }
  }

  @Override
  public void seal() {
    guarded(() -> {
      Contents loaded = contents;
      if (loaded != null && state == State.OPEN && loaded.stored()) {
        loaded.log.sync();
        loaded.writeMark(true);
      }
      state = State.SEALED;
      return state;
    });
  }

  @Override
  public void close() {
    state = State.CLOSED;
    Contents loaded = contents;
    if (loaded != null) {
      loaded.close();
    }
  }

  private static long add(Contents into, LogRecord record, Bytes item) {
    into.begin();
    into.unmarked |= !(record instanceof LogRecord.Append);
    return into.log.add(record.encode(), item);
  }

  private static Catalog.Member member(Contents in, String name) {
    Catalog.Member member = in.catalog.named(name);
    if (member == null) {
      throw new IllegalArgumentException("no journal has this name");
    }
    return member;
  }

  @FunctionalInterface
  private interface Change {
    void apply(Contents contents);
  }

  private void change(Change change) {
    guarded(() -> {
      require(state == State.OPEN, "a sealed instance is not changed");
      change.apply(contents());
      return state;
    });
  }

  /// After a failure the instance is dead: what it holds in memory may differ from what is stored.
  private <T> T guarded(Supplier<T> call) {
    checkLiving();
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
    checkLiving();
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

  private void checkLiving() {
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
