package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.sim.CrashKind;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: under swaps, seals that are late or fail, failures in each call, departures and crashes, each message of a
/// node's life is handled by one actor once and in its sender's order, no actor after its successor, each output is
/// delivered once and in order; and once all is well again, all is answered. Method: senders that do not wait, a random
/// script, and a history that is checked. With a planted fault some seed finds it.
class ActorSlotSimTest {
  private static final int SENDERS = 3;
  private static final int MESSAGES = 1_500;

  static Stream<Arguments> seeds() {
    int count = Integer.getInteger("tenon.slot.seeds", Boolean.getBoolean("tenon.nightly") ? 500 : 8);
    return Stream.iterate(0L, seed -> seed < count, seed -> seed + 1).flatMap(seed -> Stream.of(TallyRole.Mode.values())
        .flatMap(mode -> Stream.of(new Arguments(seed, mode, false), new Arguments(seed, mode, true))));
  }

  /// @param calm whether providers are only swapped
  record Arguments(long seed, TallyRole.Mode mode, boolean calm) {}

  private sealed interface Message {
    record Next() implements Message {}

    record Answered(String key, Outcome<Long> outcome) implements Message {}
  }

  /// Asks, tells and waits, and does so again before the answer is there.
  private static final class Sender implements Actor<Message> {
    private final Context<Message> context;
    private final TallyRole.Facade facade;
    private final TallyWorld.Life life;
    private final int caller;
    private int number;

    Sender(Context<Message> context, TallyRole.Facade facade, TallyWorld.Life life, int caller) {
      this.context = context;
      this.facade = facade;
      this.life = life;
      this.caller = caller;
    }

    @Override
    public void start() {
      context.after(1, new Message.Next());
    }

    @Override
    public void handle(Message message) {
      switch (message) {
        case Message.Next() -> {
          for (int i = context.chance().nextInt(4); i >= 0 && number < MESSAGES; i--) {
            send(number++);
          }
          if (number < MESSAGES) {
            context.after(1 + context.chance().nextInt(15), new Message.Next());
          }
        }
        case Message.Answered(var key, var outcome) -> {
          String before = life.ended.put(key, outcome instanceof Outcome.Failed<Long>(var cause)
              ? cause.getClass().getName()
              : "done");
          assertThat(before).as("an answer comes once").isNull();
        }
      }
    }

    private void send(int next) {
      String key = caller + ":" + next;
      switch (context.chance().nextInt(8)) {
        case 0, 1, 2 -> {
          Offer offer = facade.word(caller, next);
          if (offer == Offer.OK || offer == Offer.BACKOFF) {
            life.words.add(key);
          }
        }
        case 3 -> {
          String wait = "wait " + key;
          life.asked.add(wait);
          facade.await(facade.window.next() + context.chance().nextInt(20))
              .then(outcome -> new Message.Answered(wait, outcome));
        }
        case 4, 5 -> {
          String again = "again " + key;
          life.asked.add(again);
          facade.add(caller, next, true).then(outcome -> new Message.Answered(again, outcome));
        }
        default -> {
          String once = "once " + key;
          life.asked.add(once);
          facade.add(caller, next, false).then(outcome -> new Message.Answered(once, outcome));
        }
      }
    }
  }

  /// A run of one seed.
  private static final class Run {
    final TallyWorld world;
    final SplittableRandom random;
    final boolean calm;
    boolean troubled = true;
    boolean diverges;
    int lateLeft;
    int hangsLeft;
    int handed;

    Run(Arguments arguments, TallyRole.Plant plant) {
      world = new TallyWorld(arguments.seed(), arguments.mode(), plant);
      world.simulation.tolerateFailures(); // the runtime tells of errors
      random = new SplittableRandom(arguments.seed());
      calm = arguments.calm();
      diverges = plant == TallyRole.Plant.NOT_COMPARED;
      world.onPublish = this::begin;
      world.faults = this::fault;
    }

    private boolean fault(String call) {
      if (!troubled) {
        return false;
      }
      if (call.endsWith(" late")) {
        return lateLeft > 0 && lateLeft-- > 0;
      }
      if (call.endsWith(" hang")) {
        return !calm && hangsLeft > 0 && hangsLeft-- > 0;
      }
      if (call.endsWith(" diverge")) {
        return diverges && call.startsWith("two");
      }
      if (calm) {
        return false;
      }
      String of = call.replace(" error", "");
      return random.nextInt(of.endsWith(" handle") || of.endsWith(" own") || of.endsWith(" feed") ? 900 : 14) == 0;
    }

