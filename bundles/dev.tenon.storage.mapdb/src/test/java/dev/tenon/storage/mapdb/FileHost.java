package dev.tenon.storage.mapdb;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.jvm.JvmPools;
import dev.tenon.runtime.jvm.JvmRuntime;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.sim.SimMetrics;
import dev.tenon.testkit.journal.JournalHost;
import dev.tenon.testkit.journal.SimHost;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/// A location in a folder of real files.
final class FileHost implements JournalHost {
  private static final long LIMIT_SECONDS = 120;

  private final SimHost series = new SimHost(1); // only its metrics are used
  private final JvmPools pools = new JvmPools(new JvmPools.Threads(1, 2, 4, 1));
  private final JvmRuntime runtime;
  private int strands;

  FileHost(Path folder) {
    SimMetrics metrics = series.node().metrics();
    runtime = new JvmRuntime("v0", pools, metrics, folder);
  }

  @Override
  public <T> T run(Function<OpenContext, T> body) {
    var ended = new CompletableFuture<Outcome<T>>();
    String name = "contract-" + ++strands;
    runtime.spawn(name, MailboxSpec.<Outcome<T>>oneLane(2), context -> new Actor<>() {
      @Override
      public void start() {
        runtime.strand(name).run("body", () -> body.apply(SimHost.context(runtime))).then(outcome -> outcome);
      }

      @Override
      public void handle(Outcome<T> outcome) {
        ended.complete(outcome);
        context.stop();
      }
    });
    try {
      return switch (ended.get(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        case Outcome.Done<T>(var value) -> value;
        case Outcome.Failed<T>(var cause) -> throw cause;
      };
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    runtime.close();
    pools.close();
    series.close();
  }
}
