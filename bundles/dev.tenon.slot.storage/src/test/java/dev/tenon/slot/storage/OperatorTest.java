package dev.tenon.slot.storage;

import static dev.tenon.slot.storage.SlotWorld.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.handover.Reply;
import dev.tenon.journal.Journal;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.DiskOp;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: what an operator needs for a slot that has failed is there when he comes, and he is told what was done.
/// Method: a simulated node with a slot whose provider is made to fail.
class OperatorTest {
  private static List<String> places(SlotWorld world) {
    return world.simulation.blocking(world.node, () -> world.node.runtime().volume().locations("journal/test"));
  }

  private static <T> T told(SlotWorld world, Consumer<Consumer<T>> asked) {
    List<T> told = new ArrayList<>();
    asked.accept(told::add);
    assertThat(world.simulation.runUntil(() -> !told.isEmpty(), Duration.ofSeconds(20))).as("answered").isTrue();
    return told.getFirst();
  }

  private static Reply recover(SlotWorld world, String location) {
    return OperatorTest.<Reply>told(world, reply -> world.slots.recover(SlotWorld.NAME, location, reply));
  }

  private static Reply sign(SlotWorld world, boolean nothingAbove, long generation) {
    return OperatorTest.<Reply>told(world, reply -> world.slots.sign(SlotWorld.NAME, nothingAbove, generation, reply));
  }

  private static void refused(Reply reply, String part) {
    assertThat(reply.kind()).as("" + reply).isEqualTo(Reply.Kind.REFUSED);
    assertThat(reply.lines()).singleElement().asString().contains(part);
  }

  /// A slot that was handed over, and whose provider then fails for good.
  private static SlotWorld destroyed(long seed) {
    SlotWorld world = new SlotWorld(seed);
    Journal journal = world.journal("a");
    journal.append(1, item("x"));
    world.simulation.await(world.node, journal::commit);
    world.makesOther = () -> new PlainJournals(call -> world.otherFault.at(call), "other-1", false, false);
    world.registerOther();
    world.wish("other");
    assertThat(world.simulation.runUntil(
        () -> world.status().provider().startsWith("other") && world.isIn(SlotState.ACTIVE),
        Duration.ofMinutes(5))).isTrue();
    world.otherFault = call -> {
      if (call.equals("sync")) {
        throw new StorageFailedException("planted");
      }
      if (call.equals("open")) {
        throw new CorruptionException("p", "62", 0, "a", "b");
      }
    };
    journal.append(1, item("y"));
    journal.commit();
    world.awaitState(SlotState.FAILED);
    return world;
  }

  @Test
  void theSilenceIsLiftedAlsoWhileAHandoverWaitsForItsNextAttempt() {
    try (SlotWorld world = destroyed(6)) {
      recover(world, "");
      world.awaitState(SlotState.ACTIVE);
      // It is wished for, and fails again and again.
      assertThat(world.simulation.runUntil(() -> world.status().outcome().isFailure()
          && world.status().progress() == null && world.status().failedHandovers() > 4, Duration.ofMinutes(10)))
          .isTrue();
      world.simulation.run(Duration.ofSeconds(1)); // what it filled is gone, and the next attempt comes after 10 s
      assertThat(sign(world, true, world.status().generation()).lines()).singleElement().asString()
          .endsWith("is signed on again");
      assertThat(world.store().signingOff()).isFalse();
    }
  }

  /// Goal: what he hears is how the write has ended, not that it was asked for.
  @Test
  void theOperatorHearsThatHisChoiceCouldNotBeWritten() {
    try (SlotWorld world = destroyed(7)) {
      refused(recover(world, "journal/test/9"), "not recovered: there is no location journal/test/9");
      long writes = world.node.disk().calls(DiskOp.WRITE);
      world.node.disk().failNext(DiskOp.WRITE, 1);
      refused(recover(world, ""), "not recovered: ");
      assertThat(world.node.disk().calls(DiskOp.WRITE)).isGreaterThan(writes);
      world.awaitState(SlotState.FAILED);
      Reply reply = recover(world, "");
      assertThat(reply.kind()).isEqualTo(Reply.Kind.DONE);
      assertThat(reply.lines()).singleElement().asString().contains("begins anew from journal/test/1 in generation ");
      world.awaitState(SlotState.ACTIVE);
      refused(recover(world, ""), "has not failed: nothing is to recover");
    }
  }