    private void begin() {
      TallyWorld.Life life = world.life();
      TallyRole.Facade facade = world.facade();
      for (int i = 0; i < SENDERS; i++) {
        int caller = i;
        world.runtime.<Message>spawn("sender-" + i, MailboxSpec.oneLane(16),
            context -> new Sender(context, facade, life, caller));
      }
    }

    void script() {
      long atMs = 0;
      for (int i = 0; i < 40; i++) {
        atMs += 20 + random.nextInt(300);
        world.simulation.at(Duration.ofMillis(atMs), this::trouble);
      }
      // A call that hangs keeps whoever serves from being handed over: only its going frees the slot.
      world.simulation.at(Duration.ofMillis(atMs + 100), () -> {
        troubled = false;
        if (!calm) {
          world.withdraw("one");
          world.withdraw("two");
        }
      });
      world.simulation.at(Duration.ofMillis(atMs + 5_000), () -> {
        for (String name : List.of("one", "two")) {
          if (!world.isRegistered(name)) {
            world.register(name);
          }
        }
      });
      world.run(atMs + 60_000);
    }

    private void trouble() {
      HandoverOutcome outcome = world.slots.slots().isEmpty() ? HandoverOutcome.NONE : world.status().outcome();
      handed += outcome.kind() == HandoverOutcome.Kind.DONE ? 1 : 0;
      switch (calm ? random.nextInt(6) : random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> world.wish(world.wish.equals("one") ? "two" : "one");
        case 5 -> lateLeft = random.nextInt(3);
        case 6 -> world.withdraw(random.nextBoolean() ? "one" : "two");
        case 7, 8 -> {
          for (String name : List.of("one", "two")) {
            if (!world.isRegistered(name)) {
              world.register(name);
            }
          }
        }
        case 9 -> hangsLeft = 1;
        default -> {
          if (random.nextInt(4) == 0) {
            CrashKind kind = random.nextBoolean() ? CrashKind.POWER_LOSS : CrashKind.PROCESS_KILL;
            world.node.crash(kind, Duration.ofMillis(50));
          }
        }
      }
    }

    void check() {
      assertThat(world.serves(world.wish)).as("all is well: " + world.slots.slots()).isTrue();
      assertThat(world.violations).isEmpty();
      assertThat(world.simulation.failures()).allMatch(failure -> failure instanceof NoClassDefFoundError);
      world.lives.forEach(this::checkLife);
      TallyWorld.Life last = world.life();
      assertThat(last.ended.keySet()).as("all is answered").containsExactlyInAnyOrderElementsOf(last.asked);
      Map<String, Integer> told = handled(last);
      assertThat(last.words).as("each word is handled").allSatisfy(key -> assertThat(told).containsKey(key));
      assertThat(last.delivered.size()).as("outputs are delivered").isGreaterThan(1_000);
    }

    /// How often each message was handled.
    private static Map<String, Integer> handled(TallyWorld.Life life) {
      Map<String, Integer> times = new HashMap<>();
      for (TallyActor.Deed deed : life.deeds) {
        switch (deed.what()) {
          case Tally.Message.Add(var caller, var number, var reply) ->
              times.merge(caller + ":" + number, 1, Integer::sum);
          case Tally.Message.Word(var caller, var number) -> times.merge(caller + ":" + number, 1, Integer::sum);
          case Tally.Message.Await await -> {}
          case Tally.Message.Safe safe -> {}
          case Tally.Message.Mine mine -> {}
        }
      }
      return times;
    }

    private void checkLife(TallyWorld.Life life) {
      checkOrder(life);
      Map<String, Integer> times = handled(life);
      Set<String> asked = new HashSet<>(life.asked);
      times.forEach((key, count) -> {
        if (calm || !asked.contains("again " + key)) {
          assertThat(count).as("message " + key + " is handled once").isEqualTo(1);
        }
      });
      life.ended.forEach((key, how) -> {
        String number = key.substring(key.indexOf(' ') + 1);
        if (how.equals("done")) {
          assertThat(key.startsWith("wait") || times.containsKey(number)).as("an answer of " + key).isTrue();
        } else {
          assertThat(how).as(key).isIn(calm ? List.of()
              : List.of(UnavailableException.class.getName(),
                  OutcomeUnknownException.class.getName(), SlotUnavailableException.class.getName()));
        }
        if (how.equals(SlotUnavailableException.class.getName())) {
          assertThat(times).as("a unit that was never dispatched").doesNotContainKey(number);
        }
      });
      long next = 0;
      Tally.Output before = null;
      for (var each : life.delivered) {
        assertThat(each.height()).as("outputs in order").isEqualTo(next++);
        Tally.Output output = each.content();
        long block = TallyActor.block(output.input());
        assertThat(output.sum()).as("output " + output.number())
            .isEqualTo((before == null ? 7 : before.sum()) * 1_000_003 + block + output.place());
        before = output;
      }
    }

