package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Automaton;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Context;
import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Monitor;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.jvm.BatchedVerifier;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.p2p.local.LocalTransport;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.scheme.ec.EcSchemes;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A simulated network of engines, and what has to hold in it: what was signed, reported and certified is kept here,
/// outside of the nodes, over all crashes.
final class World implements AutoCloseable {
  static final Bytes NAMESPACE = Bytes.wrap("my testing namespace".getBytes(StandardCharsets.US_ASCII));

  /// How one world is built.
  ///
  /// @param validators how many
  /// @param external sequencers that are no validators
  /// @param validatorsPropose whether validators are sequencers too
  /// @param rebroadcastMs the timeout
  /// @param algorithm of all keys
  record Plan(int validators, int external, boolean validatorsPropose, long rebroadcastMs,
      SignatureAlgorithm algorithm) {}

  private final Simulation sim;
  private final Plan plan;
  private final List<byte[]> secrets = new ArrayList<>();
  private final List<PublicKey> keys = new ArrayList<>();
  private final Participants validators;
  private final Participants sequencers;
  private final Map<Bytes, Bytes> signed = new LinkedHashMap<>();
  private final TreeMap<PublicKey, TreeMap<Long, Chunk>> certified = new TreeMap<>();
  private final List<TreeMap<PublicKey, TreeMap<Long, Chunk>>> reported = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final List<Consumer<Epoch>> listeners = new ArrayList<>();
  private final List<SimNode> nodes = new ArrayList<>();
  private final List<StatusBoard> boards = new ArrayList<>();
  private final List<EcSchemes> schemes = new ArrayList<>();
  private Epoch epoch = new Epoch(111);
  private Epoch highestLockEpoch = new Epoch(0);
  /// Makes payloads; may be replaced before the nodes boot.
  Automaton automaton = new Texts();

  /// Proposes a text of its own for each height, and finds everything valid.
  static class Texts implements Automaton {
    @Override
    public void propose(Context context, Promise<Digest> answer) {
      answer.done(digest(context.sequencer(), context.height().value()));
    }

    @Override
    public void verify(Context context, Digest payload, Promise<Boolean> answer) {
      answer.done(true);
    }

    static Digest digest(PublicKey sequencer, long height) {
      byte[] bytes = new byte[Digest.SIZE];
      sequencer.bytes().slice(0, 8).copyTo(bytes, 0);
      for (int i = 0; i < 8; i++) {
        bytes[24 + i] = (byte) (height >>> (56 - 8 * i));
      }
      return new Digest(Bytes.wrap(bytes));
    }
  }

  World(long seed, Plan plan) {
    sim = Simulation.seeded(seed);
    this.plan = plan;
    for (int i = 0; i < plan.validators + plan.external; i++) {
      byte[] secret = new byte[32];
      secret[0] = (byte) (i + 1);
      secrets.add(secret);
      keys.add(plan.algorithm.signingKey(secret).publicKey());
      reported.add(new TreeMap<>());
    }
    validators = Participants.of(keys.subList(0, plan.validators));
    sequencers = Participants.of(plan.validatorsPropose ? keys : keys.subList(plan.validators, keys.size()));
  }

  Simulation sim() {
    return sim;
  }

  SimNode node(int index) {
    return nodes.get(index);
  }

  PublicKey key(int index) {
    return keys.get(index);
  }

  StatusBoard board(int index) {
    return boards.get(index);
  }

  Epoch highestLockEpoch() {
    return highestLockEpoch;
  }

  List<String> violations() {
    return violations;
  }

  World boot() {
    for (int i = 0; i < keys.size(); i++) {
      int index = i;
      boards.add(null);
      schemes.add(null);
      nodes.add(sim.node("v" + i, node -> engine(index, node)));
    }
    return this;
  }

  /// As [#boot], with the last sequencer played by hand.
  Puppet bootWithPuppet() {
    int last = keys.size() - 1;
    for (int i = 0; i < last; i++) {
      int index = i;
      boards.add(null);
      schemes.add(null);
      nodes.add(sim.node("v" + i, node -> engine(index, node)));
    }
    SimNode host = sim.node("puppet", node -> {});
    nodes.add(host);
    sim.run(Duration.ofMillis(100)); // the engines have opened their channels
    return new Puppet(this, host, plan.algorithm, plan.algorithm.signingKey(secrets.get(last)));
  }

  Participants validators() {
    return validators;
  }

  /// Forgets what one reporter has heard.
  void forget(int index) {
    reported.get(index).clear();
  }

  boolean hasLock(int index, PublicKey sequencer, long height) {
    return reported.get(index).getOrDefault(sequencer, new TreeMap<>()).containsKey(height);
  }

  /// Moves all monitors to an epoch that no scheme provider knows.
  void epochWithoutSchemes(long value) {
    epoch = new Epoch(value);
    List.copyOf(listeners).forEach(listener -> listener.accept(epoch));
  }

  /// Makes the epoch known to the scheme providers, and tells nobody.
  void registerEpoch() {
    for (int i = 0; i < keys.size(); i++) {
      schemes.get(i).register(epoch.value(), validators, signer(i));
    }
  }

  /// Moves all monitors to an epoch and registers its scheme.
  void epoch(long value) {
    epoch = new Epoch(value);
    for (int i = 0; i < keys.size(); i++) {
      schemes.get(i).register(value, validators, signer(i));
    }
    List.copyOf(listeners).forEach(listener -> listener.accept(epoch));
  }

