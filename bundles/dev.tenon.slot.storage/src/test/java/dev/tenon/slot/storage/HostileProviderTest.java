package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.segmented.SegmentedJournalProvider;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.slot.SlotState;
import dev.tenon.testkit.journal.JournalWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: a provider may break every rule of its contract, and nothing acknowledged is lost, what it does is refused or
/// ends in time, and the slot serves again. Method: each misdeed in each call, before, during and after a handover,
/// under writers that compare what they read with what they did.
class HostileProviderTest {
  /// All that a provider can be asked.
  private static final List<String> CALLS = List.of("describe", "open", "activate", "create", "remove", "append",
      "rewind", "prune", "read", "report", "floor", "end", "sync", "seal", "close");
  /// Of who is filled only: [StandbyJournals] compares.
  private static final List<String> COMPARED = List.of("floor", "end");
  /// What has a first half: an append of several items, and a sync of several journals in the storage beneath.
  private static final List<String> HALVED = List.of("append", "syncAll");
  private static final double REMOVALS = 0.02;
  private static final int TAKE_OVERS_MAX = 20;
  private static final long SLOW_SYNC_NS = 100_000_000;
  private static final int SEEDS = Boolean.getBoolean("tenon.nightly") ? 100 : 6;

  /// What goes wrong in one call.
  enum Misdeed {
    THROWS, SAYS_THAT_THE_DISK_FAILED, HANGS,
    /// An error that is no exception, as where a bundle was uninstalled whose code still runs.
    CLASSES_ARE_GONE,
    /// Throws when a part is done.
    STOPS_HALFWAY,
    /// Throws when all is done.
    STOPS_AT_THE_END
  }

  static Stream<Arguments> misdeeds() {
    return Stream.of(Misdeed.values()).flatMap(misdeed -> (misdeed == Misdeed.STOPS_HALFWAY ? HALVED : CALLS).stream()
        .map(call -> Arguments.of(misdeed, call)));
  }

  /// Goes wrong once, and then works.
  private static class Once implements HostileJournals.Deed {
    private final SlotWorld world;
    private final Misdeed misdeed;
    private final String wrong;
    /// Where it went wrong.
    private SlotState state = SlotState.VACANT;
    private boolean done;

    Once(SlotWorld world, Misdeed misdeed, String wrong) {
      this.world = world;
      this.misdeed = misdeed;
      this.wrong = wrong;
    }

    boolean isWanted(String method, Object[] arguments) {
      return method.equals(wrong) && (misdeed != Misdeed.STOPS_HALFWAY || parts(method, arguments).size() > 1);
    }

    private static List<?> parts(String method, Object[] arguments) {
      return List.copyOf((Collection<?>) arguments[place(method)]);
    }

    private static int place(String method) {
      return method.equals("append") ? 3 : 0;
    }

    @Override
    public Object call(String method, Object[] arguments, Supplier<Object> real) {
      if (done || !isWanted(method, arguments)) {
        return real.get();
      }
      done = true;
      state = world.status().state();
      switch (misdeed) {
        case THROWS -> throw new IllegalStateException("planted in " + method);
        case SAYS_THAT_THE_DISK_FAILED -> throw new StorageFailedException("planted in " + method);
        case HANGS -> {
          world.node.runtime().waiter().sleepUntil(Long.MAX_VALUE);
          return real.get();
        }
        case CLASSES_ARE_GONE -> throw new NoClassDefFoundError("planted in " + method);
        case STOPS_HALFWAY -> {
          List<?> parts = parts(method, arguments);
          arguments[place(method)] = parts.subList(0, parts.size() / 2);
          throw new IllegalStateException("planted in the middle of " + method + ", whose half gave " + real.get());
        }
        case STOPS_AT_THE_END -> {
          throw new IllegalStateException("planted after " + method + ", which gave " + real.get());
        }
      }
      throw new AssertionError(misdeed);
    }
  }

  static Stream<Arguments> misdeedsOfWhoServes() {
    return misdeeds().filter(each -> !COMPARED.contains(each.get()[1]) && !isHalfAnAppend(each));
  }

