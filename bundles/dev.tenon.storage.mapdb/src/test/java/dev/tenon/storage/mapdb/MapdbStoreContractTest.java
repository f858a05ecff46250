package dev.tenon.storage.mapdb;

import dev.tenon.journal.JournalProvider;
import dev.tenon.testkit.journal.JournalContract;

class MapdbStoreContractTest extends JournalContract {
  @Override
  protected JournalProvider provider() {
    return new MapdbJournalProvider(new StoreConfig(1_024, 256, 1 << 20, 512, 2));
  }
}
