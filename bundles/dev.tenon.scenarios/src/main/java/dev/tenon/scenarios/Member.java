package dev.tenon.scenarios;

import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Automaton;
import dev.tenon.broadcast.BroadcastStatus;
import dev.tenon.broadcast.Context;
import dev.tenon.broadcast.ordered.OrderedBroadcast;
import dev.tenon.broadcast.ordered.OrderedBroadcastConfig;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Writer;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Monitor;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.SignerLeases;
import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.crypto.jvm.BatchedVerifier;
import dev.tenon.handover.FacadeRegistry;
import dev.tenon.handover.NodeSlots;
import dev.tenon.handover.SlotWish;
import dev.tenon.handover.Terms;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.segmented.SegmentedJournalProvider;
import dev.tenon.p2p.Channel;
import dev.tenon.p2p.Received;
import dev.tenon.p2p.Transport;
import dev.tenon.p2p.local.LocalTransport;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.status.HeightsKnown;
import dev.tenon.scheme.ec.EcSchemeFactory;
import dev.tenon.scheme.ec.EcSchemes;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.SimNode;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import dev.tenon.slot.crypto.SchemeRole;
import dev.tenon.slot.storage.JournalRole;
import dev.tenon.storage.mapdb.MapdbJournalProvider;
import dev.tenon.testkit.journal.JournalWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An honest node: a journal slot with its provider, and one engine on it, as a container would wire them.
final class Member {
  static final String PREFIX = "ob-";
  /// Of each role.
  static final String USE = "broadcast";

  private final World world;
  private final int index;
  private final String name;
  private final SignatureAlgorithm.SigningKey key;
  private final Application application = new Application();
  private final List<Consumer<Epoch>> listeners = new ArrayList<>(); // of this incarnation
  private final Bundles bundles;
  private final Faults faults;
  private final Map<String, Terms> terms = new TreeMap<>(); // by role
  private final List<JournalWriter> writers = new ArrayList<>();
  private String lastEnd = "power loss";
  private Epoch epoch;
  private boolean isBare;
  private @Nullable SimNode node;
  private @Nullable SchemeProvider schemes;
  private @Nullable NodeSlots slots;
  private @Nullable JournalStore journals;
  private @Nullable OrderedBroadcast engine;
  private @Nullable Turns turns;
  private final List<BatchedVerifier> verifiers = new ArrayList<>(); // of this life, one for each arithmetic

  Member(World world, int index, String name, SignatureAlgorithm.SigningKey key) {
    this.world = world;
    this.index = index;
    this.name = name;
    this.key = key;
    epoch = world.epoch();
    bundles = new Bundles(world, this, this::provider);
    faults = new Faults(world, this);
  }

  String name() {
    return name;
  }

  int index() {
    return index;
  }

  PublicKey publicKey() {
    return key.publicKey();
  }

  Epoch epoch() {
    return epoch;
  }

  SimNode node() {
    return Present.of(node);
  }

  Optional<JournalStore> journals() {
    return Optional.ofNullable(journals);
  }

  /// What the engine shows; nothing while it is down or has no journals yet.
  Optional<BroadcastStatus.View> view() {
    OrderedBroadcast living = engine;
    return living == null || !node().isUp() ? Optional.empty() : Optional.of(living.view());
  }

  /// What an operator is shown of it.
  List<HeightsKnown.Known> heights() {
    OrderedBroadcast living = engine;
    return living == null || !node().isUp() ? List.of() : living.heights();
  }

  /// Its slots, while the node is up.
  NodeSlots control() {
    return Present.of(slots);
  }

  List<SlotStatus> slots() {
    NodeSlots living = slots;
    return living == null || !node().isUp() ? List.of() : living.slots();
  }

  /// From the next boot on: slots only, no engine.
  void bare(boolean wanted) {
    isBare = wanted;
  }

  // The boot function, and what it builds.

  void boot(SimNode booting) {
    node = booting;
    engine = null;
    journals = null;
    schemes = null;
    listeners.clear();
    faults.boot();
    application.boots++;
    Runtime runtime = booting.runtime();
    turns = new Turns(slot(SchemeFactory.ROLE).toString(), world.witness());
    verifiers.clear();
    for (SignatureAlgorithm each : world.arithmetics()) {
      verifiers.add(new BatchedVerifier(runtime, each, each.name() + verifiers.size()));
    }
    var made = new NodeSlots(runtime, new Registry());
    slots = made;
    made.teach(world.plants().role().apply(new JournalRole()));
    if (world.plan().swaps()) {
      made.teach(world.plants().role().apply(new SchemeRole()));
    } else {
      know(new EcSchemes(runtime, world.algorithm(), verifiers.getFirst()));
    }
    terms.keySet().forEach(this::tellWish);
    bundles.boot(made);
  }

