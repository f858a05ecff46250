package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Automaton;
import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Context;
import dev.tenon.broadcast.Relay;
import dev.tenon.broadcast.Reporter;
import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Monitor;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.crypto.SignatureVerifier;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.crypto.jvm.BatchedVerifier;
import dev.tenon.p2p.Transport;
import dev.tenon.p2p.local.LocalTransport;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.Offer;
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
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A simulated network of engines, and what has to hold in it: what was signed, reported and certified is kept here,
/// outside of the nodes, over all crashes.
final class World implements AutoCloseable {
  static final Bytes NAMESPACE = Bytes.wrap("my testing namespace".getBytes(StandardCharsets.US_ASCII));

  private static final String JOURNALS = "ordered-broadcast-seq-";

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
  private final Map<Integer, Long> heard = new TreeMap<>();
  private final TreeSet<String> told = new TreeSet<>(); // tips and locks, by boot
  private final Map<Integer, Integer> misses = new TreeMap<>();
  private final Map<Integer, Map<Bytes, Long>> signatures = new TreeMap<>(); // of each node for each sequencer
  private final TreeMap<PublicKey, TreeMap<Long, Chunk>> certified = new TreeMap<>();
  private final List<TreeMap<PublicKey, TreeMap<Long, Chunk>>> reported = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final List<Consumer<Epoch>> listeners = new ArrayList<>();
  private final List<SimNode> nodes = new ArrayList<>();
  private final List<Seat> seats = new ArrayList<>();
  private final List<JournalFaults> faults = new ArrayList<>();
  private final Map<Integer, List<Runnable>> held = new TreeMap<>(); // signatures that are kept back
  private Epoch epoch = new Epoch(111);
  private Epoch highestLockEpoch = new Epoch(0);
  /// Makes payloads; may be replaced before the nodes boot.
  Automaton automaton = new Texts();
  /// The application of a node at a boot.
  Function<SimNode, Automaton> automatons = node -> automaton;
  /// The relay of a node at a boot.
  Function<SimNode, Relay> relays = node -> (context, payload) -> {};
  /// Who hears of a node's tips and locks before the world does.
  Function<SimNode, List<Reporter>> reporters = node -> List.of();
  /// The schemes of a node at a boot.
  BiFunction<SimNode, SchemeProvider, SchemeProvider> schemes = (node, provider) -> provider;
  /// Stands before each signature; may throw.
  Consumer<Bytes> signs = namespace -> {};
  /// Stands before each channel is opened; may throw.
  Consumer<String> opens = channel -> {};
  /// The monitor as nodes see it.
  UnaryOperator<Monitor> monitors = monitor -> monitor;
  /// Who may sequence in an epoch; all sequencers in all epochs unless replaced.
  Function<Epoch, Optional<Participants>> sequencersOf;
  /// Whether sequencers leave and come back: then they are told of anew, as after a restart.
  boolean sequencersReturn;
  /// Acks count for so many epochs below the current one.
  long epochsOld = 1;
  /// Acks count for so many epochs above it.
  long epochsNew = 1;
  /// The prefix of an engine's journals from its next start on.
  String journalPrefix = JOURNALS;
  /// Heights that share a section.
  long heightsPerSection = 10;
  /// The most signature checks that were under way on one node at the same time.
  int checksMax;
  /// The most messages that waited at one engine.
  int depthMax;

  /// What one boot of a node has, and the engine that runs in it.
  private static final class Seat {
    private final EcSchemes schemes;
    private final DiskJournals journals;
    private final SignatureVerifier verifier;
    private final StatusBoard board;
    private Lines lines = new Lines();
    private @Nullable Mailbox<Message> engine;
    private int ended;

    private Seat(EcSchemes schemes, DiskJournals journals, SignatureVerifier verifier, StatusBoard board) {
      this.schemes = schemes;
      this.journals = journals;
      this.verifier = verifier;
      this.board = board;
    }
  }

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

  /// Proposes another digest each time it is asked, also for a height that it was asked for before.
  static final class Fickle extends Texts {
    private int asked;

