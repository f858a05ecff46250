package dev.tenon.storage.mapdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process appends, prunes, rewinds and syncs, tells what was synced, and is killed with SIGKILL again and again: all
/// it told is there. The nightly run, or `-Dtenon.kill.cycles=200`, is the long one.
class KillLoopTest {
  private static final StoreConfig CONFIG = new StoreConfig(32 << 10, 4_096, 1 << 20, 4_096, 4);
  private static final int ITEM_BYTES_MAX = 2_000;
  private static final String[] JOURNALS = {"a", "b"};
  private static final int ACKS_MAX = 400;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  Path folder;

  /// What the child told of one journal last.
  private static final class Told {
    long floor;
    final TreeMap<Long, Long> ends = new TreeMap<>();
  }

  private final TreeMap<String, Told> told = new TreeMap<>();
  private long acknowledged;

  @Test
  void whatWasSyncedIsThereHoweverOftenTheProcessIsKilled() throws IOException, InterruptedException {
    var random = new SplittableRandom(1);
    int cycles = Integer.getInteger("tenon.kill.cycles", Boolean.getBoolean("tenon.nightly") ? 200 : 4);
    for (int cycle = 0; cycle < cycles; cycle++) {
      long before = acknowledged;
      killAfter(1 + random.nextInt(ACKS_MAX));
      assertThat(acknowledged).as("cycle %d made progress", cycle).isGreaterThan(before);
      try (var host = new FileHost(folder)) {
        Family.opened(host, new MapdbJournalProvider(CONFIG), this::mustHoldAllThatWasTold);
      }
    }
    System.out.println("kill loop: " + cycles + " kills, " + acknowledged + " acknowledged syncs");
  }

  private void killAfter(int acks) throws IOException, InterruptedException {
    String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow", "-cp", path, Child.class.getName(), folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines = child.inputReader()) {
      int seen = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(";")) { // the last line may be cut
          note(line.substring(0, line.length() - 1).split(" "));
          if (++seen == acks) {
            child.toHandle().destroyForcibly(); // what the pipe holds can still be read
          }
        }
      }
    } finally {
      child.destroyForcibly();
      child.waitFor();
    }
  }

  /// `journal floor (section end)*`, after a sync.
  private void note(String[] words) {
    var now = new Told();
    now.floor = Long.parseLong(words[1]);
    for (int i = 2; i < words.length; i += 2) {
      now.ends.put(Long.valueOf(words[i]), Long.valueOf(words[i + 1]));
    }
    told.put(words[0], now);
    acknowledged++;
  }

  private void mustHoldAllThatWasTold(JournalInstance instance) {
    var found = new TreeMap<String, OpenReport.Found>();
    instance.report().journals().forEach(journal -> found.put(journal.name(), journal));
    told.forEach((name, last) -> {
      assertThat(found).containsKey(name);
      OpenReport.Found journal = Objects.requireNonNull(found.get(name));
      var ends = new TreeMap<Long, Long>();
      journal.sections().forEach(section -> ends.put(section.section(), section.end()));
      assertThat(journal.floor()).isGreaterThanOrEqualTo(last.floor);
      last.ends.tailMap(journal.floor()).forEach((section, end) -> assertThat(ends.getOrDefault(section, 0L))
          .as("%s section %d", name, section).isGreaterThanOrEqualTo(end));
    });
    found.values()
        .forEach(journal -> journal.sections().forEach(section -> mustRead(instance, journal.name(), section)));
  }

  private static void mustRead(JournalInstance instance, String journal, SectionEnd section) {
    for (long index = 0; index < section.end();) {
      List<Bytes> items = instance.read(journal, section.section(), index, 64, 1 << 18);
      assertThat(items).isNotEmpty()
          .isEqualTo(Family.items(journal, section.section(), index, items.size(), ITEM_BYTES_MAX));
      index += items.size();
    }
  }

  /// The process that is killed. Each journal's section 0 is for ever; the later ones are pruned.
  static final class Child {
    private static final int SECTION_ITEMS = 40;
    private static final int SECTIONS_KEPT = 4;

    private Child() {}

    public static void main(String[] arguments) {
      var host = new FileHost(Path.of(arguments[0]));
      Family.opened(host, new MapdbJournalProvider(CONFIG), Child::runForEver);
    }

    private static void runForEver(JournalInstance instance) {
      var random = new SplittableRandom();
      for (String journal : JOURNALS) {
        instance.create(journal);
      }
      while (!System.out.checkError()) {
        String journal = JOURNALS[random.nextInt(JOURNALS.length)];
        change(instance, journal, random);
        instance.sync();
        tell(journal, instance.report());
      }
    }

    private static OpenReport.Found find(OpenReport report, String journal) {
      return report.journals().stream().filter(found -> found.name().equals(journal)).findFirst().orElseThrow();
    }

    private static void change(JournalInstance instance, String journal, SplittableRandom random) {
      OpenReport.Found found = find(instance.report(), journal);
      SectionEnd last = found.sections().isEmpty() ? new SectionEnd(found.floor(), 0) : found.sections().getLast();
      long section = last.end() >= SECTION_ITEMS ? last.section() + 1 : last.section();
      long index = section == last.section() ? last.end() : 0;
      int count = 1 + random.nextInt(8);
      instance.append(journal, section, index, Family.items(journal, section, index, count, ITEM_BYTES_MAX));
      if (section - found.floor() > SECTIONS_KEPT) {
        instance.prune(journal, section - 1);
      }
      if (random.nextInt(20) == 0) { // what is dropped comes again, so what was told stays true
        instance.rewind(journal, section, index);
        instance.append(journal, section, index, Family.items(journal, section, index, count, ITEM_BYTES_MAX));
      }
    }

    private static void tell(String journal, OpenReport report) {
      OpenReport.Found found = find(report, journal);
      var line = new StringBuilder(journal).append(' ').append(found.floor());
      found.sections().forEach(section -> line.append(' ').append(section.section()).append(' ').append(section.end()));
      System.out.println(line.append(';'));
    }
  }
}