  /// The lowest height up to which every reporter has heard of every sequencer's locks without a gap; -1 for none.
  long contiguous() {
    long lowest = Long.MAX_VALUE;
    for (TreeMap<PublicKey, TreeMap<Long, Chunk>> heard : reported) {
      for (PublicKey sequencer : sequencers.keys()) {
        TreeMap<Long, Chunk> locks = heard.getOrDefault(sequencer, new TreeMap<>());
        long height = -1;
        while (locks.containsKey(height + 1)) {
          height++;
        }
        lowest = Math.min(lowest, height);
      }
    }
    return lowest;
  }

  /// The lowest of the highest heights that each reporter has heard of; -1 for none.
  long highest() {
    long lowest = Long.MAX_VALUE;
    for (TreeMap<PublicKey, TreeMap<Long, Chunk>> heard : reported) {
      for (PublicKey sequencer : sequencers.keys()) {
        TreeMap<Long, Chunk> locks = heard.getOrDefault(sequencer, new TreeMap<>());
        lowest = Math.min(lowest, locks.isEmpty() ? -1 : locks.lastKey());
      }
    }
    return lowest;
  }

  /// What was certified anywhere makes a chain without a gap.
  void checkChains() {
    certified.forEach((sequencer, locks) -> {
      if (locks.firstKey() != 0 || locks.lastKey() != locks.size() - 1) {
        violations.add("certificates of " + sequencer + " have a gap: " + locks.keySet());
      }
    });
  }

  boolean runUntilHeight(long height, Duration limit) {
    return sim.runUntil(() -> contiguous() >= height, limit);
  }

  @Override
  public void close() {
    sim.close();
  }

  private Optional<SignerHandle> signer(int index) {
    return index < plan.validators ? Optional.of(handle(index, nodes.get(index).runtime())) : Optional.empty();
  }

  private void engine(int index, SimNode node) {
    Runtime runtime = node.runtime();
    var verifier = new BatchedVerifier(runtime, plan.algorithm);
    var provider = new EcSchemes(runtime, plan.algorithm, verifier);
    schemes.set(index, provider);
    Optional<SignerHandle> voter = index < plan.validators ? Optional.of(handle(index, runtime)) : Optional.empty();
    provider.register(111, validators, voter);
    if (epoch.value() != 111) {
      provider.register(epoch.value(), validators, voter);
    }
    boolean proposes = sequencers.indexOf(keys.get(index)) >= 0;
    var journals = new DiskJournals(runtime);
    var settings = new Settings(node.name(), "e", NAMESPACE, "broadcast", "ordered-broadcast-seq-", 10, 1, 1, 2,
        plan.rebroadcastMs, 10, false, false, 1 << 20);
    var peers = new Collaborators(runtime, journals, provider, new LocalTransport(runtime), automaton,
        (context, payload) -> {}, activity -> report(index, activity), monitor(),
        wanted -> Optional.of(sequencers), plan.algorithm, verifier, keys.get(index),
        proposes ? Optional.of(handle(index, runtime)) : Optional.empty());
    var board = new StatusBoard(settings, keys.get(index), journals);
    boards.set(index, board);
    var unused = Engine.start(settings, peers, board, () -> {});
  }

  private Monitor monitor() {
    return new Monitor() {
      @Override
      public Epoch current() {
        return epoch;
      }

      @Override
      public Subscription subscribe(Consumer<Epoch> changed) {
        listeners.add(changed);
        return () -> listeners.remove(changed);
      }
    };
  }

  /// Signs, and sees every message that is ever signed: two different ones of a kind for one place are equivocation.
  private SignerHandle handle(int index, Runtime runtime) {
    SignatureAlgorithm.SigningKey key = plan.algorithm.signingKey(secrets.get(index));
    return new SignerHandle() {
      @Override
      public PublicKey publicKey() {
        return key.publicKey();
      }

      @Override
      public Completion<Signature> sign(Bytes namespace, Bytes message) {
        recordSigned(index, namespace, message);
        Bytes framed = dev.tenon.crypto.Framing.framed(namespace, message);
        return runtime.compute().submit(() -> key.sign(framed));
      }
    };
  }

  private void recordSigned(int index, Bytes namespace, Bytes message) {
    var reader = new dev.tenon.codec.Reader(message);
    Bytes sequencer = reader.raw(plan.algorithm.keySize(), "key");
    long height = reader.varint(64);
    Bytes payload = reader.raw(Digest.SIZE, "payload");
    long ofEpoch = reader.remaining() > 0 ? reader.varint(64) : -1;
    Bytes place = Bytes.wrap((index + "/" + namespace.hex() + "/" + sequencer.hex() + "/" + height + "/" + ofEpoch)
        .getBytes(StandardCharsets.US_ASCII));
    Bytes before = signed.putIfAbsent(place, payload);
    if (before != null && !before.equals(payload)) {
      violations.add("v" + index + " signed two payloads for " + sequencer + " at " + height);
    }
  }

  private void report(int index, Activity activity) {
    if (activity instanceof Activity.Locked(var lock)) {
      Chunk chunk = lock.chunk();
      if (lock.epoch().compareTo(highestLockEpoch) > 0) {
        highestLockEpoch = lock.epoch();
      }
      Chunk known = certified.computeIfAbsent(chunk.sequencer(), key -> new TreeMap<>())
          .putIfAbsent(chunk.height().value(), chunk);
      if (known != null && !known.equals(chunk)) {
        violations.add("two payloads certified at " + chunk.height() + " of " + chunk.sequencer());
      }
      reported.get(index).computeIfAbsent(chunk.sequencer(), key -> new TreeMap<>())
          .put(chunk.height().value(), chunk);
    }
  }
}
