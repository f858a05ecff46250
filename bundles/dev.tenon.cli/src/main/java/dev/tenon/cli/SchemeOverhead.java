package dev.tenon.cli;

import com.sun.management.ThreadMXBean;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateForm;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.crypto.certificate.SignatureLists;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.handover.FacadeRegistry;
import dev.tenon.handover.NodeSlots;
import dev.tenon.handover.ProviderSource;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SlotWish;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.jvm.JvmPools;
import dev.tenon.runtime.jvm.JvmRuntime;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.sim.SimMetrics;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.crypto.SchemeRole;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// What a call of a scheme pays for its slot: admitted, followed and answered through a promise of the slot's own, over
/// the same call of a provider that answers at once. One thread, and one for each core.
final class SchemeOverhead {
  private static final int ROUNDS = 2_000;
  private static final int WARM_UP_ROUNDS = 2_000;
  private static final int CALLS = 1_000;
  private static final int SIGNATURE_BYTES = 64;
  private static final long DEADLINE_SECONDS = 30;
  private static final long EPOCH = 1;
  private static final SlotName SLOT = new SlotName("bench", SchemeFactory.ROLE, "bench");
  private static final Participants PARTICIPANTS =
      Participants.of(List.of(new PublicKey(Bytes.wrap(new byte[] {1})), new PublicKey(Bytes.wrap(new byte[] {2}))));
  private static final Subject SUBJECT = new Subject(Bytes.EMPTY, Bytes.wrap(new byte[32]));
  private static final Attestation VOTE = new Attestation(0, Bytes.wrap(new byte[SIGNATURE_BYTES]));

  private SchemeOverhead() {}

  static void run(Bench.Results results) throws IOException {
    Path folder = Files.createTempDirectory("tenon-bench-");
    try (Simulation idle = Simulation.seeded(1);
        JvmPools pools =
            new JvmPools(JvmPools.Threads.forCores(java.lang.Runtime.getRuntime().availableProcessors()))) {
      SimMetrics metrics = idle.node("metrics", node -> {}).metrics(); // only its counters are used
      try (JvmRuntime runtime = new JvmRuntime("bench", pools, metrics, folder)) {
        Prompt bare = new Prompt(runtime);
        CertificateScheme leased = leased(runtime, bare);
        int cores = java.lang.Runtime.getRuntime().availableProcessors();
        for (int threads : new TreeSet<>(Arrays.asList(1, cores))) {
          measure(bare, WARM_UP_ROUNDS, threads);
          measure(leased, WARM_UP_ROUNDS, threads);
          double[] ofBare = measure(bare, ROUNDS, threads);
          double[] ofLeased = measure(leased, ROUNDS, threads);
          String suffix = threads == 1 ? "" : "_" + threads + "_threads";
          results.add("scheme_call_over_bare" + suffix, ofLeased[0] - ofBare[0], "ns");
          results.add("scheme_call_over_bare_min" + suffix, ofLeased[1] - ofBare[1], "ns");
          results.add("scheme_call_allocated_over_bare" + suffix, ofLeased[2] - ofBare[2], "B");
        }
      }
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
  }

  /// The scheme as engines hold it, out of a slot.
  private static CertificateScheme leased(Runtime runtime, Prompt scheme) throws IOException {
    var facade = new CompletableFuture<SchemeProvider>();
    NodeSlots slots = new NodeSlots(runtime, new FacadeRegistry() {
      @Override
      public void publish(SlotName name, String type, Object published) {
        facade.complete((SchemeProvider) published);
      }

      @Override
      public void withdraw(SlotName name) {
        // The bench ends with its slot.
      }
    });
    slots.teach(new SchemeRole());
    slots.wish(new SlotWish(SLOT, "prompt", SlotLimits.DEFAULT));
    slots.provide(1, SchemeFactory.ROLE, "prompt", "dev.tenon.cli", "1.0.0", new ProviderSource() {
      @Override
      public Object take() {
        return new Factory(scheme);
      }

      @Override
      public void release() {
        // Nothing is held.
      }
    });
    try {
      SchemeProvider provider = facade.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      provider.register(EPOCH, PARTICIPANTS, Optional.empty());
      return provider.scoped(EPOCH).orElseThrow();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IOException("the slot does not serve: " + e, e);
    }
  }

  /// @return median and minimum of the rounds of all threads in ns a call, and the median of bytes a call
  private static double[] measure(CertificateScheme scheme, int rounds, int threads) throws IOException {
    double[] ns = new double[rounds * threads];
    double[] bytes = new double[rounds * threads];
    CyclicBarrier begin = new CyclicBarrier(threads);
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int from = thread * rounds;
      running.add(CompletableFuture.runAsync(() -> {
        await(begin);
        measure(scheme, ns, bytes, from, rounds);
      }, body -> Thread.ofPlatform().start(body)));
    }
    try {
      for (CompletableFuture<Void> each : running) each.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException("a caller has failed: " + e, e);
    }
    Arrays.sort(ns);
    Arrays.sort(bytes);
    return new double[] {ns[ns.length / 2], ns[0], bytes[bytes.length / 2]};
  }

