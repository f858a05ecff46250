package dev.tenon.runtime.jvm;

import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Histogram;
import dev.tenon.runtime.metrics.Metrics;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// Series in memory.
final class MemoryMetrics implements Metrics {
  private final ConcurrentHashMap<String, Series> series = new ConcurrentHashMap<>();

  private static final class Series implements Counter, Histogram {
    private final LongAdder count = new LongAdder();
    private final DoubleAdder sum = new DoubleAdder();

    @Override
    public void add(long amount) {
      count.add(amount);
    }

    @Override
    public long value() {
      return count.sum();
    }

    @Override
    public void observe(double value) {
      count.increment();
      sum.add(value);
    }

    @Override
    public long count() {
      return count.sum();
    }

    @Override
    public double sum() {
      return sum.sum();
    }

    @Override
    public void remove() {}
  }

  private static final class Level implements Gauge {
    private volatile double value;

    @Override
    public void set(double to) {
      value = to;
    }

    @Override
    public double value() {
      return value;
    }

    @Override
    public void remove() {}
  }

  /// How often a counter or histogram was told something.
  long count(String name, String... labels) {
    return of(name, labels).count();
  }

  @Override
  public Counter counter(String name, String help, String... labels) {
    return of(name, labels);
  }

  @Override
  public Gauge gauge(String name, String help, String... labels) {
    return new Level();
  }

  @Override
  public Histogram histogram(String name, String help, double[] upperBounds, String... labels) {
    return of(name, labels);
  }

  private Series of(String name, String... labels) {
    return series.computeIfAbsent(name + Arrays.toString(labels), key -> new Series());
  }
}
