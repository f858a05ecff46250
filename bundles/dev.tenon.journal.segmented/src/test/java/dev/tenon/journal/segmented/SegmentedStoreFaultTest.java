package dev.tenon.journal.segmented;

import dev.tenon.journal.JournalProvider;
import dev.tenon.testkit.journal.JournalFaultContract;

class SegmentedStoreFaultTest extends JournalFaultContract {
  @Override
  protected JournalProvider provider() {
    return new SegmentedJournalProvider(new StoreConfig(64, 256, 0, 1 << 20, 4));
  }
}
