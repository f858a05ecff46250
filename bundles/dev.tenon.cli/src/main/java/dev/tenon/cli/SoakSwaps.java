package dev.tenon.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Swaps the journal slot of each node of one process to and fro, side by side, until it is told to end.
final class SoakSwaps implements AutoCloseable {
  private static final Pattern DONE = Pattern.compile("done: (\\w+)@.* last pause ([0-9.]+) ms");
  /// Above the wait after the fourth failure in a row: bundles that come and go make a handover fail.
  private static final int SWAP_SECONDS_MAX = 240;
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private final SoakNode node;
  private final Counts counts;
  private final AtomicInteger budget;
  private final Pair pair;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger working = new AtomicInteger();
  private volatile String failure = "";
  private volatile boolean ended;
  private volatile boolean paused;

  /// Who hands over to whom.
  ///
  /// @param atRest who serves when it is counted what is held, and when a soak ends
  record Pair(String other, String atRest) {
  }

  /// What was counted over all processes. Any thread.
  static final class Counts {
    final AtomicInteger swaps = new AtomicInteger();
    final AtomicInteger aborted = new AtomicInteger();
    final List<Double> pausesMs = new ArrayList<>();

    void done(double pauseMs) {
      swaps.incrementAndGet();
      synchronized (pausesMs) {
        pausesMs.add(pauseMs);
      }
    }
  }

  /// @param budget how many swaps may still be begun; shared
  SoakSwaps(SoakNode node, Counts counts, AtomicInteger budget, Pair pair) {
    this.node = node;
    this.counts = counts;
    this.budget = budget;
    this.pair = pair;
    for (int i = 0; i < SoakNode.NODES; i++) {
      String slot = SoakNode.slot(i);
      threads.add(Thread.ofPlatform().name("swaps " + slot).start(() -> swaps(slot)));
    }
  }

  /// Nothing is begun until [#goOn], what was begun has ended, and one provider serves everywhere.
  void rest() throws IOException {
    paused = true;
    node.await("swaps end", () -> working.get() == 0 || !failure().isEmpty());
    for (int i = 0; i < SoakNode.NODES && failure().isEmpty(); i++) {
      String slot = SoakNode.slot(i);
      node.ask("swap " + slot + " " + pair.atRest());
      node.await(slot + " rests", () -> node.ask("swap " + slot).startsWith("done: " + pair.atRest() + "@"));
    }
  }

  void goOn() {
    paused = false;
  }

  /// @return what cannot go on; empty while all can
  String failure() {
    return failure;
  }

  private void swaps(String slot) {
    while (!ended) {
      if (paused || budget.get() <= 0) {
        LockSupport.parkNanos(LOOK_NS);
        continue;
      }
      working.incrementAndGet();
      try {
        if (!paused && budget.getAndDecrement() > 0) swap(slot);
      } catch (IOException e) {
        // The node was killed, or is about to be.
        LockSupport.parkNanos(LOOK_NS);
      } finally {
        working.decrementAndGet();
      }
    }
  }

  private void swap(String slot) throws IOException {
    Matcher now = DONE.matcher(node.ask("swap " + slot));
    String to = now.find() && now.group(1).equals(pair.other()) ? pair.atRest() : pair.other();
    node.ask("swap " + slot + " " + to);
    boolean aborted = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SWAP_SECONDS_MAX);
    while (!ended && System.nanoTime() < end) {
      String line = node.ask("swap " + slot);
      Matcher done = DONE.matcher(line);
      if (done.find() && done.group(1).equals(to)) {
        counts.done(Double.parseDouble(done.group(2)));
        return;
      }
      if (line.startsWith("failed:") && !aborted) {
        aborted = true; // it is tried again by itself
        counts.aborted.incrementAndGet();
      }
      LockSupport.parkNanos(LOOK_NS);
    }
    if (!ended) failure = slot + " is not handed over to " + to + ": " + node.ask("swap " + slot);
  }

  @Override
  public void close() throws IOException {
    ended = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
    }
  }
}
