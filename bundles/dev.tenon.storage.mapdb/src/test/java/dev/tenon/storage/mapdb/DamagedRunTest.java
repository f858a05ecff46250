package dev.tenon.storage.mapdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import dev.tenon.testkit.journal.SimHost;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/// What a checkpoint does with a run that rots. Each round makes one run: items of `kept`, which stay, and of `bulk`,
/// which fill the log; where `bulk` is pruned, less than half of each run counts, and the next checkpoint folds it.
@Isolated("hears the one log of the process")
class DamagedRunTest {
  private static final StoreConfig CONFIG = new StoreConfig(1_024, 256, 1 << 20, 512, 2);
  private static final int ALL = 1 << 20;
  private static final int ITEM_BYTES = 60;
  private static final int KEPT = 2;
  private static final int BULK = 20;
  private static final int ROUNDS = 6;
  private static final int DAMAGED = 2;
  /// The bytes of an instance whose cache has room for one block, and whose log is as long as any.
  private static final long SMALL_BUDGET = 16L * 1_024;

  private final Logger logger = (Logger) LoggerFactory.getLogger(MapdbStore.class);
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

  @BeforeEach
  void listen() {
    heard.start();
    logger.setLevel(Level.WARN);
    logger.addAppender(heard);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(heard);
    logger.setLevel(null);
  }

