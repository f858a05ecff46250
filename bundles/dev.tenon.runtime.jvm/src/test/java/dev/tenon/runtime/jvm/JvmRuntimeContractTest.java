package dev.tenon.runtime.jvm;

import dev.tenon.testkit.runtime.RuntimeBed;
import dev.tenon.testkit.runtime.RuntimeContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class JvmRuntimeContractTest extends RuntimeContract {
  @TempDir
  Path folder = Path.of("");

  @Override
  protected RuntimeBed newBed() {
    return new ThreadBed(folder);
  }
}
