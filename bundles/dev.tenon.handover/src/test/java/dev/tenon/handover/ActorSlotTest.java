package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Outcome;
import dev.tenon.slot.DeliveryWindow;
import dev.tenon.slot.HandoverOutcome.Kind;
import dev.tenon.slot.SlotState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An actor's slot, step by step: what happens to messages, answers, waits and deliveries when its provider is swapped,
/// is late, fails or goes.
class ActorSlotTest {
  /// Calls that fail, hang or are late now.
  private final TreeSet<String> faults = new TreeSet<>();
  private TallyWorld world = world(TallyRole.Mode.TRANSFER);

  private TallyWorld world(TallyRole.Mode mode) {
    TallyWorld made = new TallyWorld(11, mode, TallyRole.Plant.NONE);
    made.faults = faults::contains;
    return made;
  }

  private void rebuilds() {
    world.close();
    world = world(TallyRole.Mode.REBUILD);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private static List<String> outcome(Completion<Long> owed) {
    List<String> seen = new ArrayList<>();
    owed.onEnd(outcome -> seen.add(switch (outcome) {
      case Outcome.Done<Long> done -> "done";
      case Outcome.Failed<Long>(var cause) -> cause.getClass().getSimpleName();
    }));
    return seen;
  }

  private List<String> handled() {
    return world.life().deeds.stream().flatMap(deed -> switch (deed.what()) {
      case Tally.Message.Add add -> List.of(deed.generation() + " add " + add.number()).stream();
      case Tally.Message.Word word -> List.of(deed.generation() + " word " + word.number()).stream();
      case Tally.Message.Await await -> List.of(deed.generation() + " await").stream();
      case Tally.Message.Safe safe -> List.<String>of().stream();
      case Tally.Message.Mine mine -> List.<String>of().stream();
    }).toList();
  }

  private void await(BooleanSupplier condition) {
    assertThat(world.simulation.runUntil(condition, Duration.ofMinutes(2))).as(world.slots.slots().toString()).isTrue();
  }

  private Kind outcome() {
    return world.status().outcome().kind();
  }

  private void checkDelivered() {
    long next = 0;
    for (DeliveryWindow.Delivery<Tally.Output> each : world.life().delivered) {
      assertThat(each.height()).isEqualTo(next++);
    }
    assertThat(next).isGreaterThan(10);
  }

  @ParameterizedTest
  @EnumSource(TallyRole.Mode.class)
  void theNextActorGoesOnWithTheSameMailbox(TallyRole.Mode mode) {
    if (mode == TallyRole.Mode.REBUILD) {
      rebuilds();
    }
    world.awaitServing("one");
    world.run(1_000);
    faults.add("one hang");
    List<String> last = outcome(world.facade().add(0, 1, false));
    List<String> wait = outcome(world.facade().await(world.facade().window.next() + 150));
    world.run(10);
    faults.clear();
    world.wish("two");
    await(() -> world.status().state() == SlotState.FENCED);
    assertThat(world.facade().word(0, 2)).isEqualTo(Offer.OK);
    List<String> behind = outcome(world.facade().add(0, 3, false));
    await(() -> outcome() == Kind.OVERDUE);
    world.run(10);
    assertThat(last).as("an answer that is not given keeps it from its seal").isEmpty();
    assertThat(behind).as("it was given up, and who served goes on").containsExactly("done");
    world.withdraw("one");
    world.awaitServing("two");
    List<String> after = outcome(world.facade().add(0, 4, false));
    await(() -> !wait.isEmpty());
    assertThat(last).containsExactly("OutcomeUnknownException");
    assertThat(after).containsExactly("done");
    assertThat(wait).as("it was asked again").containsExactly("done");
    assertThat(handled()).hasSize(6).startsWith("1 add 1", "1 await", "1 word 2", "1 add 3");
    assertThat(handled().subList(4, 6)).satisfiesExactly(next -> assertThat(next).endsWith(" await"),
        next -> assertThat(next).endsWith(" add 4"));
    checkDelivered();
  }

  @ParameterizedTest
  @EnumSource(TallyRole.Mode.class)
  void aSwapUnderLoadLosesNothing(TallyRole.Mode mode) {
    if (mode == TallyRole.Mode.REBUILD) {
      rebuilds();
    }
    world.awaitServing("one");
    world.run(500);
    List<List<String>> ends = new ArrayList<>();
    world.wish("two");
    for (int number = 0; !world.serves("two"); number++) {
      ends.add(outcome(world.facade().add(0, number, false)));
      world.run(2);
      assertThat(number).isLessThan(10_000);
    }
    world.run(100);
    assertThat(ends).isNotEmpty().allSatisfy(end -> assertThat(end).containsExactly("done"));
    assertThat(handled()).hasSize(ends.size());
    assertThat(world.status().generation()).isEqualTo(2);
    checkDelivered();
  }

  @Test
  void aLateSealIsTakenBackAndTheNextOneIsHeard() {
    world.awaitServing("one");
    faults.add("one late");
    world.wish("two");
    await(() -> outcome() == Kind.OVERDUE);
    assertThat(world.status().provider()).startsWith("one");
    List<String> still = outcome(world.facade().add(0, 1, false));
    world.run(5);
    assertThat(still).containsExactly("done");
    faults.clear();
    world.awaitServing("two");
    world.run(500);
    checkDelivered();
  }

  /// The runtime hears of an error too, and goes on.
  private void errors() {
    world.simulation.tolerateFailures();
  }

  private void assertNothingElseFailed() {
    assertThat(world.simulation.failures()).allMatch(failure -> failure instanceof NoClassDefFoundError);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one handle", "one own", "one seal", "one handle error", "one own error", "one seal error"})
  void anActorThatFailsIsOpenedAgainOnTheSameMailbox(String call) {
    errors();
    world.awaitServing("one");
    world.run(200);
    faults.add("one hang");
    List<String> once = outcome(world.facade().add(0, 1, false));
    List<String> again = outcome(world.facade().add(0, 2, true));
    List<String> wait = outcome(world.facade().await(world.facade().window.next() + 30));
    world.run(5);
    faults.add(call);
    if (call.startsWith("one seal")) {
      world.wish("two");
    } else {
      world.facade().word(0, 3);
    }
    await(() -> world.status().state() == SlotState.RECOVERING);
    assertThat(outcome()).as("nobody waits for who has failed").isNotEqualTo(Kind.OVERDUE);
    List<String> parked = outcome(world.facade().add(0, 4, false));
    faults.clear();
    await(() -> !parked.isEmpty());
    await(() -> !wait.isEmpty() && !again.isEmpty());
    assertThat(once).containsExactly("OutcomeUnknownException");
    assertThat(again).containsExactly("done");
    assertThat(wait).containsExactly("done");
    assertThat(parked).containsExactly("done");
    assertThat(handled()).filteredOn(each -> each.endsWith("add 2")).hasSize(2);
    assertThat(handled()).filteredOn(each -> each.endsWith("add 1")).hasSize(1);
    checkDelivered();
    assertNothingElseFailed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"two open", "two load", "two load error"})
  void whoFailsBeforeTheRecordLeavesTheOneThatServesInCharge(String call) {
    errors();
    world.awaitServing("one");
    faults.add(call);
    world.wish("two");
    await(() -> outcome() == Kind.FAILED);
    List<String> still = outcome(world.facade().add(0, 1, false));
    world.run(20);
    assertThat(still).containsExactly("done");
    assertThat(handled()).containsExactly("1 add 1");
    faults.clear();
    world.awaitServing("two");
    assertNothingElseFailed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"two start", "two start error"})
  void whoFailsAfterTheRecordIsOpenedAgain(String call) {
    errors();
    world.awaitServing("one");
    world.run(100);
    faults.add(call);
    world.wish("two");
    await(() -> world.status().state() == SlotState.RECOVERING);
    List<String> parked = outcome(world.facade().add(0, 1, false));
    faults.clear();
    world.awaitServing("two");
    await(() -> !parked.isEmpty());
    assertThat(parked).containsExactly("done");
    assertThat(world.status().generation()).isGreaterThan(2);
    world.run(500);
    checkDelivered();
    assertNothingElseFailed();
  }

