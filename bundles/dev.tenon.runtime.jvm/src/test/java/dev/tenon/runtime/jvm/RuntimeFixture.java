package dev.tenon.runtime.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A node on small pools, and waiting with a deadline.
final class RuntimeFixture implements AutoCloseable {
  final JvmPools pools = new JvmPools(new JvmPools.Threads(2, 2, 4, 2));
  final MemoryMetrics metrics = new MemoryMetrics();
  final JvmRuntime runtime;
  final Path folder;

  RuntimeFixture(Path folder) {
    this.folder = folder;
    this.runtime = new JvmRuntime("v0", pools, metrics, folder);
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).as("happens within 20 s").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    runtime.close();
    pools.close();
  }
}
