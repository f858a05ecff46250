package dev.tenon.metrics.prometheus;

import dev.tenon.codec.Check;
import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Exposition;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Histogram;
import dev.tenon.runtime.metrics.Metrics;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.StatefulMetric;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/// Series that live as long as this bundle, whoever asked for them.
///
/// A family is a name with its kind and label names; the first to ask fixes them and the help text. The lock guards the
/// two maps; observing does not take it.
@Component(name = "dev.tenon.metrics.prometheus", service = {Metrics.class, Exposition.class})
public final class PrometheusMetrics implements Metrics, Exposition {
  private static final Pattern NAME = Pattern.compile("tenon(_[a-z0-9]+)+");
  private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9_]*");

  private record Family(StatefulMetric<?, ?> metric, List<String> labelNames) {}

  private record Key(String name, List<String> labels) {}

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Family> families = new HashMap<>();
  private final Map<Key, Series> series = new HashMap<>();

  /// Makes an empty set of series.
  @Activate
  public PrometheusMetrics() {}

  @Override
  public Counter counter(String name, String help, String... labels) {
    Check.that(name.endsWith("_total"), "a counter's name ends in _total");
    return series(CounterSeries.class, name, labels, names -> io.prometheus.metrics.core.metrics.Counter.builder()
        .name(name).help(help).labelNames(names).withoutExemplars().register(registry),
        (key, family) -> new CounterSeries(this, key, io.prometheus.metrics.core.metrics.Counter.class.cast(family)));
  }

  @Override
  public Gauge gauge(String name, String help, String... labels) {
    return series(GaugeSeries.class, name, labels, names -> io.prometheus.metrics.core.metrics.Gauge.builder()
        .name(name).help(help).labelNames(names).withoutExemplars().register(registry),
        (key, family) -> new GaugeSeries(this, key, io.prometheus.metrics.core.metrics.Gauge.class.cast(family)));
  }

  @Override
  public Histogram histogram(String name, String help, double[] upperBounds, String... labels) {
    for (int i = 1; i < upperBounds.length; i++) {
      Check.that(upperBounds[i - 1] < upperBounds[i], "bounds ascend");
    }
    return series(HistogramSeries.class, name, labels, names -> io.prometheus.metrics.core.metrics.Histogram.builder()
        .name(name).help(help).labelNames(names).classicOnly().classicUpperBounds(upperBounds).withoutExemplars()
        .register(registry),
        (key, family) -> new HistogramSeries(this, key,
            io.prometheus.metrics.core.metrics.Histogram.class.cast(family)));
  }

  @Override
  public String text() {
    var bytes = new ByteArrayOutputStream();
    try {
      writer.write(bytes, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) { // an array does not fail
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private interface NewFamily {
    StatefulMetric<?, ?> of(String... labelNames);
  }

  private interface NewSeries<S> {
    S of(Key key, StatefulMetric<?, ?> metric);
  }

  private <S extends Series> S series(Class<S> kind, String name, String[] labels, NewFamily newFamily,
      NewSeries<S> newSeries) {
    Check.that(NAME.matcher(name).matches(), "a series is named tenon_<room>_<thing>_<unit>");
    Check.that(labels.length % 2 == 0, "labels are key, value, key, value");
    var names = new String[labels.length / 2];
    for (int i = 0; i < names.length; i++) {
      names[i] = labels[2 * i];
      Check.that(LABEL.matcher(names[i]).matches(), "a label's key is of small letters, digits and _");
    }
    var key = new Key(name, List.copyOf(Arrays.asList(labels)));
    lock.lock();
    try {
      var known = series.get(key);
      if (known == null) {
        var family = families.computeIfAbsent(name, absent -> new Family(newFamily.of(names), List.of(names)));
        Check.that(family.labelNames().equals(List.of(names)), "a name always has the same label keys");
        known = newSeries.of(key, family.metric());
        series.put(key, known);
      }
      Check.that(kind.isInstance(known), "a name is of one kind");
      return kind.cast(known);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Key key, Series gone) {
    lock.lock();
    try {
      if (!series.remove(key, gone)) {
        return;
      }
      if (key.labels().isEmpty()) { // the engine keeps such a family's only series for ever
        families.remove(key.name());
        registry.unregister(gone.metric);
      } else {
        gone.metric.remove(gone.values());
      }
    } finally {
      lock.unlock();
    }
  }

  /// One series of a family. Once removed, what it points to is in no exposition, so later calls change nothing seen.
  private abstract static class Series {
    private final PrometheusMetrics owner;
    private final Key key;
    private final StatefulMetric<?, ?> metric;

    Series(PrometheusMetrics owner, Key key, StatefulMetric<?, ?> metric) {
      this.owner = owner;
      this.key = key;
      this.metric = metric;
    }

    final String[] values() {
      return values(key);
    }

    static String[] values(Key key) {
      var values = new String[key.labels().size() / 2];
      for (int i = 0; i < values.length; i++) {
        values[i] = key.labels().get(2 * i + 1);
      }
      return values;
    }

    final void forget() {
      owner.forget(key, this);
    }
  }

  private static final class CounterSeries extends Series implements Counter {
    private final io.prometheus.metrics.core.datapoints.CounterDataPoint point;

    CounterSeries(PrometheusMetrics owner, Key key, io.prometheus.metrics.core.metrics.Counter family) {
      super(owner, key, family);
      this.point = family.labelValues(values());
    }

    @Override
    public void add(long amount) {
      point.inc(amount);
    }

    @Override
    public long value() {
      return point.getLongValue();
    }

    @Override
    public void remove() {
      forget();
    }
  }

  private static final class GaugeSeries extends Series implements Gauge {
    private final io.prometheus.metrics.core.datapoints.GaugeDataPoint point;

    GaugeSeries(PrometheusMetrics owner, Key key, io.prometheus.metrics.core.metrics.Gauge family) {
      super(owner, key, family);
      this.point = family.labelValues(values());
    }

    @Override
    public void set(double value) {
      point.set(value);
    }

    @Override
    public double value() {
      return point.get();
    }

    @Override
    public void remove() {
      forget();
    }
  }

  private static final class HistogramSeries extends Series implements Histogram {
    private final io.prometheus.metrics.core.datapoints.DistributionDataPoint point;

    HistogramSeries(PrometheusMetrics owner, Key key, io.prometheus.metrics.core.metrics.Histogram family) {
      super(owner, key, family);
      this.point = family.labelValues(values());
    }

    @Override
    public void observe(double value) {
      point.observe(value);
    }

    @Override
    public long count() {
      return point.getCount();
    }

    @Override
    public double sum() {
      return point.getSum();
    }

    @Override
    public void remove() {
      forget();
    }
  }
}
