package dev.tenon.slot.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.sim.CrashKind;
import dev.tenon.slot.HandoverOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: under swaps, hanging and failing providers and crashes, each call of a node's life reaches one provider once,
/// in its caller's order, and no provider after its successor served; and once all is well again, all is answered.
/// Method: callers that do not wait for their answers, a random script, and a history that is checked.
class SchemeSlotSimTest {
  private static final int CALLERS = 3;
  private static final int CALLS = 3_000;
  private static final int STRIDE = 100_000;
  private static final Attestation VOTE = new Attestation(0, Bytes.of(new byte[64]));

  static Stream<Arguments> seeds() {
    int count = Integer.getInteger("tenon.slot.seeds", Boolean.getBoolean("tenon.nightly") ? 500 : 20);
    return LongStream.range(0, count).boxed()
        .flatMap(seed -> Stream.of(new Arguments(seed, false), new Arguments(seed, true)));
  }

  /// @param calm whether providers are only swapped: then each call is answered well
  record Arguments(long seed, boolean calm) {}

  /// One life of the node.
  private static final class Life {
    final int firstCall;
    final TreeMap<Integer, String> ended = new TreeMap<>();
    int asked;

    Life(int firstCall) {
      this.firstCall = firstCall;
    }
  }

  private sealed interface Message {
    record Next() implements Message {}

    record Answered(int number, Outcome<Boolean> outcome) implements Message {}
  }

  /// Asks, and asks again before the answer is there.
  private static final class Caller implements Actor<Message> {
    private final Context<Message> context;
    private final CertificateScheme scheme;
    private final Life life;
    private int number;
    private int left = CALLS;

    Caller(Context<Message> context, CertificateScheme scheme, Life life, int number) {
      this.context = context;
      this.scheme = scheme;
      this.life = life;
      this.number = number;
    }

    @Override
    public void start() {
      context.after(1, new Message.Next());
    }

    @Override
    public void handle(Message message) {
      switch (message) {
        case Message.Next() -> {
          for (int i = context.chance().nextInt(4); i >= 0 && left > 0; i--, left--) {
            int asked = number++;
            life.asked++;
            scheme.verifyAttestation(SchemeWorld.subject(asked), VOTE)
                .then(outcome -> new Message.Answered(asked, outcome));
          }
          if (left > 0) {
            context.after(1 + context.chance().nextInt(15), new Message.Next());
          }
        }
        case Message.Answered(var asked, var outcome) -> {
          String before = life.ended.put(asked, outcome instanceof Outcome.Failed<Boolean>(var cause)
              ? cause.getClass().getName()
              : "done");
          assertThat(before).as("an answer comes once").isNull();
        }
      }
    }
  }

  /// A run of one seed.
  private static final class Run {
    final SchemeWorld world;
    final SplittableRandom random;
    final List<Life> lives = new ArrayList<>();
    final boolean calm;
    int hangsLeft;
    int handed;
    boolean troubled = true;

    Run(Arguments arguments) {
      world = new SchemeWorld(arguments.seed());
      world.simulation.tolerateFailures(); // strands tell of errors
      random = new SplittableRandom(arguments.seed());
      calm = arguments.calm();
      world.onPublish = this::begin;
      world.faults.put("one", this::fault);
      world.faults.put("two", this::fault);
    }

    private boolean fault(String call) {
      if (calm || !troubled) {
        return false;
      }
      if (call.equals("verify")) {
        if (hangsLeft > 0 && random.nextInt(80) == 0) {
          hangsLeft--;
          return true;
        }
        if (random.nextInt(400) == 0) {
          error();
          throw new UnavailableException("planted");
        }
      } else if (random.nextInt(call.equals("answer") ? 400 : 12) == 0) {
        error();
        throw new IllegalStateException("planted");
      }
      return false;
    }

    private void error() {
      if (random.nextBoolean()) {
        throw new NoClassDefFoundError("planted");
      }
    }

