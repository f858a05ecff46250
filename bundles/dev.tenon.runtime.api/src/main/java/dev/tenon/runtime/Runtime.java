package dev.tenon.runtime;

import dev.tenon.runtime.entropy.Entropy;
import dev.tenon.runtime.metrics.Metrics;
import dev.tenon.runtime.network.Network;
import dev.tenon.runtime.storage.Volume;
import java.util.List;
import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;

/// One node's runtime. In the container a service with the property [#NODE]; in the simulator one object a node.
@ProviderType
public interface Runtime {
  /// The service property that names the node, such as `v0` or `local`.
  String NODE = "tenon.node";

  /// @return the node's name
  String node();

  /// Starts an actor. Its factory and [Actor#start] run as its first turn, before its first message.
  ///
  /// @param <M> its messages
  /// @param name unique among the living actors of the node; part of the trace
  /// @param spec lanes and bounds of its mailbox
  /// @param factory makes the actor; called once, in the actor's own first turn
  /// @return where to put messages; messages put before the first turn wait
  <M> Mailbox<M> spawn(String name, MailboxSpec<M> spec, Function<Context<M>, Actor<M>> factory);

  /// Whether an actor of some name lives, so that [#spawn] takes no other one of it. Any thread; what it answers may
  /// have changed meanwhile, unless nobody else starts actors of that name.
  ///
  /// @param name of an actor
  /// @return false also where it has ended and its last call has not returned yet
  boolean hasActor(String name);

  /// @param name unique among the living strands of the node; part of the trace
  /// @return a new serial executor
  Strand strand(String name);

  /// Makes a completion that the caller ends by itself: for facades, which stand between engines and providers.
  ///
  /// @param <T> its value
  /// @return a new promise
  <T> Promise<T> promise();

  /// @return a new permit for one sleeper
  Waiter waiter();

  /// @return cells for counts that many threads share; one in the simulator
  Stripes stripes();

  /// @return this node's clock; inside a strand task it is the task's own
  Clock clock();

  /// The node's data folder. Only the conductor asks for it and hands scopes on.
  ///
  /// @return the volume
  Volume volume();

  /// @return where CPU work runs
  Compute compute();

  /// @return links to peers
  Network network();

  /// @return the metrics of this process
  Metrics metrics();

  /// @return unpredictable bytes; drawn from the seed in the simulator
  Entropy entropy();

  /// Threads that run code of some classes at this moment, for whoever looks for a call that does not end. Stops all
  /// threads for a moment: to be asked seldom. Any thread; its own is not told, nor are those of other nodes as far as
  /// that is known. A simulated runtime tells none, on which a run must not depend.
  ///
  /// @param types beginnings of names of classes
  /// @param framesMax of each stack at most so many frames, above 0
  /// @return for each its name and frames, the innermost first, joined by ` < `
  default List<String> threadsIn(List<String> types, int framesMax) { return List.of(); }
}
