package dev.tenon.itests.plugin;

import dev.tenon.journal.JournalProvider;
import dev.tenon.testkit.journal.JournalFaultContract;

class PlainJournalsFaultTest extends JournalFaultContract {
  @Override
  protected JournalProvider provider() {
    return new PlainJournals();
  }
}
