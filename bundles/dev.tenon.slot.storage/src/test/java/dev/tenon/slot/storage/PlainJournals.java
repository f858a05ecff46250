package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/// The plainest provider: all in memory, behind one log of what was done. A fault can be planted in each call.
final class PlainJournals implements JournalProvider {
  /// What goes wrong, if anything; asked at each call.
  interface Fault {
    void at(String call);
  }

  private static final byte[] LOG = {0x6c, 0x6f, 0x67};
  private final Fault fault;
  private final String format;
  private final boolean forgetsToSync;
  private final boolean losesItems;

  PlainJournals(Fault fault) {
    this(fault, "plain-1", false, false);
  }

  PlainJournals(Fault fault, String format, boolean forgetsToSync, boolean losesItems) {
    this.fault = fault;
    this.format = format;
    this.forgetsToSync = forgetsToSync;
    this.losesItems = losesItems;
  }

  @Override
  public Description describe() {
    return new Description("plain", format, List.of(format), 1 << 20);
  }

  @Override
  public JournalInstance open(OpenContext context) {
    fault.at("open");
    return new Instance(context.storage());
  }

  private static final class Store {
    long floor;
    final TreeMap<Long, List<Bytes>> sections = new TreeMap<>(Long::compareUnsigned);
  }

  private final class Instance implements JournalInstance {
    private final Map<String, Store> stores = new TreeMap<>();
    private final Storage storage;
    private final Blob log;
    private final long dropped;
    private long end;

    Instance(Storage storage) {
      this.storage = storage;
      log = storage.open("data", LOG);
      ByteBuffer all = ByteBuffer.allocate((int) log.size());
      log.read(0, all);
      all.flip();
      while (all.remaining() >= (losesItems ? Integer.MAX_VALUE : 8)) {
        int size = all.getInt(all.position());
        if (size < 0 || size > all.remaining() - 8 || crc(all, size) != all.getInt(all.position() + 4)) {
          break;
        }
        all.position(all.position() + 8);
        ByteBuffer body = all.slice(all.position(), size);
        all.position(all.position() + size);
        byte[] name = new byte[body.get()];
        int kind = body.get();
        long section = body.getLong();
        long index = body.getLong();
        body.get(name);
        byte[] item = new byte[body.remaining()];
        body.get(item);
        redo(kind, new String(name, StandardCharsets.US_ASCII), section, index, Bytes.wrap(item));
      }
      end = all.position();
      log.resize(end);
      log.sync();
      dropped = all.remaining();
    }

    private int crc(ByteBuffer all, int size) {
      CRC32 crc = new CRC32();
      crc.update(all.slice(all.position() + 8, size));
      return (int) crc.getValue() ^ ~size;
    }

    private void redo(int kind, String name, long section, long index, Bytes item) {
      if (kind == 'd') {
        stores.remove(name);
        return;
      }
      Store store = stores.computeIfAbsent(name, key -> new Store());
      switch (kind) {
        case 'a' -> {
          List<Bytes> items = store.sections.computeIfAbsent(section, key -> new ArrayList<>());
          if (items.size() != index || Long.compareUnsigned(section, store.floor) < 0) {
            throw new IllegalArgumentException("append at " + section + "/" + index + ", end is " + items.size());
          }
          items.add(item);
        }
        case 'r' -> {
          store.sections.tailMap(section, false).clear();
          List<Bytes> items = store.sections.getOrDefault(section, new ArrayList<>());
          if (index > items.size()) {
            throw new IllegalArgumentException("rewind above the end");
          }
          items.subList((int) index, items.size()).clear();
        }
        case 'p' -> {
          if (Long.compareUnsigned(section, store.floor) > 0) {
            store.floor = section;
            store.sections.headMap(section, false).clear();
          }
        }
        default -> {}
      }
    }

    private void write(int kind, String name, long section, long index, Bytes item) {
      redo(kind, name, section, index, item);
      byte[] text = name.getBytes(StandardCharsets.US_ASCII);
      int size = 18 + text.length + item.size();
      ByteBuffer out = ByteBuffer.allocate(8 + size);
      out.position(8);
      out.put((byte) text.length).put((byte) kind).putLong(section).putLong(index).put(text);
      item.copyTo(out);
      CRC32 crc = new CRC32();
      crc.update(out.array(), 8, size);
      out.putInt(0, size).putInt(4, (int) crc.getValue() ^ ~size);
      log.write(end, out.flip());
      end += 8 + size;
    }

    @Override
    public OpenReport report() {
      List<OpenReport.Found> found = new ArrayList<>();
      stores.forEach((name,
          store) -> found.add(new OpenReport.Found(name, store.floor, store.sections.entrySet().stream()
              .filter(e -> !e.getValue().isEmpty()).map(e -> new SectionEnd(e.getKey(), e.getValue().size()))
              .toList())));
      return new OpenReport(found, dropped);
    }

    @Override
    public void activate() {
      fault.at("activate");
    }

    @Override
    public void create(String name) {
      fault.at("create");
      if (!stores.containsKey(name)) {
        write('c', name, 0, 0, Bytes.EMPTY);
      }
    }

    @Override
    public void remove(String name) {
      fault.at("remove");
      if (stores.containsKey(name)) {
        write('d', name, 0, 0, Bytes.EMPTY);
      }
      log.sync();
    }

    @Override
    public void append(String name, long section, long index, List<Bytes> items) {
      fault.at("append");
      long next = index;
      for (Bytes item : items) {
        write('a', name, section, next++, item);
      }
    }

    @Override
    public void rewind(String name, long section, long index) {
      fault.at("rewind");
      write('r', name, section, index, Bytes.EMPTY);
    }

    @Override
    public void prune(String name, long section) {
      fault.at("prune");
      write('p', name, section, 0, Bytes.EMPTY);
    }

    @Override
    public List<Bytes> read(String name, long section, long index, int itemsMax, int bytesMax) {
      fault.at("read");
      Store store = stores.get(name);
      if (store == null) {
        throw new IllegalArgumentException("no journal has this name");
      }
      List<Bytes> items = store.sections.getOrDefault(section, List.of());
      List<Bytes> found = new ArrayList<>();
      int bytes = 0;
      for (int at = (int) index; at < items.size() && found.size() < itemsMax; at++) {
        bytes += items.get(at).size();
        if (!found.isEmpty() && bytes > bytesMax) {
          break;
        }
        found.add(items.get(at));
      }
      return found;
    }

    @Override
    public void sync() {
      fault.at("sync");
      if (!forgetsToSync) {
        log.sync();
      }
    }

    @Override
    public void seal() {
      fault.at("seal");
      log.sync();
      storage.replace("_tenon", new byte[] {'e', 'n', 'd'}, ByteBuffer.allocate(8).putLong(0, end));
    }

    @Override
    public void close() {
      fault.at("close");
      log.close();
    }
  }
}
