package dev.tenon.storage.mapdb;

import dev.tenon.journal.JournalProvider;
import dev.tenon.testkit.journal.JournalContract;
import dev.tenon.testkit.journal.JournalHost;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The contract on real files.
class MapdbFilesContractTest extends JournalContract {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  Path folder;
  private int hosts;

  @Override
  protected JournalProvider provider() {
    return new MapdbJournalProvider(new StoreConfig(1_024, 256, 1 << 20, 512, 4));
  }

  @Override
  protected JournalHost host() {
    return new FileHost(folder.resolve("node-" + ++hosts));
  }

  @Override
  protected int seeds() {
    return 2; // each force is a real one
  }
}
