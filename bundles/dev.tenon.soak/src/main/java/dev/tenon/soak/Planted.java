package dev.tenon.soak;

import dev.tenon.journal.Journal;
import dev.tenon.journal.SectionEnd;
import java.util.List;
import java.util.Locale;

/// A fault that the checker has to find. For tests of the checker only.
enum Planted {
  /// None.
  NOTHING,
  /// Whenever a journal is opened, its last item is gone, durable or not.
  FORGETS_LAST;

  static Planted of(String text) {
    return text.isEmpty() ? NOTHING : valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  void open(Journal journal) {
    List<SectionEnd> sections = journal.sections();
    if (this == FORGETS_LAST && !sections.isEmpty()) {
      SectionEnd last = sections.getLast();
      journal.rewind(last.section(), last.end() - 1);
    }
  }
}
