package dev.tenon.journal.segmented;

import dev.tenon.journal.JournalProvider;
import dev.tenon.testkit.journal.JournalContract;

class CompressedStoreContractTest extends JournalContract {
  @Override
  protected JournalProvider provider() {
    return new SegmentedJournalProvider(new StoreConfig(4_096, 65_536, 3, 1 << 20, 16));
  }
}