  @Test
  void withoutAProviderMessagesWaitWithinTheirBounds() {
    world.awaitServing("one");
    world.withdraw("one");
    world.withdraw("two");
    await(() -> world.status().state() == SlotState.EMPTY);
    List<String> unit = outcome(world.facade().add(0, 0, false));
    List<String> wait = outcome(world.facade().await(1_000));
    Offer offer = Offer.OK;
    int taken = 2;
    while (offer != Offer.REJECTED) {
      offer = world.facade().word(0, taken);
      taken += offer == Offer.REJECTED ? 0 : 1;
    }
    assertThat(taken).isEqualTo(512);
    List<String> full = outcome(world.facade().add(0, taken, false));
    assertThat(full).containsExactly("SlotUnavailableException");
    world.run(300);
    assertThat(world.status().parked()).isEqualTo(512);
    world.run(TallyWorld.LIMITS.parkTimeoutMs() + 1_000);
    assertThat(unit).containsExactly("SlotUnavailableException");
    assertThat(wait).isEmpty();
    world.register("two");
    world.awaitServing("two");
    int words = taken - 2;
    await(() -> handled().size() == words + 1);
    assertThat(handled().getFirst()).endsWith("await");
    await(() -> !wait.isEmpty());
    assertThat(wait).containsExactly("done");
  }

