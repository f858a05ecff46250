package dev.tenon.cli;

import dev.tenon.cli.SoakCounts.Role;
import dev.tenon.cli.SoakCounts.Way;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Swaps the slots of each node of one process to and fro, the nodes side by side and a node's slots at random, until
/// it is told to end. Now and then a swap is given up while it is under way, is a rollback, or may leave calls behind.
final class SoakSwaps implements AutoCloseable {
  private static final Pattern DONE = Pattern.compile("done: (\\w+)@.* last pause ([0-9.]+) ms");
  /// How a rollback is refused where nobody served before, or who did is gone with its bundle just now.
  private static final List<String> NOBODY_BEFORE = List.of("had no other provider before", "is not registered");
  private static final String ASKED = "asked for ";
  /// Above the wait after the fourth failure in a row: bundles that come and go make a handover fail.
  private static final int SWAP_SECONDS_MAX = 240;
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);
  /// About as long as a handover takes.
  private static final int CANCEL_MS_MAX = 30;

  private final SoakDoor node;
  private final SoakCounts counts;
  private final AtomicInteger budget;
  private final Plan plan;
  private final Random seeds;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger working = new AtomicInteger();
  private volatile String failure = "";
  private volatile boolean ended;
  private volatile boolean paused;
  private volatile boolean calm;

  /// Who hands over to whom.
  ///
  /// @param atRest who serves when it is counted what is held, and when a soak ends
  record Pair(String other, String atRest) {
    /// To whom a swap goes.
    ///
    /// @param line what the slot tells
    /// @return empty where that does not say for certain who serves, as while a bundle comes and goes: who serves
    ///     already could be drawn then, and be counted as a swap
    Optional<String> to(String line) {
      Matcher now = DONE.matcher(line);
      return now.find() ? Optional.of(now.group(1).equals(other) ? atRest : other) : Optional.empty();
    }
  }

  /// What is swapped.
  ///
  /// @param pairs by the role of the slot; a node has one of each
  /// @param ways from which one is drawn for each swap
  record Plan(Map<Role, Pair> pairs, List<Way> ways) {
    /// At rest the journals that have few files, whatever was written.
    static final Plan SOUND = new Plan(
        Map.of(Role.JOURNAL, new Pair("segmented", "mapdb"), Role.SCHEME, new Pair("bouncycastle", "local")),
        List.of(Way.PLAIN, Way.PLAIN, Way.PLAIN, Way.PLAIN, Way.PLAIN, Way.PLAIN, Way.PLAIN, Way.CANCEL, Way.ROLLBACK,
            Way.EVICT));
    /// At rest the journals with the fault: they open what they left.
    static final Plan FAULTY =
        new Plan(Map.of(Role.JOURNAL, new Pair("mapdb", "forgetful")), List.of(Way.PLAIN));

    Role role(Random random) {
      List<Role> roles = pairs.keySet().stream().sorted().toList();
      return roles.get(random.nextInt(roles.size()));
    }

    Way way(Random random) {
      return ways.get(random.nextInt(ways.size()));
    }

    Pair pair(Role role) {
      Pair pair = pairs.get(role);
      if (pair == null) throw new IllegalArgumentException("nobody swaps " + role);
      return pair;
    }
  }

  /// @param budget how many swaps may still be begun; shared
  /// @param seed of what is swapped, and how
  SoakSwaps(SoakDoor node, SoakCounts counts, AtomicInteger budget, Plan plan, long seed) {
    this.node = node;
    this.counts = counts;
    this.budget = budget;
    this.plan = plan;
    this.seeds = new Random(seed);
  }

  /// Begins.
  SoakSwaps begin() {
    for (int i = 0; i < SoakNode.NODES; i++) {
      int number = i;
      Random random = new Random(seeds.nextLong());
      threads.add(Thread.ofPlatform().name("swaps v" + i).start(() -> swaps(number, random)));
    }
    return this;
  }

  /// @param calm whether nobody who asks a slot for anything is left without what he asked for: swaps that leave calls
  ///     behind are not begun then
  void calm(boolean calm) {
    this.calm = calm;
  }

  /// Nothing is begun until [#goOn], what was begun has ended, and one provider of each role serves everywhere.
  void rest() throws IOException {
    paused = true;
    node.await("swaps end", () -> working.get() == 0 || !failure().isEmpty());
    for (int i = 0; i < SoakNode.NODES; i++) {
      for (Role role : plan.pairs().keySet()) {
        if (failure().isEmpty()) rest(SoakNode.slot(i, role), plan.pair(role).atRest());
      }
    }
  }

  private void rest(String slot, String provider) throws IOException {
    node.ask("swap " + slot + " " + provider);
    node.await(slot + " rests", () -> node.ask("swap " + slot).startsWith("done: " + provider + "@"));
  }

  void goOn() {
    paused = false;
  }

  /// @return what cannot go on; empty while all can
  String failure() {
    return failure;
  }

  private void swaps(int number, Random random) {
    while (!ended) {
      if (paused || budget.get() <= 0) {
        LockSupport.parkNanos(LOOK_NS);
        continue;
      }
      turn(number, random);
    }
  }

  /// One swap of a node, if one may still be begun.
  void turn(int number, Random random) {
    working.incrementAndGet();
    try {
      if (!paused && budget.getAndDecrement() > 0) {
        Role role = plan.role(random);
        Way way = calm ? Way.PLAIN : plan.way(random);
        swap(SoakNode.slot(number, role), role, way, random);
      }
    } catch (SoakDoor.Refused e) {
      if (failure.isEmpty()) failure = "a swap of v" + number + " is refused: " + e.getMessage();
    } catch (IOException e) {
      // The node was killed, or is about to be.
      LockSupport.parkNanos(LOOK_NS);
    } finally {
      working.decrementAndGet();
    }
  }

  private void swap(String slot, Role role, Way way, Random random) throws IOException {
    String to = drawn(slot, plan.pair(role));
    if (to.isEmpty()) {
      budget.incrementAndGet(); // nothing was begun
      return;
    }
    switch (way) {
      case PLAIN -> node.ask("swap " + slot + " " + to);
      case EVICT -> node.ask("swap " + slot + " " + to + " --evict");
      case ROLLBACK -> to = rollback(slot, to);
      case CANCEL -> {
        node.ask("swap " + slot + " " + to);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(CANCEL_MS_MAX)));
        node.ask("swap " + slot + " --cancel");
      }
    }
    boolean failed = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SWAP_SECONDS_MAX);
    while (!ended && System.nanoTime() < end) {
      String line = node.ask("swap " + slot);
      Matcher done = DONE.matcher(line);
      if (done.find() && (way == Way.CANCEL || done.group(1).equals(to))) {
        ended(role, way, done.group(1).equals(to), Double.parseDouble(done.group(2)));
        return;
      }
      if (line.startsWith("failed:") && !failed) {
        failed = true; // it is tried again by itself
        counts.failed(role);
      }
      LockSupport.parkNanos(LOOK_NS);
    }
    if (!ended) failure = slot + " is not handed over to " + to + " (" + way + "): " + node.ask("swap " + slot);
  }

  /// @return to whom; empty where nothing is to be begun any more
  private String drawn(String slot, Pair pair) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SWAP_SECONDS_MAX);
    while (!ended && !paused && System.nanoTime() < end) {
      Optional<String> to = pair.to(node.ask("swap " + slot));
      if (to.isPresent()) return to.get();
      LockSupport.parkNanos(LOOK_NS);
    }
    if (!ended && !paused) failure = slot + " does not tell who serves: " + node.ask("swap " + slot);
    return "";
  }

  private void ended(Role role, Way way, boolean swapped, double pauseMs) {
    if (swapped) {
      counts.swapped(role, way, pauseMs);
    } else {
      counts.cancelled();
      budget.incrementAndGet(); // it was none
    }
  }

  /// One that nobody served before is handed over as usual.
  ///
  /// @return to whom it goes
  private String rollback(String slot, String otherwise) throws IOException {
    try {
      String answer = node.ask("rollback " + slot);
      if (!answer.startsWith(ASKED)) throw new SoakDoor.Refused("a rollback is answered: " + answer);
      return answer.substring(ASKED.length());
    } catch (SoakDoor.Refused e) {
      if (NOBODY_BEFORE.stream().noneMatch(String.valueOf(e.getMessage())::endsWith)) throw e;
      node.ask("swap " + slot + " " + otherwise);
      return otherwise;
    }
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
