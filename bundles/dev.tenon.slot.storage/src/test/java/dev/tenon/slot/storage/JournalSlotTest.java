package dev.tenon.slot.storage;

import static dev.tenon.slot.storage.SlotWorld.all;
import static dev.tenon.slot.storage.SlotWorld.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.ConfigException;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SlotWish;
import dev.tenon.handover.SwapLimits;
import dev.tenon.handover.Terms;
import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.segmented.SegmentedJournalProvider;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotUnavailableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One slot with one provider, step by step.
class JournalSlotTest {
  @Test
  void servesAppendsCommitsAndReads() {
    try (SlotWorld world = new SlotWorld(1)) {
      Journal journal = world.journal("a");
      assertThat(world.status().state()).isEqualTo(SlotState.ACTIVE);
      assertThat(world.status().generation()).isEqualTo(1);
      assertThat(journal.append(7, item("x"))).isEqualTo(0);
      assertThat(journal.append(7, item("y"))).isEqualTo(1);
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(2));
      assertThat(all(world, journal)).containsExactly("x", "y");
    }
  }

  @Test
  void aCallerThatWasGivenUpKeepsNobodyElseWaiting() {
    try (SlotWorld world = new SlotWorld(1)) {
      Journal late = world.journal("a");
      Journal journal = world.journal("b");
      Strand strand = world.node.runtime().strand("late");
      boolean[] stopped = {false};
      Completion<Boolean> unused = strand.run("appends", () -> {
        strand.giveUp();
        try {
          strand.await(world.node.runtime().promise().completion(), 1_000);
        } catch (Stopped | TimeoutException e) {
          // Whatever was given up may go on all the same.
        }
        try {
          return late.append(1, item("x")) >= 0;
        } catch (Stopped e) {
          stopped[0] = true; // it could not say that something waits
          throw e;
        }
      });
      assertThat(world.simulation.runUntil(() -> stopped[0], Duration.ofSeconds(2))).isTrue();
      journal.append(1, item("y"));
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(1));
    }
  }

  @Test
  void aRestartKeepsTheGenerationAndWhatWasCommitted() {
    try (SlotWorld world = new SlotWorld(2)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      world.simulation.await(world.node, journal::commit);
      world.node.shutDown();
      world.node.start();
      assertThat(all(world, world.journal("a"))).containsExactly("x");
      assertThat(world.status().generation()).isEqualTo(1);
    }
  }

  @Test
  void anUpdatedProviderReopensInTheNextGenerationAndParkedUnitsRunThen() {
    try (SlotWorld world = new SlotWorld(3)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      assertThat(world.status().lastPauseNs()).as("an opening is no pause").isZero();
      boolean[] gone = new boolean[1];
      world.withdraw(() -> gone[0] = true);
      assertThat(world.simulation.runUntil(() -> gone[0], Duration.ofSeconds(2))).isTrue();
      world.awaitState(SlotState.EMPTY);
      assertThat(world.released).isEqualTo(world.taken);
      journal.append(1, item("y"));
      world.simulation.run(Duration.ofSeconds(30));
      world.version = "1.0.1";
      world.register();
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(2));
      assertThat(all(world, journal)).containsExactly("x", "y");
      assertThat(world.status().generation()).isEqualTo(2);
      assertThat(world.status().provider()).isEqualTo("plain@1.0.1");
      assertThat(world.status().lastPauseNs()).isBetween(30_000_000_000L, 40_000_000_000L);
      assertThat(world.publications).isEqualTo(1);
    }
  }

  @Test
  void aFailedSyncIsRecoveredAndTheCommitIsAnsweredOnce() {
    try (SlotWorld world = new SlotWorld(4)) {
      Journal journal = world.journal("a");
      int[] failures = {2};
      world.fault = call -> {
        if (call.equals("sync") && failures[0]-- > 0) {
          throw new StorageFailedException("planted");
        }
      };
      journal.append(1, item("x"));
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(1));
      assertThat(all(world, journal)).containsExactly("x");
      assertThat(world.status().generation()).isGreaterThan(1);
    }
  }

  @Test
  void aHungProviderIsGivenUpAndTheItemsAreAppendedAgain() {
    try (SlotWorld world = new SlotWorld(5)) {
      Journal journal = world.journal("a");
      boolean[] hang = {true};
      world.fault = call -> {
        if (call.equals("append") && hang[0]) {
          hang[0] = false;
          world.node.runtime().waiter().sleepUntil(Long.MAX_VALUE);
        }
      };
      journal.append(1, item("x"));
      journal.append(1, item("y"));
      Outcome<Durable> stuck = world.simulation.outcome(world.node, journal::commit);
      assertThat(stuck).isInstanceOf(Outcome.Done.class);
      assertThat(all(world, journal)).containsExactly("x", "y");
      assertThat(world.status().generation()).isEqualTo(2);
    }
  }

  @Test
  void aProviderThatHangsInItsSealIsGivenUpWithinTwoSeconds() {
    try (SlotWorld world = new SlotWorld(6)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      world.fault = call -> {
        if (call.equals("seal")) {
          world.node.runtime().waiter().sleepUntil(Long.MAX_VALUE);
        }
      };
      boolean[] gone = new boolean[1];
      world.withdraw(() -> gone[0] = true);
      assertThat(world.simulation.runUntil(() -> gone[0], Duration.ofMillis(2_100))).isTrue();
      world.fault = call -> {};
      world.register();
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(1));
      assertThat(all(world, journal)).containsExactly("x");
    }
  }

  @Test
  void aProviderThatHangsInItsCloseIsGivenUpAndTheSlotGoesOn() {
    try (SlotWorld world = new SlotWorld(6)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      world.fault = call -> {
        if (call.equals("close")) {
          world.node.runtime().waiter().sleepUntil(Long.MAX_VALUE);
        }
      };
      world.withdraw(() -> {});
      world.simulation.run(Duration.ofSeconds(10));
      world.fault = call -> {};
      world.register();
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(1));
      assertThat(all(world, journal)).containsExactly("x");
    }
  }

  /// Reading back takes longer for the whole than a step may last: it is done piece by piece.
  @Test
  void aStoreIsHandedOverHoweverLongReadingItBackTakes() {
    try (SlotWorld world = new SlotWorld(7)) {
      Journal journal = world.journal("a");
      for (int i = 0; i < 192; i++) {
        journal.append(1, ByteBuffer.wrap(new byte[64 << 10]));
      }
      world.simulation.await(world.node, journal::commit);
      world.otherFault = call -> {
        if (call.equals("read")) {
          var runtime = world.node.runtime();
          runtime.waiter().sleepUntil(runtime.clock().monotonicNs() + 150_000_000);
        }
      };
      world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false);
      world.registerOther();
      world.wish("other");
      assertThat(world.simulation.runUntil(
          () -> world.isIn(SlotState.ACTIVE) && world.status().provider().startsWith("other@"), Duration.ofMinutes(2)))
          .as("" + world.slots.slots()).isTrue();
      world.otherFault = call -> {};
      assertThat(all(world, journal)).isNotEmpty();
    }
  }

  @Test
  void whatWaitsTooLongFailsAndAnAppendKeepsItsPlace() {
    try (SlotWorld world = new SlotWorld(7)) {
      Journal journal = world.journal("a");
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      assertThat(journal.append(1, item("x"))).isZero();
      Outcome<Durable> outcome = world.simulation.outcome(world.node, journal::commit);
      assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class,
          failed -> assertThat(failed.cause()).isInstanceOf(SlotUnavailableException.class)
              .hasMessageContaining("EMPTY"));
      world.register();
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(1));
      assertThat(all(world, journal)).containsExactly("x");
    }
  }

  @Test
  void aDeadlineThatIsChangedCountsWhileTheSlotServes() {
    try (SlotWorld world = new SlotWorld(8)) {
      Journal journal = world.journal("a");
      SlotLimits was = world.limits;
      world.slots.wish(new SlotWish(SlotWorld.NAME, Terms.of("plain"),
          new SlotLimits(was.unitsMax(), was.bytesMax(), 1_000, was.operationDeadlineMs(), was.openDeadlineMs(),
              was.sealDeadlineMs(), was.backOffMsMin(), was.backOffMsMax(), was.swap())));
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      boolean[] failed = new boolean[1];
      journal.append(1, item("x"));
      journal.commit().onEnd(outcome -> failed[0] = outcome instanceof Outcome.Failed);
      assertThat(world.simulation.runUntil(() -> failed[0], Duration.ofSeconds(3))).isTrue();
    }
  }

  @Test
  void aFullQueueSaysBackOffAtOnceAndTakesACommit() {
    SlotLimits small = new SlotLimits(64, 1 << 20, 10_000, 5_000, 600_000, 2_000, 100, 10_000, SwapLimits.DEFAULT);
    try (SlotWorld world = new SlotWorld(8, small)) {
      Journal journal = world.journal("a");
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      for (int i = 0; i < 60; i++) {
        assertThat(journal.append(1, item("x" + i))).isEqualTo(i);
      }
      assertThat(journal.append(1, item("y"))).isEqualTo(Journal.BACKOFF);
      world.simulation.after(Duration.ofSeconds(1), world::register);
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(60));
      assertThat(journal.append(1, item("y"))).isEqualTo(60);
    }
  }

  @Test
  void whatIsParkedIsReadFromMemory() {
    try (SlotWorld world = new SlotWorld(9)) {
      Journal journal = world.journal("a");
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      journal.append(1, item("x"));
      journal.append(1, item("y"));
      journal.append(2, item("z"));
      journal.rewind(1, 1);
      journal.append(1, item("w"));
      assertThat(world.simulation.await(world.node, () -> journal.read(1, 0, 9)).stream().map(SlotWorld::text))
          .containsExactly("x", "w");
      assertThat(world.simulation.await(world.node, () -> journal.read(2, 0, 9))).isEmpty();
    }
  }

  @Test
  void aSecondHandleClosesTheFirst() {
    try (SlotWorld world = new SlotWorld(10)) {
      Journal first = world.journal("a");
      first.append(1, item("x"));
      Journal second = world.journal("a");
      assertThatThrownBy(() -> first.append(1, item("y"))).isInstanceOf(IllegalStateException.class);
      assertThat(all(world, second)).containsExactly("x");
      assertThat(second.append(1, item("y"))).isEqualTo(1);
    }
  }

  @Test
  void removedJournalsAreGoneAndMayBeMadeAnew() {
    try (SlotWorld world = new SlotWorld(11)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      JournalStore store = world.store();
      assertThat(world.simulation.await(world.node, () -> store.remove("a"))).isTrue();
      assertThat(world.simulation.await(world.node, () -> store.remove("a"))).isFalse();
      assertThat(world.simulation.await(world.node, store::names)).isEmpty();
      assertThat(all(world, world.journal("a"))).isEmpty();
      assertThat(world.simulation.await(world.node, store::names)).containsExactly("a");
    }
  }

  /// A slot whose provider has no journal that it was not told of.
  private static SlotWorld ofSegmented() {
    SlotWorld world = new SlotWorld(1);
    world.withdraw(() -> {});
    world.makes = () -> SegmentedJournalProvider.plain(1_024, 4_096);
    world.register();
    return world;
  }

  @Test
  void aReadBehindARemovalFailsAloneAndTheOthersGoOn() {
    try (SlotWorld world = ofSegmented()) {
      Journal journal = world.journal("a");
      Journal other = world.journal("b");
      journal.append(1, item("x"));
      world.simulation.await(world.node, journal::commit);
      JournalStore store = world.store();
      List<Completion<?>> owed = new ArrayList<>();
      Outcome<List<Entry>> read = world.simulation.outcome(world.node, () -> {
        owed.add(store.remove("a"));
        owed.add(journal.replay(0, 0));
        return journal.read(1, 0, 1);
      });
      assertThat(read).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.cause())
          .isExactlyInstanceOf(OutcomeUnknownException.class).hasMessageContaining("a was opened again or removed"));
      assertThat(owed).hasSize(2);
      other.append(1, item("y"));
      assertThat(world.simulation.await(world.node, other::commit)).isEqualTo(new Durable(1));
      assertThat(world.status().state()).isEqualTo(SlotState.ACTIVE);
      assertThat(world.status().generation()).as("opened once").isEqualTo(1);
      assertThat(world.simulation.await(world.node, store::names)).containsExactly("b");
    }
  }

  /// Damage that a removal finds ends the provider's instance, and what was begun is done by the next one.
  @Test
  void aRemovalIsNotToldToHaveFailedAndDoneLater() {
    try (SlotWorld world = new SlotWorld(1)) {
      Journal kept = world.journal("b");
      world.journal("a");
      world.fault = call -> {
        if (call.equals("remove")) {
          world.fault = none -> {};
          throw new CorruptionException("a", "01", 0, "a file of the journal", "another");
        }
      };
      JournalStore store = world.store();
      assertThat(world.simulation.await(world.node, () -> store.remove("a"))).as("it was there").isTrue();
      assertThat(world.status().generation()).as("opened again").isEqualTo(2);
      assertThat(world.simulation.await(world.node, store::names)).containsExactly("b");
      kept.append(1, item("y"));
      assertThat(world.simulation.await(world.node, kept::commit)).isEqualTo(new Durable(1));
    }
  }

  @Test
  void anIndexBelowNoneIsRefusedAtOnce() {
    try (SlotWorld world = ofSegmented()) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      world.simulation.await(world.node, journal::commit);
      assertThatThrownBy(() -> journal.replay(1, -1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> journal.read(1, -1, 1)).isInstanceOf(IllegalArgumentException.class);
      assertThat(all(world, journal)).containsExactly("x");
      assertThat(world.status().generation()).isEqualTo(1);
    }
  }

  @Test
  void aProviderOfAnotherFormatIsNotOpened() {
    try (SlotWorld world = new SlotWorld(12)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      world.format = "plain-2";
      world.register();
      world.simulation.run(Duration.ofSeconds(3));
      assertThat(world.status().state()).isEqualTo(SlotState.EMPTY);
      assertThat(world.status().reason()).contains("does not read format plain-1");
      world.format = "plain-1";
      world.register();
      assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(1));
      assertThat(all(world, journal)).containsExactly("x");
    }
  }

  @Test
  void theNodesStopSealsAndTheNextStartReadsNoOlderGeneration() {
    try (SlotWorld world = new SlotWorld(13)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      boolean[] sealed = new boolean[1];
      world.slots.stop(() -> sealed[0] = true);
      assertThat(world.simulation.runUntil(() -> sealed[0], Duration.ofSeconds(2))).isTrue();
      assertThat(world.simulation.runUntil(() -> world.store == null, Duration.ofSeconds(1))).isTrue();
      world.node.crash(CrashKind.POWER_LOSS);
      world.node.start();
      assertThat(all(world, world.journal("a"))).containsExactly("x");
      assertThat(world.status().generation()).isEqualTo(1);
    }
  }

  @Test
  void acknowledgedItemsThatAreGoneFailTheSlot() {
    try (SlotWorld world = new SlotWorld(14)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      world.simulation.await(world.node, journal::commit);
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      world.losesItems = true;
      world.register();
      world.awaitState(SlotState.FAILED);
      assertThat(world.status().reason()).contains("acknowledged items are gone");
      signsNothingAfterAStart(world, CrashKind.PROCESS_KILL);
    }
  }

  /// The provider finds nothing wrong with what is left, and the facade of the next start remembers nothing.
  private static void signsNothingAfterAStart(SlotWorld world, CrashKind kind) {
    world.losesItems = false;
    for (int times = 0; times < 2; times++) {
      world.node.crash(kind);
      world.node.start();
      JournalStore store = world.store();
      assertThat(store.signingOff()).isTrue();
      assertThat(store.isRecovered()).isTrue();
      assertThat(world.status().signingOff()).isTrue();
    }
    List<String> told = new ArrayList<>();
    world.slots.sign(SlotWorld.NAME, true, world.status().generation(), reply -> told.addAll(reply.lines()));
    assertThat(world.simulation.runUntil(() -> !world.store().isRecovered(), Duration.ofSeconds(1))).as("" + told)
        .isTrue();
    assertThat(world.store().signingOff()).isFalse();
  }

  @Test
  void thatItemsAreGoneIsWrittenBeforeTheSlotHasFailedHoweverOftenThatFails() {
    try (SlotWorld world = new SlotWorld(14)) {
      Journal journal = world.journal("a");
      journal.append(1, item("x"));
      world.simulation.await(world.node, journal::commit);
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      world.losesItems = true;
      long writes = world.node.disk().calls(DiskOp.WRITE);
      for (int nth = 2; nth < 6; nth++) {
        world.node.disk().failNext(DiskOp.WRITE, nth); // the first is the record of who opens
      }
      world.register();
      assertThat(world.simulation.runUntil(() -> world.isIn(SlotState.FAILED)
          || world.node.disk().calls(DiskOp.WRITE) == writes + 5, Duration.ofMinutes(1))).isTrue();
      assertThat(world.status().state()).isEqualTo(SlotState.RECOVERING);
      world.awaitState(SlotState.FAILED);
      assertThat(world.node.disk().calls(DiskOp.WRITE)).isEqualTo(writes + 6);
      signsNothingAfterAStart(world, CrashKind.POWER_LOSS);
    }
  }

  @Test
  void sealDataThatWereTamperedWithFailTheSlot() {
    try (SlotWorld world = new SlotWorld(15)) {
      world.journal("a");
      world.withdraw(() -> {});
      world.awaitState(SlotState.EMPTY);
      world.node.disk().flipBit("journal/test/1", "_tenon", "end".getBytes(StandardCharsets.US_ASCII), 3);
      world.register();
      world.awaitState(SlotState.FAILED);
      assertThat(world.status().reason()).contains("CorruptionException");
    }
  }

  @Test
  void aProviderThatIsConfiguredForOtherFilesFailsTheSlotInOneLine() {
    try (SlotWorld world = new SlotWorld(1)) {
      world.fault = call -> {
        if (call.equals("open")) {
          throw new ConfigException("pageBytes", "4096", "the location was written with 1024");
        }
      };
      world.awaitState(SlotState.FAILED);
      assertThat(world.status().reason())
          .isEqualTo("ConfigException: pageBytes=4096 is not accepted: the location was written with 1024");
    }
  }

  /// What the provider that ships says of files of another page size, and of zstd switched off, is what the slot says.
  @Test
  void segmentedSaysWhichKeyDoesNotFitTheFiles() {
    try (SlotWorld world = new SlotWorld(1)) {
      world.withdraw(() -> {});
      world.makes = () -> SegmentedJournalProvider.plain(1_024, 4_096);
      world.register();
      Journal journal = world.journal("a");
      journal.append(0, item("x"));
      world.simulation.await(world.node, journal::commit);
      world.withdraw(() -> {});
      world.makes = () -> new OtherFormat(SegmentedJournalProvider.plain(2_048, 4_096), "segmented-1-page1024");
      world.register();
      world.awaitState(SlotState.FAILED);
      assertThat(world.status().reason())
          .isEqualTo("ConfigException: pageBytes=2048 is not accepted: the location was written with 1024");
    }
  }

  /// Items over several pages, one of which is damaged.
  private static Journal damaged(SlotWorld world) {
    world.withdraw(() -> {});
    world.makes = () -> SegmentedJournalProvider.plain(1_024, 4_096);
    world.register();
    Journal journal = world.journal("a");
    for (int i = 0; i < 20; i++) {
      journal.append(0, ByteBuffer.wrap(new byte[400]));
    }
    journal.append(1, item("x"));
    world.simulation.await(world.node, journal::commit);
    world.node.disk().flipBit("journal/test/1", "a", new byte[8], 108);
    return journal;
  }

  private static void mustServe(SlotWorld world, Journal journal) {
    assertThat(world.simulation.await(world.node, () -> journal.read(1, 0, 1)).stream().map(SlotWorld::text))
        .containsExactly("x");
    journal.append(1, item("y"));
    world.simulation.await(world.node, journal::commit);
    assertThat(world.status().state()).isEqualTo(SlotState.ACTIVE);
    assertThat(world.status().generation()).isEqualTo(1);
  }

  @Test
  void damageIsToldToWhoReadsItAndTheSlotServesOn() {
    try (SlotWorld world = new SlotWorld(1)) {
      Journal journal = damaged(world);
      for (int times = 0; times < 2; times++) {
        Outcome<List<Entry>> read = world.simulation.outcome(world.node, () -> journal.read(0, 0, 1));
        assertThat(read).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.cause())
            .isInstanceOf(CorruptionException.class).hasMessageContaining("0000000000000000"));
      }
      mustServe(world, journal);
    }
  }

  @Test
  void damageThatAHandoverFindsEndsTheHandoverOnly() {
    try (SlotWorld world = new SlotWorld(1)) {
      Journal journal = damaged(world);
      world.makesOther = () -> SegmentedJournalProvider.plain(2_048, 4_096);
      world.registerOther();
      world.wish("other");
      assertThat(world.simulation.runUntil(() -> world.status().outcome().toString().contains("blob 0000000000000000"),
          Duration.ofMinutes(1))).as("" + world.slots.slots()).isTrue();
      mustServe(world, journal);
    }
  }

  @Test
  void aJournalWhosePlaceIsTakenIsRefusedAndTheOthersGoOn() {
    try (SlotWorld world = new SlotWorld(1)) {
      world.fault = call -> {
        if (call.equals("create")) {
          world.fault = none -> {};
          throw new CorruptionException("b", "01", 0, "a journal", "something else");
        }
      };
      JournalStore store = world.store();
      Outcome<Journal> refused = world.simulation.outcome(world.node, () -> store.journal("b"));
      assertThat(refused).isInstanceOfSatisfying(Outcome.Failed.class,
          failed -> assertThat(failed.cause()).isInstanceOf(CorruptionException.class));
      assertThat(world.simulation.await(world.node, store::names)).isEmpty();
      assertThat(world.journal("b").name()).isEqualTo("b");
      assertThat(world.status().generation()).isEqualTo(1);
    }
  }

  /// A provider that has put off a part of its open: the first call finds the damage, and the next open does.
  @Test
  void damageThatAnOpenHasPutOffFailsTheSlot() {
    try (SlotWorld world = new SlotWorld(1)) {
      world.journal("a");
      boolean[] found = {false};
      world.fault = call -> {
        found[0] |= call.equals("create");
        if (found[0] && (call.equals("create") || call.equals("open"))) {
          throw new CorruptionException("log", "01", 7, "a whole frame", "none");
        } else if (found[0] && !call.equals("close")) {
          throw new StorageFailedException("the family has ended");
        }
      };
      JournalStore store = world.store();
      assertThat(world.simulation.outcome(world.node, () -> store.journal("b"))).isInstanceOf(Outcome.Failed.class);
      world.awaitState(SlotState.FAILED);
      assertThat(world.status().reason()).contains("partition log, blob 01, offset 7");
    }
  }

  private static void aMustServe(SlotWorld world, Journal journal) {
    journal.append(1, item("y"));
    assertThat(world.simulation.await(world.node, journal::commit)).isEqualTo(new Durable(2));
    assertThat(all(world, journal)).containsExactly("x", "y");
    assertThat(world.status().state()).isEqualTo(SlotState.ACTIVE);
  }

  /// Begins journal a, with an item that is not durable, and lets each creation after it fail.
  private static Journal noneIsMadeAfter(SlotWorld world, Supplier<RuntimeException> failure) {
    Journal journal = world.journal("a");
    journal.append(1, item("x"));
    world.fault = call -> {
      if (call.equals("create")) {
        throw failure.get();
      }
    };
    return journal;
  }

  static List<RuntimeException> refusals() {
    return List.of(new IllegalArgumentException("a family has at most 1 journals"),
        new ConfigException("journalsMax", "1", "at least 2"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aNameThatItsProviderRefusesIsToldToWhoAskedAndTheOthersGoOn(RuntimeException refusal) {
    try (SlotWorld world = new SlotWorld(1)) {
      Journal journal = noneIsMadeAfter(world, () -> refusal);
      JournalStore store = world.store();
      Outcome<Journal> refused = world.simulation.outcome(world.node, () -> store.journal("b"));
      assertThat(refused).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.cause())
          .isExactlyInstanceOf(IllegalArgumentException.class).hasMessageContaining(refusal.getMessage())
          .isNotSameAs(refusal));
      assertThat(world.simulation.await(world.node, store::names)).containsExactly("a");
      aMustServe(world, journal);
      assertThat(world.status().generation()).as("opened once").isEqualTo(1);
    }
  }

  /// Its caller hears of it within the time that it waits at most, and what was begun for it is forgotten.
  @Test
  void aJournalThatCannotBeMadeDoesNotKeepTheOthersOut() {
    try (SlotWorld world = new SlotWorld(1)) {
      Journal journal = noneIsMadeAfter(world, () -> new StorageFailedException("planted"));
      JournalStore store = world.store();
      Outcome<Journal> failed = world.simulation.outcome(world.node, () -> store.journal("b"));
      assertThat(failed).isInstanceOf(Outcome.Failed.class);
      aMustServe(world, journal);
      assertThat(world.simulation.await(world.node, store::names)).containsExactly("a");
      world.fault = call -> {};
      assertThat(world.journal("b").name()).isEqualTo("b");
    }
  }

  /// Says that it reads what it does not.
  private record OtherFormat(JournalProvider provider, String format) implements JournalProvider {
    @Override
    public Description describe() {
      return new Description(provider.describe().provider(), format, List.of(format),
          provider.describe().itemBytesMax());
    }

    @Override
    public JournalInstance open(OpenContext context) {
      return provider.open(context);
    }
  }
}