  /// Facades come; with the last of them the engine does.
  private final class Registry implements FacadeRegistry {
    @Override
    public void publish(SlotName slot, String type, Object facade) {
      if (facade instanceof SchemeProvider all) {
        know(all);
      } else {
        journals = world.plants().journals().apply((JournalStore) facade);
      }
      JournalStore store = journals;
      SchemeProvider known = schemes;
      if (!isBare && store != null) {
        if (facade instanceof JournalStore) {
          writers.forEach(writer -> writer.start(node().runtime(), store));
        }
        if (known != null) {
          engine = engine(node().runtime(), known, store);
        }
      }
    }

    @Override
    public void withdraw(SlotName slot) {
      if (slot.role().equals(JournalProvider.ROLE)) {
        journals = null;
      }
    }
  }

  private void know(SchemeProvider all) {
    schemes = all;
    for (long each = World.FIRST_EPOCH; each <= epoch.value(); each++) {
      register(all, each);
    }
  }

  private void register(SchemeProvider all, long number) {
    all.register(number, world.validators(number),
        world.plan().isValidator(index) ? Optional.of(handle(node().runtime())) : Optional.empty());
  }

  /// What a provider's component would be.
  private Object provider(String role, String provider) {
    boolean swaps = world.plan().swaps();
    if (role.equals(SchemeFactory.ROLE)) {
      int arithmetic = World.SCHEMES.indexOf(provider);
      var real = new EcSchemeFactory(Values.of(EcSchemeFactory.Config.class, Map.of("tenon_provider", provider)),
          node().runtime(), world.arithmetics().get(arithmetic), verifiers.get(arithmetic));
      return new TroubledSchemes(node().runtime(), real, faults, Present.of(turns), () -> isServing(role));
    }
    JournalProvider real = world.plants().provider().apply(provider.equals("mapdb")
        ? new MapdbJournalProvider(world.mapdbConfig())
        : new SegmentedJournalProvider(world.journalConfig()));
    return swaps ? new TroubledJournals(real, faults, () -> isServing(role)) : real;
  }

  private boolean isServing(String role) {
    return status(role).map(SlotStatus::state).orElse(SlotState.VACANT).isServing();
  }

  private OrderedBroadcast engine(Runtime runtime, SchemeProvider known, JournalStore store) {
    var config = Values.of(OrderedBroadcastConfig.class,
        Map.of("engine", "e", "key", "k", "proposes", world.plan().isSequencer(index), "namespace",
            World.NAMESPACE_TEXT,
            "journalPrefix", PREFIX, "heightsPerSection", world.heightsPerSection(), "rebroadcastTimeoutMs",
            world.rebroadcastMs()));
    var built = new OrderedBroadcast(config, runtime, store, known, new Tapped(new LocalTransport(runtime)),
        application, (context, payload) -> {}, monitor(), any -> Optional.of(world.sequencers()), world.algorithm(),
        verifiers.getFirst(), (of, keyName) -> handle(of));
    built.addReporter(this::report);
    return built;
  }

