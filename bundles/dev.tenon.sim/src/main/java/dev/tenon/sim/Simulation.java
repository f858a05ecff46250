package dev.tenon.sim;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Strand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A world of nodes in which one seed decides everything.
///
/// A failing step, an assertion in it, or an actor that throws ends the run: [#run] and its likes throw what was
/// thrown.
public final class Simulation implements AutoCloseable {
  private static final Duration AWAIT_LIMIT = Duration.ofMinutes(10);

  private final Loop loop;
  private final SimNetwork network;
  private final TreeMap<String, SimNode> nodes = new TreeMap<>();
  private final List<Throwable> failures = new ArrayList<>();
  private boolean tolerant;
  private long helpers;

  private Simulation(long seed) {
    loop = new Loop(seed);
    network = new SimNetwork(loop);
  }

  /// @param seed decides everything
  /// @return an empty world at time 0
  public static Simulation seeded(long seed) {
    return new Simulation(seed);
  }

  /// Adds a node and boots it at once.
  ///
  /// @param name unique
  /// @param boot builds what runs on the node; called at the first start and at every restart
  /// @return the node
  public SimNode node(String name, Consumer<SimNode> boot) {
    Check.that(!nodes.containsKey(name), "a node's name is unique: " + name);
    SimNode node = new SimNode(this, loop, name, boot);
    nodes.put(name, node);
    network.know(node);
    node.start();
    return node;
  }

  /// @param name of a node
  /// @return that node
  public SimNode node(String name) {
    SimNode node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("no node is called " + name);
    }
    return node;
  }

  /// @return all nodes, sorted by name
  public List<SimNode> nodes() {
    return new ArrayList<>(nodes.values());
  }

  /// @return the links between nodes
  public SimNetwork network() {
    return network;
  }

  /// @param virtual time since the start, not in the past
  /// @param step runs then, outside of all nodes
  public void at(Duration virtual, Runnable step) {
    Check.that(virtual.toNanos() >= loop.nowNs, "a step lies in the future");
    loop.add(new Event(null) {
      @Override
      void fire() {
        loop.trace.mix(loop.nowNs, 1, 1);
        step.run();
      }
    }, virtual.toNanos());
  }

  /// @param delay from now
  /// @param step runs then, outside of all nodes
  public void after(Duration delay, Runnable step) {
    at(now().plus(delay), step);
  }

  /// Runs for a while; may be called again.
  ///
  /// @param time of the virtual clock
  public void run(Duration time) {
    loop.drive(() -> false, loop.nowNs + time.toNanos());
  }

  /// Runs until a condition holds; it is asked before each event.
  ///
  /// @param done reads what the test sees
  /// @param limit of virtual time from now
  /// @return whether it holds
  public boolean runUntil(BooleanSupplier done, Duration limit) {
    return loop.drive(done, loop.nowNs + limit.toNanos());
  }

  /// Calls something in the turn of an actor made for it, and runs until the completion ended.
  ///
  /// @param <T> the value
  /// @param node whose code it is
  /// @param call asks for something; for tests that drive a contract from outside
  /// @return the value of [Outcome.Done]; the cause of [Outcome.Failed] is thrown
  public <T> T await(SimNode node, Supplier<Completion<T>> call) {
    return switch (outcome(node, call)) {
      case Outcome.Done<T>(var value) -> value;
      case Outcome.Failed<T>(var cause) -> throw cause;
    };
  }

  /// As [#await], for tests that look at failures.
  ///
  /// @param <T> the value
  /// @param node whose code it is
  /// @param call asks for something
  /// @return how it ended
  public <T> Outcome<T> outcome(SimNode node, Supplier<Completion<T>> call) {
    Question<T> question = ask(node, call);
    if (!runUntil(() -> question.answer != null, AWAIT_LIMIT)) {
      throw new AssertionError("no answer on " + node + " within " + AWAIT_LIMIT + " of virtual time");
    }
    Outcome<T> answer = question.answer;
    if (answer == null) {
      throw new AssertionError("an answer was seen and is gone");
    }
    return answer;
  }

  /// Runs something that does not block in the turn of an actor made for it.
  ///
  /// @param <T> the value
  /// @param node whose code it is
  /// @param call makes the value
  /// @return the value
  public <T> T turn(SimNode node, Supplier<T> call) {
    return await(node, () -> {
      var promise = node.runtime().<T>promise();
      promise.done(call.get());
      return promise.completion();
    });
  }

  /// Runs blocking code as a task of a strand made for it.
  ///
  /// @param <T> the value
  /// @param node whose code it is
  /// @param task may use storage
  /// @return the value; what it throws is thrown
  public <T> T blocking(SimNode node, Supplier<T> task) {
    Strand strand = node.runtime().strand("blocking-" + ++helpers);
    return await(node, () -> strand.run("blocking", task));
  }

  /// @return virtual time since the start
  public Duration now() {
    return Duration.ofNanos(loop.nowNs);
  }

  /// @return messages handled so far, on all nodes
  public long handlerRuns() {
    return loop.handlerRuns;
  }

  /// @return the digest of everything that ran so far: 32 hex digits
  public String digest() {
    return loop.trace.digest();
  }

  /// Writes what runs from now on: time in nanoseconds, who, what, kind, trace value.
  ///
  /// @param lines gets one line an event
  /// @return this
  public Simulation trace(@Nullable Appendable lines) {
    if (lines != null) {
      loop.trace.writeTo(lines);
    }
    return this;
  }

  /// Lets the run go on after an actor or task has thrown an error; [#failures] tells of it.
  ///
  /// @return this
  public Simulation tolerateFailures() {
    tolerant = true;
    return this;
  }

  /// @return what actors, and tasks by an [Error], have thrown so far
  public List<Throwable> failures() {
    return Collections.unmodifiableList(failures);
  }

  /// Ends all nodes, so that no task is left waiting on its stack.
  @Override
  public void close() {
    for (SimNode node : nodes()) {
      node.crash(CrashKind.PROCESS_KILL);
    }
  }

  Loop loop() {
    return loop;
  }

  void failed(String who, Throwable thrown) {
    failures.add(thrown);
    if (!tolerant) {
      loop.report(thrown instanceof AssertionError ? thrown
          : new AssertionError("seed " + loop.seed + ", at " + now() + ": " + who + " failed: " + thrown, thrown));
    }
  }

  private <T> Question<T> ask(SimNode node, Supplier<Completion<T>> call) {
    Question<T> question = new Question<>(call);
    node.runtime().spawn("ask-" + ++helpers, MailboxSpec.<Outcome<T>>oneLane(2), question::actor);
    return question;
  }

  /// An actor that asks once and keeps the answer.
  private static final class Question<T> {
    private final Supplier<Completion<T>> call;
    private @Nullable Outcome<T> answer;

    Question(Supplier<Completion<T>> call) {
      this.call = call;
    }

    Actor<Outcome<T>> actor(Context<Outcome<T>> context) {
      return new Actor<>() {
        @Override
        public void start() {
          try {
            call.get().then(outcome -> outcome);
          } catch (RuntimeException thrown) {
            answer = new Outcome.Failed<>(thrown);
            context.stop();
          }
        }

        @Override
        public void handle(Outcome<T> outcome) {
          answer = outcome;
          context.stop();
        }
      };
    }
  }
}
