package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Compute;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.Stripes;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.Waiter;
import dev.tenon.runtime.entropy.Entropy;
import dev.tenon.runtime.metrics.Metrics;
import dev.tenon.runtime.network.Network;
import dev.tenon.runtime.storage.Volume;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One node's runtime on shared pools.
public final class JvmRuntime implements Runtime, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JvmRuntime.class);
  private static final long CLOSE_NS = TimeUnit.MILLISECONDS.toNanos(400);
  private static final long WARN_EVERY_NS = TimeUnit.SECONDS.toNanos(10);

  private static final class SystemClock implements Clock {
    private final long originNs = System.nanoTime();

    @Override
    public long monotonicNs() {
      return System.nanoTime() - originNs;
    }

    @Override
    public long wallMs() {
      return System.currentTimeMillis();
    }
  }

  private static final class ThreadStripes implements Stripes {
    private static final int PER_CORE = 4;

    private final int count =
        Integer.highestOneBit(PER_CORE * java.lang.Runtime.getRuntime().availableProcessors() * 2 - 1);

    @Override
    public int count() {
      return count;
    }

    @Override
    public int current() {
      return (int) Thread.currentThread().threadId();
    }
  }

  private final String node;
  private final JvmPools pools;
  private final Metrics metrics;
  private final SecureRandom entropy = new SecureRandom();
  private final long seed;
  private final Clock clock = new SystemClock();
  private final Stripes stripes = new ThreadStripes();
  private final FolderVolume volume;
  private final WarnLimit slowWarnings = new WarnLimit(WARN_EVERY_NS);
  private final ConcurrentHashMap<String, ActorMetrics> actorMetrics = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, ActorCell<?>> actors = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, StrandCell> strands = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<LinkTable.End, Boolean> links = new ConcurrentHashMap<>();
  private volatile boolean closing;
  private volatile boolean closed;

  /// @param node its name
  /// @param pools shared with other nodes; closed by who made them, after all nodes
  /// @param metrics of the process
  /// @param folder the node's data folder; made where absent, and locked until [#close]
  public JvmRuntime(String node, JvmPools pools, Metrics metrics, Path folder) {
    this(node, pools, metrics, folder, new FileLayer() {});
  }

  JvmRuntime(String node, JvmPools pools, Metrics metrics, Path folder, FileLayer layer) {
    this.node = node;
    this.pools = pools;
    this.metrics = metrics;
    byte[] bytes = new byte[Long.BYTES];
    entropy.nextBytes(bytes);
    this.seed = ByteBuffer.wrap(bytes).getLong();
    this.volume = new FolderVolume(this, folder, layer);
  }

  @Override
  public String node() {
    return node;
  }

  @Override
  public <M> Mailbox<M> spawn(String name, MailboxSpec<M> spec, Function<Context<M>, Actor<M>> factory) {
    checkOpen();
    var cell = new ActorCell<>(this, name, spec, new SplitChance(seed, name), factory);
    // One that has ended holds its name until its last call has returned; who was told there may come first.
    boolean free = actors.compute(name, (taken, former) -> former == null || former.hasEnded() ? cell : former) == cell;
    Check.that(free, "an actor's name is unique in its node");
    cell.schedule();
    if (closing) {
      cell.askStop();
    }
    return cell;
  }

  @Override
  public boolean hasActor(String name) {
    ActorCell<?> found = actors.get(name);
    return found != null && !found.hasEnded();
  }

  @Override
  public Strand strand(String name) {
    checkOpen();
    var cell = new StrandCell(this, name);
    Check.that(strands.putIfAbsent(name, cell) == null, "a strand's name is unique in its node");
    if (closing) {
      cell.abandon();
    }
    return cell;
  }

  @Override
  public <T> Promise<T> promise() {
    checkCall();
    return new OneShot<>(this);
  }

  @Override
  public Waiter waiter() {
    checkCall();
    return new Permit(this);
  }

  @Override
  public Stripes stripes() {
    return stripes;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public Volume volume() {
    checkCall();
    return volume;
  }

  @Override
  public Compute compute() {
    checkCall();
    return this::submit;
  }

  @Override
  public Network network() {
    checkCall();
    return (self, channel, received) -> {
      checkOpen();
      var end = pools.links().link(this, self, channel, received);
      links.put(end, true);
      if (closing) {
        end.close();
      }
      return end;
    };
  }

  @Override
  public Metrics metrics() {
    return metrics;
  }

  @Override
  public Entropy entropy() {
    checkCall();
    return entropy::nextBytes;
  }

  @Override
  public List<String> threadsIn(List<String> types, int framesMax) {
    Check.that(framesMax > 0, "some frames");
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey() != Thread.currentThread() && !isOfAnother(each.getKey())
            && Arrays.stream(each.getValue()).map(StackTraceElement::getClassName)
                .anyMatch(type -> types.stream().anyMatch(type::startsWith)))
        .map(each -> Stream.concat(Stream.of(each.getKey().getName()),
            Arrays.stream(each.getValue()).limit(framesMax).map(StackTraceElement::toString))
            .collect(Collectors.joining(" < ")))
        .sorted().toList();
  }

  /// As far as its thread knows: whose computation runs is not noted.
  private boolean isOfAnother(Thread thread) {
    ActorCell<?> actor = thread instanceof Caller.ActorThread turn ? turn.actor : null;
    StrandCell strand = thread instanceof Caller.WorkerThread task ? task.strand : null;
    return (actor != null && actor.runtime() != this) || (strand != null && strand.runtime() != this);
  }

  /// Ends the node: links, actors (each gets its last call), strands, storage. Within a second and a half.
  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    links.keySet().forEach(LinkTable.End::close);
    var ending = List.copyOf(actors.values());
    ending.forEach(ActorCell::askStop);
    long deadlineNs = System.nanoTime() + CLOSE_NS;
    for (var actor : ending) {
      awaitEnd(actor, deadlineNs);
    }
    closed = true;
    var resting = List.copyOf(strands.values());
    resting.forEach(StrandCell::abandon);
    long restNs = System.nanoTime() + CLOSE_NS;
    for (var strand : resting) {
      if (!strand.awaitRest(restNs)) {
        log.atWarn().addKeyValue("node", node).addKeyValue("strand", strand.name()).log("a task outlives its node");
      }
    }
    if (!volume.close(CLOSE_NS)) {
      log.atWarn().addKeyValue("node", node)
          .log("a storage call outlives its node: its folder stays locked until then");
    }
  }

  /// @throws Stopped if the caller or this node has ended
  void checkCall() {
    if (closed) {
      throw new Stopped("node " + node);
    }
    Caller.checkAlive();
  }

  boolean isClosing() { return closing; }

  JvmPools pools() {
    return pools;
  }

  WarnLimit slowWarnings() {
    return slowWarnings;
  }

  ActorMetrics actorMetrics(String kind) {
    return actorMetrics.computeIfAbsent(kind, name -> ActorMetrics.of(metrics, name));
  }

  void ended(ActorCell<?> actor) {
    actors.remove(actor.name(), actor);
  }

  void ended(StrandCell strand) {
    strands.remove(strand.name(), strand);
  }

  void ended(LinkTable.End link) {
    links.remove(link);
  }

  void taskFailed(String work, String step, Throwable fault) {
    told(fault, cause -> log.atError().setCause(cause).addKeyValue("node", node).addKeyValue("work", work)
        .addKeyValue("step", step).log("a task ended with an error"));
  }

  /// A log asks what it tells of for its text and frames, and that may throw: then it is told by its type.
  static void told(Throwable fault, Consumer<Throwable> log) {
    try {
      log.accept(fault);
    } catch (RuntimeException | Error again) {
      log.accept(OutcomeUnknownException.of(fault));
    }
  }

  private void checkOpen() {
    checkCall();
    if (closing) {
      throw new Stopped("node " + node);
    }
  }

  private <T> Completion<T> submit(Supplier<T> pure) {
    checkCall();
    var promise = new OneShot<T>(this);
    if (!pools.compute().execute(() -> compute(pure, promise))) {
      promise.endUnchecked(new Outcome.Failed<>(
          new UnavailableException("more than " + JvmPools.COMPUTE_QUEUE_MAX + " computations wait")));
    }
    return promise;
  }

  private <T> void compute(Supplier<T> pure, OneShot<T> promise) {
    if (promise.cancelled()) {
      promise.endUnchecked(OneShot.dropped());
      return;
    }
    Outcome<T> outcome;
    try {
      outcome = new Outcome.Done<>(pure.get());
    } catch (RuntimeException e) {
      outcome = new Outcome.Failed<>(e);
    } catch (Throwable fault) { // a loop of the runtime, like the strands'
      taskFailed("compute", "pure", fault);
      outcome = new Outcome.Failed<>(new TaskFailedException("compute", "pure", fault));
    }
    promise.endUnchecked(outcome);
  }

  private void awaitEnd(ActorCell<?> actor, long deadlineNs) {
    try {
      long left = Math.max(1, deadlineNs - System.nanoTime());
      if (Caller.actor() != actor && !actor.ending().await(left, TimeUnit.NANOSECONDS)) {
        log.atWarn().addKeyValue("node", node).addKeyValue("actor", actor.name()).log("a handler outlives its node");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // a container's thread; the end goes on without waiting
    }
  }
}
