package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.Leases;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotUnavailableException;
import dev.tenon.slot.SlotUnit;
import dev.tenon.slot.Tenure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Callers, tenures and what waits in front of their doors. The test stands for the slot: it takes the batches.
class LeasesTest {
  private static final int UNITS_MAX = 64;
  private static final int BYTES = 100;

  /// Answers when the test says so.
  private final class Echo {
    final String name;
    final List<Promise<String>> owed = new ArrayList<>();

    Echo(String name) {
      this.name = name;
    }

    Completion<String> ask(String word) {
      calls.add(name + " " + word);
      Promise<String> promise = node.runtime().promise();
      owed.add(promise);
      return promise.completion();
    }
  }

  private final Simulation simulation = Simulation.seeded(7);
  private final SimNode node = simulation.node("n", booted -> {});
  private final List<String> calls = new ArrayList<>();
  private int signals;
  private final SlotQueue queue = new SlotQueue(UNITS_MAX, 1 << 20, () -> signals++);
  private final SlotName name = new SlotName("n", "echo", "test");
  private SlotLimits limits = SlotLimits.DEFAULT;
  private final SlotDoor door = new SlotDoor(node.runtime(), name, queue,
      SlotModel.fresh(name.toString(), Terms.of(""), List.of()), () -> limits);
  private final Leases<Echo> slot = new Leases<>(door);

  @AfterEach
  void close() {
    simulation.close();
  }

  private Completion<String> ask(String word) {
    Tenure<Echo> tenure = slot.tenure();
    int stripe = tenure.enter();
    return stripe < 0
        ? slot.later(BYTES, echo -> echo.ask(word))
        : slot.until(tenure, tenure.provider().ask(word), stripe);
  }

  private List<String> outcome(Completion<String> owed) {
    List<String> seen = new ArrayList<>();
    owed.onEnd(outcome -> seen.add(switch (outcome) {
      case Outcome.Done<String>(var value) -> value;
      case Outcome.Failed<String>(var cause) -> cause.getClass().getSimpleName();
    }));
    return seen;
  }

  /// What the slot's strand does.
  private int batch(Tenure<Echo> serving) {
    List<SlotUnit> units = queue.take(SlotLimits.BATCH_UNITS);
    units.forEach(unit -> unit.run(serving));
    slot.settled(serving);
    units.forEach(SlotUnit::deliver);
    queue.release(units.size(), units.stream().mapToLong(SlotUnit::bytes).sum());
    queue.more();
    return units.size();
  }

  private boolean hold(Tenure<Echo> serving, long deadlineMs) {
    return simulation.blocking(node, () -> slot.hold(serving, deadlineMs));
  }

  private <T> T later(long ms, Runnable then, Supplier<T> blocking) {
    simulation.at(simulation.now().plus(Duration.ofMillis(ms)), then);
    return simulation.blocking(node, blocking);
  }

  private Tenure<Echo> serving(Echo echo, long generation) {
    Tenure<Echo> tenure = slot.begin(echo, generation);
    batch(tenure);
    return tenure;
  }

  @Test
  void aUnitThatIsDispatchedLateDoesNotComeIntoAnEndedTenure() {
    List<String> seen = outcome(ask("one"));
    Tenure<Echo> tenure = slot.begin(new Echo("a"), 1);
    SlotUnit unit = queue.take(SlotLimits.BATCH_UNITS).getFirst(); // its strand stands still
    slot.end(tenure);
    assertThatThrownBy(() -> unit.run(tenure)).isInstanceOf(FencedException.class);
    assertThat(calls).isEmpty();
    assertThat(tenure.inside()).isZero();
    unit.fail(new OutcomeUnknownException("given up"));
    assertThat(seen).containsExactly("OutcomeUnknownException");
  }

  @Test
  void aUnitWaitsUntilSomebodyServesAndIsDispatchedOnce() {
    List<String> seen = outcome(ask("one"));
    assertThat(signals).isEqualTo(1);
    Echo echo = new Echo("a");
    Tenure<Echo> tenure = slot.begin(echo, 1);
    assertThat(calls).isEmpty();
    assertThat(batch(tenure)).isEqualTo(1);
    assertThat(calls).containsExactly("a one");
    assertThat(tenure.inside()).isEqualTo(1);
    assertThat(seen).isEmpty();
    echo.owed.getFirst().done("1");
    assertThat(seen).containsExactly("1");
    assertThat(tenure.inside()).isZero();
    assertThat(batch(tenure)).isZero();
    assertThat(calls).hasSize(1);
  }

