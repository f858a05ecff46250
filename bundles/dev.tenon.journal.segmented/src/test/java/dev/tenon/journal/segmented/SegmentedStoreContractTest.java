package dev.tenon.journal.segmented;

import dev.tenon.journal.JournalProvider;
import dev.tenon.testkit.journal.JournalContract;

class SegmentedStoreContractTest extends JournalContract {
  @Override
  protected JournalProvider provider() {
    return new SegmentedJournalProvider(new StoreConfig(64, 256, 0, 1 << 20, 16));
  }
}