  private static void await(CyclicBarrier begin) {
    try {
      begin.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  /// One thread's rounds.
  private static void measure(CertificateScheme scheme, double[] ns, double[] bytes, int from, int rounds) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    for (int round = from; round < from + rounds; round++) {
      boolean answered = true;
      long allocated = threads.getThreadAllocatedBytes(self);
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        Completion<Boolean> owed = scheme.verifyAttestation(SUBJECT, VOTE);
        answered &= owed != null;
      }
      long took = System.nanoTime() - start;
      bytes[round] = (threads.getThreadAllocatedBytes(self) - allocated) / (double) CALLS;
      ns[round] = took / (double) CALLS;
      if (!answered) throw new IllegalStateException("no completion");
    }
  }

  private record Factory(Prompt scheme) implements SchemeFactory {
    @Override
    public Description describe() {
      return new Description("prompt", "prompt-1", List.of("prompt-1"), 1 << 20);
    }

    @Override
    public SchemeProvider open(OpenContext context) {
      return new Provider(Optional.of(scheme));
    }
  }

  private record Provider(Optional<CertificateScheme> only) implements SchemeProvider {
    @Override
    public String scheme() {
      return "prompt";
    }

    @Override
    public void register(long epoch, Participants participants, Optional<SignerHandle> signer) {
      // It knows the only one.
    }

    @Override
    public void forgetBefore(long epoch) {
      // It knows the only one.
    }

    @Override
    public Optional<CertificateScheme> scoped(long epoch) {
      return only;
    }

    @Override
    public Optional<CertificateScheme> all() {
      return Optional.empty();
    }

    @Override
    public CertificateForm form() {
      return new SignatureLists(SIGNATURE_BYTES);
    }
  }

  /// Finds everything valid, at once.
  private record Prompt(Runtime runtime) implements CertificateScheme {
    private <T> Completion<T> done(T value) {
      Promise<T> promise = runtime.promise();
      promise.done(value);
      return promise.completion();
    }

    @Override
    public Participants participants() {
      return PARTICIPANTS;
    }

    @Override
    public int me() {
      return -1;
    }

    @Override
    public Completion<Optional<Attestation>> sign(Subject subject) {
      return done(Optional.empty());
    }

    @Override
    public Completion<Boolean> verifyAttestation(Subject subject, Attestation attestation) {
      return done(true);
    }

    @Override
    public Completion<Verdicts> verifyAttestations(Subject subject, List<Attestation> attestations) {
      return done(new Verdicts(attestations, List.of()));
    }

    @Override
    public Optional<Certificate> assemble(List<Attestation> attestations) {
      return new SignatureLists(SIGNATURE_BYTES).assemble(PARTICIPANTS, attestations);
    }

    @Override
    public Completion<Boolean> verifyCertificate(Subject subject, Certificate certificate) {
      return done(true);
    }

    @Override
    public boolean isAttributable() { return true; }

    @Override
    public boolean isBatchable() { return true; }

    @Override
    public Codec<Attestation> attestationCodec() {
      return Attestation.codec(SIGNATURE_BYTES);
    }

    @Override
    public Codec<Certificate> certificateCodec() {
      return new SignatureLists(SIGNATURE_BYTES).storedCertificateCodec();
    }
  }
}
