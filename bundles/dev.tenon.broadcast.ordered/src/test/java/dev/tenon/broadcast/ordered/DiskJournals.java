package dev.tenon.broadcast.ordered;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.SimDisk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Journals on the node's disk, one blob each, written and forced on one strand at commit. For simulations of the
/// engine alone: a crash takes what was not forced, and reading ends at the first item that is not whole. As behind a
/// slot, units are parked where that is ordered, what was appended stays queued though its commit has expired, and a
/// later object of a name closes the earlier one.
final class DiskJournals implements JournalStore {
  /// How long a unit waits for a slot that is not active.
  static final long PARK_MS = 10_000;

  private record Queued(long section, Bytes item) {}

  private static final int HEADER = 16;
  private static final byte[] LOG = "log".getBytes(StandardCharsets.US_ASCII);
  private static final long NS_PER_MS = 1_000_000;
  private final Runtime runtime;
  private final JournalFaults faults;
  private final Strand strand;
  private final TreeMap<String, OnDisk> newest = new TreeMap<>();
  private final TreeMap<String, ArrayDeque<Queued>> queues = new TreeMap<>();
  private @Nullable Storage storage;

  DiskJournals(Runtime runtime, JournalFaults faults) {
    this.runtime = runtime;
    this.faults = faults;
    strand = runtime.strand("journals");
  }

  @Override
  public Completion<Journal> journal(String name) {
    return unit("open", () -> {
      faults.opened++;
      if (faults.damaged.test(name)) {
        throw new CorruptionException(name, "log", 0, "an item", "noise");
      }
      OnDisk before = newest.get(name);
      if (before != null) {
        before.closed = true;
        before.blob.close();
      }
      OnDisk opened = new OnDisk(name);
      opened.unwritten.forEach(queued -> opened.items
          .computeIfAbsent(queued.section, key -> new ArrayList<>()).add(queued.item));
      opened.write();
      newest.put(name, opened);
      return opened;
    });
  }

  /// What a disk holds of a journal, as a reader would see it now.
  static List<Bytes> items(SimDisk disk, String name) {
    boolean exists = disk.blobs("journals", name).contains(Bytes.of(LOG));
    return !exists ? List.of() : whole(disk.bytes("journals", name, LOG)).stream().map(Queued::item).toList();
  }

  /// The items up to the first that is not whole.
  private static List<Queued> whole(Bytes all) {
    List<Queued> found = new ArrayList<>();
    var reader = new Reader(all);
    while (reader.remaining() > 0) {
      try {
        long section = reader.u64();
        int size = reader.u32();
        int check = reader.u32();
        Bytes item = reader.raw(size, "item");
        if (check != item.hashCode() || size == 0) {
          return found;
        }
        found.add(new Queued(section, item));
      } catch (InvalidDataException torn) {
        return found;
      }
    }
    return found;
  }

  /// A unit of a slot: parked while that is ordered, for so long.
  private <T> Completion<T> unit(String step, Supplier<T> task) {
    long deadlineNs = runtime.clock().monotonicNs() + PARK_MS * NS_PER_MS;
    return strand.run(step, () -> {
      while (faults.isParked()) {
        long leftMs = (deadlineNs - runtime.clock().monotonicNs()) / NS_PER_MS;
        try {
          if (leftMs <= 0) {
            throw new TimeoutException("parked");
          }
          Promise<Long> woken = runtime.promise();
          faults.await(woken);
          var unused = strand.await(woken.completion(), leftMs);
        } catch (TimeoutException expired) {
          throw new UnavailableException("slot test/journal/broadcast is EMPTY");
        }
      }
      return task.get();
    });
  }

  @Override
  public Completion<List<String>> names() {
    return unit("names", () -> {
      if (faults.namesFail > 0) {
        faults.namesFail--;
        throw new StorageFailedException("planted");
      }
      return runtime.volume().scope("journals").partitions();
    });
  }

  @Override
  public Completion<Boolean> remove(String name) {
    throw new AssertionError("not asked");
  }

  @Override
  public Completion<Long> whenActive() {
    Promise<Long> active = runtime.promise();
    if (faults.isParked()) {
      faults.await(active);
    } else {
      active.done(1L);
    }
    return active.completion();
  }

  @Override
  public int itemBytesMax() { return faults.itemBytesMax; }