  @Test
  void aCallerComesInDirectlyOnlyWhenNoneWaits() {
    ask("one");
    Tenure<Echo> tenure = slot.begin(new Echo("a"), 1);
    List<SlotUnit> units = queue.take(SlotLimits.BATCH_UNITS);
    ask("two"); // while the first one is on its way to the provider
    units.forEach(unit -> unit.run(tenure));
    slot.settled(tenure);
    assertThat(tenure.isOpen()).isFalse();
    ask("three");
    assertThat(calls).containsExactly("a one");
    batch(tenure);
    assertThat(tenure.isOpen()).isTrue();
    ask("four");
    assertThat(calls).containsExactly("a one", "a two", "a three", "a four");
  }

  @Test
  void aDoorThatWasKeptShutByAUnitThatIsGivenUpOpens() {
    ask("one");
    Tenure<Echo> tenure = slot.begin(new Echo("a"), 1);
    List<SlotUnit> units = queue.take(SlotLimits.BATCH_UNITS);
    Completion<String> two = ask("two");
    units.forEach(unit -> unit.run(tenure));
    slot.settled(tenure);
    two.cancel();
    assertThat(queue.waiting()).isZero();
    assertThat(queue.more()).as("a batch, though nothing waits").isTrue();
    assertThat(batch(tenure)).isZero();
    assertThat(tenure.isOpen()).isTrue();
    assertThat(queue.more()).isFalse();
  }

  @Test
  void theDrainWaitsForAnswersAndIsWokenByTheLast() {
    Echo echo = new Echo("a");
    Tenure<Echo> tenure = serving(echo, 1);
    ask("one");
    ask("two");
    boolean drained = later(50, () -> echo.owed.forEach(promise -> promise.done("x")), () -> slot.hold(tenure, 1_000));
    assertThat(drained).isTrue();
    assertThat(tenure.inside()).isZero();
    assertThat(simulation.now()).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void afterADrainThatDidNotEndTheSameOneServesOnInOrder() {
    Echo echo = new Echo("a");
    Tenure<Echo> tenure = serving(echo, 1);
    ask("one");
    assertThat(hold(tenure, 100)).isFalse();
    ask("two");
    assertThat(calls).containsExactly("a one");
    batch(tenure);
    ask("three");
    assertThat(calls).containsExactly("a one", "a two", "a three");
    echo.owed.forEach(promise -> promise.done("x"));
    assertThat(tenure.inside()).isZero();
    assertThat(hold(tenure, 100)).isTrue();
  }

  @Test
  void whatWaitsGoesToTheNextOne() {
    Tenure<Echo> first = serving(new Echo("a"), 1);
    assertThat(hold(first, 100)).isTrue();
    List<String> seen = outcome(ask("one"));
    Echo next = new Echo("b");
    Tenure<Echo> second = serving(next, 2);
    next.owed.getFirst().done("from b");
    assertThat(calls).containsExactly("b one");
    assertThat(seen).containsExactly("from b");
    assertThat(slot.tenure()).isSameAs(second);
  }

  @Test
  void oneThatEndedNeverServesAgainAndIsLetGo() {
    Tenure<Echo> tenure = serving(new Echo("a"), 1);
    slot.end(tenure);
    slot.settled(tenure); // a strand that was given up comes back
    assertThat(tenure.isOpen()).isFalse();
    assertThat(slot.tenure()).isNotSameAs(tenure);
    ask("one");
    assertThat(calls).isEmpty();
    assertThat(queue.waiting()).isEqualTo(1);
  }

  @Test
  void callersOfWhatIsInsideAtItsEndHearThatNothingIsKnown() {
    List<String> parked = outcome(ask("one"));
    Echo echo = new Echo("a");
    Tenure<Echo> tenure = serving(echo, 1);
    List<String> direct = outcome(ask("two"));
    List<String> answered = outcome(ask("three"));
    echo.owed.get(2).done("3");
    int late = tenure.enter();
    slot.end(tenure);
    assertThat(parked).containsExactly("OutcomeUnknownException");
    assertThat(direct).containsExactly("OutcomeUnknownException");
    List<String> comesLate = outcome(slot.until(tenure, echo.ask("four"), late)); // it was inside the provider's code
    assertThat(comesLate).containsExactly("OutcomeUnknownException");
    assertThat(tenure.inside()).isEqualTo(3);
    echo.owed.forEach(promise -> promise.done("late"));
    assertThat(tenure.inside()).isZero();
    assertThat(answered).containsExactly("3");
    assertThat(parked).hasSize(1);
    assertThat(comesLate).hasSize(1);
  }

  @Test
  void answersMayComeInAnyOrder() {
    Echo echo = new Echo("a");
    Tenure<Echo> tenure = serving(echo, 1);
    List<List<String>> seen = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      seen.add(outcome(ask("call " + i)));
    }
    for (int next : new int[] {2, 0, 4}) {
      echo.owed.get(next).done("in time");
    }
    slot.end(tenure);
    assertThat(seen).containsExactly(List.of("in time"), List.of("OutcomeUnknownException"), List.of("in time"),
        List.of("OutcomeUnknownException"), List.of("in time"));
  }

