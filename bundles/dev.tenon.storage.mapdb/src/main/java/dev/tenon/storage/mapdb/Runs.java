package dev.tenon.storage.mapdb;

import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/// The runs of the family, how much of each still counts, and the few that are open.
final class Runs implements Section.Dropped {
  /// A run that holds items of the family.
  static final class Held {
    final Run run;
    /// How many of its items still count, and about how many bytes they are.
    private long live;
    private long liveBytes;
    private boolean damaged;

    Held(Run run) {
      this.run = run;
    }

    boolean isDead() { return live == 0; }

    /// Whether it could not be read for a checkpoint of this instance. No other one tries.
    boolean isDamaged() { return damaged; }

    long liveBytes() {
      return liveBytes;
    }
  }

  private final Storage storage;
  private final int openMax;
  private final BlockCache cache;
  private final TreeMap<Long, Held> held = new TreeMap<>();
  private final LinkedHashMap<Long, RunReader> open = new LinkedHashMap<>(16, 0.75f, true);
  private List<Run> retired = List.of();
  private long nextNumber = 1;
  private long deadBytes;

  Runs(Storage storage, StoreConfig config, long byteBudget) {
    this.storage = storage;
    this.openMax = config.openRunsMax();
    this.cache = new BlockCache(StoreConfig.cacheBytes(byteBudget));
  }

  Collection<Held> all() {
    return held.values();
  }

  /// From the newest to the oldest.
  Collection<Held> newestFirst() {
    return held.descendingMap().values();
  }

  Run run(long number) {
    Held found = held.get(number);
    if (found == null) {
      throw new IllegalStateException("no run " + number);
    }
    return found.run;
  }

  void add(Run run) {
    held.put(run.number(), new Held(run));
    nextNumberFrom(run.number() + 1);
  }

  void remove(long number) {
    held.remove(number);
    close(number);
  }

  /// It stays as it is until nothing in it counts any more. Its handle may be dead.
  void damaged(long number) {
    close(number);
    Held found = held.get(number);
    if (found != null) {
      found.damaged = true;
    }
  }

  void nextNumberFrom(long number) {
    nextNumber = Math.max(nextNumber, number);
  }

  /// The number that the next run gets.
  long nextNumber() {
    return nextNumber;
  }

  /// Runs that the newest was partly made from: kept to rebuild it until the next one is durable.
  List<Run> retired() {
    return retired;
  }

  void retire(List<Run> runs) {
    retired = List.copyOf(runs);
  }

  @Override
  public void items(long run, long items, long bytes) {
    Held found = held.get(run);
    if (found != null) {
      found.live -= items;
      found.liveBytes -= bytes;
      deadBytes += found.isDead() ? found.run.fileBytes() : 0;
    }
  }

  /// Counts what sections hold, once.
  ///
  /// @return whether each extent is in a run that is there
  boolean count(Collection<Section> sections) {
    boolean known = true;
    for (Section section : sections) {
      int extents = section.extents().size();
      for (int i = 0; i < extents; i++) {
        known &= count(section, i);
      }
    }
    return known;
  }

  /// Counts what sections hold in a run that was just added.
  void count(Collection<Section> sections, long run) {
    for (Section section : sections) {
      List<Section.Extent> extents = section.extents();
      for (int i = 0; i < extents.size(); i++) {
        if (extents.get(i).run() == run) {
          count(section, i);
        }
      }
    }
  }

  private boolean count(Section section, int at) {
    Section.Extent extent = section.extents().get(at);
    Held found = held.get(extent.run());
    if (found == null || section.endOf(at) <= extent.from()) {
      return false;
    }
    found.live += section.endOf(at) - extent.from();
    found.liveBytes += extent.bytes();
    return true;
  }

  /// Bytes of the runs of which nothing counts any more.
  long deadBytes() {
    return deadBytes;
  }

  /// Takes those out of which nothing counts any more; their files are still there.
  List<Run> takeDead() {
    var dead = new ArrayList<Run>();
    for (Held each : List.copyOf(held.values())) {
      if (each.isDead()) {
        dead.add(each.run);
        remove(each.run.number());
      }
    }
    deadBytes = 0;
    return dead;
  }

  RunReader open(Run run) {
    RunReader present = open.get(run.number());
    if (present != null) {
      return present;
    }
    if (open.size() >= openMax) {
      Iterator<Map.Entry<Long, RunReader>> oldest = open.entrySet().iterator();
      oldest.next().getValue().close();
      oldest.remove();
    }
    RunReader opened = RunReader.open(storage, run, cache);
    open.put(run.number(), opened);
    return opened;
  }

  /// Reads items of one section, for whoever asked for them. Where the disk fails, the rest is asked for once more, of
  /// a new handle: what fails once is no damage, and a handle that has failed may be dead.
  ///
  /// @param number of a run
  /// @throws CorruptionException if it is damaged, or cannot be read
  void read(long number, long journal, long section, long from, long to, RunReader.Items items) {
    Run run = run(number);
    var next = new AtomicLong(from);
    try {
      open(run).read(journal, section, from, to, (index, item) -> {
        next.set(index + 1);
        return items.item(index, item);
      });
      return;
    } catch (CorruptionException | FencedException lasting) {
      throw lasting;
    } catch (StorageFailedException once) {
      close(number);
    }
    try {
      open(run).read(journal, section, next.get(), to, items);
    } catch (StorageFailedException again) {
      close(number);
      throw RunReader.damage(run, again);
    }
  }

  void delete(Run run) {
    close(run.number());
    storage.remove(Names.VIEW, Names.numbered(run.number()));
  }

  private void close(long number) {
    RunReader reader = open.remove(number);
    if (reader != null) {
      reader.close();
    }
  }

  void closeAll() {
    open.values().forEach(RunReader::close);
    open.clear();
    cache.clear();
  }
}