  @Test
  void aSealThatIsLateWhereItsProviderGoesIsNotWaitedFor() {
    world.awaitServing("one");
    faults.add("one late");
    faults.add("one hang");
    List<String> once = outcome(world.facade().add(0, 1, false));
    List<String> again = outcome(world.facade().add(0, 2, true));
    world.run(5);
    world.withdraw("one");
    world.awaitServing("two");
    await(() -> !again.isEmpty());
    assertThat(once).containsExactly("OutcomeUnknownException");
    assertThat(again).containsExactly("done");
    world.run(500);
    checkDelivered();
  }

  @Test
  void whatAFormerActorAnswersDoesNotCount() {
    world.awaitServing("one");
    faults.add("one hang");
    faults.add("two hang");
    List<String> again = outcome(world.facade().add(0, 1, true));
    world.run(5);
    world.withdraw("one");
    world.awaitServing("two");
    world.run(5);
    List<Tally.Message.Add> asked = new ArrayList<>();
    for (TallyActor.Deed deed : world.life().deeds) {
      if (deed.what() instanceof Tally.Message.Add add) {
        asked.add(add);
      }
    }
    assertThat(asked).hasSize(2);
    assertThat(asked.getFirst().reply().done(7L)).as("a reply of a former actor counts").isFalse();
    world.run(5);
    assertThat(again).isEmpty();
    assertThat(asked.getLast().reply().done(8L)).isTrue();
    world.run(5);
    assertThat(again).containsExactly("done");
  }

  @Test
  void aGivenUpQuestionIsNotAskedAgain() {
    world.awaitServing("one");
    Completion<Long> wait = world.facade().await(100_000);
    world.run(5);
    wait.cancel();
    world.wish("two");
    world.awaitServing("two");
    world.run(50);
    assertThat(handled()).containsExactly("1 await");
  }

  @Test
  void atTheEndOfTheNodeAllThatWaitsEnds() {
    world.awaitServing("one");
    world.withdraw("one");
    world.withdraw("two");
    await(() -> world.status().state() == SlotState.EMPTY);
    TallyRole.Facade facade = world.facade();
    List<String> unit = outcome(facade.add(0, 0, false));
    List<String> wait = outcome(facade.await(1_000));
    world.slots.stop(() -> {});
    await(() -> !unit.isEmpty());
    assertThat(unit).containsExactly("SlotUnavailableException");
    assertThat(wait).containsExactly("SlotUnavailableException");
    assertThat(facade.word(0, 1)).isEqualTo(Offer.CLOSED);
  }

  // Rebuild.

  @Test
  void whatIsRebuiltOtherwiseDoesNotTakeOver() {
    rebuilds();
    world.awaitServing("one");
    world.run(1_500);
    faults.add("two diverge");
    world.wish("two");
    await(() -> outcome() == Kind.DIVERGED);
    assertThat(world.status().outcome().text()).contains("digest");
    assertThat(world.status().provider()).startsWith("one");
    faults.clear();
    world.awaitServing("two");
    world.run(500);
    checkDelivered();
  }

  @Test
  void whoHasEmittedBeyondTheSafeHeadIsNotReplacedThere() {
    rebuilds();
    world.awaitServing("one");
    world.run(700);
    world.stuckSafe = true;
    world.run(100);
    world.wish("two");
    await(() -> outcome() == Kind.AHEAD);
    assertThat(world.status().outcome().text()).contains("beyond the safe head");
    world.stuckSafe = false;
    world.awaitServing("two");
    world.run(500);
    checkDelivered();
  }

  @Test
  void rebuildingNeedsWhatWasFetched() {
    rebuilds();
    world.awaitServing("one");
    world.run(500);
    world.facade().log.fetched(1_000_000, 0L, 8); // all that was kept before is gone
    world.wish("two");
    await(() -> outcome() == Kind.NO_HISTORY);
    assertThat(world.status().provider()).startsWith("one");
  }
}