  @Test
  void theEndOfAFormerOneDoesNotShutTheNext() {
    Tenure<Echo> first = serving(new Echo("a"), 1);
    Tenure<Echo> second = serving(new Echo("b"), 2);
    slot.end(first);
    assertThat(slot.tenure()).isSameAs(second);
    ask("one");
    assertThat(calls).containsExactly("b one");
  }

  @Test
  void aUnitThatIsGivenUpInFrontOfTheDoorIsNeverDispatched() {
    Completion<String> owed = ask("one");
    ask("two");
    owed.cancel();
    assertThat(queue.waiting()).isEqualTo(1);
    serving(new Echo("a"), 1);
    assertThat(calls).containsExactly("a two");
  }

  @Test
  void aUnitThatIsGivenUpInsideIsGivenUpAtTheProviderAndCountedUntilItEnds() {
    Completion<String> owed = ask("one");
    Echo echo = new Echo("a");
    Tenure<Echo> tenure = serving(echo, 1);
    owed.cancel();
    assertThat(echo.owed.getFirst().cancelled()).isTrue();
    assertThat(tenure.inside()).isEqualTo(1);
    echo.owed.getFirst().done("x");
    assertThat(tenure.inside()).isZero();
  }

  @Test
  void whoFindsNoRoomIsToldAtOnce() {
    for (int i = 0; i < UNITS_MAX; i++) {
      assertThat(outcome(ask("unit"))).isEmpty();
    }
    assertThat(outcome(ask("one more"))).containsExactly(SlotUnavailableException.class.getSimpleName());
  }

  @Test
  void aUnitThatHasWaitedForTooLongIsTakenOut() {
    List<String> seen = outcome(ask("one"));
    long nowNs = node.runtime().clock().monotonicNs();
    assertThat(queue.expired(nowNs - 1)).isEmpty();
    queue.expired(nowNs + 1).forEach(unit -> unit.fail(new UnavailableException("too long")));
    assertThat(seen).containsExactly("UnavailableException");
    serving(new Echo("a"), 1);
    assertThat(calls).isEmpty();
  }

  @Test
  void whatAProviderThrowsEndsTheUnitAndNotTheBatch() {
    List<String> first = outcome(slot.later(BYTES, echo -> {
      throw new IllegalStateException("planted");
    }));
    ask("two");
    Tenure<Echo> tenure = serving(new Echo("a"), 1);
    assertThat(first).containsExactly("OutcomeUnknownException");
    assertThat(calls).containsExactly("a two");
    assertThat(tenure.inside()).isEqualTo(1);
  }

  /// Says nothing of itself: what it would need for that is gone too.
  @SuppressWarnings("serial") // nobody writes it
  private static final class Speechless extends NoClassDefFoundError {
    @Override
    public String getMessage() {
      throw new NoClassDefFoundError("planted in getMessage");
    }
  }

  private static Error error(String kind) {
    return switch (kind) {
      case "classes" -> new NoClassDefFoundError("planted");
      case "stack" -> new StackOverflowError("planted");
      case "memory" -> new OutOfMemoryError("planted");
      case "check" -> new CheckFailed("planted");
      case "speechless" -> new Speechless();
      default -> throw new AssertionError(kind);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"classes", "stack", "memory", "check", "speechless"})
  void anErrorOfAProviderEndsItsUnitAndNothingElse(String kind) {
    Error planted = error(kind);
    Function<Echo, Completion<String>> goesWrong = echo -> {
      throw planted;
    };
    List<String> parked = outcome(slot.later(BYTES, goesWrong));
    ask("two");
    Tenure<Echo> tenure = serving(new Echo("a"), 1);
    assertThat(parked).containsExactly("OutcomeUnknownException");
    assertThat(calls).containsExactly("a two");
    assertThat(outcome(slot.later(BYTES, goesWrong))).as("the door is open").containsExactly("OutcomeUnknownException");
    assertThat(outcome(slot.broken(tenure, tenure.enter(), planted))).containsExactly("OutcomeUnknownException");
    assertThat(tenure.inside()).isEqualTo(1);
  }

  @Test
  void aThreadOfWhatHasEndedDoesNotGoOn() {
    Tenure<Echo> tenure = serving(new Echo("a"), 1);
    assertThatThrownBy(() -> slot.later(BYTES, echo -> {
      throw new Stopped("its node");
    })).isInstanceOf(Stopped.class);
    assertThat(tenure.inside()).isZero();
  }

  @Test
  @SuppressWarnings("NullAway") // a provider is not compiled by us
  void whoGivesNoAnswerAtAllHasNotAnswered() {
    List<String> parked = outcome(slot.later(BYTES, echo -> null));
    Tenure<Echo> tenure = serving(new Echo("a"), 1);
    assertThat(parked).containsExactly("OutcomeUnknownException");
    assertThat(outcome(slot.later(BYTES, echo -> null))).containsExactly("OutcomeUnknownException");
    assertThat(tenure.inside()).isZero();
  }