    @Override
    public void propose(Context context, Promise<Digest> answer) {
      byte[] bytes = digest(context.sequencer(), context.height().value()).bytes().toArray();
      asked++;
      bytes[16] = (byte) asked;
      bytes[17] = (byte) (asked >>> 8);
      bytes[18] = (byte) (asked >>> 16);
      answer.done(new Digest(Bytes.wrap(bytes)));
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
      faults.add(new JournalFaults());
    }
    validators = Participants.of(keys.subList(0, plan.validators));
    sequencers = Participants.of(plan.validatorsPropose ? keys : keys.subList(plan.validators, keys.size()));
    sequencersOf = any -> Optional.of(sequencers);
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
    return seats.get(index).board;
  }

  JournalFaults faults(int index) {
    return faults.get(index);
  }

  Lines lines(int index) {
    return seats.get(index).lines;
  }

  /// How often an engine of the node's present boot has ended.
  int ended(int index) {
    return seats.get(index).ended;
  }

  Participants keys(List<Integer> indexes) {
    return Participants.of(indexes.stream().map(keys::get).toList());
  }

  /// A series of an engine.
  double metric(int index, String name) {
    return nodes.get(index).metrics().value(name, "node", nodes.get(index).name(), "engine", "e");
  }

  /// The highest height of a chain that was certified anywhere; -1 for none.
  long certifiedHeight(PublicKey sequencer) {
    TreeMap<Long, Chunk> locks = certified.getOrDefault(sequencer, new TreeMap<>());
    return locks.isEmpty() ? -1 : locks.lastKey();
  }

  /// How many chunks were certified.
  long locks() {
    return certified.values().stream().mapToLong(TreeMap::size).sum();
  }

  /// How many hear of epochs.
  int listeners() {
    return listeners.size();
  }

  /// How many locks a node told of without having told of their tip.
  int misses(int index) {
    return misses.getOrDefault(index, 0);
  }

  /// How many reports of a node there were.
  long heard(int index) {
    return heard.getOrDefault(index, 0L);
  }

  /// How much a node has signed, over all its boots.
  long signatures(int index) {
    return signatures.getOrDefault(index, Map.of()).values().stream().mapToLong(Long::longValue).sum();
  }

  /// How much a node has signed of one chain.
  long signatures(int index, PublicKey sequencer) {
    return signatures.getOrDefault(index, Map.of()).getOrDefault(sequencer.bytes(), 0L);
  }

  /// Opens a journal under an engine's hands.
  void steal(int index, PublicKey sequencer) {
    sim.await(nodes.get(index), () -> seats.get(index).journals.journal(JOURNALS + sequencer.bytes().hex()));
  }

  /// Keeps a node's signatures back from now on.
  void holdSignatures(int index) {
    held.put(index, new ArrayList<>());
  }

  /// Gives the signatures out that were kept back.
  ///
  /// @return how many
  int releaseSignatures(int index) {
    List<Runnable> waiting = held.remove(index);
    waiting.forEach(Runnable::run);
    return waiting.size();
  }

  /// Asks an engine to stop.
  void stop(int index) {
    var unused = mailbox(index).offer(new Message.Stop());
  }

  /// How many messages wait at an engine.
  int depth(int index) {
    return mailbox(index).depth();
  }

  private Mailbox<Message> mailbox(int index) {
    return java.util.Objects.requireNonNull(seats.get(index).engine);
  }

  /// As the component does where an engine has ended and is to be started anew.
  void restart(int index) {
    Seat seat = seats.get(index);
    seat.lines.close();
    seat.lines = new Lines();
    start(index, nodes.get(index), seat);
  }

