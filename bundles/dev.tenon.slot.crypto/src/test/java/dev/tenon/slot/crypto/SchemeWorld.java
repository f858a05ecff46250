package dev.tenon.slot.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.SignerLeases;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.handover.FacadeRegistry;
import dev.tenon.handover.NodeSlots;
import dev.tenon.handover.ProviderSource;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SlotWish;
import dev.tenon.handover.SwapLimits;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One simulated node with one scheme slot, two providers, and a script in place of the service registry.
final class SchemeWorld implements AutoCloseable {
  static final SlotName NAME = new SlotName("n", "scheme", "test");
  static final Participants PARTICIPANTS =
      Participants.of(List.of(new PublicKey(Bytes.of(new byte[] {1})), new PublicKey(Bytes.of(new byte[] {2}))));

  /// Handovers begin soon, and give up soon.
  static final SlotLimits LIMITS = new SlotLimits(65_536, 64 << 20, 10_000, 5_000, 600_000, 2_000, 10, 200,
      new SwapLimits(20, 3_600_000, 300, 1_000, 600_000, 5_000));

  final Simulation simulation;
  final SimNode node;
  final List<ScriptedSchemes.Call> calls = new ArrayList<>();
  final TreeMap<String, ScriptedSchemes.Fault> faults = new TreeMap<>();
  final TreeMap<String, String> schemes = new TreeMap<>();
  final List<String> signed = new ArrayList<>();
  /// Of this life.
  Runtime runtime;
  NodeSlots slots;
  @Nullable
  SchemeProvider facade;
  String wish = "one";
  long committed;
  /// Calls that were asked of each generation and will be answered.
  final TreeMap<Long, Integer> inside = new TreeMap<>();
  final List<String> violations = new ArrayList<>();
  /// Runs whenever the facade was registered.
  Runnable onPublish = () -> {};
  /// Who was registered last by each name.
  final TreeMap<String, ScriptedSchemes> providers = new TreeMap<>();
  private long refs;
  private final TreeMap<String, Long> registered = new TreeMap<>();

  @SuppressWarnings("NullAway.Init") // The boot function, which runs in the constructor of the node, sets them.
  SchemeWorld(long seed) {
    simulation = Simulation.seeded(seed);
    node = simulation.node("n", this::boot);
  }

  private void boot(SimNode booting) {
    facade = null;
    registered.clear();
    inside.clear();
    runtime = booting.runtime();
    slots = new NodeSlots(booting.runtime(), new FacadeRegistry() {
      @Override
      public void publish(SlotName name, String type, Object service) {
        facade = (SchemeProvider) service;
        onPublish.run();
      }

      @Override
      public void withdraw(SlotName name) {
        facade = null;
      }
    });
    slots.teach(new SchemeRole());
    slots.wish(new SlotWish(NAME, wish, LIMITS));
    register("one");
    register("two");
  }

  void register(String name) {
    long ref = ++refs;
    registered.put(name, ref);
    ScriptedSchemes.Fault none = call -> false;
    ScriptedSchemes made = new ScriptedSchemes(runtime, name, schemes.getOrDefault(name, "ed25519"), calls,
        () -> committed, inside, call -> faults.getOrDefault(name, none).at(call));
    providers.put(name, made);
    slots.provide(ref, "scheme", name, "test." + name, "1.0.0", new ProviderSource() {
      @Override
      public Object take() {
        if (!Long.valueOf(ref).equals(registered.get(name))) {
          throw new UnavailableException("the service is gone");
        }
        return made;
      }

      @Override
      public void release() {}
    });
  }

  boolean isRegistered(String name) {
    return registered.containsKey(name);
  }

  void withdraw(String name) {
    Long ref = registered.remove(name);
    if (ref != null) {
      slots.withdraw(ref, () -> {});
    }
  }

  void wish(String provider) {
    wish = provider;
    slots.wish(new SlotWish(NAME, provider, LIMITS));
  }

  SlotStatus status() {
    return slots.slots().getFirst();
  }

  boolean serves(String provider) {
    return !slots.slots().isEmpty() && status().state() == SlotState.ACTIVE
        && status().provider().equals(provider + "@1.0.0");
  }

  void awaitServing(String provider) {
    if (!simulation.runUntil(() -> serves(provider) && facade != null, Duration.ofMinutes(10))) {
      throw new AssertionError(provider + " does not serve: " + slots.slots());
    }
  }

  SchemeProvider facade() {
    SchemeProvider found = facade;
    if (found == null) {
      throw new AssertionError("no facade: " + slots.slots());
    }
    return found;
  }

  CertificateScheme epoch(long number) {
    return facade().scoped(number).orElseThrow();
  }

  static Subject subject(int number) {
    return new Subject(Bytes.EMPTY, Bytes.of((byte) (number >>> 16), (byte) (number >>> 8), (byte) number));
  }

  /// A key whose signatures are noted.
  SignerHandle key() {
    SignerLeases leases = new SignerLeases();
    return new SignerHandle() {
      @Override
      public PublicKey publicKey() {
        return PARTICIPANTS.key(0);
      }

      @Override
      public Completion<Signature> sign(Bytes namespace, Bytes message) {
        signed.add(message.toString());
        return runtime.compute().submit(() -> new Signature(message));
      }

      @Override
      public SignerHandle lease(String slot, long generation) {
        int late = inside.headMap(generation).values().stream().mapToInt(Integer::intValue).sum();
        if (late > 0) {
          violations.add(late + " calls inside when generation " + generation + " was committed");
        }
        committed = Math.max(committed, generation); // it is taken once the record is durable, and not before
        return leases.lease(runtime, this, slot, generation);
      }
    };
  }

  void registerEpoch(long number) {
    facade().register(number, PARTICIPANTS, Optional.of(key()));
  }

  @Override
  public void close() {
    simulation.close();
  }
}
