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
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Journals on the node's disk, one blob each, written and forced on one strand at commit. For simulations of the
/// engine alone: a crash takes what was not forced, and reading ends at the first item that is not whole.
final class DiskJournals implements JournalStore {
  private static final int HEADER = 16;
  private final Runtime runtime;
  private final Strand strand;
  private @Nullable Storage storage;

  DiskJournals(Runtime runtime) {
    this.runtime = runtime;
    strand = runtime.strand("journals");
  }

  @Override
  public Completion<Journal> journal(String name) {
    return strand.run("open", () -> new OnDisk(name));
  }

  @Override
  public Completion<List<String>> names() {
    throw new AssertionError("not asked");
  }

  @Override
  public Completion<Boolean> remove(String name) {
    throw new AssertionError("not asked");
  }

  @Override
  public Completion<Long> whenActive() {
    return strand.run("active", () -> 1L);
  }

  @Override
  public boolean isActive() { return true; }

  private final class OnDisk implements Journal {
    private final String name;
    private final Blob blob;
    private final TreeMap<Long, List<Bytes>> items = new TreeMap<>(Long::compareUnsigned);
    private final List<Bytes> unwritten = new ArrayList<>();
    private long end;
    private long changes;
    private long floor;

    OnDisk(String name) {
      this.name = name;
      Storage volume = storage;
      if (volume == null) {
        volume = runtime.volume().scope("journals");
        storage = volume;
      }
      blob = volume.open(name, "log".getBytes(StandardCharsets.US_ASCII));
      ByteBuffer all = ByteBuffer.allocate((int) blob.size());
      blob.read(0, all);
      all.flip();
      while (all.remaining() > 0) {
        var reader = new Reader(all.duplicate());
        try {
          long section = reader.u64();
          int size = reader.u32();
          int check = reader.u32();
          Bytes item = reader.raw(size, "item");
          if (check != item.hashCode() || size == 0) {
            break;
          }
          items.computeIfAbsent(section, key -> new ArrayList<>()).add(item);
        } catch (InvalidDataException torn) {
          break;
        }
        all.position(all.position() + reader.offset());
        end += reader.offset();
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
      Bytes bytes = Bytes.of(item);
      List<Bytes> of = items.computeIfAbsent(section, key -> new ArrayList<>());
      of.add(bytes);
      var writer = new Writer(HEADER + bytes.size());
      writer.u64(section);
      writer.u32(bytes.size());
      writer.u32(bytes.hashCode());
      writer.raw(bytes);
      unwritten.add(writer.finish());
      changes++;
      return of.size() - 1L;
    }

    @Override
    public Completion<Durable> commit() {
      List<Bytes> batch = List.copyOf(unwritten);
      unwritten.clear();
      long upTo = changes;
      return strand.run("commit", () -> {
        for (Bytes bytes : batch) {
          blob.write(end, bytes.buffer());
          end += bytes.size();
        }
        blob.sync();
        return new Durable(upTo);
      });
    }

    @Override
    public Completion<List<Entry>> read(long section, long index, int max) {
      throw new AssertionError("not asked");
    }

    @Override
    public Completion<List<Entry>> replay(long section, long index) {
      List<Entry> found = new ArrayList<>();
      items.tailMap(section, true).forEach((of, all) -> {
        for (int i = of == section ? (int) index : 0; i < all.size(); i++) {
          found.add(new Entry(of, i, all.get(i)));
        }
      });
      return strand.run("replay", () -> List.copyOf(found));
    }

    @Override
    public void prune(long section) {
      floor = section;
      items.headMap(section, false).clear();
    }

    @Override
    public void rewind(long section, long index) {
      throw new AssertionError("not asked");
    }

    @Override
    public long floor() {
      return floor;
    }

    @Override
    public List<SectionEnd> sections() {
      throw new AssertionError("not asked");
    }
  }
}
