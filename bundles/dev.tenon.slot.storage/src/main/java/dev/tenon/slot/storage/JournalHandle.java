package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.role.Idempotent;
import dev.tenon.runtime.role.MemoryRead;
import dev.tenon.runtime.role.Stream;
import dev.tenon.runtime.role.Unit;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotUnavailableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The [Journal] that an engine's actor owns: gives each item its index, keeps those that are not yet durable, and
/// answers from memory what it can. Fields are the owner's; the strand says through [#durable] how far it has come.
final class JournalHandle implements Journal {
  private static final int REPLAY_ENTRIES_MAX = 1_024;
  private static final int REPLAY_SECTIONS_MAX = 64;
  private static final int READ_BYTES_MAX = 256 << 10;

  private final String key;
  private final @Nullable Namespace space;
  private final SlotPort port;
  private final JournalFamily family;
  /// What the journal is once all that is queued has run.
  private SectionTable table = new SectionTable();
  private final Changes changes = new Changes(this);
  private volatile boolean closed;

  /// @param key its name among all journals of the slot
  /// @param space of the instance of a slot above that owns it; null for an engine's
  JournalHandle(String key, @Nullable Namespace space, SlotPort port, JournalFamily family) {
    this.key = key;
    this.space = space;
    this.port = port;
    this.family = family;
  }

  JournalFamily family() {
    return family;
  }

  /// Its name among all journals of the slot.
  String key() {
    return key;
  }

  /// Whether nothing of it is to take effect any more. Any thread.
  boolean isFenced() {
    Namespace owned = space;
    return closed || (owned != null && owned.ended().getAsBoolean());
  }

  /// Before the owner gets it.
  void begin(SectionTable durable) {
    table = durable;
  }

  /// From the strand: so many changes are durable.
  void durable(long number) {
    changes.durable(number);
  }

  /// A later handle, or the journal's removal, ends this one. Any thread.
  void close() {
    closed = true;
  }

  @Override
  @MemoryRead
  public String name() {
    Namespace owned = space;
    return owned == null ? key : key.substring(owned.prefix().length());
  }

  @Override
  @Unit
  @Idempotent
  public long append(long section, ByteBuffer item) {
    open();
    aboveFloor(section);
    if (item.remaining() > family.itemBytesMax()) {
      throw new IllegalArgumentException("an item has at most " + family.itemBytesMax() + " bytes, not "
          + item.remaining());
    }
    long index = table.end(section);
    if (!port.offer(changes.next().be(Change.Kind.APPEND, section, index, changes.last() + 1, Bytes.of(item)))) {
      if (port.state() == SlotState.SEALED) {
        throw new SlotUnavailableException(port.name().toString(), SlotState.SEALED, port.reason());
      }
      return BACKOFF;
    }
    changes.taken();
    table.append(section, 1);
    return index;
  }

  @Override
  @Unit
  @Idempotent
  public Completion<Durable> commit() {
    open();
    return JournalFacade.ask(port, new Commit(port.promise(), this, changes.last()));
  }

  @Override
  @Unit
  @Idempotent
  public Completion<List<Entry>> read(long section, long index, int max) {
    open();
    if (index < 0 || max < 1) {
      throw new IllegalArgumentException("an index is not negative, a count is above 0: " + index + ", " + max);
    }
    if (index >= table.end(section)) {
      return now(List.of());
    }
    List<Entry> held = held(section, index, max);
    if (!held.isEmpty()) {
      return now(held);
    }
    int count = (int) Math.min(max, table.end(section) - index);
    return JournalFacade.ask(port,
        new Read(port.promise(), this, List.of(new SectionEnd(section, index + count)), index));
  }

  @Override
  @Stream
  public Completion<List<Entry>> replay(long section, long index) {
    open();
    if (index < 0) {
      throw new IllegalArgumentException("an index is not negative: " + index);
    }
    int place = table.from(section, index);
    if (place == table.count()) {
      return now(List.of());
    }
    long first = table.section(place) == section ? index : 0;
    List<SectionEnd> plan = new ArrayList<>();
    long entries = -first;
    for (int at = place; at < table.count() && plan.size() < REPLAY_SECTIONS_MAX && entries < REPLAY_ENTRIES_MAX;
        at++) {
      entries += table.endAt(at);
      plan.add(new SectionEnd(table.section(at), table.endAt(at)));
    }
    return JournalFacade.ask(port, new Read(port.promise(), this, plan, first));
  }

  @Override
  @Unit
  @Idempotent
  public void prune(long section) {
    open();
    if (Long.compareUnsigned(section, table.floor()) <= 0) {
      return;
    }
    change(Change.Kind.PRUNE, section, 0);
    table.prune(section);
    for (Change held : changes.pending()) {
      held.rewound |= Long.compareUnsigned(held.section, section) < 0;
    }
  }

