package dev.tenon.journal.segmented;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.metrics.Metrics;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.testkit.journal.SimHost;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Opens one location again and again and uses it; calls may allocate so much each.
///
/// @param config of the provider
/// @param files in the location
/// @param allocatedMax bytes for an open or a read
record FilesRun(StoreConfig config, MemoryFiles files, long allocatedMax) {
  private static final int READ_ITEMS = 50;
  private static final int READ_BYTES = 4 << 10;
  private static final Metrics METRICS = metrics();

  /// Items by journal and section.
  record Content(TreeMap<String, TreeMap<Long, List<Bytes>>> journals) {
    List<Bytes> items(String journal, long section) {
      return journals.getOrDefault(journal, new TreeMap<>()).getOrDefault(section, List.of());
    }
  }

  interface Use {
    Content on(JournalInstance instance);
  }

  /// @return nothing where open or a read refused with one of the exceptions that say what is wrong with stored bytes
  Optional<Content> on(Use use) {
    try {
      JournalInstance instance = bounded(() -> new SegmentedJournalProvider(config).open(context(files)));
      try {
        instance.activate();
        return Optional.of(use.on(instance));
      } finally {
        instance.close();
      }
    } catch (CorruptionException e) {
      assertThat(e.partition()).isNotEmpty();
      assertThat(e.blob()).matches("[0-9a-f]+");
      assertThat(e.offset()).isNotNegative();
      return Optional.empty();
    } catch (ConfigException e) {
      assertThat(e.getMessage()).contains("the location was written with");
      return Optional.empty();
    }
  }

  private <T> T bounded(Supplier<T> call) {
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    T result = call.get();
    assertThat(thread.getCurrentThreadAllocatedBytes() - before).as("bytes of one call").isLessThan(allocatedMax);
    return result;
  }

  Content read(JournalInstance instance) {
    var journals = new TreeMap<String, TreeMap<Long, List<Bytes>>>();
    for (OpenReport.Found journal : instance.report().journals()) {
      var sections = new TreeMap<Long, List<Bytes>>(Long::compareUnsigned);
      for (SectionEnd section : journal.sections()) {
        assertThat(Long.compareUnsigned(section.section(), journal.floor())).as("above the floor").isNotNegative();
        sections.put(section.section(), readAll(instance, journal.name(), section));
      }
      journals.put(journal.name(), sections);
    }
    return new Content(journals);
  }

  private List<Bytes> readAll(JournalInstance instance, String name, SectionEnd section) {
    var items = new ArrayList<Bytes>();
    while (items.size() < section.end()) {
      List<Bytes> more =
          bounded(() -> instance.read(name, section.section(), items.size(), READ_ITEMS, READ_BYTES));
      assertThat(more).as("a read before the end has items").isNotEmpty();
      items.addAll(more);
    }
    assertThat(items).hasSize((int) section.end());
    return items;
  }

  Content create(JournalInstance instance) {
    instance.create("a");
    instance.sync();
    return read(instance);
  }

  /// Appends to the last section of each journal and to one after it.
  Content append(JournalInstance instance, Content content) {
    var grown = new TreeMap<String, TreeMap<Long, List<Bytes>>>();
    for (OpenReport.Found journal : instance.report().journals()) {
      var sections = new TreeMap<Long, List<Bytes>>(Long::compareUnsigned);
      sections.putAll(content.journals().getOrDefault(journal.name(), new TreeMap<>()));
      long last = sections.isEmpty() ? journal.floor() : sections.lastKey();
      for (long section : last == -1 ? new long[] {last} : new long[] {last, last + 1}) {
        var items = new ArrayList<>(sections.getOrDefault(section, List.of()));
        List<Bytes> more = List.of(item(items.size(), 3), item(items.size(), 90), Bytes.EMPTY);
        instance.append(journal.name(), section, items.size(), more);
        items.addAll(more);
        sections.put(section, items);
      }
      grown.put(journal.name(), sections);
    }
    instance.sync();
    return new Content(grown);
  }

  /// Prunes the first section of each journal, drops half of the last one, and seals.
  Content cut(JournalInstance instance, Content content) {
    assertThat(read(instance)).isEqualTo(content);
    for (Map.Entry<String, TreeMap<Long, List<Bytes>>> journal : content.journals().entrySet()) {
      TreeMap<Long, List<Bytes>> sections = journal.getValue();
      if (sections.size() > 1) {
        sections.pollFirstEntry();
        instance.prune(journal.getKey(), sections.firstKey());
      }
      long last = sections.lastKey();
      int half = sections.lastEntry().getValue().size() / 2;
      sections.put(last, List.copyOf(sections.lastEntry().getValue().subList(0, half)));
      instance.rewind(journal.getKey(), last, half);
      if (half == 0) {
        sections.remove(last);
      }
    }
    instance.seal();
    return content;
  }

  static Bytes item(int number, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (31 * number + i);
    }
    return Bytes.wrap(bytes);
  }

  static OpenContext context(MemoryFiles files) {
    return new OpenContext("v0/journal/fuzz", "v0/journal/fuzz/1", 1, files, Disk.STILL, METRICS, 64 << 20);
  }

  private static Metrics metrics() {
    try (var host = new SimHost(1)) {
      return host.node().metrics();
    }
  }
}