  private void report(Activity activity) {
    if (activity instanceof Activity.Locked(var lock)) {
      world.witness().certified(name, lock.chunk(), lock.epoch(), lock.certificate());
    }
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

  private SignerHandle handle(Runtime runtime) {
    var leases = new SignerLeases();
    return new SignerHandle() {
      @Override
      public PublicKey publicKey() {
        return key.publicKey();
      }

      @Override
      public Completion<Signature> sign(Bytes namespace, Bytes message) {
        world.witness().signs(name, namespace, message);
        Bytes framed = Framing.framed(namespace, message);
        return runtime.compute().submit(() -> key.sign(framed));
      }

      @Override
      public SignerHandle lease(String slot, long generation) {
        if (turns != null) {
          turns.committed(generation);
        }
        return leases.lease(runtime, this, slot, generation);
      }
    };
  }

  // What troubles do to it.

  Bundles bundles() {
    return bundles;
  }

  Faults faults() {
    return faults;
  }

  List<JournalWriter> writers() {
    return writers;
  }

  /// What is asked of its slot of a role.
  Terms terms(String role) {
    return Present.of(terms.get(role));
  }

  /// Its configuration says so.
  void wish(String role, Terms wished) {
    terms.put(role, wished);
    tellWish(role);
  }

  private void tellWish(String role) {
    if (node().isUp()) {
      control().wish(new SlotWish(slot(role), terms(role), world.limits()));
    }
  }

  /// Its operator says so, and waits for it.
  void swap(String role, String provider, boolean evict) {
    Terms before = terms(role);
    terms.put(role, new Terms(provider, before.pinned(), before.onGone(), before.follow()));
    tellWish(role);
    if (node().isUp()) {
      control().swap(slot(role), provider, evict);
    }
  }

  SlotName slot(String role) {
    return new SlotName(name, role, USE);
  }

  Optional<SlotStatus> status(String role) {
    return slots().stream().filter(slot -> slot.name().role().equals(role)).findFirst();
  }

  /// The provider's bundle stops; after a while another version of it starts.
  void reopen(Duration away) {
    bundles.update(JournalProvider.ROLE, "segmented", away);
  }

  /// Its providers are there from the first boot on.
  Member provided() {
    bundles.install(JournalProvider.ROLE, "segmented");
    terms.put(JournalProvider.ROLE, Terms.of("segmented"));
    if (world.plan().swaps()) {
      bundles.install(JournalProvider.ROLE, "mapdb");
      World.SCHEMES.forEach(each -> bundles.install(SchemeFactory.ROLE, each));
      terms.put(SchemeFactory.ROLE, Terms.of(World.SCHEMES.getFirst()));
      for (int i = 0; i < World.WRITERS; i++) {
        writers.add(new JournalWriter("w" + i, World.REMOVALS));
      }
    }
    return this;
  }

  /// How its last life ended.
  String lastEnd() {
    return lastEnd;
  }

  void crash(CrashKind kind, Duration down) {
    lastEnd = kind == CrashKind.POWER_LOSS ? "power loss" : "kill";
    node().crash(kind, down);
  }

  /// Within the n-th runtime call from now on.
  void crashAtCall(long nth, CrashKind kind, Duration down) {
    lastEnd = kind == CrashKind.POWER_LOSS ? "power loss" : "kill";
    node().crashAtCall(node().calls() + nth, kind, down);
  }

  /// Seals its slot, then ends as a process does.
  void restart(Duration down) {
    NodeSlots living = slots;
    if (living != null && node().isUp()) {
      int boots = node().boots();
      living.stop(() -> world.simulation().after(Duration.ofNanos(1), () -> {
        if (node().boots() == boots) {
          crash(CrashKind.PROCESS_KILL, down);
          lastEnd = "stop";
        }
      }));
    }
  }

  /// Makes a new epoch known here and moves to it.
  void moveTo(Epoch next) {
    for (long each = epoch.value(); each < next.value(); each++) {
      epoch = new Epoch(each + 1);
      SchemeProvider known = schemes;
      if (known != null && node().isUp()) {
        register(known, epoch.value());
      }
    }
    if (node().isUp()) {
      List.copyOf(listeners).forEach(listener -> listener.accept(epoch));
    }
  }

  /// Never the same payload twice: after a crash another one is proposed for the same height.
  private final class Application implements Automaton {
    private long boots;
    private long asked;

    @Override
    public void propose(Context context, Promise<Digest> answer) {
      asked++;
      if (asked % 17 == 0) {
        answer.failed(new UnavailableException("nothing to propose"));
        return;
      }
      var payload = new Writer(Digest.SIZE);
      payload.u64(index);
      payload.u64(context.height().value());
      payload.u64(boots);
      payload.u64(asked);
      answer.done(new Digest(payload.finish()));
    }

    @Override
    public void verify(Context context, Digest payload, Promise<Boolean> answer) {
      answer.done(true);
    }
  }

  /// Shows the witness each node that is sent.
  private final class Tapped implements Transport {
    private final Transport real;

    Tapped(Transport real) {
      this.real = real;
    }

    @Override
    public Channel channel(PublicKey self, String channel, int messageBytesMax, Function<Received, Offer> received) {
      Channel opened = real.channel(self, channel, messageBytesMax, received);
      if (!channel.equals(World.NODES)) {
        return opened;
      }
      return new Channel() {
        @Override
        public int send(List<PublicKey> to, Bytes message, boolean priority) {
          world.witness().sends(name, message);
          return opened.send(to, message, priority);
        }

        @Override
        public void close() {
          opened.close();
        }
      };
    }
  }
}
