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
import dev.tenon.crypto.jvm.BatchedVerifier;
import dev.tenon.handover.FacadeRegistry;
import dev.tenon.handover.NodeSlots;
import dev.tenon.handover.ProviderSource;
import dev.tenon.handover.SlotWish;
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
import dev.tenon.scheme.ec.EcSchemes;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.SimNode;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotStatus;
import dev.tenon.slot.storage.JournalRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An honest node: a journal slot with its provider, and one engine on it, as a container would wire them.
final class Member {
  static final String PREFIX = "ob-";

  private final World world;
  private final int index;
  private final String name;
  private final SignatureAlgorithm.SigningKey key;
  private final Application application = new Application();
  private final List<Consumer<Epoch>> listeners = new ArrayList<>(); // of this incarnation
  private long refs;
  private long registered; // 0: no provider is there
  private int version;
  private Epoch epoch;
  private boolean isBare;
  private @Nullable SimNode node;
  private @Nullable EcSchemes schemes;
  private @Nullable NodeSlots slots;
  private @Nullable JournalStore journals;
  private @Nullable OrderedBroadcast engine;

  Member(World world, int index, String name, SignatureAlgorithm.SigningKey key) {
    this.world = world;
    this.index = index;
    this.name = name;
    this.key = key;
    epoch = world.epoch();
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
    SimNode found = node;
    if (found == null) {
      throw new IllegalStateException("node " + name + " never booted");
    }
    return found;
  }

  Optional<JournalStore> journals() {
    return Optional.ofNullable(journals);
  }

  /// What the engine shows; nothing while it is down or has no journals yet.
  Optional<BroadcastStatus.View> view() {
    OrderedBroadcast living = engine;
    return living == null || !node().isUp() ? Optional.empty() : Optional.of(living.view());
  }

  /// Its slots, while the node is up.
  NodeSlots control() {
    NodeSlots living = slots;
    if (living == null) {
      throw new IllegalStateException("node " + name + " never booted");
    }
    return living;
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
    listeners.clear();
    application.boots++;
    Runtime runtime = booting.runtime();
    var verifier = new BatchedVerifier(runtime, world.algorithm());
    var known = new EcSchemes(runtime, world.algorithm(), verifier);
    schemes = known;
    Optional<SignerHandle> voter = world.plan().isValidator(index) ? Optional.of(handle(runtime)) : Optional.empty();
    for (long each = World.FIRST_EPOCH; each <= epoch.value(); each++) {
      known.register(each, world.validators(each), voter);
    }
    var registry = new FacadeRegistry() {
      @Override
      public void publish(SlotName slot, String type, Object facade) {
        var store = world.plants().journals().apply((JournalStore) facade);
        journals = store;
        if (!isBare) {
          engine = engine(runtime, known, verifier, store);
        }
      }

      @Override
      public void withdraw(SlotName slot) {
        journals = null;
      }
    };
    var made = new NodeSlots(runtime, registry);
    slots = made;
    made.teach(new JournalRole());
    made.wish(new SlotWish(new SlotName(name, "journal", "broadcast"), "segmented", world.limits()));
    if (registered != 0) {
      register();
    }
  }

  private OrderedBroadcast engine(Runtime runtime, EcSchemes known, BatchedVerifier verifier, JournalStore store) {
    var config = Values.of(OrderedBroadcastConfig.class,
        Map.of("engine", "e", "key", "k", "proposes", world.plan().isSequencer(index), "namespace",
            World.NAMESPACE_TEXT,
            "journalPrefix", PREFIX, "heightsPerSection", world.heightsPerSection(), "rebroadcastTimeoutMs",
            world.rebroadcastMs()));
    var built = new OrderedBroadcast(config, runtime, store, known, new Tapped(new LocalTransport(runtime)),
        application, (context, payload) -> {}, monitor(), any -> Optional.of(world.sequencers()), world.algorithm(),
        verifier, (of, keyName) -> handle(of));
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
        return leases.lease(runtime, this, slot, generation);
      }
    };
  }

  // What troubles do to it.

  /// A provider of a higher version is there. Does nothing if one is.
  void register() {
    NodeSlots living = slots;
    long ref = ++refs;
    registered = ref;
    if (living == null || !node().isUp()) {
      return;
    }
    JournalProvider provider = world.plants().provider().apply(new SegmentedJournalProvider(world.journalConfig()));
    living.provide(ref, JournalProvider.ROLE, "segmented", "dev.tenon.journal.segmented", "1.0." + version,
        new ProviderSource() {
          @Override
          public Object take() {
            if (registered != ref) {
              throw new UnavailableException("the service is gone");
            }
            return provider;
          }

          @Override
          public void release() {}
        });
  }

  /// The provider's bundle stops; after a while another version of it starts.
  void reopen(Duration away) {
    long ref = registered;
    NodeSlots living = slots;
    if (ref == 0 || living == null) {
      return;
    }
    registered = 0;
    version++;
    if (node().isUp()) {
      living.withdraw(ref, () -> {});
    }
    world.simulation().after(away, () -> {
      if (registered == 0) {
        register();
      }
    });
  }

  /// The provider is there from the first boot on.
  Member provided() {
    registered = ++refs;
    return this;
  }

  void crash(CrashKind kind, Duration down) {
    node().crash(kind, down);
  }

  /// Seals its slot, then ends as a process does.
  void restart(Duration down) {
    NodeSlots living = slots;
    if (living != null && node().isUp()) {
      int boots = node().boots();
      living.stop(() -> world.simulation().after(Duration.ofNanos(1), () -> {
        if (node().boots() == boots) {
          node().crash(CrashKind.PROCESS_KILL, down);
        }
      }));
    }
  }

  /// Makes a new epoch known here and moves to it.
  void moveTo(Epoch next) {
    for (long each = epoch.value(); each < next.value(); each++) {
      epoch = new Epoch(each + 1);
      EcSchemes known = schemes;
      if (known != null && node().isUp()) {
        known.register(epoch.value(), world.validators(epoch.value()),
            world.plan().isValidator(index) ? Optional.of(handle(node().runtime())) : Optional.empty());
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
