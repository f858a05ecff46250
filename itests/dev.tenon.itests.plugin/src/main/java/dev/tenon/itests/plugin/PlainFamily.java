package dev.tenon.itests.plugin;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A family of journals in numbered files, each written as a whole by a sync. In memory: where each item lies.
///
/// A file is all or nothing, so what is found is what was done up to some sync. A file without a living item goes
/// as soon as all before it are gone. Every file is read when a location is opened: simple, and slow where much lives.
final class PlainFamily implements JournalInstance {
  private static final String FILES = "plain";
  private static final String SEALS = "_tenon";
  private static final byte[] SEAL = {'e', 'n', 'd'};
  static final int ITEM_BYTES_MAX = 4 << 20;
  /// Above it, what waits is written without being asked for.
  private static final int GROUP_BYTES = 4 << 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,200}");

  private final Storage storage;
  private final Map<String, Store> stores = new TreeMap<>();
  /// How many items live in each file; the files' numbers have no gap.
  private final TreeMap<Long, Integer> living = new TreeMap<>();
  private final List<Item> waiting = new ArrayList<>();
  private long next;
  private @Nullable Group group;
  private State state = State.OPEN;

  private enum State {
    OPEN, SEALED, ENDED
  }

  private static final class Store {
    long floor;
    final TreeMap<Long, List<Item>> sections = new TreeMap<>(Long::compareUnsigned);
  }

  private static final class Item {
    long file;
    final int offset;
    final int size;
    final int crc;
    /// Until its file is written.
    @Nullable
    Bytes bytes;

    Item(long file, int offset, int size, int crc, @Nullable Bytes bytes) {
      this.file = file;
      this.offset = offset;
      this.size = size;
      this.crc = crc;
      this.bytes = bytes;
    }
  }

  private PlainFamily(Storage storage) {
    this.storage = storage;
  }

  static PlainFamily open(Storage storage) {
    PlainFamily family = new PlainFamily(storage);
    List<byte[]> names = storage.scan(FILES);
    for (int i = 0; i < names.size(); i++) {
      long number = ByteBuffer.wrap(names.get(i)).getLong();
      if (i > 0 && number != family.next) {
        throw new CorruptionException(FILES, hex(names.get(i)), 0, "file " + family.next, "file " + number);
      }
      family.load(number, i == names.size() - 1);
    }
    family.compareSeal();
    return family;
  }

  private void load(long number, boolean last) {
    living.put(number, 0);
    next = number + 1;
    ByteBuffer file;
    try (Blob blob = storage.open(FILES, name(number))) {
      file = ByteBuffer.allocate((int) blob.size());
      blob.read(0, file);
      if (last) {
        blob.sync(); // a replacement that failed may be seen and yet be lost
      }
    }
    file.flip();
    int stored = file.remaining() < Integer.BYTES ? 0 : file.getInt(0);
    int found = file.remaining() < Integer.BYTES ? -1 : Group.crc(file.slice(4, file.limit() - 4));
    if (stored != found) {
      throw corrupt(number, 0, stored, found);
    }
    Group.read(file, op -> {
      int crc = Group.crc(file.slice(op.item(), op.itemBytes()));
      redo(op, new Item(number, op.item(), op.itemBytes(), crc, null));
    });
  }

  /// What was sealed is there, or a file is missing.
  private void compareSeal() {
    if (storage.scan(SEALS).stream().noneMatch(name -> Arrays.equals(name, SEAL))) {
      return;
    }
    try (Blob blob = storage.open(SEALS, SEAL)) {
      ByteBuffer seal = ByteBuffer.allocate(Long.BYTES);
      if (blob.size() == Long.BYTES) {
        blob.read(0, seal);
      }
      if (blob.size() != Long.BYTES || Long.compareUnsigned(seal.getLong(0), next) > 0) {
        throw new CorruptionException(SEALS, hex(SEAL), 0, "at most " + next,
            blob.size() + " bytes, " + seal.getLong(0));
      }
    }
  }

  /// Does in memory what an operation does. Items of files that are gone are padded: a later operation drops them.
  private void redo(Group.Op op, Item item) {
    if (op.kind() == Group.REMOVE) {
      Store removed = stores.remove(op.name());
      if (removed != null) {
        removed.sections.values().forEach(items -> forget(items, 0));
      }
      return;
    }
    Store store = stores.computeIfAbsent(op.name(), name -> new Store());
    switch (op.kind()) {
      case Group.FLOOR -> store.floor = op.section();
      case Group.APPEND -> {
        List<Item> items = store.sections.computeIfAbsent(op.section(), section -> new ArrayList<>());
        while (items.size() < op.index()) {
          items.add(new Item(-1, 0, 0, 0, null));
        }
        items.add(item);
        living.merge(item.file, 1, Integer::sum);
      }
      case Group.REWIND -> {
        var later = store.sections.tailMap(op.section(), true);
        later.forEach((section, items) -> forget(items, section == op.section() ? op.index() : 0));
        later.values().removeIf(List::isEmpty);
      }
      case Group.PRUNE -> {
        if (Long.compareUnsigned(op.section(), store.floor) > 0) {
          store.floor = op.section();
          var below = store.sections.headMap(op.section(), false);
          below.values().forEach(items -> forget(items, 0));
          below.clear();
        }
      }
      default -> throw corrupt(item.file, item.offset, Group.APPEND, op.kind());
    }
  }

  private void forget(List<Item> items, long from) {
    for (int i = items.size() - 1; i >= from; i--) {
      living.computeIfPresent(items.remove(i).file, (file, count) -> count - 1);
    }
  }

  private void write(byte kind, String name, long section, long index, Bytes bytes) {
    Group group = this.group;
    if (group == null) {
      group = new Group();
      for (Map.Entry<String, Store> store : stores.entrySet()) {
        group.write(Group.FLOOR, store.getKey(), store.getValue().floor, 0, Bytes.EMPTY);
      }
      this.group = group;
      living.put(next, 0);
    }
    int at = group.write(kind, name, section, index, bytes);
    Item item = new Item(next, at, bytes.size(), Group.crc(bytes.buffer()), bytes);
    redo(new Group.Op(kind, name, section, index, at, bytes.size()), item);
    if (kind == Group.APPEND) {
      waiting.add(item);
    }
    if (group.size() >= GROUP_BYTES) {
      sync();
    }
  }

  @Override
  public OpenReport report() {
    List<OpenReport.Found> found = new ArrayList<>();
    stores.forEach((name, store) -> {
      List<SectionEnd> ends = new ArrayList<>();
      store.sections.forEach((section, items) -> ends.add(new SectionEnd(section, items.size())));
      found.add(new OpenReport.Found(name, store.floor, ends));
    });
    return new OpenReport(found, 0); // a file is all or nothing: there is no torn end
  }

  @Override
  public void activate() {
    // It shares nothing.
  }

  @Override
  public void create(String name) {
    if (!NAME.matcher(name).matches() || name.equals(SEALS)) {
      throw new IllegalArgumentException("no journal may be named '" + name + "'");
    }
    mustBeOpen();
    if (!stores.containsKey(name)) {
      write(Group.FLOOR, name, 0, 0, Bytes.EMPTY);
    }
  }

  @Override
  public void remove(String name) {
    mustBeOpen();
    if (stores.containsKey(name)) {
      write(Group.REMOVE, name, 0, 0, Bytes.EMPTY);
    }
    sync();
  }

  @Override
  public void append(String name, long section, long index, List<Bytes> items) {
    mustBeOpen();
    boolean fits = !items.isEmpty() && items.stream().allMatch(item -> item.size() <= ITEM_BYTES_MAX);
    if (!fits || index != mustReach(name, section, index)) {
      throw new IllegalArgumentException("append of " + items.size() + " to " + name + " at " + section + "/" + index);
    }
    long at = index;
    for (Bytes item : items) {
      write(Group.APPEND, name, section, at++, item);
    }
  }

  @Override
  public void rewind(String name, long section, long index) {
    mustBeOpen();
    mustReach(name, section, index);
    write(Group.REWIND, name, section, index, Bytes.EMPTY);
  }

  @Override
  public void prune(String name, long section) {
    mustBeOpen();
    known(name);
    write(Group.PRUNE, name, section, 0, Bytes.EMPTY);
  }

  @Override
  public List<Bytes> read(String name, long section, long index, int itemsMax, int bytesMax) {
    mustLive();
    List<Item> items = known(name).sections.getOrDefault(section, List.of());
    List<Bytes> read = new ArrayList<>();
    long bytes = 0;
    for (long at = index; at < items.size() && read.size() < itemsMax; at++) {
      Item item = items.get((int) at);
      bytes += item.size;
      if (!read.isEmpty() && bytes > bytesMax) {
        break;
      }
      read.add(read(item));
    }
    return read;
  }

  private Bytes read(Item item) {
    Bytes waits = item.bytes;
    if (waits != null) {
      return waits;
    }
    ByteBuffer bytes = ByteBuffer.allocate(item.size);
    disk(() -> {
      try (Blob blob = storage.open(FILES, name(item.file))) {
        blob.read(item.offset, bytes);
      }
    });
    int found = Group.crc(bytes.flip().duplicate());
    if (found != item.crc) {
      throw corrupt(item.file, item.offset, item.crc, found); // one damaged item ends nothing but this call
    }
    return Bytes.wrap(bytes.array());
  }

  @Override
  public void sync() {
    mustLive();
    Group group = this.group;
    if (group != null) {
      disk(() -> storage.replace(FILES, name(next), group.file())); // durable on return
      this.group = null;
      next++;
      waiting.forEach(item -> item.bytes = null);
      waiting.clear();
    }
    // Not the last one: from its number on it goes on.
    while (living.size() > 1 && living.firstEntry().getValue() == 0) {
      disk(() -> storage.remove(FILES, name(living.firstKey())));
      living.pollFirstEntry();
    }
  }

  @Override
  public void seal() {
    sync();
    disk(() -> storage.replace(SEALS, SEAL, ByteBuffer.allocate(Long.BYTES).putLong(0, next)));
    state = State.SEALED;
  }

  @Override
  public void close() {
    state = State.ENDED;
    stores.clear();
  }

  /// After a failure it is dead: what it holds in memory may differ from what is stored.
  private void disk(Runnable call) {
    try {
      call.run();
    } catch (StorageFailedException e) {
      state = State.ENDED;
      throw e;
    }
  }

  private void mustLive() {
    if (state == State.ENDED) {
      throw new StorageFailedException("the journals were closed, or their disk has failed");
    }
  }

  private void mustBeOpen() {
    mustLive();
    if (state == State.SEALED) {
      throw new IllegalArgumentException("the journals are sealed");
    }
  }

  private Store known(String name) {
    Store store = stores.get(name);
    if (store == null) {
      throw new IllegalArgumentException("there is no journal " + name);
    }
    return store;
  }

  /// @return the section's end, not below the index
  private long mustReach(String name, long section, long index) {
    Store store = known(name);
    long end = store.sections.getOrDefault(section, List.of()).size();
    if (Long.compareUnsigned(section, store.floor) < 0 || index < 0 || index > end) {
      throw new IllegalArgumentException(name + " has no place " + section + "/" + index);
    }
    return end;
  }

  private static byte[] name(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static String hex(byte[] name) {
    return HexFormat.of().formatHex(name);
  }

  private static CorruptionException corrupt(long file, long offset, int expected, int found) {
    return new CorruptionException(FILES, hex(name(file)), offset, Integer.toHexString(expected),
        Integer.toHexString(found));
  }
}