  private static List<Bytes> items(String journal, long section, int count) {
    var random = new SplittableRandom(journal.hashCode() * 31L + section);
    var items = new ArrayList<Bytes>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[ITEM_BYTES];
      random.nextBytes(bytes);
      items.add(Bytes.wrap(bytes));
    }
    return items;
  }

  private static void round(JournalInstance instance, int round) {
    instance.append("kept", round, 0, items("kept", round, KEPT));
    instance.append("bulk", round, 0, items("bulk", round, BULK));
    instance.sync();
  }

  /// A block of one run rots, and the next checkpoint would fold it with the others.
  private static void foldAround(JournalInstance instance, Storage storage, long damaged) {
    flip(storage, damaged);
    instance.prune("bulk", ROUNDS);
    round(instance, ROUNDS);
  }

  private static boolean use(OpenContext context, BiConsumer<JournalInstance, Storage> body) {
    JournalInstance instance = new MapdbJournalProvider(CONFIG).open(context);
    try {
      instance.activate();
      body.accept(instance, context.storage());
    } finally {
      instance.close();
    }
    return true;
  }

  private static void opened(SimHost host, BiConsumer<JournalInstance, Storage> body) {
    host.run(context -> use(context, body));
  }

  private static void openedOver(BadSector sector, SimHost host, BiConsumer<JournalInstance, Storage> body) {
    host.run(context -> use(sector.under(context, context.byteBudget()), body));
  }

  private static void begin(SimHost host) {
    opened(host, (instance, storage) -> {
      instance.create("kept");
      instance.create("bulk");
      for (int round = 0; round < ROUNDS; round++) {
        round(instance, round);
      }
    });
    assertThat(runs(host)).as("a run of each round").hasSize(ROUNDS);
  }

  private static Base base(SimHost host) {
    return Base.decode(host.disk().bytes(SimHost.LOCATION, Names.OWN, Names.BASE.toArray()));
  }

  private static Set<Long> runs(SimHost host) {
    var numbers = new TreeSet<Long>();
    base(host).runs().forEach(run -> numbers.add(run.number()));
    return numbers;
  }

  /// The run that holds what a round kept.
  private static long runOf(SimHost host, int round) {
    for (Catalog.Member member : base(host).members()) {
      Section section = member.sections.get((long) round);
      if (member.name.equals("kept") && section != null) {
        return section.extents().getFirst().run();
      }
    }
    throw new AssertionError("no run has round " + round);
  }

  /// What is flipped twice is whole again.
  private static void flip(Storage storage, long run) {
    try (Blob blob = storage.open(Names.VIEW, Names.numbered(run))) {
      var one = ByteBuffer.allocate(1);
      blob.read(CONFIG.pageBytes(), one);
      one.put(0, (byte) (one.get(0) ^ 4));
      blob.write(CONFIG.pageBytes(), one.rewind());
      blob.sync();
    }
  }

  private static void mustHold(JournalInstance instance, int from, int to) {
    for (int round = from; round < to; round++) {
      assertThat(instance.read("kept", round, 0, ALL, ALL)).as("round %d", round)
          .isEqualTo(items("kept", round, KEPT));
    }
  }

  /// All but the damaged round, which is told as damaged.
  private static void mustHoldTheOthers(JournalInstance instance, long run, int rounds) {
    mustHold(instance, 0, DAMAGED);
    mustHold(instance, DAMAGED + 1, rounds);
    var damage = catchThrowableOfType(CorruptionException.class, () -> instance.read("kept", DAMAGED, 0, ALL, ALL));
    assertThat(damage).isNotNull();
    assertThat(damage.partition()).isEqualTo(Names.VIEW);
    assertThat(damage.blob()).isEqualTo(Names.hex(run));
  }

  /// No file is there that the base does not name.
  private static void mustHaveNoOtherFiles(SimHost host) {
    Set<Long> named = runs(host);
    base(host).retired().forEach(run -> named.add(run.number()));
    assertThat(host.disk().blobs(SimHost.LOCATION, Names.VIEW))
        .containsExactlyInAnyOrderElementsOf(named.stream().map(run -> Bytes.of(Names.numbered(run))).toList());
  }

  /// Goal: one block that rots takes nothing with it but what is in its run. Method: the run would be folded.
  @Test
  void aCheckpointLeavesADamagedRunAsItIs() {
    try (var host = new SimHost(1)) {
      begin(host);
      long damaged = runOf(host, DAMAGED);
      opened(host, (instance, storage) -> {
        foldAround(instance, storage, damaged);
        assertThat(runs(host)).as("all others were folded").containsExactly(damaged, base(host).newest());
        mustHoldTheOthers(instance, damaged, ROUNDS + 1);
        round(instance, ROUNDS + 1);
        mustHoldTheOthers(instance, damaged, ROUNDS + 2);
        assertThat(heard.list).as("told once").hasSize(1);
        assertThat(heard.list.getFirst().getKeyValuePairs().toString()).contains("v0/journal/contract",
            Names.hex(damaged));
      });
      mustHaveNoOtherFiles(host);
      opened(host, (instance, storage) -> {
        mustHoldTheOthers(instance, damaged, ROUNDS + 2);
        round(instance, ROUNDS + 2);
        assertThat(runs(host)).contains(damaged);
        assertThat(heard.list).as("told by each instance").hasSize(2);
        mustHoldTheOthers(instance, damaged, ROUNDS + 3);
        instance.seal();
      });
      opened(host, (instance, storage) -> mustHoldTheOthers(instance, damaged, ROUNDS + 3));
      mustHaveNoOtherFiles(host);
    }
  }

  /// A section over all runs: those before and behind the damaged one are folded into one, and its end changes after.
  @Test
  void aSectionKeepsItsOrderAroundADamagedRun() {
    try (var host = new SimHost(1)) {
      List<Bytes> whole = items("long", 0, ROUNDS + 2);
      List<Bytes> other = items("other", 0, 2);
      opened(host, (instance, storage) -> {
        instance.create("long");
        instance.create("kept");
        instance.create("bulk");
        for (int round = 0; round < ROUNDS; round++) {
          instance.append("long", 0, round, whole.subList(round, round + 1));
          round(instance, round);
        }
      });
      long damaged = runOf(host, DAMAGED);
      opened(host, (instance, storage) -> {
        flip(storage, damaged);
        instance.prune("bulk", ROUNDS);
        instance.append("long", 0, ROUNDS, whole.subList(ROUNDS, ROUNDS + 2));
        round(instance, ROUNDS);
        assertThat(runs(host)).containsExactly(damaged, base(host).newest());
        instance.rewind("long", 0, ROUNDS - 1); // within what was folded
        instance.append("long", 0, ROUNDS - 1, other);
        instance.prune("bulk", ROUNDS + 1);
        round(instance, ROUNDS + 1); // folds the newest, which holds what was rewound
        assertThat(runs(host)).containsExactly(damaged, base(host).newest());
        mustHoldLong(instance, damaged, whole, other);
      });
      opened(host, (instance, storage) -> mustHoldLong(instance, damaged, whole, other));
    }
  }

  private static void mustHoldLong(JournalInstance instance, long damaged, List<Bytes> whole, List<Bytes> other) {
    assertThat(instance.read("long", 0, 0, DAMAGED, ALL)).isEqualTo(whole.subList(0, DAMAGED));
    assertThatThrownBy(() -> instance.read("long", 0, DAMAGED, 1, ALL)).isInstanceOf(CorruptionException.class)
        .hasMessageContaining(Names.hex(damaged));
    var behind = new ArrayList<>(whole.subList(DAMAGED + 1, ROUNDS - 1));
    behind.addAll(other);
    assertThat(instance.read("long", 0, DAMAGED + 1, ALL, ALL)).isEqualTo(behind);
  }

  @Test
  void aRunThatWasFoundDamagedIsTriedAgainByTheNextInstanceOnly() {
    try (var host = new SimHost(1)) {
      begin(host);
      long damaged = runOf(host, DAMAGED);
      opened(host, (instance, storage) -> {
        foldAround(instance, storage, damaged);
        flip(storage, damaged); // whole again: only a checkpoint that reads it could know
        round(instance, ROUNDS + 1);
        assertThat(runs(host)).contains(damaged);
        mustHold(instance, 0, ROUNDS + 2);
      });
      opened(host, (instance, storage) -> {
        round(instance, ROUNDS + 2);
        assertThat(runs(host)).doesNotContain(damaged);
        mustHold(instance, 0, ROUNDS + 3);
      });
    }
  }

  /// Each try costs a checkpoint's reading once more: the call has a deadline.
  @Test
  void aCheckpointWithDamageEverywhereFoldsNothingInTheEnd() {
    try (var host = new SimHost(1)) {
      begin(host);
      var damaged = new TreeSet<Long>();
      for (int round = 0; round < ROUNDS - 2; round++) {
        damaged.add(runOf(host, round));
      }
      opened(host, (instance, storage) -> {
        damaged.forEach(run -> flip(storage, run));
        instance.prune("bulk", ROUNDS);
        round(instance, ROUNDS);
        assertThat(runs(host)).as("one more than before").hasSize(ROUNDS + 1);
        assertThat(heard.list).hasSize(ROUNDS - 3);
        mustHold(instance, ROUNDS - 2, ROUNDS + 1);
        round(instance, ROUNDS + 1);
        assertThat(runs(host)).as("what is whole was folded now").hasSize(ROUNDS).containsAll(damaged);
        assertThat(heard.list).hasSize(ROUNDS - 2);
        mustHold(instance, ROUNDS - 2, ROUNDS + 2);
      });
      mustHaveNoOtherFiles(host);
      opened(host, (instance, storage) -> mustHold(instance, ROUNDS - 2, ROUNDS + 2));
    }
  }

  @Test
  void aDamagedRunGoesWhenNothingInItCountsAnyMore() {
    List<Consumer<JournalInstance>> drops = List.of(instance -> instance.prune("kept", DAMAGED + 1),
        instance -> instance.rewind("kept", DAMAGED, 0), instance -> instance.remove("kept"));
    for (Consumer<JournalInstance> drop : drops) {
      try (var host = new SimHost(1)) {
        begin(host);
        long damaged = runOf(host, DAMAGED);
        opened(host, (instance, storage) -> {
          foldAround(instance, storage, damaged);
          assertThat(runs(host)).contains(damaged);
          drop.accept(instance);
          instance.sync();
        });
        assertThat(runs(host)).doesNotContain(damaged);
        mustHaveNoOtherFiles(host);
      }
    }
  }

  @Test
  void aCrashWhileADamagedRunIsLeftOutLosesNothing() {
    for (CrashKind kind : CrashKind.values()) {
      boolean crashed = true;
      for (long call = 1; crashed; call++) {
        long at = call;
        try (var host = new SimHost(call)) {
          begin(host);
          long damaged = runOf(host, DAMAGED);
          crashed = host.attempt(context -> use(context, (instance, storage) -> {
            flip(storage, damaged);
            host.node().crashAtCall(host.node().calls() + at, kind, null);
            instance.prune("bulk", ROUNDS);
            round(instance, ROUNDS);
          })).isEmpty();
          if (!crashed) { // it would crash what comes now
            break;
          }
          opened(host, (instance, storage) -> {
            mustHoldTheOthers(instance, damaged, ROUNDS);
            instance.prune("bulk", ROUNDS);
            instance.rewind("kept", ROUNDS - 1, KEPT);
            instance.rewind("bulk", ROUNDS, 0);
            round(instance, ROUNDS);
            round(instance, ROUNDS + 1);
            mustHoldTheOthers(instance, damaged, ROUNDS + 2);
          });
          mustHaveNoOtherFiles(host);
        }
      }
    }
  }

  /// Its segment goes with the next checkpoint: passed over, it could never be made again.
  @Test
  void damageInTheNewestRunEndsTheInstanceAndTheNextOpenMakesItAgain() {
    try (var host = new SimHost(1)) {
      begin(host);
      host.run(wide -> {
        var context = new OpenContext(wide.slot(), wide.location(), wide.generation(), wide.storage(), wide.clock(),
            wide.metrics(), SMALL_BUDGET);
        return use(context, (instance, storage) -> {
          mustHold(instance, 0, 3); // what the open has read of the newest is no more in memory
          flip(storage, base(host).newest());
          instance.prune("bulk", ROUNDS);
          assertThatThrownBy(() -> round(instance, ROUNDS)).isInstanceOf(CorruptionException.class);
          assertThatThrownBy(instance::sync).isInstanceOf(StorageFailedException.class);
        });
      });
      opened(host, (instance, storage) -> {
        mustHold(instance, 0, ROUNDS + 1);
        round(instance, ROUNDS + 1);
        mustHold(instance, 0, ROUNDS + 2);
      });
      mustHaveNoOtherFiles(host);
      assertThat(heard.list).isEmpty();
    }
  }

  /// Goal: a sector that the disk does not give back takes no more with it than one that rots. Method: the run would be
  /// folded, by one instance after the other.
  @Test
  void aCheckpointLeavesARunThatCannotBeReadAsItIs() {
    try (var host = new SimHost(1)) {
      begin(host);
      long damaged = runOf(host, DAMAGED);
      var sector = new BadSector(damaged);
      for (int opened = 0; opened < 3; opened++) {
        int next = ROUNDS + opened;
        openedOver(sector, host, (instance, storage) -> {
          instance.prune("bulk", next);
          round(instance, next);
          assertThat(runs(host)).contains(damaged);
          mustHoldTheOthers(instance, damaged, next + 1);
        });
        assertThat(heard.list).as("told by each instance").hasSize(opened + 1);
      }
      assertThat(heard.list.getFirst().getKeyValuePairs().toString()).contains(Names.hex(damaged),
          "Input/output error");
      mustHaveNoOtherFiles(host);
      opened(host, (instance, storage) -> mustHold(instance, 0, ROUNDS + 3));
    }
  }

  @Test
  void aNewestRunThatCannotBeReadIsMadeAgainByTheOpen() {
    try (var host = new SimHost(1)) {
      begin(host);
      long newest = base(host).newest();
      openedOver(new BadSector(newest), host, (instance, storage) -> {
        mustHold(instance, 0, ROUNDS);
        assertThat(runs(host)).doesNotContain(newest);
        round(instance, ROUNDS);
        mustHold(instance, 0, ROUNDS + 1);
      });
      mustHaveNoOtherFiles(host);
      assertThat(heard.list).isEmpty();
    }
  }

  /// A disk may come to its senses, damage does not: nobody is told of damage that is none.
  @Test
  void aNewestRunThatCannotBeReadNorMadeAgainIsNotToldAsDamage() {
    try (var host = new SimHost(1)) {
      begin(host);
      host.run(context -> {
        context.storage().remove(Names.LOG, Names.numbered(base(host).retained()));
        return true;
      });
      var sector = new BadSector(base(host).newest());
      assertThatThrownBy(() -> openedOver(sector, host, (instance, storage) -> {}))
          .isExactlyInstanceOf(StorageFailedException.class).hasMessageContaining("Input/output error");
      sector.be(false);
      openedOver(sector, host, (instance, storage) -> mustHold(instance, 0, ROUNDS));
    }
  }

  @Test
  void aNewestRunThatCannotBeFoldedEndsTheInstanceAndTheNextOpenMakesItAgain() {
    try (var host = new SimHost(1)) {
      begin(host);
      var sector = new BadSector(base(host).newest());
      sector.be(false);
      host.run(wide -> use(sector.under(wide, SMALL_BUDGET), (instance, storage) -> {
        mustHold(instance, 0, 3); // what the open has read of the newest is no more in memory
        sector.be(true);
        instance.prune("bulk", ROUNDS);
        assertThatThrownBy(() -> round(instance, ROUNDS)).isExactlyInstanceOf(StorageFailedException.class);
        assertThatThrownBy(instance::sync).hasMessageContaining("has ended");
      }));
      openedOver(sector, host, (instance, storage) -> {
        mustHold(instance, 0, ROUNDS + 1);
        round(instance, ROUNDS + 1);
        mustHold(instance, 0, ROUNDS + 2);
      });
      mustHaveNoOtherFiles(host);
      assertThat(heard.list).isEmpty();
    }
  }

  @Test
  void aReadThatFailsOnceIsNoDamage() {
    for (DiskOp op : List.of(DiskOp.OPEN, DiskOp.READ)) {
      for (int nth = 1; nth <= 2; nth++) { // the sums of its blocks, and a block
        try (var host = new SimHost(1)) {
          begin(host);
          int call = nth;
          opened(host, (instance, storage) -> {
            host.disk().failNext(op, call);
            mustHold(instance, 0, ROUNDS);
            round(instance, ROUNDS);
            mustHold(instance, 0, ROUNDS + 1);
          });
        }
      }
    }
  }

  @Test
  void aReadOfARevokedViewIsNoDamage() {
    try (var host = new SimHost(1)) {
      begin(host);
      opened(host, (instance, storage) -> {
        host.node().runtime().volume().revoke(storage);
        assertThatThrownBy(() -> instance.read("kept", 0, 0, ALL, ALL)).isInstanceOf(FencedException.class);
      });
    }
  }

  /// The older of the two holds what was rewound since.
  @Test
  void theNewestRunIsMadeAgainFromTheLaterOfTwoRunsThatHoldAnAddress() {
    try (var host = new SimHost(1)) {
      Bytes second = items("another", 0, 1).getFirst();
      opened(host, (instance, storage) -> {
        instance.create("kept");
        instance.create("bulk");
        round(instance, 0);
        instance.rewind("kept", 0, 1);
        instance.append("kept", 0, 1, List.of(second));
        instance.append("bulk", 1, 0, items("bulk", 1, BULK));
        instance.sync();
        instance.prune("bulk", 2);
        instance.append("bulk", 2, 0, items("bulk", 2, BULK));
        instance.sync();
        assertThat(base(host).retired()).as("both were folded").hasSize(2);
      });
      host.run(context -> {
        flip(context.storage(), base(host).newest());
        return true;
      });
      opened(host, (instance, storage) -> assertThat(instance.read("kept", 0, 0, ALL, ALL))
          .containsExactly(items("kept", 0, 1).getFirst(), second));
    }
  }
}
