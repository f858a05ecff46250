package dev.tenon.cli;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.crypto.SignatureAlgorithm.SigningKey;
import dev.tenon.crypto.jvm.Ed25519;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many chunks a second the devnet certifies, beside the ceiling that this machine's own costs set: the lower of
/// what its cores compute and what its flushes allow.
///
/// What flushes allow. A chunk is forced six times before it is certified and its sequencer may go on: as an intent and
/// as a node at its sequencer, which hosts no validator, and as a node at each of four validators. Each of these lies
/// in the journal of its chain, a file of its own, and a chain has one chunk under way. So however many items a slot
/// puts into one commit, no two chunks share a force of a file: group commit saves threads and waits, and what the file
/// system makes of forces side by side is in the measured rate, taken over as many files as the runtime forces at a
/// time. Hence at most `forces / 6`; that a chunk waits for three of them one after the other (intent, node, the
/// validators') sets no lower bound, for 32 chains keep more forces under way than run side by side. `forces_per_chunk`
/// is what the node really did, all else it writes included.
///
/// The node runs in a JVM of its own, as `./tenon run` starts it. Counted from ten seconds after its first certified
/// chunk on; live heap is what can be reached, counted while the node stands still: the lowest of three.
final class DevnetBench implements Bench {
  /// A chunk costs five signatures and fifteen checks: four validators and a sequencer that is none, quorum three.
  private static final int SIGNATURES_PER_CHUNK = 5;
  private static final int CHECKS_PER_CHUNK = 15;
  /// Four validators force the node; its sequencer forces what it will sign, and the node.
  private static final int FORCES_PER_CHUNK = 6;
  private static final int SYNC_THREADS = 16;
  private static final int COUNTS = 3;
  private static final int WARM_UP_SECONDS = 10;
  private static final int COST_ROUNDS = 4_000;
  private static final int BLOCK_BYTES = 4_096;
  private static final double FORCE_SECONDS = 3;
  private static final Pattern LIVE = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final Pattern FORCED = Pattern.compile("^tenon_storage_force_seconds_count\\S* ([0-9.E]+)$",
      Pattern.MULTILINE);

  private final Path home;
  private final int seconds;

  DevnetBench(Path home, int seconds) {
    this.home = home;
    this.seconds = seconds;
  }

  @Override
  public String name() {
    return "devnet";
  }

  @Override
  public String help() {
    return "certified chunks a second of the devnet at --rate 0 for " + seconds + " s, and the ceiling";
  }

  @Override
  public void run(Results results) throws IOException {
    Path folder = WorkFolder.make(home, "bench-", results::note);
    try {
      double ceiling = ceiling(results, folder);
      double rate = throughput(results, WorkFolder.data(folder));
      results.add("share_of_ceiling", 100 * rate / ceiling, "%");
    } finally {
      WorkFolder.delete(folder);
    }
  }

  private double ceiling(Results results, Path folder) throws IOException {
    Ed25519 ed25519 = new Ed25519();
    SigningKey key = ed25519.signingKey(new byte[32]);
    Bytes message = Bytes.of(new byte[128]);
    var item = new Item(key.publicKey(), message, key.sign(message));
    double verifyUs = micros(() -> ed25519.verify(item.key(), item.framed(), item.signature()));
    double signUs = micros(() -> key.sign(message).bytes().size() == 64);
    double forces = forcesPerSecond(folder);
    int cores = Runtime.getRuntime().availableProcessors();
    double ofCpu = cores * 1e6 / (CHECKS_PER_CHUNK * verifyUs + SIGNATURES_PER_CHUNK * signUs);
    results.add("verify", verifyUs, "us");
    results.add("sign", signUs, "us");
    results.add("forces_16_files", forces, "1/s");
    double ofFlushes = forces / FORCES_PER_CHUNK;
    results.add("ceiling_cpu", ofCpu, "chunks/s");
    results.add("ceiling_flushes", ofFlushes, "chunks/s");
    double ceiling = Math.min(ofCpu, ofFlushes);
    results.add("ceiling", ceiling, "chunks/s");
    return ceiling;
  }

  private double throughput(Results results, Path data) throws IOException {
    try (BenchNode node = new BenchNode(home, data)) {
      results.add("first_certified", node.awaitFirst(), "ms");
      pause(WARM_UP_SECONDS);
      double heapBefore = liveHeapMib(node);
      long startNs = System.nanoTime();
      double forcedBefore = forced(node);
      long before = node.certified();
      pause(seconds);
      long after = node.certified();
      double rate = (after - before) / ((System.nanoTime() - startNs) / 1e9);
      results.add("certified", rate, "chunks/s");
      results.add("forces_per_chunk", (forced(node) - forcedBefore) / Math.max(1, after - before), "");
      results.add("live_heap_after_10_s", heapBefore, "MiB");
      results.add("live_heap_at_end", liveHeapMib(node), "MiB");
      node.checkHealthy();
      return rate;
    }
  }

  private static double forced(BenchNode node) throws IOException {
    return FORCED.matcher(node.ask("metrics")).results().mapToDouble(line -> Double.parseDouble(line.group(1))).sum();
  }

  /// The lowest of several: what is under way differs from one moment to the next.
  private static double liveHeapMib(BenchNode node) throws IOException {
    double lowest = Double.MAX_VALUE;
    for (int i = 0; i < COUNTS; i++) {
      Matcher total = LIVE.matcher(BenchNode.jcmd(node.pid(), "GC.class_histogram"));
      if (!total.find()) throw new IOException("no class histogram");
      lowest = Math.min(lowest, Double.parseDouble(total.group(1)) / (1 << 20));
    }
    return lowest;
  }

  private static double forcesPerSecond(Path folder) throws IOException {
    AtomicLong forces = new AtomicLong();
    long end = System.nanoTime() + (long) (FORCE_SECONDS * 1e9);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < SYNC_THREADS; i++) {
      Path file = folder.resolve("force-" + i);
      threads.add(Thread.ofPlatform().start(() -> force(file, end, forces)));
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
    }
    return forces.get() / FORCE_SECONDS;
  }

  private static void force(Path file, long end, AtomicLong forces) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
      for (long i = 0; System.nanoTime() < end; i++) {
        channel.write(block.clear(), i % 256 * BLOCK_BYTES);
        channel.force(false);
        forces.incrementAndGet();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private interface Work {
    boolean run();
  }

  private static double micros(Work work) throws IOException {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 4; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < COST_ROUNDS; i++) {
        if (!work.run()) throw new IOException("a good signature was refused");
      }
      best = Math.min(best, (System.nanoTime() - start) / 1e3 / COST_ROUNDS);
    }
    return best;
  }

  private static void pause(int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) LockSupport.parkNanos(end - System.nanoTime());
  }
}
