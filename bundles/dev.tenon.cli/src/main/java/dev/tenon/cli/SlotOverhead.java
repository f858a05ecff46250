package dev.tenon.cli;

import com.sun.management.ThreadMXBean;
import dev.tenon.runtime.Stripes;
import dev.tenon.slot.Leases;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.Tenure;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;

/// One fork of [SlotOverheadBench]: a memory read through a leased slot beside the bare call, by as many threads as it
/// is told. Three providers were in the slot before, so that the call site knows them all. Prints nanoseconds of the
/// bare and of the leased call, the same of the best slice, and bytes allocated by a leased call.
public final class SlotOverhead {
  private static final int SLICES = 40;
  private static final int WARM_UP_SLICES = 30;
  private static final long SLICE_NS = 40_000_000;
  private static final int CALLS = 2_000;

  /// What engines would hold.
  private interface Provider {
    long read(long x);
  }

  private static final class Adds implements Provider {
    @Override
    public long read(long x) {
      return x + 1;
    }
  }

  private static final class Mixes implements Provider {
    @Override
    public long read(long x) {
      return x ^ x >>> 7;
    }
  }

  private static final class Scales implements Provider {
    @Override
    public long read(long x) {
      return x * 31;
    }
  }

  /// As the facades are written.
  private static final class Facade implements Provider {
    private final Leases<Provider> slot;

    Facade(Leases<Provider> slot) {
      this.slot = slot;
    }

    @Override
    public long read(long x) {
      Tenure<Provider> tenure = slot.tenure();
      int stripe = tenure.enter();
      if (stripe < 0) return -1;
      try {
        return tenure.provider().read(x);
      } finally {
        tenure.exit(stripe);
      }
    }
  }

  private static final Stripes STRIPES = new Stripes() {
    private final int count = Integer.highestOneBit(8 * Runtime.getRuntime().availableProcessors() - 1);

    @Override
    public int count() {
      return count;
    }

    @Override
    public int current() {
      return (int) Thread.currentThread().threadId();
    }
  };

  private volatile Provider bare = new Adds();
  private volatile long sink;
  private final Leases<Provider> slot = new Leases<>(port());
  private final Facade facade = new Facade(slot);

  private SlotOverhead() {}

  /// Runs one fork.
  ///
  /// @param words the number of threads
  /// @throws InterruptedException if it is interrupted
  public static void main(String[] words) throws InterruptedException {
    var fork = new SlotOverhead();
    int threads = Integer.parseInt(words[0]);
    for (Provider each : List.of(new Mixes(), new Scales(), new Adds())) {
      fork.serve(each);
      fork.measure(1, WARM_UP_SLICES, false);
      fork.measure(1, WARM_UP_SLICES, true);
    }
    fork.measure(threads, WARM_UP_SLICES, false);
    fork.measure(threads, WARM_UP_SLICES, true);
    double[] bareNs = fork.measure(threads, SLICES, false);
    double[] leasedNs = fork.measure(threads, SLICES, true);
    System.out.printf(Locale.ROOT, "%.3f %.3f %.3f %.3f %.3f%n", bareNs[0], leasedNs[0], bareNs[1], leasedNs[1],
        leasedNs[2]);
  }

  private void serve(Provider provider) {
    bare = provider;
    slot.settled(slot.begin(provider, 1));
  }

  /// @return median and minimum of the slices of all threads, in ns a call, and bytes a call
  private double[] measure(int threads, int slices, boolean leased) throws InterruptedException {
    double[] ns = new double[threads * slices];
    double[] bytes = new double[threads];
    var barrier = new CyclicBarrier(threads);
    List<Thread> running = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int mine = thread;
      running.add(Thread.ofPlatform().start(() -> {
        awaitAll(barrier);
        bytes[mine] = slices(ns, mine * slices, slices, leased);
      }));
    }
    for (Thread each : running) each.join();
    Arrays.sort(ns);
    return new double[] {ns[ns.length / 2], ns[0], Arrays.stream(bytes).max().orElse(0)};
  }

  private static void awaitAll(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @return bytes a call that this thread allocated
  private double slices(double[] ns, int from, int slices, boolean leased) {
    var beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().threadId();
    long calls = 0;
    long allocated = beans.getThreadAllocatedBytes(id);
    for (int slice = 0; slice < slices; slice++) {
      long start = System.nanoTime();
      long inSlice = 0;
      long took;
      do {
        sink = leased ? leased(sink) : bare(sink);
        inSlice += CALLS;
        took = System.nanoTime() - start;
      } while (took < SLICE_NS);
      ns[from + slice] = (double) took / inSlice;
      calls += inSlice;
    }
    return (double) (beans.getThreadAllocatedBytes(id) - allocated) / calls;
  }

  private long bare(long x) {
    long y = x;
    for (int i = 0; i < CALLS; i++) {
      y = bare.read(y);
    }
    return y;
  }

  private long leased(long x) {
    long y = x;
    for (int i = 0; i < CALLS; i++) {
      y = facade.read(y);
    }
    return y;
  }

  /// Of the port, a slot whose queue is always empty needs two calls.
  private static SlotPort port() {
    return (SlotPort) Proxy.newProxyInstance(SlotPort.class.getClassLoader(), new Class<?>[] {SlotPort.class},
        (proxy, method, values) -> switch (method.getName()) {
          case "stripes" -> STRIPES;
          case "ifNoneWaits" -> {
            ((Runnable) values[0]).run();
            yield true;
          }
          default -> throw new UnsupportedOperationException(method.getName());
        });
  }
}
