package dev.tenon.sim;

import dev.tenon.codec.Check;
import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Histogram;
import dev.tenon.runtime.metrics.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The metrics of one incarnation, in memory, for tests to read.
public final class SimMetrics implements Metrics {
  private final TreeMap<String, Cell> cells = new TreeMap<>();
  private final TreeMap<String, String> kinds = new TreeMap<>();

  SimMetrics() {}

  @Override
  public Counter counter(String name, String help, String... labels) {
    Check.that(name.endsWith("_total"), "a counter's name ends in _total: " + name);
    isA("counter", name.substring(0, name.length() - "_total".length()));
    return new Count(cell(name, labels));
  }

  @Override
  public Gauge gauge(String name, String help, String... labels) {
    isA("gauge", name);
    return new Level(cell(name, labels));
  }

  @Override
  public Histogram histogram(String name, String help, double[] upperBounds, String... labels) {
    isA("histogram", name);
    return new Distribution(cell(name, labels));
  }

  /// @param name of a series
  /// @param labels key, value, …
  /// @return a counter's or gauge's value, a histogram's sum; 0 if there is no such series
  public double value(String name, String... labels) {
    Cell found = cells.get(key(name, labels));
    return found == null ? 0 : found.value;
  }

  /// @return the series that exist, `name{key="value"}`, sorted
  public List<String> names() {
    return new ArrayList<>(cells.keySet());
  }

  /// An exposition knows a counter by its name without the ending, and wants one kind a name.
  private void isA(String kind, String family) {
    String before = kinds.putIfAbsent(family, kind);
    Check.that(before == null || before.equals(kind), family + " is a " + before + " already");
  }

  private Cell cell(String name, String... labels) {
    return cells.computeIfAbsent(key(name, labels), Cell::new);
  }

  private static String key(String name, String... labels) {
    Check.that(labels.length % 2 == 0, "labels come as key and value");
    if (labels.length == 0) {
      return name;
    }
    StringBuilder key = new StringBuilder(name);
    for (int i = 0; i < labels.length; i += 2) {
      key.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"").append(labels[i + 1]).append('"');
    }
    return key.append('}').toString();
  }

  private final class Cell {
    private final String key;
    private double value;
    private long count;

    Cell(String key) {
      this.key = key;
    }

    void remove() {
      cells.remove(key, this);
    }
  }

  private record Count(Cell cell) implements Counter {
    @Override
    public void add(long amount) {
      Check.that(amount >= 0, "a counter only grows");
      cell.count += amount;
      cell.value = cell.count;
    }

    @Override
    public long value() {
      return cell.count;
    }

    @Override
    public void remove() {
      cell.remove();
    }
  }

  private record Level(Cell cell) implements Gauge {
    @Override
    public void set(double value) {
      cell.value = value;
    }

    @Override
    public double value() {
      return cell.value;
    }

    @Override
    public void remove() {
      cell.remove();
    }
  }

  private record Distribution(Cell cell) implements Histogram {
    @Override
    public void observe(double value) {
      cell.count++;
      cell.value += value;
    }

    @Override
    public long count() {
      return cell.count;
    }

    @Override
    public double sum() {
      return cell.value;
    }

    @Override
    public void remove() {
      cell.remove();
    }
  }
}
