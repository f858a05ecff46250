package dev.tenon.cli;

import com.sun.management.ThreadMXBean;
import dev.tenon.handover.FacadeRegistry;
import dev.tenon.handover.NodeSlots;
import dev.tenon.handover.ProviderSource;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SlotWish;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.OpenReport;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.jvm.JvmPools;
import dev.tenon.runtime.jvm.JvmRuntime;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.sim.SimMetrics;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.storage.JournalRole;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// What an append to a queued journal costs its caller, over a provider that does nothing: the slot's own price. Bursts
/// that fit the queue; what drains it meanwhile runs on other threads.
final class QueuedAppendBench implements Bench {
  private static final int ROUNDS = 2_000;
  private static final int WARM_UP_ROUNDS = 2_000;
  private static final int BURST = 1_024;
  private static final int ITEM_BYTES = 256;
  /// An array's header, and [dev.tenon.codec.Bytes] around it: the item.
  private static final int ITEM_OVERHEAD_BYTES = 32;
  private static final double APPEND_NS_BELOW = 100;
  private static final long DEADLINE_SECONDS = 30;
  private static final SlotName SLOT = new SlotName("bench", "journal", "bench");

  @Override
  public String name() {
    return "queued-append";
  }

  @Override
  public String help() {
    return "what an append to a queued journal costs its caller, over a provider that does nothing";
  }

  @Override
  public void run(Results results) throws IOException {
    Path folder = Files.createTempDirectory("tenon-bench-");
    try (Simulation idle = Simulation.seeded(1);
        JvmPools pools = new JvmPools(JvmPools.Threads.forCores(Runtime.getRuntime().availableProcessors()))) {
      SimMetrics metrics = idle.node("metrics", node -> {}).metrics(); // only its counters are used
      try (JvmRuntime runtime = new JvmRuntime("bench", pools, metrics, folder)) {
        measure(journal(runtime), results);
      }
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
  }

  @Override
  public void check(BenchCheck told) {
    told.below("append_p50", APPEND_NS_BELOW);
    told.none("allocated_beyond_item");
  }

  private static Journal journal(JvmRuntime runtime) throws IOException {
    var facade = new CompletableFuture<JournalStore>();
    NodeSlots slots = new NodeSlots(runtime, new FacadeRegistry() {
      @Override
      public void publish(SlotName name, String type, Object published) {
        facade.complete((JournalStore) published);
      }

      @Override
      public void withdraw(SlotName name) {
        // The bench ends with its slot.
      }
    });
    slots.teach(new JournalRole());
    slots.wish(new SlotWish(SLOT, "nothing", SlotLimits.DEFAULT));
    slots.provide(1, JournalProvider.ROLE, "nothing", "dev.tenon.cli", "1.0.0", new ProviderSource() {
      @Override
      public Object take() {
        return new Nothing();
      }

      @Override
      public void release() {
        // Nothing is held.
      }
    });
    return get(get(facade).journal("bench"));
  }

  private static void measure(Journal journal, Results results) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    ByteBuffer item = ByteBuffer.allocate(ITEM_BYTES);
    double[] ns = new double[ROUNDS];
    double[] bytes = new double[ROUNDS];
    for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      long allocated = threads.getThreadAllocatedBytes(self);
      long start = System.nanoTime();
      for (int i = 0; i < BURST; i++) {
        if (journal.append(0, item) == Journal.BACKOFF) throw new IOException("the queue is full");
      }
      long took = System.nanoTime() - start;
      long made = threads.getThreadAllocatedBytes(self) - allocated;
      if (round >= 0) {
        ns[round] = took / (double) BURST;
        bytes[round] = made / (double) BURST - ITEM_BYTES - ITEM_OVERHEAD_BYTES;
      }
      get(journal.commit());
      if (round % 64 == 0) { // the books must not grow with the bench
        journal.rewind(0, 0);
        get(journal.commit());
      }
    }
    Arrays.sort(ns);
    Arrays.sort(bytes);
    results.add("append_p50", ns[ROUNDS / 2], "ns");
    results.add("append_min", ns[0], "ns");
    results.add("append_p99", ns[ROUNDS * 99 / 100], "ns");
    results.add("allocated_beyond_item", bytes[ROUNDS / 2], "B");
  }

  private static <T> T get(Completion<T> owed) throws IOException {
    var ended = new CompletableFuture<T>();
    owed.onEnd(outcome -> {
      switch (outcome) {
        case Outcome.Done<T>(var value) -> ended.complete(value);
        case Outcome.Failed<T>(var cause) -> ended.completeExceptionally(cause);
      }
    });
    return get(ended);
  }

  private static <T> T get(CompletableFuture<T> owed) throws IOException {
    try {
      return owed.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IOException("the slot does not answer: " + e, e);
    }
  }

  /// Takes everything and keeps nothing.
  private static final class Nothing implements JournalProvider {
    @Override
    public Description describe() {
      return new Description("nothing", "nothing-1", List.of("nothing-1"), 1 << 20);
    }

    @Override
    public JournalInstance open(OpenContext context) {
      return (JournalInstance) Proxy.newProxyInstance(JournalInstance.class.getClassLoader(),
          new Class<?>[] {JournalInstance.class},
          (proxy, method, words) -> method.getName().equals("report") ? new OpenReport(List.of(), 0) : null);
    }
  }
}
