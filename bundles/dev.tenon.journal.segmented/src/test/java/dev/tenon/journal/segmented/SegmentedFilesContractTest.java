package dev.tenon.journal.segmented;

import dev.tenon.journal.JournalProvider;
import dev.tenon.testkit.journal.JournalContract;
import dev.tenon.testkit.journal.JournalHost;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The contract on real files.
class SegmentedFilesContractTest extends JournalContract {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  Path folder;
  private int hosts;

  @Override
  protected JournalProvider provider() {
    return new SegmentedJournalProvider(new StoreConfig(64, 256, 0, 1 << 20, 16));
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
