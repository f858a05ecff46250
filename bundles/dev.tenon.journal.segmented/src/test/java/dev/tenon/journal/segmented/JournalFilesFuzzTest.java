package dev.tenon.journal.segmented;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.segmented.FilesRun.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Goal: whatever lies in a location's files, opening and reading it ends soon, within a bound of memory, with items or
/// with a typed exception; what was read once is read again after an open, with what was appended since at its end; and
/// where one place of one file was damaged, nothing is read that was not written.
///
/// Method: the first byte chooses a format and a folder that was written with it, the others say how to spoil it
/// ([Spoiler]). A normal run replays the inputs in the resources; with `JAZZER_FUZZ=1` new ones are searched for.
class JournalFilesFuzzTest {
  /// What one call may allocate: several times the largest item, a scan's chunk and the window.
  private static final long ALLOCATED_MAX = 4 << 20;
  private static final List<StoreConfig> CONFIGS = List.of(new StoreConfig(16, 256, 0, 64 << 10, 4),
      new StoreConfig(64, 256, 0, 64 << 10, 16), new StoreConfig(4_096, 65_536, 0, 64 << 10, 16),
      new StoreConfig(64, 256, 3, 64 << 10, 16));
  private static final List<Start> STARTS = starts();

  /// A folder as it was before it is spoilt.
  ///
  /// @param config of its files
  /// @param files as they were left
  /// @param content what was appended
  private record Start(StoreConfig config, MemoryFiles files, Content content) {}

  @FuzzTest(maxDuration = "10m")
  void opensReadsAppendsAndOpensAgainOrRefuses(byte[] input) {
    if (input.length == 0) {
      return;
    }
    Start start = STARTS.get((input[0] & 0xff) % STARTS.size());
    MemoryFiles files = start.files().copy();
    var spoiler = new Spoiler(input, 1, start.config());
    spoiler.spoil(files);
    Optional<Content> first = whole(new FilesRun(start.config(), files, ALLOCATED_MAX));
    if (spoiler.isOneWound() && first.isPresent()) {
      mustHoldPrefixes(first.get(), start.content());
    }
  }

  /// @return what the first open found; nothing where it refused
  private static Optional<Content> whole(FilesRun run) {
    Optional<Content> first = run.on(run::read);
    assertThat(run.on(run::read)).as("opened again").isEqualTo(first);
    if (first.isEmpty()) {
      return first;
    }
    Optional<Content> created = run.on(run::create);
    if (created.isEmpty()) { // another thing lies where the journal would
      assertThat(run.on(run::read)).as("after a refusal").isEqualTo(first);
    }
    Content before = created.orElse(first.get());
    Optional<Content> appended = run.on(instance -> run.append(instance, before));
    assertThat(appended).as("what can be read can be appended to").isPresent();
    assertThat(run.on(run::read)).as("after appends").isEqualTo(appended);
    Optional<Content> cut = run.on(instance -> run.cut(instance, appended.orElseThrow()));
    assertThat(run.on(run::read)).as("after rewinds and prunes, sealed").isEqualTo(cut);
    return first;
  }

  private static void mustHoldPrefixes(Content found, Content written) {
    found.journals().forEach((journal, sections) -> sections.forEach((section, items) -> {
      List<Bytes> whole = written.items(journal, section);
      assertThat(items.size()).isLessThanOrEqualTo(whole.size());
      assertThat(items).isEqualTo(List.copyOf(whole.subList(0, items.size())));
    }));
  }

  /// Each format: sealed, synced only, as the reference leaves it (without `_tenon`), and nothing at all.
  private static List<Start> starts() {
    var starts = new ArrayList<Start>();
    for (StoreConfig config : CONFIGS) {
      starts.add(start(config, true, false));
      starts.add(start(config, false, false));
      starts.add(start(config, false, true));
      starts.add(new Start(config, new MemoryFiles(), new Content(new TreeMap<>())));
    }
    // Once through everything, so that no later run is charged with loading classes.
    starts.forEach(start -> whole(new FilesRun(start.config(), start.files().copy(), Long.MAX_VALUE)));
    return List.copyOf(starts);
  }

  private static Start start(StoreConfig config, boolean seals, boolean foreign) {
    var files = new MemoryFiles();
    JournalInstance instance = new SegmentedJournalProvider(config).open(FilesRun.context(files));
    instance.activate();
    var journals = new TreeMap<String, TreeMap<Long, List<Bytes>>>();
    for (String name : List.of("a", "b")) {
      instance.create(name);
      var sections = new TreeMap<Long, List<Bytes>>(Long::compareUnsigned);
      for (long section : new long[] {1, 2, 9}) {
        var items = new ArrayList<Bytes>();
        for (int i = 0; i < 6; i++) {
          Bytes item = FilesRun.item(items.size(), 7 * i);
          instance.append(name, section, items.size(), List.of(item));
          items.add(item);
          if (i % 2 == 1) {
            instance.sync();
          }
        }
        sections.put(section, items);
      }
      instance.prune(name, 2);
      sections.remove(1L);
      journals.put(name, sections);
    }
    if (seals) {
      instance.seal();
    } else {
      instance.sync();
    }
    instance.close();
    if (foreign) {
      files.remove(Family.PARTITION, Family.BLOB.toArray());
      files.remove(Family.PARTITION, Marks.BLOB.toArray());
    }
    return new Start(config, files, new Content(journals));
  }
}