  @Override
  @Unit
  @Idempotent
  public void rewind(long section, long index) {
    open();
    aboveFloor(section);
    if (index < 0 || index > table.end(section)) {
      throw new IllegalArgumentException("section " + Long.toUnsignedString(section) + " ends at " + table.end(section)
          + ", not above " + index);
    }
    change(Change.Kind.REWIND, section, index);
    table.rewind(section, index);
    for (Change held : changes.pending()) {
      int order = Long.compareUnsigned(held.section, section);
      held.rewound |= order > 0 || (order == 0 && held.index >= index);
    }
  }

  @Override
  @MemoryRead
  public long floor() {
    open();
    return table.floor();
  }

  @Override
  @MemoryRead
  public List<SectionEnd> sections() {
    open();
    return table.list();
  }

  private void change(Change.Kind kind, long section, long index) {
    if (!port.offer(changes.next().be(kind, section, index, changes.last() + 1, null))) {
      throw new SlotUnavailableException(port.name().toString(), port.state(), "the queue is full");
    }
    changes.taken();
  }

  /// Items from an address on that are still held here.
  private List<Entry> held(long section, long index, int max) {
    List<Entry> found = new ArrayList<>();
    long next = index;
    int bytes = 0;
    for (Change change : changes.pending()) {
      Bytes item = change.item;
      if (item != null && !change.rewound && change.section == section && change.index == next) {
        bytes += item.size();
        if (!found.isEmpty() && bytes > READ_BYTES_MAX) {
          break;
        }
        found.add(new Entry(section, next, item));
        next++;
        if (found.size() == max) {
          break;
        }
      }
    }
    return found;
  }

  private <T> Completion<T> now(T value) {
    Promise<T> promise = port.promise();
    promise.done(value);
    return promise.completion();
  }

  private void open() {
    if (closed) {
      throw new IllegalStateException("journal " + name() + " was opened again or removed");
    }
  }

  private OutcomeUnknownException superseded() {
    return new OutcomeUnknownException("journal " + name() + " was opened again or removed");
  }

  private void aboveFloor(long section) {
    if (Long.compareUnsigned(section, table.floor()) < 0) {
      throw new IllegalArgumentException("section " + Long.toUnsignedString(section) + " lies below the floor "
          + Long.toUnsignedString(table.floor()));
    }
  }

  private static final class Commit extends Asked<Durable> {
    private final JournalHandle handle;
    private final long changes;
    private boolean stale;

    Commit(Promise<Durable> promise, JournalHandle handle, long changes) {
      super(promise, handle.space);
      this.handle = handle;
      this.changes = changes;
    }

    @Override
    public void run(Object instance) {
      stale = !handle.family.isNewest(handle);
    }

    @Override
    public boolean wantsSync() {
      return true;
    }

    @Override
    public void deliver() {
      if (stale && handle.changes.durable() < changes) {
        fail(handle.superseded());
      } else {
        handle.changes.left(changes); // before the owner hears of it, so that its next append finds them
        super.deliver();
      }
    }

    @Override
    Durable answer() {
      return new Durable(changes);
    }
  }

  /// Reads on over sections whose ends were known when it was asked for.
  private static final class Read extends Asked<List<Entry>> {
    private final JournalHandle handle;
    private final List<SectionEnd> plan;
    private final long first;
    private boolean stale;
    private List<Entry> entries = List.of();

    Read(Promise<List<Entry>> promise, JournalHandle handle, List<SectionEnd> plan, long first) {
      super(promise, handle.space);
      this.handle = handle;
      this.plan = plan;
      this.first = first;
    }

    /// A journal that was removed or made anew behind the owner's back has other items there or none, and a provider
    /// without it may throw what would end the batch of all others.
    @Override
    public void run(Object instance) {
      stale = !handle.family.isNewest(handle);
      if (!stale) {
        telling(() -> entries = read((Tenure) instance));
      }
    }

    private List<Entry> read(Tenure tenure) {
      List<Entry> found = new ArrayList<>();
      int bytes = 0;
      long index = first;
      for (SectionEnd part : plan) {
        while (index < part.end() && found.size() < REPLAY_ENTRIES_MAX && bytes < READ_BYTES_MAX) {
          int count = (int) Math.min(REPLAY_ENTRIES_MAX - found.size(), part.end() - index);
          List<Bytes> items = tenure.provider().read(handle.key, part.section(), index, count,
              READ_BYTES_MAX - bytes);
          for (Bytes item : items) {
            found.add(new Entry(part.section(), index++, item));
            bytes += item.size();
          }
          if (items.isEmpty()) {
            break;
          }
        }
        if (found.size() >= REPLAY_ENTRIES_MAX || bytes >= READ_BYTES_MAX || index < part.end()) {
          break;
        }
        index = 0;
      }
      return found;
    }

    @Override
    public void deliver() {
      if (stale) {
        fail(handle.superseded());
      } else {
        super.deliver();
      }
    }

    @Override
    List<Entry> answer() {
      return List.copyOf(entries);
    }
  }
}