  /// Only who is being filled is given several items at once, and of what changes under the fence one or so.
  private static boolean isHalfAnAppend(Arguments each) {
    return each.get()[0] == Misdeed.STOPS_HALFWAY && each.get()[1].equals("append");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("misdeedsOfWhoServes")
  void whoServesMayFailAnyCallInAnyWay(Misdeed misdeed, String call) {
    HostileJournals.Deed[] deed = {(method, arguments, real) -> real.get()};
    HostileJournals.Deed now = (method, arguments, real) -> deed[0].call(method, arguments, real);
    try (JournalSlotSimTest.Run run = run(misdeed, () -> new HostileJournals(kept(call, "plain-1"), now))) {
      run.world.simulation.run(Duration.ofSeconds(1));
      Once once = new Once(run.world, misdeed, call);
      deed[0] = once;
      run.world.simulation.run(Duration.ofSeconds(20));
      run.world.wish("other"); // where only a handover calls it
      run.world.simulation.run(Duration.ofSeconds(30));
      run.world.wish("plain");
      run.heal();
      assertThat(once.done).as("it was asked").isTrue();
      assertNothingElseFailed(run, misdeed);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("misdeeds")
  void whoIsToTakeOverMayFailAnyCallInAnyWay(Misdeed misdeed, String call) {
    try (JournalSlotSimTest.Run run = run(misdeed, () -> new PlainJournals(each -> {}))) {
      Once once = new Once(run.world, misdeed, call);
      takesOver(run, once, !List.of("activate", "seal", "close").contains(call));
      run.world.simulation.run(Duration.ofSeconds(20)); // it may be asked while it serves only
      run.world.withdrawOther(); // it is sealed and closed
      run.world.simulation.run(Duration.ofSeconds(5));
      run.heal();
      assertThat(once.done).as("it was asked").isTrue();
      assertNothingElseFailed(run, misdeed);
    }
  }

  static Stream<Arguments> underTheFence() {
    List<String> asked = List.of("append", "syncAll", "sync", "read", "floor", "end");
    return misdeeds().filter(each -> asked.contains(each.get()[1]) && !isHalfAnAppend(each));
  }

  /// What is asked under the fence, where callers wait for the end of it.
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource
  void underTheFence(Misdeed misdeed, String call) {
    try (JournalSlotSimTest.Run run = run(misdeed, () -> new PlainJournals(each -> {}))) {
      SlotWorld world = run.world;
      Once once = new Once(world, misdeed, call) {
        @Override
        boolean isWanted(String method, Object[] arguments) {
          return super.isWanted(method, arguments) && world.isIn(SlotState.FENCED);
        }
      };
      takesOver(run, once, true);
      // Whether this is called under the fence depends on what writers left for it.
      for (int again = 0; again < TAKE_OVERS_MAX && once.state != SlotState.FENCED; again++) {
        world.wish("plain");
        awaitServed(world, "plain");
        takesOver(run, once, true);
      }
      run.heal();
      assertThat(once.state).isEqualTo(SlotState.FENCED);
      assertNothingElseFailed(run, misdeed);
    }
  }

  /// The other provider, which goes wrong once, is handed over to all the same.
  ///
  /// @param before whether it does before it is in charge: callers see delay then, no error (H6)
  private static void takesOver(JournalSlotSimTest.Run run, Once once, boolean before) {
    SlotWorld world = run.world;
    world.withdrawOther();
    world.makesOther = () -> new HostileJournals(kept(once.wrong, "other-1"), once);
    world.registerOther();
    world.simulation.run(Duration.ofSeconds(1));
    int[] failures = run.writers.stream().mapToInt(writer -> writer.failures()).toArray();
    world.wish("other");
    awaitServed(world, "other");
    if (before) {
      for (int i = 0; i < failures.length; i++) {
        assertThat(run.writers.get(i).failures()).as("failures of writer " + i).isEqualTo(failures[i]);
      }
    }
  }

  /// What a newcomer has stored is not what it was given.
  enum Lie {
    A_BIT_OF_AN_ITEM, AN_ITEM_TOO_FEW, NO_PRUNE, NO_REWIND
  }

  /// Until it is in charge.
  private static final class Liar implements HostileJournals.Deed {
    private final Lie lie;
    private boolean activated;

    Liar(Lie lie) {
      this.lie = lie;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object call(String method, Object[] arguments, Supplier<Object> real) {
      activated |= method.equals("activate");
      String about = switch (lie) {
        case A_BIT_OF_AN_ITEM, AN_ITEM_TOO_FEW -> "append";
        case NO_PRUNE -> "prune";
        case NO_REWIND -> "rewind";
      };
      if (activated || !method.equals(about)) {
        return real.get();
      }
      if (!about.equals("append")) {
        return List.of();
      }
      List<Bytes> items = new ArrayList<>((List<Bytes>) arguments[3]);
      Bytes last = items.removeLast();
      if (lie == Lie.A_BIT_OF_AN_ITEM) {
        byte[] bytes = last.toArray();
        bytes[bytes.length / 2] ^= 1;
        items.add(Bytes.wrap(bytes));
      }
      arguments[3] = items;
      return items.isEmpty() ? List.of() : real.get();
    }
  }

  /// Where nothing was pruned or rewound meanwhile there is nothing to lie about; the writers look at what they read.
  @ParameterizedTest
  @EnumSource
  void aNewcomerThatStoresSomethingElseIsRefusedAndNobodyNotices(Lie lie) {
    int refusals = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      try (JournalSlotSimTest.Run run = new JournalSlotSimTest.Run(seed)) {
        SlotWorld world = run.world;
        world.withdrawOther();
        // Slow, so that there is something to prune and to rewind between the rounds.
        world.otherFault = call -> {
          var runtime = world.node.runtime();
          runtime.waiter().sleepUntil(runtime.clock().monotonicNs() + (call.equals("sync") ? SLOW_SYNC_NS : 0));
        };
        world.makesOther = () -> new HostileJournals(
            new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false), new Liar(lie));
        world.registerOther();
        world.simulation.run(Duration.ofSeconds(1));
        world.wish("other");
        int[] failures = run.writers.stream().mapToInt(writer -> writer.failures()).toArray();
        boolean ended = world.simulation.runUntil(
            () -> isServedBy(world, "other") || world.status().outcome().isFailure(),
            Duration.ofMinutes(10));
        assertThat(ended).as("seed " + seed + ": " + world.slots.slots()).isTrue();
        refusals += isServedBy(world, "other") ? 0 : 1;
        assertThat(run.writers.stream().mapToInt(writer -> writer.failures()).toArray()).isEqualTo(failures);
        world.wish("plain");
        run.heal();
      }
    }
    assertThat(refusals).isPositive();
  }

  /// Promise H3: whatever code issues it, no write of an older generation reaches storage; nor of one whose call hung,
  /// so that it was left behind.
  @Test
  void whatFormerGenerationsWriteIsRefused() {
    int refused = 0;
    int refusedOfAbandoned = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Ghosts ghosts = new Ghosts();
      try {
        haunted(seed, ghosts);
      } finally {
        // First of all that fails: what was written has broken the rest.
        assertThat(ghosts.written).as("writes of former generations, seed " + seed).isZero();
      }
      refused += ghosts.refused;
      refusedOfAbandoned += ghosts.refusedOfAbandoned;
    }
    assertThat(refused).isGreaterThan(100);
    assertThat(refusedOfAbandoned).isGreaterThan(100);
  }

  private static void haunted(long seed, Ghosts ghosts) {
    boolean[] hangs = {false};
    SlotWorld[] worlds = new SlotWorld[1];
    HostileJournals.Deed deed = (method, arguments, real) -> {
      if (hangs[0] && method.equals("sync") && worlds[0].status().state().isServing()) {
        hangs[0] = false;
        worlds[0].node.runtime().waiter().sleepUntil(Long.MAX_VALUE);
      }
      return real.get();
    };
    try (JournalSlotSimTest.Run run = new JournalSlotSimTest.Run(seed,
        Optional.of(() -> new HostileJournals(new PlainJournals(call -> {}), deed, ghosts)))) {
      SlotWorld world = run.world;
      worlds[0] = world;
      ghosts.in(world);
      world.withdrawOther();
      world.makesOther =
          () -> new HostileJournals(new PlainJournals(call -> {}, "other-1", false, false), deed, ghosts);
      world.registerOther();
      run.run(JournalSlotSimTest.Trouble.SWAPS, Duration.ofSeconds(2));
      hangs[0] = true;
      run.run(JournalSlotSimTest.Trouble.UPDATES, Duration.ofSeconds(2));
      world.simulation.run(Duration.ofSeconds(20)); // what hangs is given up, and another instance serves
      for (String wish : List.of("other", "plain")) {
        world.wish(wish);
        run.heal();
      }
    }
  }

  /// One of the writers removes its journal now and then.
  private static JournalSlotSimTest.Run run(Misdeed misdeed, Supplier<JournalProvider> makes) {
    JournalSlotSimTest.Run run = new JournalSlotSimTest.Run(1, Optional.of(makes));
    if (misdeed == Misdeed.CLASSES_ARE_GONE) {
      run.world.simulation.tolerateFailures();
    }
    run.writers.add(new JournalWriter("gone", REMOVALS));
    return run;
  }

  /// A strand that a provider throws an error at tells its runtime of that, which goes on.
  private static void assertNothingElseFailed(JournalSlotSimTest.Run run, Misdeed misdeed) {
    int planted = misdeed == Misdeed.CLASSES_ARE_GONE ? 1 : 0;
    assertThat(run.world.simulation.failures()).hasSize(planted)
        .allMatch(failure -> failure instanceof NoClassDefFoundError);
  }

  /// The plain ones have one file for all journals, which is synced or is not.
  private static JournalProvider kept(String wrong, String format) {
    return wrong.equals("syncAll")
        ? new SegmentedJournalProvider(JournalSlotSimTest.segmentedDefaults())
        : new PlainJournals(call -> {}, format, false, false);
  }

  private static void awaitServed(SlotWorld world, String provider) {
    boolean served = world.simulation.runUntil(() -> isServedBy(world, provider), Duration.ofMinutes(15));
    assertThat(served).as("" + world.slots.slots()).isTrue();
  }

  private static boolean isServedBy(SlotWorld world, String provider) {
    return world.isIn(SlotState.ACTIVE) && world.status().provider().startsWith(provider + "@");
  }
}