    private void begin() {
      Life life = new Life(lives.size() * STRIDE * CALLERS);
      lives.add(life);
      world.registerEpoch(1);
      CertificateScheme scheme = world.epoch(1);
      for (int i = 0; i < CALLERS; i++) {
        int first = life.firstCall + i * STRIDE;
        world.node.runtime().<Message>spawn("caller-" + i, MailboxSpec.oneLane(16),
            context -> new Caller(context, scheme, life, first));
      }
    }

    void script() {
      long atMs = 0;
      for (int i = 0; i < 40; i++) {
        atMs += 20 + random.nextInt(600);
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
        if (!calm) {
          world.register("one");
          world.register("two");
        }
      });
      world.simulation.run(Duration.ofMillis(atMs + 60_000));
    }

    private void trouble() {
      HandoverOutcome outcome = world.slots.slots().isEmpty() ? HandoverOutcome.NONE : world.status().outcome();
      handed += outcome.kind() == HandoverOutcome.Kind.DONE ? 1 : 0;
      switch (calm ? 0 : random.nextInt(10)) {
        case 0, 1, 2, 3, 4 -> world.wish(random.nextBoolean() ? "one" : "two");
        case 5 -> world.withdraw(random.nextBoolean() ? "one" : "two");
        case 6, 7 -> {
          for (String name : List.of("one", "two")) {
            if (!world.isRegistered(name)) {
              world.register(name);
            }
          }
        }
        case 8 -> hangsLeft = 2;
        default -> {
          if (random.nextInt(3) == 0) {
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
      long newest = 0;
      TreeMap<Integer, Integer> lastOfCaller = new TreeMap<>();
      TreeMap<Integer, Long> where = new TreeMap<>();
      TreeMap<Integer, Long> firstOfLife = new TreeMap<>();
      for (ScriptedSchemes.Call call : world.calls) {
        byte[] bytes = call.message().toArray();
        int number = (bytes[0] & 0xff) << 16 | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff);
        assertThat(where.put(number, call.generation())).as("call " + number + " is dispatched once").isNull();
        assertThat(call.generation()).as("call " + number + " after a successor served").isGreaterThanOrEqualTo(newest);
        // Who serves first in a life takes the lease with its first signature only, as the epoch came after its record.
        long first = firstOfLife.computeIfAbsent(number / (STRIDE * CALLERS), life -> call.generation());
        assertThat(call.generation()).as("call " + number + " after its own record, and before a successor's")
            .isEqualTo(Math.max(first, call.committed()));
        newest = call.generation();
        int caller = number / STRIDE;
        Integer before = lastOfCaller.put(caller, number);
        assertThat(before == null || before < number).as("call " + number + " in its caller's order").isTrue();
      }
      Life last = lives.getLast();
      assertThat(last.asked).isEqualTo(CALLERS * CALLS);
      assertThat(last.ended).as("all is answered, also what hung").hasSize(last.asked);
      last.ended.forEach((number, how) -> {
        if (how.equals("done")) {
          assertThat(where).as("an answer without a call").containsKey(number);
        } else {
          assertThat(how).as("call " + number).isIn(allowed());
        }
      });
      assertThat(!calm || handed > 0).as("handovers that were seen to be done").isTrue();
    }

    private List<String> allowed() {
      return calm ? List.of()
          : List.of(UnavailableException.class.getName(), OutcomeUnknownException.class.getName(),
              "dev.tenon.slot.SlotUnavailableException");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("seeds")
  void eachCallIsDispatchedOnceInOrder(Arguments arguments) {
    Run run = new Run(arguments);
    try (SchemeWorld world = run.world) {
      run.script();
      run.check();
      assertThat(world.calls).isNotEmpty();
    }
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertThat(digest(3)).isEqualTo(digest(3));
  }

  private static String digest(long seed) {
    Run run = new Run(new Arguments(seed, false));
    try (SchemeWorld world = run.world) {
      run.script();
      return world.simulation.digest();
    }
  }
}