  /// Goal: nothing is lifted that the operator has not seen as it is. Method: he is shown what there is, and the slot
  /// has another generation when he confirms it.
  @Test
  void signingIsLiftedOnlyInTheGenerationThatTheOperatorWasShown() {
    try (SlotWorld world = destroyed(8)) {
      refused(sign(world, false, 0), "does not serve, or is being handed over: ask again");
      recover(world, "");
      world.awaitState(SlotState.ACTIVE);
      world.wish("plain"); // so that no handover is under way
      world.simulation.run(Duration.ofSeconds(5));
      long shown = world.status().generation();
      assertThat(sign(world, false, 0).kind()).isEqualTo(Reply.Kind.SHOWN);
      assertThat(world.status().signingOff()).isTrue();
      world.withdraw(() -> {});
      world.withdrawOther();
      world.awaitState(SlotState.EMPTY);
      world.register();
      world.awaitState(SlotState.ACTIVE);
      assertThat(world.status().generation()).isGreaterThan(shown);
      refused(sign(world, false, shown), "is in another generation than was shown");
      assertThat(world.status().signingOff()).isTrue();
      world.node.disk().failNext(DiskOp.WRITE, 1);
      refused(sign(world, false, world.status().generation()),
          "the record of slot n/journal/test could not be written");
      assertThat(world.status().signingOff()).isTrue();
      assertThat(sign(world, false, world.status().generation()).kind()).isEqualTo(Reply.Kind.DONE);
      assertThat(world.status().signingOff()).isFalse();
      assertThat(sign(world, false, world.status().generation()).kind()).as("again").isEqualTo(Reply.Kind.DONE);
    }
  }

