package dev.tenon.sim;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Compute;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.Stripes;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.Waiter;
import dev.tenon.runtime.entropy.Entropy;
import dev.tenon.runtime.network.Network;
import dev.tenon.runtime.storage.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// One life of a node, from its boot to its crash: the runtime that its code sees.
final class Incarnation implements Runtime {
  private static final long WALL_START_MS = 1_767_225_600_000L; // 2026-01-01
  private static final long NS_PER_MS = 1_000_000;
  private static final long ORIGIN_NS_MAX = 1L << 40;
  private static final int COMPUTE_WAITING_MAX = 65_536;
  private static final long COMPUTE_NS_MIN = 20_000;
  private static final long COMPUTE_NS_MAX = 300_000;

  /// One thread at a time: one cell.
  private static final Stripes ONE = new Stripes() {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public int current() {
      return 0;
    }
  };

  private final SimNode node;
  private final Loop loop;
  private final int number;
  private final long originNs;
  private final TreeMap<String, SimActor<?>> actors = new TreeMap<>();
  private final TreeMap<String, SimStrand> strands = new TreeMap<>();
  private final List<Task> lingering = new ArrayList<>();
  private final SimMetrics metrics = new SimMetrics();
  private final SimVolume volume;
  private final Network network;
  private final Clock clock;
  private final Entropy entropy;
  private final Rng computeCosts;
  private int computing;
  private boolean ended;
  private long endedAtNs = Long.MAX_VALUE;

  Incarnation(SimNode node, Loop loop, SimNetwork net, int number) {
    this.node = node;
    this.loop = loop;
    this.number = number;
    originNs = stream("origin").between(1, ORIGIN_NS_MAX);
    volume = new SimVolume(this, node.disk());
    network = net.of(this);
    clock = new NodeClock();
    computeCosts = stream("compute");
    Rng bytes = stream("entropy");
    entropy = into -> {
      loop.call();
      for (int i = 0; i < into.length; i++) {
        into[i] = (byte) bytes.nextLong();
      }
    };
  }

  Rng stream(String name) {
    return new Rng(loop.seed, node.name() + "/" + number + "/" + name);
  }

  Loop loop() {
    return loop;
  }

  SimNode simNode() {
    return node;
  }

  String name() {
    return node.name();
  }

  long originNs() {
    return originNs;
  }

  boolean hasEnded() {
    return ended;
  }

  long endedAtNs() {
    return endedAtNs;
  }

  @Override
  public String node() {
    return node.name();
  }

  @Override
  public <M> Mailbox<M> spawn(String name, MailboxSpec<M> spec, Function<Context<M>, Actor<M>> factory) {
    enter();
    Check.that(!actors.containsKey(name), "an actor's name is unique in its node: " + name);
    SimActor<M> actor = new SimActor<>(this, name, spec, factory);
    actors.put(name, actor);
    actor.schedule();
    return actor;
  }

  @Override
  public boolean hasActor(String name) {
    enter();
    return actors.containsKey(name);
  }

  @Override
  public Strand strand(String name) {
    enter();
    Check.that(!strands.containsKey(name), "a strand's name is unique in its node: " + name);
    SimStrand strand = new SimStrand(this, name);
    strands.put(name, strand);
    return strand;
  }

  @Override
  public <T> Promise<T> promise() {
    enter();
    return new SimPromise<>(loop);
  }

  @Override
  public Waiter waiter() {
    enter();
    return new SimWaiter(this);
  }

  @Override
  public Stripes stripes() {
    return ONE;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public Volume volume() {
    return volume;
  }

  @Override
  public Compute compute() {
    return this::compute;
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public SimMetrics metrics() {
    return metrics;
  }

  @Override
  public Entropy entropy() {
    return entropy;
  }

  private <T> Completion<T> compute(Supplier<T> pure) {
    enter();
    SimPromise<T> promise = new SimPromise<>(loop);
    promise.claim();
    if (computing >= COMPUTE_WAITING_MAX) {
      loop.emit(() -> promise.settle(new Outcome.Failed<>(new UnavailableException("more than "
          + COMPUTE_WAITING_MAX + " computations wait"))));
      return promise;
    }
    computing++;
    loop.add(new Event(this) {
      @Override
      void fire() {
        computing--;
        loop.trace.mix(loop.nowNs, 3, 3);
        promise.settle(evaluate(pure));
      }
    }, loop.instant() + computeCosts.between(COMPUTE_NS_MIN, COMPUTE_NS_MAX));
    return promise;
  }

  private <T> Outcome<T> evaluate(Supplier<T> pure) {
    loop.caller = new Caller.Pure(this);
    try {
      return new Outcome.Done<>(pure.get());
    } catch (RuntimeException thrown) {
      return new Outcome.Failed<>(thrown);
    } catch (Throwable thrown) {
      failed(name() + " compute", thrown);
      return new Outcome.Failed<>(new IllegalStateException("a computation threw an error", thrown));
    } finally {
      loop.caller = null;
    }
  }

  private void enter() {
    if (ended) {
      throw new Stopped(name() + " has ended");
    }
    loop.call();
  }

  void forget(SimActor<?> actor) {
    actors.remove(actor.name(), actor);
  }

  void forget(SimStrand strand) {
    strands.remove(strand.name(), strand);
  }

  /// A task of a strand that was given up goes on to its end.
  void linger(Task task) {
    lingering.add(task);
  }

  void lingersNoMore(Task task) {
    lingering.remove(task);
  }

  List<Task> lingering() {
    return lingering;
  }

  /// Its actors in the order of their names, strands likewise.
  List<SimActor<?>> actors() {
    return new ArrayList<>(actors.values());
  }

  List<SimStrand> strands() {
    return new ArrayList<>(strands.values());
  }

  void failed(String who, Throwable thrown) {
    node.failed(who, thrown);
  }

  /// Nothing of it happens from now on; what waits on a stack of its own unwinds.
  void end() {
    ended = true;
    endedAtNs = loop.nowNs;
    for (SimStrand strand : strands()) {
      Task task = strand.running();
      if (task != null) {
        loop.unwind(task);
      }
    }
  }

  private final class NodeClock implements Clock {
    @Override
    public long monotonicNs() {
      loop.alive();
      return originNs + loop.instant();
    }

    @Override
    public long wallMs() {
      loop.alive();
      return WALL_START_MS + loop.instant() / NS_PER_MS + node.wallSkewMs();
    }
  }
}
