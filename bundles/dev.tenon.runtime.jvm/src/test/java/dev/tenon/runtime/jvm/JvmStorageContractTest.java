package dev.tenon.runtime.jvm;

import dev.tenon.testkit.runtime.RuntimeBed;
import dev.tenon.testkit.runtime.StorageContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class JvmStorageContractTest extends StorageContract {
  @TempDir
  Path folder = Path.of("");

  @Override
  protected RuntimeBed newBed() {
    return new ThreadBed(folder);
  }
}
