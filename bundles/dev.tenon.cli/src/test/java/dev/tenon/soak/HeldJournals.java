package dev.tenon.soak;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.UnavailableException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Journals in memory. Commits are answered when a test says so.
final class HeldJournals implements JournalStore {
  final ArrayDeque<Promise<Durable>> commits = new ArrayDeque<>();
  boolean holds;
  /// So many openings fail.
  int closed;
  private final Runtime runtime;
  private final Map<String, Memory> journals = new TreeMap<>();

  HeldJournals(Runtime runtime) {
    this.runtime = runtime;
  }

  private <T> Completion<T> done(T value) {
    Promise<T> promise = runtime.promise();
    promise.done(value);
    return promise.completion();
  }

  @Override
  public Completion<Journal> journal(String name) {
    if (closed > 0) {
      closed--;
      Promise<Journal> promise = runtime.promise();
      promise.failed(new UnavailableException("planted"));
      return promise.completion();
    }
    return done(journals.computeIfAbsent(name, Memory::new));
  }

  @Override
  public Completion<List<String>> names() {
    return done(List.copyOf(journals.keySet()));
  }

  @Override
  public Completion<Boolean> remove(String name) {
    return done(journals.remove(name) != null);
  }

  @Override
  public Completion<Long> whenActive() {
    return done(1L);
  }

  @Override
  public int itemBytesMax() {
    return 1 << 16;
  }

  @Override
  public boolean signingOff() {
    return false;
  }

  @Override
  public boolean isRecovered() { return false; }

  @Override
  public boolean isActive() { return true; }

  private final class Memory implements Journal {
    private final String name;
    private final TreeMap<Long, List<Bytes>> sections = new TreeMap<>();
    private long floor;

    Memory(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long append(long section, ByteBuffer item) {
      List<Bytes> items = sections.computeIfAbsent(section, key -> new ArrayList<>());
      items.add(Bytes.of(item));
      return items.size() - 1L;
    }

    @Override
    public Completion<Durable> commit() {
      Promise<Durable> promise = runtime.promise();
      if (holds) {
        commits.add(promise);
      } else {
        promise.done(new Durable(0));
      }
      return promise.completion();
    }

    @Override
    public Completion<List<Entry>> read(long section, long index, int max) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Completion<List<Entry>> replay(long section, long index) {
      List<Entry> entries = new ArrayList<>();
      sections.tailMap(section, true).forEach((of, items) -> {
        for (long i = of == section ? index : 0; i < items.size(); i++) {
          entries.add(new Entry(of, i, items.get((int) i)));
        }
      });
      return done(entries);
    }

    @Override
    public void prune(long section) {
      floor = Math.max(floor, section);
      sections.headMap(section).clear();
    }

    @Override
    public void rewind(long section, long index) {
      sections.tailMap(section, false).clear();
      List<Bytes> items = sections.getOrDefault(section, new ArrayList<>());
      items.subList((int) index, items.size()).clear();
    }

    @Override
    public long floor() {
      return floor;
    }

    @Override
    public List<SectionEnd> sections() {
      return sections.entrySet().stream().map(each -> new SectionEnd(each.getKey(), each.getValue().size())).toList();
    }
  }
}
