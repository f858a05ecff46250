package dev.tenon.testkit.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.storage.StorageFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every provider of the role journal does, without faults.
public abstract class JournalContract {
  private static final String NAME = "contract";
  private static final int ALL = 1 << 20;

  private JournalHost host = new SimHost(1);

  /// Called by JUnit.
  protected JournalContract() {}

  /// @return the provider under test; its pages, if it has any, are best small
  protected abstract JournalProvider provider();

  /// @return where it runs: a simulated disk unless a subclass says otherwise
  protected JournalHost host() {
    return new SimHost(1);
  }

  /// @return how many mixed workloads run
  protected int seeds() {
    return 20;
  }

  @BeforeEach
  final void begin() {
    host.close();
    host = host();
  }

  @AfterEach
  final void end() {
    host.close();
  }

  private void opened(Consumer<JournalInstance> body) {
    host.run(context -> {
      try (var opened = new Opened(provider().open(context))) {
        opened.instance.activate();
        body.accept(opened.instance);
      }
      return true;
    });
  }

  private record Opened(JournalInstance instance) implements AutoCloseable {
    @Override
    public void close() {
      instance.close();
    }
  }

  private static Bytes item(int number, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (number * 31 + i);
    }
    return Bytes.wrap(bytes);
  }

  private static List<Bytes> items(int from, int count) {
    var items = new ArrayList<Bytes>();
    for (int i = 0; i < count; i++) {
      items.add(item(from + i, (from + i) % 50));
    }
    return items;
  }

  private static OpenReport.Found only(JournalInstance instance) {
    assertThat(instance.report().journals()).hasSize(1);
    return instance.report().journals().getFirst();
  }

  @Test
  void anEmptyLocationHoldsNothing() {
    opened(instance -> assertThat(instance.report()).isEqualTo(new OpenReport(List.of(), 0)));
  }

  @Test
  void describesItselfTruthfully() {
    var description = provider().describe();
    assertThat(description).isEqualTo(provider().describe());
    assertThat(description.reads()).contains(description.writes());
    assertThat(description.provider()).isNotBlank();
    assertThat(description.itemBytesMax()).isPositive();
    assertThat(JournalInstance.class.getClassLoader()).isNotNull();
  }

  @Test
  void createsJournalsAndReportsThemSorted() {
    opened(instance -> {
      instance.create("b");
      instance.create("a-_9");
      instance.create("b");
      instance.sync();
      assertThat(instance.report().journals()).extracting(OpenReport.Found::name).containsExactly("a-_9", "b");
    });
    opened(instance -> assertThat(instance.report().journals()).extracting(OpenReport.Found::name)
        .containsExactly("a-_9", "b"));
  }

  @Test
  void tellsFloorAndEndOfWhatIsThereAndOfWhatIsNot() {
    opened(instance -> {
      instance.create(NAME);
      instance.append(NAME, -2, 0, items(0, 3));
      instance.append(NAME, -1, 0, items(3, 1));
      instance.prune(NAME, -3);
      assertThat(instance.floor(NAME)).hasValue(-3);
      assertThat(List.of(instance.end(NAME, -2), instance.end(NAME, -1), instance.end(NAME, 5)))
          .containsExactly(3L, 1L, 0L);
      instance.rewind(NAME, -2, 1);
      assertThat(List.of(instance.end(NAME, -2), instance.end(NAME, -1))).containsExactly(1L, 0L);
      instance.rewind(NAME, -2, 0);
      assertThat(instance.end(NAME, -2)).isZero();
      assertThat(instance.floor("absent")).isEmpty();
      assertThat(instance.end("absent", 0)).isZero();
      instance.remove(NAME);
      assertThat(instance.floor(NAME)).isEmpty();
      instance.seal();
    });
    opened(instance -> {
      assertThat(instance.floor(NAME)).isEmpty();
      assertThat(instance.end(NAME, -2)).isZero();
    });
  }

  @Test
  void refusesNamesThatNoJournalMayHave() {
    opened(instance -> {
      for (String name : List.of("", "_tenon", "a/b", "..", "ä", "x".repeat(201))) {
        assertThatThrownBy(() -> instance.create(name)).isInstanceOf(IllegalArgumentException.class);
      }
      instance.create("x".repeat(200));
    });
  }

  @Test
  void refusesUnknownJournals() {
    opened(instance -> {
      assertThatThrownBy(() -> instance.append("none", 0, 0, items(0, 1))).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> instance.read("none", 0, 0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> instance.rewind("none", 0, 0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> instance.prune("none", 1)).isInstanceOf(IllegalArgumentException.class);
      instance.remove("none");
      instance.create(NAME); // it goes on
    });
  }

  @Test
  void readsWhatWasAppendedBeforeAndAfterASync() {
    opened(instance -> {
      instance.create(NAME);
      instance.append(NAME, 0, 0, items(0, 100));
      assertThat(instance.read(NAME, 0, 0, ALL, ALL)).isEqualTo(items(0, 100));
      instance.sync();
      instance.append(NAME, 0, 100, items(100, 3));
      assertThat(instance.read(NAME, 0, 98, ALL, ALL)).isEqualTo(items(98, 5));
      assertThat(instance.read(NAME, 0, 7, 1, ALL)).isEqualTo(items(7, 1));
      assertThat(instance.read(NAME, 0, 103, 1, ALL)).isEmpty();
      assertThat(instance.read(NAME, 1, 0, 1, ALL)).isEmpty();
    });
  }

  @Test
  void readsAnyIndexOfALongSection() {
    opened(instance -> {
      instance.create(NAME);
      instance.append(NAME, 3, 0, items(0, 5_000));
      instance.sync();
    });
    opened(instance -> {
      for (int index = 4_999; index >= 0; index -= 373) {
        assertThat(instance.read(NAME, 3, index, 2, ALL)).isEqualTo(items(index, Math.min(2, 5_000 - index)));
      }
    });
  }

  @Test
  void readsAtLeastOneItemAndNotMuchMoreThanAsked() {
    opened(instance -> {
      instance.create(NAME);
      instance.append(NAME, 0, 0, List.of(item(1, 500), item(2, 500), item(3, 500)));
      assertThat(instance.read(NAME, 0, 0, ALL, 1)).hasSize(1);
      assertThat(instance.read(NAME, 0, 0, ALL, 1_000)).hasSize(2);
      assertThat(instance.read(NAME, 0, 0, 2, ALL)).hasSize(2);
    });
  }

  @Test
  void keepsItemsOfEverySize() {
    int limit = provider().describe().itemBytesMax();
    var sizes = new ArrayList<Integer>();
    for (int size = 0; size < 140; size++) {
      sizes.add(size);
    }
    sizes.add(Math.min(limit, 300_000));
    opened(instance -> {
      instance.create(NAME);
      for (int i = 0; i < sizes.size(); i++) {
        instance.append(NAME, 0, i, List.of(item(i, sizes.get(i))));
        if (i % 3 == 0) {
          instance.sync();
        }
      }
      instance.sync();
    });
    opened(instance -> {
      for (int i = 0; i < sizes.size(); i++) {
        assertThat(instance.read(NAME, 0, i, 1, ALL)).containsExactly(item(i, sizes.get(i)));
      }
    });
  }

  @Test
  void takesAnItemAtTheLimitAndRefusesOneAbove() {
    int limit = provider().describe().itemBytesMax();
    opened(instance -> {
      instance.create(NAME);
      assertThatThrownBy(() -> instance.append(NAME, 0, 0, List.of(Bytes.wrap(new byte[limit + 1]))))
          .isInstanceOf(IllegalArgumentException.class);
      instance.append(NAME, 0, 0, List.of(Bytes.wrap(new byte[limit])));
      instance.sync();
      assertThat(instance.read(NAME, 0, 0, 1, 1).getFirst().size()).isEqualTo(limit);
    });
  }

  @Test
  void refusesAnAppendThatIsNotAtTheEnd() {
    opened(instance -> {
      instance.create(NAME);
      instance.append(NAME, 0, 0, items(0, 2));
      assertThatThrownBy(() -> instance.append(NAME, 0, 1, items(0, 1))).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> instance.append(NAME, 0, 3, items(0, 1))).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> instance.append(NAME, 0, 2, List.of())).isInstanceOf(IllegalArgumentException.class);
      instance.append(NAME, 0, 2, items(2, 1));
      assertThat(instance.read(NAME, 0, 0, ALL, ALL)).isEqualTo(items(0, 3));
    });
  }

  @Test
  void keepsSectionsThatAreNotContiguousUpToTheLast() {
    long[] sections = {0, 7, Long.MAX_VALUE, Long.MIN_VALUE, -1};
    opened(instance -> {
      instance.create(NAME);
      for (int i = sections.length - 1; i >= 0; i--) {
        instance.append(NAME, sections[i], 0, items(i, 2));
      }
      instance.sync();
    });
    opened(instance -> {
      assertThat(only(instance).sections()).extracting(SectionEnd::section).containsExactly(0L, 7L, Long.MAX_VALUE,
          Long.MIN_VALUE, -1L);
      for (int i = 0; i < sections.length; i++) {
        assertThat(instance.read(NAME, sections[i], 0, ALL, ALL)).isEqualTo(items(i, 2));
      }
      instance.prune(NAME, -1);
      instance.sync();
      assertThat(only(instance)).isEqualTo(new OpenReport.Found(NAME, -1, List.of(new SectionEnd(-1, 2))));
    });
  }

  @Test
  void keepsTheFloorOverRestarts() {
    opened(instance -> {
      instance.create(NAME);
      for (long section = 0; section < 5; section++) {
        instance.append(NAME, section, 0, items(0, 10));
      }
      instance.prune(NAME, 3);
      assertThat(only(instance).floor()).isEqualTo(3);
      assertThat(instance.read(NAME, 2, 0, 1, ALL)).isEmpty();
      assertThatThrownBy(() -> instance.append(NAME, 2, 0, items(0, 1))).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> instance.rewind(NAME, 2, 0)).isInstanceOf(IllegalArgumentException.class);
      instance.prune(NAME, 2);
      instance.prune(NAME, 3);
      instance.sync();
    });
    opened(instance -> {
      assertThat(only(instance)).isEqualTo(
          new OpenReport.Found(NAME, 3, List.of(new SectionEnd(3, 10), new SectionEnd(4, 10))));
      assertThatThrownBy(() -> instance.append(NAME, 2, 0, items(0, 1))).isInstanceOf(IllegalArgumentException.class);
      instance.prune(NAME, 9);
      instance.sync();
    });
    opened(instance -> {
      assertThat(only(instance)).isEqualTo(new OpenReport.Found(NAME, 9, List.of()));
      instance.append(NAME, 9, 0, items(0, 1));
      instance.sync();
    });
  }

  @Test
  void rewindDropsTheRestOfASectionAndAllLaterOnes() {
    opened(instance -> {
      instance.create(NAME);
      for (long section = 0; section < 4; section++) {
        instance.append(NAME, section, 0, items(0, 40));
      }
      instance.rewind(NAME, 1, 23);
      assertThat(only(instance).sections()).containsExactly(new SectionEnd(0, 40), new SectionEnd(1, 23));
      assertThatThrownBy(() -> instance.rewind(NAME, 1, 24)).isInstanceOf(IllegalArgumentException.class);
      instance.append(NAME, 1, 23, items(100, 5));
      instance.append(NAME, 2, 0, items(200, 1));
      instance.sync();
    });
    opened(instance -> {
      assertThat(instance.read(NAME, 1, 0, ALL, ALL)).startsWith(items(0, 23).toArray(new Bytes[0]))
          .endsWith(items(100, 5).toArray(new Bytes[0])).hasSize(28);
      assertThat(instance.read(NAME, 2, 0, ALL, ALL)).isEqualTo(items(200, 1));
      assertThat(instance.read(NAME, 3, 0, ALL, ALL)).isEmpty();
    });
  }

  @Test
  void rewindsToEveryIndexOfASection() {
    opened(instance -> {
      instance.create(NAME);
      for (int index = 30; index >= 0; index--) {
        int have = instance.report().journals().getFirst().sections().isEmpty()
            ? 0
            : (int) only(instance).sections().getFirst().end();
        instance.append(NAME, 0, have, items(have, 40 - have));
        instance.sync();
        instance.rewind(NAME, 0, index);
        assertThat(instance.read(NAME, 0, 0, ALL, ALL)).isEqualTo(items(0, index));
      }
      instance.sync();
      assertThat(only(instance).sections()).isEmpty();
    });
    opened(instance -> assertThat(only(instance).sections()).isEmpty());
  }

  @Test
  void rewindsASectionThatIsNotThere() {
    opened(instance -> {
      instance.create(NAME);
      instance.append(NAME, 1, 0, items(0, 1));
      instance.append(NAME, 9, 0, items(0, 1));
      instance.rewind(NAME, 5, 0);
      instance.sync();
      assertThat(only(instance).sections()).containsExactly(new SectionEnd(1, 1));
    });
  }

  @Test
  void removesAJournalForGood() {
    opened(instance -> {
      instance.create(NAME);
      instance.create("other");
      instance.append(NAME, 0, 0, items(0, 10));
      instance.append("other", 0, 0, items(0, 1));
      instance.prune(NAME, 0);
      instance.remove(NAME);
    });
    opened(instance -> {
      assertThat(only(instance).name()).isEqualTo("other");
      instance.create(NAME);
      instance.sync();
    });
    opened(instance -> assertThat(instance.report().journals().getFirst())
        .isEqualTo(new OpenReport.Found(NAME, 0, List.of())));
  }

  @Test
  void opensAfterASealAsAfterAClose() {
    opened(instance -> {
      instance.create(NAME);
      instance.append(NAME, 4, 0, items(0, 33));
      instance.append(NAME, 6, 0, items(7, 2));
      instance.prune(NAME, 4);
      instance.seal();
      instance.seal();
    });
    opened(instance -> {
      assertThat(only(instance)).isEqualTo(
          new OpenReport.Found(NAME, 4, List.of(new SectionEnd(4, 33), new SectionEnd(6, 2))));
      assertThat(instance.report().bytesDropped()).isZero();
      instance.append(NAME, 4, 33, items(33, 200));
      assertThat(instance.read(NAME, 4, 30, 10, ALL)).isEqualTo(items(30, 10));
      assertThat(instance.read(NAME, 4, 210, 10, ALL)).isEqualTo(items(210, 10));
      instance.rewind(NAME, 4, 40);
      instance.sync();
    });
    opened(instance -> {
      assertThat(instance.read(NAME, 4, 0, ALL, ALL)).isEqualTo(items(0, 40));
      assertThat(only(instance).sections()).containsExactly(new SectionEnd(4, 40));
      instance.rewind(NAME, 4, 12);
      instance.seal();
    });
    opened(instance -> assertThat(instance.read(NAME, 4, 0, ALL, ALL)).isEqualTo(items(0, 12)));
  }

  @Test
  void aSealedInstanceReadsAndTakesNoChange() {
    opened(instance -> {
      instance.create(NAME);
      instance.append(NAME, 0, 0, items(0, 3));
      instance.seal();
      assertThat(instance.read(NAME, 0, 0, ALL, ALL)).isEqualTo(items(0, 3));
      assertThatThrownBy(() -> instance.append(NAME, 0, 3, items(3, 1))).isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  void closesAsOftenAsAskedAndAnswersNothingAfterwards() {
    opened(instance -> {
      instance.create(NAME);
      instance.close();
      instance.close();
      assertThatThrownBy(() -> instance.create("other")).isInstanceOf(StorageFailedException.class);
      assertThatThrownBy(instance::sync).isInstanceOf(StorageFailedException.class);
    });
  }

  @Test
  void keepsManyJournalsAtOnce() {
    opened(instance -> {
      for (int round = 0; round < 3; round++) {
        for (int journal = 0; journal < 200; journal++) {
          if (round == 0) {
            instance.create("j" + journal);
          }
          instance.append("j" + journal, round, 0, items(journal, 3));
        }
        instance.sync();
      }
      assertThat(instance.read("j17", 0, 0, ALL, ALL)).isEqualTo(items(17, 3));
    });
    opened(instance -> {
      assertThat(instance.report().journals()).hasSize(200);
      assertThat(instance.read("j199", 2, 0, ALL, ALL)).isEqualTo(items(199, 3));
    });
  }

  @Test
  void mixedWorkloadsReadBackAsTheModelSays() {
    for (long seed = 0; seed < seeds(); seed++) {
      end();
      host = host();
      var history = new JournalHistory(new JournalFamily());
      var workload = new JournalWorkload(seed, history);
      for (int round = 0; round < 5; round++) {
        boolean sealing = round % 2 == 0;
        opened(instance -> {
          JournalFamily.read(instance).mustEqual(history.now());
          workload.run(instance, 60);
          JournalFamily.read(instance).mustEqual(history.now());
          if (sealing) {
            instance.seal();
          } else {
            instance.sync();
          }
        });
      }
      opened(instance -> JournalFamily.read(instance).mustEqual(history.now()));
    }
  }
}
