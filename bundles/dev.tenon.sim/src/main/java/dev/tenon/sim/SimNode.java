package dev.tenon.sim;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Stopped;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One simulated node: a disk that lasts, and incarnations that come and go.
public final class SimNode {
  private static final Duration DEFAULT_DOWN = Duration.ofMillis(100);

  private final Simulation simulation;
  private final Loop loop;
  private final String name;
  private final Consumer<SimNode> boot;
  private final SimDisk disk;
  private @Nullable Incarnation incarnation;
  private int incarnations;
  private long calls;
  private long crashAtCall = -1;
  private CrashKind crashKind = CrashKind.POWER_LOSS;
  private @Nullable Duration crashDown = DEFAULT_DOWN;
  private long wallSkewMs;

  SimNode(Simulation simulation, Loop loop, String name, Consumer<SimNode> boot) {
    this.simulation = simulation;
    this.loop = loop;
    this.name = name;
    this.boot = boot;
    disk = new SimDisk(loop, name);
  }

  /// @return the node's name
  public String name() {
    return name;
  }

  /// @return the runtime of the living incarnation; check [#isUp] first
  public Runtime runtime() {
    return living();
  }

  /// @return the metrics of the living incarnation, for tests to read
  public SimMetrics metrics() {
    return living().metrics();
  }

  /// @return what waits for each actor of the living incarnation, by name
  public List<MailboxLoad> mailboxes() {
    return living().actors().stream().map(SimActor::load).toList();
  }

  /// @return whether it runs
  public boolean isUp() { return incarnation != null; }

  /// @return how often it has booted
  public int boots() {
    return incarnations;
  }

  /// @return its disk, which outlives crashes
  public SimDisk disk() {
    return disk;
  }

  /// @return how many runtime calls its code has made so far, over all incarnations
  public long calls() {
    return calls;
  }

  /// Crashes it now; it stays down.
  ///
  /// @param kind what happens to its disk
  public void crash(CrashKind kind) {
    crash(kind, null);
  }

  /// Crashes it now. Does nothing if it is down already.
  ///
  /// @param kind what happens to its disk
  /// @param downFor until it boots again; null: it stays down
  public void crash(CrashKind kind, @Nullable Duration downFor) {
    Incarnation ending = incarnation;
    if (ending == null) {
      return;
    }
    incarnation = null;
    ending.end();
    simulation.network().unlink(ending);
    disk.crash(kind);
    mark("crash " + kind.name(), calls);
    if (downFor != null) {
      loop.add(new Event(null) {
        @Override
        void fire() {
          start();
        }
      }, loop.nowNs + downFor.toNanos());
    }
  }

  /// Crashes it by power loss during its n-th runtime call; it boots again 100 ms later.
  ///
  /// @param call counted as by [#calls], from 1
  public void crashAtCall(long call) {
    crashAtCall(call, CrashKind.POWER_LOSS, DEFAULT_DOWN);
  }

  /// Crashes it during its n-th runtime call.
  ///
  /// @param call counted as by [#calls], from 1
  /// @param kind what happens to its disk
  /// @param downFor until it boots again; null: it stays down
  public void crashAtCall(long call, CrashKind kind, @Nullable Duration downFor) {
    Check.that(call > calls, "a call that is still to come");
    crashAtCall = call;
    crashKind = kind;
    crashDown = downFor;
  }

  /// Takes a crash back that was to come at a call and has not come yet.
  public void noCrashAtCall() {
    crashAtCall = -1;
  }

  /// Ends it in order: each actor's `stopped` runs; what was written stays and is still unsynced.
  public void shutDown() {
    Incarnation ending = incarnation;
    if (ending != null) {
      ending.actors().forEach(SimActor::shutDown);
      crash(CrashKind.PROCESS_KILL);
    }
  }

  /// Boots it now, unless it is up.
  public void start() {
    if (incarnation != null) {
      return;
    }
    Incarnation born = new Incarnation(this, loop, simulation.network(), ++incarnations);
    incarnation = born;
    mark("boot", incarnations);
    Caller before = loop.caller;
    loop.caller = new Caller.Boot(born);
    try {
      boot.accept(this);
    } catch (Stopped stopped) {
      Check.that(born.hasEnded(), "a boot function uses its own node only");
    } finally {
      loop.caller = before;
    }
  }

  /// @param skewMs added to the wall clock from now on
  public void skewWallClock(long skewMs) {
    wallSkewMs = skewMs;
  }

  @Override
  public String toString() {
    return name;
  }

  long wallSkewMs() {
    return wallSkewMs;
  }

  void failed(String who, Throwable thrown) {
    simulation.failed(who, thrown);
  }

  @Nullable
  Incarnation incarnation() {
    return incarnation;
  }

  /// @return true if this is the call at which the node crashes
  boolean countCall(Caller caller) {
    if (++calls != crashAtCall) {
      return false;
    }
    if (caller instanceof Task task) {
      // The others still live until this task's own instant.
      task.hung = true;
      Incarnation doomed = task.incarnation();
      loop.add(new Event(doomed) {
        @Override
        void fire() {
          crash(crashKind, crashDown);
        }
      }, task.clockNs + disk.withinCallNs());
    } else {
      crash(crashKind, crashDown);
    }
    return true;
  }

  private Incarnation living() {
    Incarnation now = incarnation;
    if (now == null) {
      throw new IllegalStateException("node " + name + " is down");
    }
    return now;
  }

  private void mark(String what, long value) {
    loop.trace.mix(loop.nowNs, Rng.hash(name), Rng.hash(what) + value);
    if (loop.trace.wantsLines()) {
      loop.trace.line(loop.nowNs, name, what, "", value);
    }
  }
}
