package dev.tenon.journal.segmented;

import dev.tenon.journal.JournalProvider;
import dev.tenon.testkit.journal.JournalFaultContract;

/// As [SegmentedStoreFaultTest], with items that are compressed.
class SegmentedStoreZstdFaultTest extends JournalFaultContract {
  private static final int LEVEL = 3;

  @Override
  protected JournalProvider provider() {
    return new SegmentedJournalProvider(new StoreConfig(64, 256, LEVEL, 1 << 20, 4));
  }
}
