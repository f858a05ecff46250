package dev.tenon.handover;

import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Histogram;
import dev.tenon.runtime.metrics.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The series that the instances of one slot have made: they go with the last instance that has them.
///
/// During a handover two instances live at once, and name the same series. A count or a distribution they share, so
/// that it goes on over the swap; a level is that of the one that was opened first, which serves, and of the next one
/// once that has ended. What an instance does after its end is not seen. Where a slot reopens, one instance ends before
/// the next one begins: counts that are nobody's then stay until that one was opened.
final class SlotSeries {
  private record Key(String name, List<String> labels) {}

  /// A series of the process, and whose it is. Guarded by the lock.
  private static final class Shared {
    final Runnable remove;
    final boolean level;
    final List<Held> holders = new ArrayList<>();

    Shared(Runnable remove, boolean level) {
      this.remove = remove;
      this.level = level;
    }
  }

  private final Metrics process;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Key, Shared> all = new LinkedHashMap<>();
  private int living;

  SlotSeries(Metrics process) {
    this.process = process;
  }

  /// An instance begins.
  Instance begin() {
    lock.lock();
    try {
      living++;
      return new Instance();
    } finally {
      lock.unlock();
    }
  }

  /// The slot ends: nothing of it is seen any more.
  void end() {
    lock.lock();
    try {
      all.values().forEach(shared -> {
        List.copyOf(shared.holders).forEach(held -> held.gone = true);
        shared.remove.run();
      });
      all.clear();
    } finally {
      lock.unlock();
    }
  }

  private void removeUnheld() {
    all.values().removeIf(shared -> {
      boolean unheld = shared.holders.isEmpty();
      if (unheld) {
        shared.remove.run();
      }
      return unheld;
    });
  }

  /// What one instance has of a series.
  private abstract class Held {
    private final Key key;
    final Shared shared;
    volatile boolean gone;

    Held(Key key, Shared shared) {
      this.key = key;
      this.shared = shared;
    }

    /// Another one's level is seen from now on. Under the lock.
    void show() {}

    /// Under the lock.
    void leave() {
      if (gone) {
        return;
      }
      gone = true;
      boolean first = shared.holders.getFirst() == this;
      shared.holders.remove(this);
      if (!shared.holders.isEmpty()) {
        if (first) {
          shared.holders.getFirst().show();
        }
      } else if (shared.level || living > 0) {
        shared.remove.run();
        all.remove(key, shared);
      }
    }

    final void drop() {
      lock.lock();
      try {
        leave();
      } finally {
        lock.unlock();
      }
    }
  }

  private final class HeldCounter extends Held implements Counter {
    private final Counter real;

    HeldCounter(Key key, Shared shared, Counter real) {
      super(key, shared);
      this.real = real;
    }

    @Override
    public void add(long amount) {
      if (!gone) {
        real.add(amount);
      }
    }

    @Override
    public long value() {
      return real.value();
    }

    @Override
    public void remove() {
      drop();
    }
  }

  private final class HeldGauge extends Held implements Gauge {
    private final Gauge real;
    private volatile double value;

    HeldGauge(Key key, Shared shared, Gauge real) {
      super(key, shared);
      this.real = real;
    }

    @Override
    public void set(double next) {
      lock.lock();
      try {
        value = next;
        if (!gone && shared.holders.getFirst() == this) {
          real.set(next);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public double value() {
      return value;
    }

    @Override
    public void remove() {
      drop();
    }

    @Override
    void show() {
      real.set(value);
    }
  }

  private final class HeldHistogram extends Held implements Histogram {
    private final Histogram real;

    HeldHistogram(Key key, Shared shared, Histogram real) {
      super(key, shared);
      this.real = real;
    }

    @Override
    public void observe(double value) {
      if (!gone) {
        real.observe(value);
      }
    }

    @Override
    public long count() {
      return real.count();
    }

    @Override
    public double sum() {
      return real.sum();
    }

    @Override
    public void remove() {
      drop();
    }
  }

  private interface Maker<S, H extends Held> {
    H of(Key key, Shared shared, S real);
  }

  /// The metrics of one instance.
  final class Instance implements Metrics {
    private final Map<Key, Held> mine = new LinkedHashMap<>();
    private boolean ended;

    private Instance() {}

    /// It was opened: what it goes on with it has asked for.
    void opened() {
      lock.lock();
      try {
        removeUnheld();
      } finally {
        lock.unlock();
      }
    }

    /// It has ended, or was left behind. Nothing a second time.
    void end() {
      lock.lock();
      try {
        if (!ended) {
          ended = true;
          living--;
          mine.values().forEach(Held::leave);
          mine.clear();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Counter counter(String name, String help, String... labels) {
      Counter real = process.counter(name, help, labels);
      return held(HeldCounter.class, name, labels, real, real::remove, HeldCounter::new);
    }

    @Override
    public Gauge gauge(String name, String help, String... labels) {
      Gauge real = process.gauge(name, help, labels);
      return held(HeldGauge.class, name, labels, real, real::remove, HeldGauge::new);
    }

    @Override
    public Histogram histogram(String name, String help, double[] upperBounds, String... labels) {
      Histogram real = process.histogram(name, help, upperBounds, labels);
      return held(HeldHistogram.class, name, labels, real, real::remove, HeldHistogram::new);
    }

    /// One that has ended gets a series that nobody sees.
    private <S, H extends Held> H held(Class<H> kind, String name, String[] labels, S real, Runnable remove,
        Maker<S, H> maker) {
      Key key = new Key(name, List.copyOf(Arrays.asList(labels)));
      lock.lock();
      try {
        boolean level = kind == HeldGauge.class;
        if (ended) {
          H late = maker.of(key, new Shared(remove, level), real);
          late.gone = true;
          if (!all.containsKey(key)) {
            remove.run();
          }
          return late;
        }
        Held known = mine.get(key);
        if (known != null && !known.gone) {
          return kind.cast(known);
        }
        Shared shared = all.computeIfAbsent(key, absent -> new Shared(remove, level));
        H made = maker.of(key, shared, real);
        shared.holders.add(made);
        mine.put(key, made);
        return made;
      } finally {
        lock.unlock();
      }
    }
  }
}
