package dev.tenon.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a benchmark has told, to be held against its bounds. A figure with a bound that was not told is missed too.
final class BenchCheck implements Bench.Results {
  /// What is measured beside a call that allocates nothing.
  private static final double NOTHING_B = 0.5;

  private final String bench;
  private final Bench.Results next;
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final List<String> missed = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private int judged;

  /// @param bench its name
  /// @param next is told all the same
  BenchCheck(String bench, Bench.Results next) {
    this.bench = bench;
    this.next = next;
  }

  @Override
  public void add(String metric, double value, String unit) {
    figures.put(metric, value);
    next.add(metric, value, unit);
  }

  /// @return by what a benchmark's rows differ: the rest of each metric that begins so
  List<String> rows(String beginning) {
    List<String> rows = figures.keySet().stream().filter(metric -> metric.startsWith(beginning))
        .map(metric -> metric.substring(beginning.length())).toList();
    if (rows.isEmpty()) miss(beginning + " was not told");
    return rows;
  }

  boolean has(String metric) {
    return figures.containsKey(metric);
  }

  /// @return what was told, which is no number where nothing was: nothing holds of that
  double value(String metric) {
    return figures.getOrDefault(metric, Double.NaN);
  }

  void below(String metric, double bound) {
    judged++;
    if (!(value(metric) < bound)) miss(metric, "below", bound);
  }

  void atMost(String metric, double bound) {
    judged++;
    if (!(value(metric) <= bound)) miss(metric, "at most", bound);
  }

  void atLeast(String metric, double bound) {
    judged++;
    if (!(value(metric) >= bound)) miss(metric, "at least", bound);
  }

  /// Of bytes a call.
  void none(String metric) {
    judged++;
    if (!(value(metric) < NOTHING_B)) miss(metric, "at most", 0);
  }

  private void miss(String metric, String relation, double bound) {
    miss(has(metric)
        ? String.format(Locale.ROOT, "%s is %.3f, wanted %s %.3f", metric, value(metric), relation, bound)
        : metric + " was not told");
  }

  void miss(String text) {
    missed.add("missed: " + bench + " " + text);
  }

  /// Told at once, and once only: several rows may say the same.
  @Override
  public void note(String text) {
    if (notes.add(text)) next.note(bench + " " + text);
  }

  boolean isMissed() { return !missed.isEmpty(); }

  /// Holds what the benchmark told against its bounds.
  ///
  /// @return what was missed, a line each
  List<String> of(Bench judge) {
    judge.check(this);
    if (judged == 0 && missed.isEmpty()) note("has no bound: nothing was judged");
    return missed;
  }
}
