package dev.tenon.runtime;

import dev.tenon.runtime.entropy.Entropy;
import dev.tenon.runtime.metrics.Metrics;
import dev.tenon.runtime.network.Network;
import dev.tenon.runtime.storage.Volume;
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
}