  @Override
  public boolean isActive() { return !faults.isParked(); }

  @Override
  public boolean signingOff() {
    return false;
  }

  @Override
  public boolean isRecovered() { return faults.isRecovered; }

  private final class OnDisk implements Journal {
    private final String name;
    private final Blob blob;
    private final TreeMap<Long, List<Bytes>> items = new TreeMap<>(Long::compareUnsigned);
    private final ArrayDeque<Queued> unwritten;
    private boolean closed;
    private long end;
    private long changes;
    private long floor;

    OnDisk(String name) {
      this.name = name;
      unwritten = queues.computeIfAbsent(name, key -> new ArrayDeque<>());
      Storage volume = storage;
      if (volume == null) {
        volume = runtime.volume().scope("journals");
        storage = volume;
      }
      blob = volume.open(name, LOG);
      if (faults.lost.test(name)) {
        blob.resize(0);
      }
      ByteBuffer all = ByteBuffer.allocate((int) blob.size());
      blob.read(0, all);
      all.flip();
      for (Queued whole : whole(Bytes.of(all))) {
        items.computeIfAbsent(whole.section, key -> new ArrayList<>()).add(whole.item);
        end += HEADER + whole.item.size();
      }
      blob.resize(end);
      blob.sync();
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long append(long section, ByteBuffer item) {
      open();
      if (faults.isFull) {
        return BACKOFF;
      }
      if (item.remaining() > faults.itemBytesMax) {
        throw new IllegalArgumentException("an item has at most " + faults.itemBytesMax + " bytes");
      }
      Bytes bytes = Bytes.of(item);
      List<Bytes> of = items.computeIfAbsent(section, key -> new ArrayList<>());
      of.add(bytes);
      unwritten.add(new Queued(section, bytes));
      faults.queued++;
      faults.queuedMax = Math.max(faults.queuedMax, unwritten.size());
      changes++;
      return of.size() - 1L;
    }

    @Override
    public Completion<Durable> commit() {
      open();
      long upTo = changes;
      faults.unanswered++;
      Completion<Durable> done = unit("commit", () -> {
        if (closed) {
          throw new OutcomeUnknownException("journal " + name + " was opened again");
        }
        write();
        return new Durable(upTo);
      });
      return done.map(durable -> {
        faults.unanswered--;
        return durable;
      });
    }

    /// Writes all that is queued. Where that fails nobody knows what of it there is.
    private void write() {
      try {
        while (!unwritten.isEmpty()) {
          Queued queued = unwritten.remove();
          faults.queued--;
          Bytes bytes = encoded(queued);
          blob.write(end, bytes.buffer());
          end += bytes.size();
        }
        blob.sync();
      } catch (StorageFailedException failed) {
        faults.queued -= unwritten.size();
        unwritten.clear();
        throw failed;
      }
    }

    private static Bytes encoded(Queued queued) {
      Bytes item = queued.item;
      var writer = new Writer(HEADER + item.size());
      writer.u64(queued.section);
      writer.u32(item.size());
      writer.u32(item.hashCode());
      writer.raw(item);
      return writer.finish();
    }

    private void open() {
      if (closed) {
        throw new IllegalStateException("journal " + name + " was opened again");
      }
    }

    @Override
    public Completion<List<Entry>> read(long section, long index, int max) {
      throw new AssertionError("not asked");
    }

    @Override
    public Completion<List<Entry>> replay(long section, long index) {
      open();
      List<Entry> found = new ArrayList<>();
      items.tailMap(section, true).forEach((of, all) -> {
        for (int i = of == section ? (int) index : 0; i < all.size(); i++) {
          found.add(new Entry(of, i, all.get(i)));
        }
      });
      if (faults.junk.test(name) && index == 0) {
        found.add(new Entry(section, 0, Bytes.of((byte) 1)));
      }
      return unit("replay", () -> List.copyOf(found));
    }

    @Override
    public void prune(long section) {
      open();
      if (faults.isFull) {
        throw new UnavailableException("the write buffer is full");
      }
      floor = section;
      items.headMap(section, false).clear();
    }

    @Override
    public void rewind(long section, long index) {
      throw new AssertionError("not asked");
    }

    @Override
    public long floor() {
      open();
      return floor;
    }

    @Override
    public List<SectionEnd> sections() {
      throw new AssertionError("not asked");
    }
  }
}
