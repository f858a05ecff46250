package dev.tenon.itests.plugin;

import dev.tenon.journal.JournalProvider;
import dev.tenon.testkit.journal.JournalContract;

class PlainJournalsContractTest extends JournalContract {
  @Override
  protected JournalProvider provider() {
    return new PlainJournals();
  }
}
