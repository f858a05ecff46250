package dev.tenon.testkit.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a family of journals holds, as a model: names to floors and sections.
final class JournalFamily {
  private static final int READ_ITEMS = 7;
  private static final int READ_BYTES = 1_000;

  /// One journal; `incarnation` tells one that was removed and made anew from its predecessor.
  static final class Content {
    final long incarnation;
    long floor;
    final TreeMap<Long, List<Bytes>> sections = new TreeMap<>(Long::compareUnsigned);

    Content(long incarnation) {
      this.incarnation = incarnation;
    }

    Content copy() {
      var copy = new Content(incarnation);
      copy.floor = floor;
      sections.forEach((section, items) -> copy.sections.put(section, List.copyOf(items)));
      return copy;
    }

    List<Bytes> items(long section) {
      return sections.getOrDefault(section, List.of());
    }

    void append(long section, List<Bytes> items) {
      var all = new ArrayList<>(items(section));
      all.addAll(items);
      sections.put(section, all);
    }

    void rewind(long section, long index) {
      sections.tailMap(section, false).clear();
      List<Bytes> kept = List.copyOf(items(section).subList(0, (int) index));
      sections.remove(section);
      if (!kept.isEmpty()) {
        sections.put(section, kept);
      }
    }

    void prune(long section) {
      if (Long.compareUnsigned(section, floor) > 0) {
        floor = section;
        sections.headMap(section, false).clear();
      }
    }
  }

  final TreeMap<String, Content> journals = new TreeMap<>();

  JournalFamily copy() {
    var copy = new JournalFamily();
    journals.forEach((name, content) -> copy.journals.put(name, content.copy()));
    return copy;
  }

  /// Reads everything that an instance reports, in small steps.
  static JournalFamily read(JournalInstance instance) {
    var family = new JournalFamily();
    for (OpenReport.Found found : instance.report().journals()) {
      var content = new Content(0);
      content.floor = found.floor();
      assertThat(instance.floor(found.name())).as("the floor as the report tells it").hasValue(found.floor());
      for (SectionEnd section : found.sections()) {
        assertThat(section.end()).as("a section that is reported holds items").isPositive();
        assertThat(Long.compareUnsigned(section.section(), found.floor())).as("nothing lies below the floor")
            .isNotNegative();
        assertThat(instance.end(found.name(), section.section())).as("the end as the report tells it")
            .isEqualTo(section.end());
        content.sections.put(section.section(), readAll(instance, found.name(), section));
      }
      family.journals.put(found.name(), content);
    }
    return family;
  }

  private static List<Bytes> readAll(JournalInstance instance, String name, SectionEnd section) {
    var items = new ArrayList<Bytes>();
    while (items.size() < section.end()) {
      List<Bytes> more = instance.read(name, section.section(), items.size(), READ_ITEMS, READ_BYTES);
      assertThat(more).as("a read before the end has items").isNotEmpty();
      items.addAll(more);
    }
    assertThat(items).hasSize((int) section.end());
    assertThat(instance.read(name, section.section(), items.size(), READ_ITEMS, READ_BYTES)).isEmpty();
    return items;
  }

  void mustEqual(JournalFamily expected) {
    assertThat(journals.keySet()).isEqualTo(expected.journals.keySet());
    for (Map.Entry<String, Content> entry : expected.journals.entrySet()) {
      Content found = journals.getOrDefault(entry.getKey(), new Content(0));
      assertThat(found.floor).as("floor of %s", entry.getKey()).isEqualTo(entry.getValue().floor);
      assertThat(found.sections).as("sections of %s", entry.getKey()).isEqualTo(entry.getValue().sections);
    }
  }
}