  /// Goal: what the operator hears of his word is what the next start finds. Method: its force fails, and perhaps those
  /// that follow; the disk has kept of that what it likes, and the process is killed.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void aSignThatFailsStaysOffAtTheNextStartToo(int seed) {
    boolean again = seed % 2 == 0;
    try (SlotWorld world = destroyed(seed)) {
      recover(world, "");
      world.awaitState(SlotState.ACTIVE);
      world.wish("plain"); // so that no handover is under way
      world.simulation.run(Duration.ofSeconds(5));
      for (int nth = 1; nth <= (again ? 4 : 1); nth++) {
        world.node.disk().failNext(DiskOp.SYNC, nth);
      }
      long syncs = world.node.disk().calls(DiskOp.SYNC);
      Reply reply = sign(world, false, world.status().generation());
      refused(reply, again ? "what a start finds is not known" : "signing stays as it was");
      if (again) {
        assertThat(world.simulation.runUntil(() -> world.node.disk().calls(DiskOp.SYNC) >= syncs + 5,
            Duration.ofMinutes(1))).as("written again").isTrue();
        world.simulation.run(Duration.ofSeconds(1));
      }
      assertThat(world.status().signingOff()).isTrue();
      world.node.crash(CrashKind.PROCESS_KILL);
      world.node.start();
      world.awaitState(SlotState.ACTIVE);
      assertThat(world.status().signingOff()).isTrue();
      assertThat(sign(world, false, world.status().generation()).kind()).isEqualTo(Reply.Kind.DONE);
    }
  }

  @Test
  void whatIsRetainedStaysWhileTheOperatorIsWaitedFor() {
    try (SlotWorld world = destroyed(5)) {
      assertThat(places(world)).contains("1");
      world.simulation.run(Duration.ofMinutes(11));
      assertThat(world.status().state()).isEqualTo(SlotState.FAILED);
      assertThat(places(world)).contains("1");
      recover(world, "");
      world.awaitState(SlotState.ACTIVE);
      Journal again = world.journal("a");
      assertThat(world.simulation.await(world.node, () -> again.read(1, 0, 1))).hasSize(1);
    }
  }

  /// Who has brought back the wrong one goes back to what that set aside, with signing off as before.
  @Test
  void whatARecoveryHasSetAsideIsTakenBackWhileSigningIsOff() {
    try (SlotWorld world = destroyed(5)) {
      recover(world, "");
      world.awaitState(SlotState.ACTIVE);
      assertThat(places(world)).contains("1", "2.kept-1").doesNotContain("2");
      world.otherFault = call -> {};
      String answer = "ask again";
      while (answer.endsWith("ask again")) { // the wish stands, and a handover measures
        answer = recover(world, "journal/test/2.kept-1").lines().getFirst();
      }
      assertThat(answer).contains("begins anew from journal/test/2 in generation");
      assertThat(world.simulation.runUntil(() -> world.publications == 3, Duration.ofMinutes(1))).isTrue();
      assertThat(world.status().provider()).startsWith("other");
      assertThat(places(world)).contains("1.kept-1", "2").doesNotContain("1");
      assertThat(world.store().signingOff() && world.store().isRecovered()).isTrue();
      Journal again = world.journal("a");
      assertThat(world.simulation.await(world.node, () -> again.read(1, 0, 9)).getFirst()).isNotNull();
      sign(world, false, world.status().generation());
      assertThat(recover(world, "journal/test/1.kept-1").lines()).first().asString().as("it may have been signed since")
          .contains("nothing is to recover");
    }
  }

  @Test
  void whatIsRenamedBackByHandBelowARecoveredRecordIsKept() {
    try (SlotWorld world = destroyed(5)) {
      recover(world, "");
      world.awaitState(SlotState.ACTIVE);
      world.simulation.blocking(world.node, () -> {
        world.node.runtime().volume().rename("journal/test/2.kept-1", "journal/test/2");
        return true;
      });
      world.node.crash(CrashKind.PROCESS_KILL);
      world.node.start();
      world.awaitState(SlotState.ACTIVE);
      world.simulation.run(Duration.ofMinutes(30));
      assertThat(places(world)).contains("2.kept-1");
    }
  }

  @Test
  void aFirstOpeningThatFailsAgainAndAgainLeavesNoFoldersBehind() {
    try (SlotWorld world = new SlotWorld(18)) {
      world.fault = call -> {
        if (call.equals("open")) {
          throw new StorageFailedException("planted");
        }
      };
      world.simulation.run(Duration.ofMinutes(10));
      assertThat(places(world)).containsExactly("1");
      world.fault = call -> {};
      world.journal("a");
      assertThat(places(world)).containsExactly("1");
    }
  }

  /// A world in which `other` serves from location 2, and what it was handed over from is kept.
  private static SlotWorld handedOver(long seed) {
    SlotWorld world = new SlotWorld(seed);
    world.makesOther = () -> new PlainJournals(call -> {}, "other-1", false, false);
    world.registerOther();
    append(world, 20);
    world.wish("other");
    assertThat(world.simulation.runUntil(
        () -> world.status().provider().startsWith("other") && world.isIn(SlotState.ACTIVE),
        Duration.ofMinutes(5))).isTrue();
    world.simulation.run(Duration.ofSeconds(1));
    assertThat(places(world)).containsExactly("1", "2");
    return world;
  }

  private static void append(SlotWorld world, int items) {
    Journal journal = world.journal("a");
    for (int i = 0; i < items; i++) {
      journal.append(1, ByteBuffer.allocate(10_000));
    }
    world.simulation.await(world.node, journal::commit);
  }

  private static long held(SlotWorld world, String location) {
    return world.simulation.blocking(world.node,
        () -> world.node.runtime().volume().usedBytes("journal/test/" + location));
  }

  private static double retainedBytes(SlotWorld world) {
    return world.node.metrics().value("tenon_slot_retained_bytes", "slot", SlotWorld.NAME.toString());
  }

  @Test
  void whatIsRetainedMakesRoomForTheNextHandover() {
    try (SlotWorld world = handedOver(19)) {
      world.node.disk().full(held(world, "2") / 2);
      assertThat(OperatorTest.<HandoverOutcome>told(world,
          reply -> world.slots.look(SlotWorld.NAME, "plain", reply))).asString().startsWith("possible");
      assertThat(places(world)).containsExactly("1", "2");
      world.wish("plain");
      assertThat(world.simulation.runUntil(
          () -> world.status().provider().startsWith("plain") && world.isIn(SlotState.ACTIVE),
          Duration.ofMinutes(5))).as(world.status().outcome().toString()).isTrue();
      assertThat(places(world)).doesNotContain("1");
    }
  }

  /// An operator may need it, and the handover would not begin all the same.
  @Test
  void whatIsRetainedStaysWhereEvenThatWouldNotBeRoomEnough() {
    try (SlotWorld world = handedOver(20)) {
      append(world, 100);
      world.node.disk().full(held(world, "2") / 4);
      double before = retainedBytes(world);
      world.wish("plain");
      world.simulation.run(Duration.ofMinutes(5));
      assertThat(world.status().outcome().kind()).isEqualTo(HandoverOutcome.Kind.NO_SPACE);
      assertThat(world.status().failedHandovers()).isPositive();
      assertThat(places(world)).containsExactly("1", "2");
      assertThat(retainedBytes(world)).isPositive().isEqualTo(before);
    }
  }

  @Test
  void whatWasDeletedForRoomIsNotCountedAsRetained() {
    try (SlotWorld world = handedOver(21)) {
      world.fault = call -> {
        throw new IllegalStateException("planted");
      };
      world.node.disk().full(held(world, "2") / 2);
      world.wish("plain");
      world.simulation.run(Duration.ofSeconds(5));
      assertThat(places(world)).doesNotContain("1").contains("2");
      assertThat(retainedBytes(world)).isZero();
    }
  }
}