  /// A series of an engine, by one more label.
  double metric(int index, String name, String label, String value) {
    return nodes.get(index).metrics().value(name, "node", nodes.get(index).name(), "engine", "e", label, value);
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
      nodes.add(sim.node("v" + i, node -> engine(index, node)));
    }
    return this;
  }

  /// As [#boot], with the last sequencer played by hand.
  Puppet bootWithPuppet() {
    int last = keys.size() - 1;
    for (int i = 0; i < last; i++) {
      int index = i;
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
    registerEpoch(epoch.value());
  }

  /// Makes an epoch known to the scheme providers, and tells nobody.
  void registerEpoch(long value) {
    for (int i = 0; i < seats.size(); i++) {
      seats.get(i).schemes.register(value, validators, signer(i));
    }
  }

  /// Moves all monitors to an epoch and registers its scheme.
  void epoch(long value) {
    epoch(value, validators);
  }

  /// The same, with other validators.
  void epoch(long value, Participants others) {
    epoch = new Epoch(value);
    for (int i = 0; i < seats.size(); i++) {
      seats.get(i).schemes.register(value, others,
          others.indexOf(keys.get(i)) < 0 ? Optional.empty() : signer(i));
    }
    List.copyOf(listeners).forEach(listener -> listener.accept(epoch));
  }

  /// The lowest height up to which every reporter has heard of every sequencer's locks without a gap; -1 for none.
  long contiguous() {
    long lowest = Long.MAX_VALUE;
    for (TreeMap<PublicKey, TreeMap<Long, Chunk>> heard : reported) {
      for (PublicKey sequencer : sequencersOf.apply(epoch).orElse(sequencers).keys()) {
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
      for (PublicKey sequencer : sequencersOf.apply(epoch).orElse(sequencers).keys()) {
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

  /// What was certified is in the journals of a quorum, as it would be read after a loss of power now; nobody has
  /// another payload at its height.
  void checkJournals() {
    for (PublicKey sequencer : certified.keySet()) {
      long height = certified.get(sequencer).lastKey();
      Chunk chunk = certified.get(sequencer).get(height);
      int have = 0;
      for (int i = 0; i < plan.validators; i++) {
        NavigableMap<Long, Chunk> durable = durable(i, sequencer);
        Chunk same = durable.get(height);
        if (same != null && !same.equals(chunk)) {
          violations.add("v" + i + " has another payload at " + height + " of " + sequencer);
        }
        have += !durable.isEmpty() && durable.lastKey() >= height ? 1 : 0;
      }
      if (have < validators.quorum()) {
        violations.add("only " + have + " have " + height + " of " + sequencer + ", which is certified");
      }
    }
  }

  private NavigableMap<Long, Chunk> durable(int index, PublicKey sequencer) {
    var codecs = new BroadcastCodecs(plan.algorithm.keySize(), plan.algorithm.signatureSize(), key -> true,
        seats.getFirst().schemes.attestationCodec(),
        any -> Optional.of(seats.getFirst().schemes.storedCertificateCodec()));
    TreeMap<Long, Chunk> found = new TreeMap<>();
    for (Bytes item : DiskJournals.items(nodes.get(index).disk(), JOURNALS + sequencer.bytes().hex())) {
      Chunk chunk = codecs.node().decode(item).chunk();
      found.put(chunk.height().value(), chunk);
    }
    return found;
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
    SignatureVerifier verifier = counting(new BatchedVerifier(runtime, plan.algorithm));
    var provider = new EcSchemes(runtime, plan.algorithm, verifier);
    Optional<SignerHandle> voter = index < plan.validators ? Optional.of(handle(index, runtime)) : Optional.empty();
    provider.register(111, validators, voter);
    if (epoch.value() != 111) {
      provider.register(epoch.value(), validators, voter);
    }
    faults.get(index).reboot();
    var journals = new DiskJournals(runtime, faults.get(index));
    var seat = new Seat(provider, journals, verifier, new StatusBoard(settings(node), keys.get(index), true, journals));
    if (index < seats.size()) {
      seats.set(index, seat);
    } else {
      seats.add(seat);
    }
    start(index, node, seat);
  }

  private void start(int index, SimNode node, Seat seat) {
    Runtime runtime = node.runtime();
    boolean proposes = sequencers.indexOf(keys.get(index)) >= 0;
    List<Reporter> all = new ArrayList<>(reporters.apply(node));
    all.add(activity -> report(index, activity));
    var peers = new Collaborators(runtime, seat.journals, schemes.apply(node, seat.schemes),
        watched(index, new LocalTransport(runtime)), automatons.apply(node), relays.apply(node), all,
        monitors.apply(monitor()),
        wanted -> sequencersOf.apply(wanted), plan.algorithm, seat.verifier, keys.get(index),
        proposes ? Optional.of(handle(index, runtime)) : Optional.empty());
    seat.engine = Engine.start(settings(node), peers, seat.board, seat.lines, () -> seat.ended++);
  }

  private Transport watched(int index, Transport transport) {
    return (self, channel, bytesMax, received) -> {
      opens.accept(channel);
      return transport.channel(self, channel, bytesMax, message -> {
        Offer offer = received.apply(message);
        depthMax = Math.max(depthMax, mailbox(index).depth());
        return offer;
      });
    };
  }

  private Settings settings(SimNode node) {
    return new Settings(node.name(), "e", NAMESPACE, "broadcast", journalPrefix, heightsPerSection, epochsOld,
        epochsNew, 2,
        plan.rebroadcastMs, 10, false, false, 1 << 20);
  }

  /// Counts the checks that were asked for and have no answer yet.
  private SignatureVerifier counting(SignatureVerifier verifier) {
    return new SignatureVerifier() {
      private int running;

      @Override
      public Completion<Boolean> verify(List<Item> items) {
        begin(items);
        return verifier.verify(items).map(valid -> end(items, valid));
      }

      @Override
      public Completion<boolean[]> verifyEach(List<Item> items) {
        begin(items);
        return verifier.verifyEach(items).map(valid -> end(items, valid));
      }

      private void begin(List<Item> items) {
        running += items.size();
        checksMax = Math.max(checksMax, running);
      }

      private <T> T end(List<Item> items, T answer) {
        running -= items.size();
        return answer;
      }
    };
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
        signs.accept(namespace);
        recordSigned(index, namespace, message);
        Bytes framed = dev.tenon.crypto.Framing.framed(namespace, message);
        List<Runnable> waiting = held.get(index);
        if (waiting != null) {
          Promise<Signature> later = runtime.promise();
          waiting.add(() -> later.done(key.sign(framed)));
          return later.completion();
        }
        return runtime.compute().submit(() -> key.sign(framed));
      }

      @Override
      public SignerHandle lease(String slot, long generation) {
        return this; // no slot stands before it here
      }
    };
  }

  private void recordSigned(int index, Bytes namespace, Bytes message) {
    var reader = new dev.tenon.codec.Reader(message);
    Bytes sequencer = reader.raw(plan.algorithm.keySize(), "key");
    long height = reader.varint(64);
    Bytes payload = reader.raw(Digest.SIZE, "payload");
    signatures.computeIfAbsent(index, key -> new LinkedHashMap<>()).merge(sequencer, 1L, Long::sum);
    Bytes place = Bytes.wrap((index + "/" + namespace.hex() + "/" + sequencer.hex() + "/" + height)
        .getBytes(StandardCharsets.US_ASCII));
    Bytes before = signed.putIfAbsent(place, payload);
    if (before != null && !before.equals(payload)) {
      violations.add("v" + index + " signed two payloads for " + sequencer + " at " + height);
    }
  }

  private void report(int index, Activity activity) {
    heard.merge(index, 1L, Long::sum);
    String boot = index + "/" + nodes.get(index).boots() + "/" + seats.get(index).ended + "/";
    if (activity instanceof Activity.Tip(var proposal)) {
      told.add(boot + proposal.chunk());
    }
    if (activity instanceof Activity.Locked(var lock)) {
      Chunk chunk = lock.chunk();
      if (!told.add(boot + chunk + "/" + lock.epoch()) && !sequencersReturn) {
        violations.add("v" + index + " told twice of the lock at " + chunk.height() + " of " + chunk.sequencer());
      }
      misses.merge(index, told.contains(boot + chunk) ? 0 : 1, Integer::sum);
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
