package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the engine does where its journals fail, are parked, full or damaged: nothing that is not durable is signed or
/// sent, it says why it waits, and it goes on by itself.
class EngineFaultsSimTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static World world(long seed) {
    return new World(seed, new World.Plan(4, 0, true, 500, new NullAlgorithm()));
  }

  private static void passed(World world) {
    world.checkChains();
    world.checkJournals();
    assertThat(world.violations()).isEmpty();
  }

  private static void goesOn(World world) {
    long before = world.highest();
    assertThat(world.sim().runUntil(() -> world.highest() >= before + 3, SOON)).as(world.board(0).view().paused())
        .isTrue();
    passed(world);
  }

  /// Each call of the kind fails once, one in each run, first those of the opening and then those of the commits.
  @ParameterizedTest
  @EnumSource(value = DiskOp.class, names = {"OPEN", "READ", "WRITE", "RESIZE", "SYNC"})
  void anErrorOfAnyCallIsSurvived(DiskOp op) {
    boolean isOnceAJournal = op == DiskOp.OPEN || op == DiskOp.READ || op == DiskOp.RESIZE;
    for (long nth = 1; nth <= (isOnceAJournal ? 5 : 25); nth++) {
      try (World world = world(nth)) {
        world.boot();
        world.node(0).disk().failNext(op, nth);
        long made = world.node(0).disk().calls(op);
        long until = made + nth;
        assertThat(world.sim().runUntil(() -> world.node(0).disk().calls(op) >= until, SOON)).isTrue();
        goesOn(world);
        assertThat(world.sim().runUntil(() -> world.board(0).health().isOk(), SOON)).isTrue();
      }
    }
  }

  @Test
  void whileTheDiskIsFullNothingIsLostAndThenItGoesOn() {
    try (World world = world(1).boot()) {
      world.sim().run(Duration.ofMillis(500));
      world.node(0).disk().full(200);
      world.sim().run(Duration.ofSeconds(5));
      long others = world.board(1).view().certified();
      assertThat(world.board(0).view().paused()).contains("is opened again").contains("no space");
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
      long mine = world.board(0).view().certified();
      world.sim().run(Duration.ofSeconds(2));
      assertThat(world.board(0).view().certified()).isEqualTo(mine);
      assertThat(world.board(1).view().certified()).isGreaterThan(others);
      world.node(0).disk().roomAgain();
      world.sim().run(Duration.ofMillis(Log.RETRY_MS_MAX));
      goesOn(world);
      assertThat(world.board(0).view().paused()).isEmpty();
    }
  }

  @Test
  void aParkedSlotIsAPauseOfBoundedMemoryAndEndsByItself() {
    try (World world = world(1).boot()) {
      world.sim().run(Duration.ofMillis(500));
      world.faults(0).park();
      world.sim().run(Duration.ofMillis(100));
      long acked = world.signatures(0);
      world.sim().run(Duration.ofMinutes(1));
      assertThat(world.signatures(0)).as("nothing is signed from what is not durable").isEqualTo(acked);
      assertThat(world.board(0).view().paused()).isEqualTo("the journal's slot is not active");
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
      assertThat(world.faults(0).queuedMax).isLessThanOrEqualTo(Log.COMMITS_MAX);
      assertThat(world.faults(0).waiters()).as("one a journal, and a unit").isLessThanOrEqualTo(6);
      assertThat(world.depth(0)).isLessThan(10);
      world.faults(0).unpark();
      world.sim().run(Duration.ofSeconds(1));
      goesOn(world);
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.OK);
    }
  }

  @Test
  void aSlotParkedBeforeTheStartIsWaitedFor() {
    try (World world = world(1)) {
      for (int i = 0; i < 4; i++) {
        world.faults(i).park();
      }
      world.boot();
      world.sim().run(Duration.ofMinutes(1));
      assertThat(world.highest()).isEqualTo(-1);
      for (int i = 0; i < 4; i++) {
        world.faults(i).unpark();
      }
      goesOn(world);
    }
  }

  @Test
  void aFullWriteBufferIsAPauseThatSaysSo() {
    try (World world = world(1)) {
      world.heightsPerSection = 1; // so that each durable node prunes
      world.boot();
      for (int at = 0; at < 20; at++) {
        world.sim().run(Duration.ofMillis(100 + 7 * at));
        world.faults(0).isFull = true;
        world.sim().run(Duration.ofSeconds(1));
        assertThat(world.ended(0)).isZero();
        assertThat(world.board(0).view().paused()).contains("has no room now");
        assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
        long mine = world.board(0).view().certified();
        world.sim().run(Duration.ofSeconds(1));
        assertThat(world.board(0).view().certified()).isEqualTo(mine);
        world.faults(0).isFull = false;
        world.sim().run(Duration.ofSeconds(1));
      }
      goesOn(world);
      assertThat(world.board(0).view().paused()).isEmpty();
    }
  }

  @Test
  void aProviderOfTooSmallItemsIsAPauseThatNamesBothFigures() {
    try (World world = world(1)) {
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      world.faults(0).itemBytesMax = 100;
      world.sim().run(Duration.ofSeconds(2));
      assertThat(world.ended(0)).isZero();
      assertThat(world.board(0).view().paused()).contains("messageBytesMax=1048576").contains("at most 100");
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
      world.faults(0).itemBytesMax = 1 << 20;
      world.sim().run(Duration.ofMillis(Log.RETRY_MS_MAX));
      goesOn(world);
      assertThat(world.board(0).view().paused()).isEmpty();
    }
  }

  /// All four slots lose their provider and get it back, again and again and in any order, while a call fails now and
  /// then and nodes crash.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void slotsThatComeAndGoUnderLoadLoseNothing(long seed) {
    try (World world = world(seed)) {
      world.heightsPerSection = 3;
      world.automaton = new World.Fickle();
      world.boot();
      world.sim().run(Duration.ofMillis(300));
      long state = seed * 0x9e37_79b9_7f4a_7c15L;
      for (int step = 0; step < 60; step++) {
        state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        int node = (int) (state >>> 62);
        switch ((int) (state >>> 40) & 7) {
          case 0, 1, 2 -> world.faults(node).park();
          case 3, 4, 5 -> world.faults(node).unpark();
          case 6 -> world.node(node).disk().failNext(DiskOp.SYNC, 1);
          default -> world.node(node).crash(CrashKind.POWER_LOSS, Duration.ofMillis(30));
        }
        world.sim().run(Duration.ofMillis(40 + (state >>> 50 & 0xff)));
        world.checkJournals();
        assertThat(world.violations()).as("step " + step).isEmpty();
      }
      for (int node = 0; node < 4; node++) {
        world.faults(node).unpark();
      }
      world.sim().run(Duration.ofMillis(Log.RETRY_MS_MAX));
      goesOn(world);
      assertThat(world.sim().runUntil(() -> world.board(0).health().isOk(), SOON)).isTrue();
    }
  }

  @Test
  void aDamagedJournalIsSaidOnceAndTakesNoOtherChainDown() {
    try (World world = world(1)) {
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      String victim = world.key(1).bytes().hex();
      world.faults(0).damaged = name -> name.contains(victim);
      world.node(0).crash(CrashKind.PROCESS_KILL, Duration.ofMillis(50));
      world.sim().run(Duration.ofSeconds(2));
      staysOff(world, "expected an item, found noise");
    }
  }

  @Test
  void aDamagedJournalOfIntentsEndsTheOwnChainAndNoOther() {
    try (World world = world(1)) {
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      world.faults(0).damaged = name -> name.endsWith("-intent");
      world.node(0).crash(CrashKind.PROCESS_KILL, Duration.ofMillis(50));
      world.sim().run(Duration.ofSeconds(2));
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.CRITICAL);
      assertThat(world.board(0).view().paused()).contains("the journal of intents is damaged");
      long own = world.certifiedHeight(world.key(0));
      long other = world.certifiedHeight(world.key(1));
      long acked = world.signatures(0, world.key(1));
      world.sim().run(Duration.ofSeconds(2));
      assertThat(world.certifiedHeight(world.key(0))).isEqualTo(own);
      assertThat(world.certifiedHeight(world.key(1))).isGreaterThan(other + 3);
      assertThat(world.signatures(0, world.key(1))).isGreaterThan(acked + 3);
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void anItemThatIsNoneIsADamagedJournal() {
    try (World world = world(1)) {
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      String victim = world.key(1).bytes().hex();
      world.faults(0).junk = name -> name.contains(victim);
      world.node(0).crash(CrashKind.PROCESS_KILL, Duration.ofMillis(50));
      world.sim().run(Duration.ofSeconds(2));
      staysOff(world, "is damaged");
    }
  }

  private static void staysOff(World world, String reason) {
    assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.CRITICAL);
    assertThat(world.board(0).view().paused()).contains("the journal of " + world.key(1)).contains(reason);
    int opened = world.faults(0).opened;
    long own = world.board(0).view().certified();
    long signed = world.signatures(0, world.key(1));
    world.sim().run(Duration.ofSeconds(5));
    assertThat(world.faults(0).opened).as("it is not opened again and again").isEqualTo(opened);
    assertThat(world.signatures(0, world.key(1))).as("nothing is acked").isEqualTo(signed);
    assertThat(world.board(0).view().certified()).as("the own chain goes on").isGreaterThan(own + 3);
    assertThat(world.violations()).isEmpty();
  }

  @Test
  void aChainThatEndsBelowItsIntentIsNotExtended() {
    try (World world = world(1)) {
      world.boot();
      world.sim().run(Duration.ofMillis(500));
      String own = world.key(0).bytes().hex();
      world.faults(0).lost = name -> name.endsWith(own);
      world.node(0).crash(CrashKind.PROCESS_KILL, Duration.ofMillis(50));
      world.sim().run(Duration.ofSeconds(2));
      assertThat(world.board(0).health().getStatus()).isEqualTo(Result.Status.CRITICAL);
      assertThat(world.board(0).view().paused()).contains("ends below the intent");
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void aJournalOpenedBySomebodyElseIsReadAgain() {
    try (World world = world(1).boot()) {
      world.sim().run(Duration.ofMillis(500));
      world.steal(0, world.key(1));
      world.steal(0, world.key(0));
      world.sim().run(Duration.ofSeconds(2));
      goesOn(world);
      assertThat(world.ended(0)).isZero();
    }
  }
}