  @Test
  void anAnswerThatIsGivenTwiceIsAnAnswerOnce() {
    Tenure<Echo> tenure = serving(new Echo("a"), 1);
    Promise<String> same = node.runtime().promise();
    List<String> first = outcome(slot.later(BYTES, echo -> same.completion()));
    assertThat(outcome(slot.later(BYTES, echo -> same.completion()))).containsExactly("OutcomeUnknownException");
    same.done("1");
    assertThat(first).containsExactly("1");
    assertThat(tenure.inside()).isZero();
  }

  @Test
  void anAnswerThatCannotBeMadeHasFailed() {
    Tenure<Echo> tenure = serving(new Echo("a"), 1);
    Promise<String> given = node.runtime().promise();
    List<String> seen = outcome(slot.later(BYTES, echo -> given.completion().map(value -> {
      throw new NoClassDefFoundError("planted");
    })));
    given.done("1");
    assertThat(seen).containsExactly("OutcomeUnknownException");
    assertThat(tenure.inside()).isZero();
  }

  @Test
  void whatAProviderThrowsWhereItsCallerGivesUpIsNotTheCallers() {
    Tenure<Echo> tenure = serving(new Echo("a"), 1);
    Promise<String> given = node.runtime().promise();
    given.onCancel(() -> {
      throw new NoClassDefFoundError("planted");
    });
    slot.later(BYTES, echo -> given.completion()).cancel();
    given.done("late");
    assertThat(tenure.inside()).isZero();
  }

  @Test
  void aFailureOfAProviderIsToldWithoutItsClasses() {
    serving(new Echo("a"), 1);
    Promise<String> given = node.runtime().promise();
    Completion<String> owed = slot.later(BYTES, echo -> given.completion());
    List<RuntimeException> seen = new ArrayList<>();
    owed.onEnd(outcome -> {
      if (outcome instanceof Outcome.Failed<String>(var cause)) {
        seen.add(cause);
      }
    });
    given.failed(new IllegalStateException("of the provider's own"));
    assertThat(seen).singleElement().isInstanceOf(OutcomeUnknownException.class)
        .extracting(Throwable::getMessage).isEqualTo("IllegalStateException: of the provider's own");
    assertThat(seen.getFirst().getStackTrace()).as("frames of the provider, which would hold its classes").isEmpty();
  }

  /// What its text needs may be gone by the time that somebody else serves.
  @Test
  void aFailureIsAskedForItsTextWhileItsCallIsInside() {
    Tenure<Echo> tenure = serving(new Echo("a"), 1);
    Promise<String> given = node.runtime().promise();
    List<Long> inside = new ArrayList<>();
    List<String> seen = outcome(slot.later(BYTES, echo -> given.completion()));
    given.failed(new IllegalStateException() {
      @Override
      public String getMessage() {
        inside.add(tenure.inside());
        return "planted";
      }
    });
    assertThat(inside).containsOnly(1L);
    assertThat(seen).containsExactly("OutcomeUnknownException");
    assertThat(tenure.inside()).isZero();
  }

  @Test
  @SuppressWarnings("NullAway") // a provider that was built without it
  void aFailureWithoutACauseEndsItsCallToo() {
    Tenure<Echo> tenure = serving(new Echo("a"), 1);
    Promise<String> given = node.runtime().promise();
    List<String> seen = outcome(slot.later(BYTES, echo -> given.completion()));
    RuntimeException none = null;
    given.failed(none);
    assertThat(seen).containsExactly("OutcomeUnknownException");
    assertThat(tenure.inside()).isZero();
  }

  @Test
  void theSealsLimitIsTheSlotsAndIsReadAnew() {
    assertThat(door.sealDeadlineMs()).isEqualTo(SlotLimits.DEFAULT.sealDeadlineMs());
    limits = new SlotLimits(65_536, 64 << 20, 10_000, 5_000, 600_000, 300, 10, 200, SwapLimits.DEFAULT);
    assertThat(door.sealDeadlineMs()).isEqualTo(300);
  }

  @Test
  void theSlotsWordDoesNotEndWhatTheProviderHasTaken() {
    List<String> seen = outcome(ask("one"));
    Echo echo = new Echo("a");
    Tenure<Echo> tenure = slot.begin(echo, 1);
    List<SlotUnit> units = queue.take(SlotLimits.BATCH_UNITS);
    units.getFirst().run(tenure);
    units.getFirst().fail(new UnavailableException("the batch failed after it"));
    assertThat(seen).isEmpty();
    echo.owed.getFirst().done("1");
    assertThat(seen).containsExactly("1");
  }
}
