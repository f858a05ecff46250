package dev.tenon.runtime.jvm;

import dev.tenon.runtime.Runtime;
import dev.tenon.testkit.runtime.RuntimeBed;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Nodes on threads and real folders; waits by looking again.
final class ThreadBed implements RuntimeBed {
  private static final long LIMIT_MS = 30_000;
  private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final JvmPools pools = new JvmPools(new JvmPools.Threads(2, 2, 4, 2));
  private final ConcurrentHashMap<String, JvmRuntime> nodes = new ConcurrentHashMap<>(); // a test's strands ask too
  private final Path folder;

  ThreadBed(Path folder) {
    this.folder = folder;
  }

  @Override
  public Runtime node(String name) {
    return nodes.computeIfAbsent(name,
        absent -> new JvmRuntime(absent, pools, new MemoryMetrics(), folder.resolve(absent)));
  }

  @Override
  public void until(BooleanSupplier done) {
    for (long looks = 0; !done.getAsBoolean(); looks++) {
      if (looks > LIMIT_MS) {
        throw new AssertionError("does not happen within " + LIMIT_MS + " looks");
      }
      LockSupport.parkNanos(LOOK_EVERY_NS);
    }
  }

  @Override
  public void close() {
    nodes.values().forEach(JvmRuntime::close);
    pools.close();
  }
}