    private static void checkOrder(TallyWorld.Life life) {
      long newest = 0;
      TreeMap<Integer, Integer> lastOf = new TreeMap<>();
      Set<String> seen = new HashSet<>();
      for (TallyActor.Deed deed : life.deeds) {
        assertThat(deed.generation()).as("no actor after its successor").isGreaterThanOrEqualTo(newest);
        newest = deed.generation();
        int caller = switch (deed.what()) {
          case Tally.Message.Add add -> add.caller();
          case Tally.Message.Word word -> word.caller();
          case Tally.Message.Await await -> -1;
          case Tally.Message.Safe safe -> -1;
          case Tally.Message.Mine mine -> -1;
        };
        int number = switch (deed.what()) {
          case Tally.Message.Add add -> add.number();
          case Tally.Message.Word word -> word.number();
          case Tally.Message.Await await -> -1;
          case Tally.Message.Safe safe -> -1;
          case Tally.Message.Mine mine -> -1;
        };
        if (caller >= 0 && seen.add(caller + ":" + number)) {
          Integer former = lastOf.put(caller, number);
          assertThat(former == null || former < number).as("message " + number + " in its sender's order").isTrue();
        }
      }
    }

    /// How many messages the actor that serves has counted, and how many were handled.
    void checkCount() {
      List<Long> counted = new ArrayList<>();
      world.facade().add(9, 1, false).onEnd(outcome -> {
        if (outcome instanceof Outcome.Done<Long>(var value)) {
          counted.add(value);
        }
      });
      world.simulation.runUntil(() -> !counted.isEmpty(), Duration.ofMinutes(2));
      assertThat(counted).as("what was counted before a swap is counted after it")
          .containsExactly((long) handled(world.life()).size());
    }
  }

  private static void run(Arguments arguments, TallyRole.Plant plant) {
    Run run = new Run(arguments, plant);
    try (TallyWorld world = run.world) {
      run.script();
      run.check();
      if (arguments.calm()) {
        assertThat(run.handed).as("handovers that were seen to be done").isPositive();
        if (arguments.mode() == TallyRole.Mode.TRANSFER) {
          run.checkCount();
        }
      }
      assertThat(world.life().deeds).isNotEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("seeds")
  void eachMessageIsHandledOnceInOrder(Arguments arguments) {
    run(arguments, TallyRole.Plant.NONE);
  }

  private static String finds(TallyRole.Plant plant) {
    return switch (plant) {
      case NONE -> "nothing";
      case NOT_PAUSED -> "what was counted before a swap is counted after it|behind its seal|is handled once";
      case OWN_IN_MAILBOX -> "is given a message of another's";
      case NOT_COMPARED -> "output [0-9]+";
    };
  }

  @ParameterizedTest
  @EnumSource(value = TallyRole.Plant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aPlantedFaultIsFound(TallyRole.Plant plant) {
    TallyRole.Mode mode =
        plant == TallyRole.Plant.NOT_COMPARED ? TallyRole.Mode.REBUILD : TallyRole.Mode.TRANSFER;
    assertThatThrownBy(() -> {
      for (long seed = 0; seed < 20; seed++) {
        run(new Arguments(seed, mode, true), plant);
      }
    }).isInstanceOf(AssertionError.class).hasMessageFindingMatch(finds(plant));
  }

  /// Whoever derives otherwise never takes over, and nobody sees what it derived.
  @Test
  void whatIsComparedKeepsOutWhoDerivesOtherwise() {
    Run run = new Run(new Arguments(1, TallyRole.Mode.REBUILD, true), TallyRole.Plant.NONE);
    try (TallyWorld world = run.world) {
      run.diverges = true;
      run.script();
      run.check();
      assertThat(world.lives).hasSize(1);
    }
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertThat(digest(3)).isEqualTo(digest(3));
  }

  private static String digest(long seed) {
    Run run = new Run(new Arguments(seed, TallyRole.Mode.REBUILD, false), TallyRole.Plant.NONE);
    try (TallyWorld world = run.world) {
      run.script();
      return world.simulation.digest();
    }
  }
}
