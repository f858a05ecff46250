package dev.tenon.slot.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.handover.FacadeRegistry;
import dev.tenon.handover.NodeSlots;
import dev.tenon.handover.ProviderSource;
import dev.tenon.handover.SlotWish;
import dev.tenon.runtime.jvm.JvmPools;
import dev.tenon.runtime.jvm.JvmRuntime;
import dev.tenon.runtime.metrics.Metrics;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotName;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On real threads, for only they have stacks: where a call hangs that keeps a scheme's provider from going.
class StuckSchemeTest {
  private static final Attestation VOTE = new Attestation(0, Bytes.of(new byte[64]));
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);

  /// A call of the provider that does not return to its caller.
  private boolean hangs(String call) {
    if (call.equals("verify")) {
      inside.countDown();
      try {
        return !end.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return false;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Series of which nobody sees anything, on any thread.
  private static <T> T silent(Class<T> type) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, words) -> {
      Class<?> answer = method.getReturnType();
      return answer == long.class ? (Object) 0L
          : answer == double.class ? (Object) 0.0 : answer == void.class ? null : silent(answer);
    }));
  }

  private ProviderSource source(JvmRuntime runtime, String name) {
    SchemeFactory made = new ScriptedSchemes(runtime, name, "ed25519", new ArrayList<>(), () -> 0, new TreeMap<>(),
        call -> name.equals("one") && hangs(call));
    return new ProviderSource() {
      @Override
      public Object take() {
        return made;
      }

      @Override
      public void release() {}
    };
  }

  @Test
  void theReasonOfARefusedHandoverTellsHowManyAreInsideAndWhere(@TempDir Path folder) throws Exception {
    try (JvmPools pools = new JvmPools(new JvmPools.Threads(2, 2, 2, 1));
        JvmRuntime runtime = new JvmRuntime("n", pools, silent(Metrics.class), folder)) {
      var facade = new CompletableFuture<SchemeProvider>();
      NodeSlots slots = new NodeSlots(runtime, new FacadeRegistry() {
        @Override
        public void publish(SlotName name, String type, Object service) {
          facade.complete((SchemeProvider) service);
        }

        @Override
        public void withdraw(SlotName name) {}
      });
      slots.teach(new SchemeRole());
      slots.wish(new SlotWish(SchemeWorld.NAME, "one", SchemeWorld.LIMITS));
      slots.provide(1, SchemeFactory.ROLE, "one", "test.one", "1.0.0", source(runtime, "one"));
      slots.provide(2, SchemeFactory.ROLE, "two", "test.two", "1.0.0", source(runtime, "two"));
      SchemeProvider held = facade.get(60, TimeUnit.SECONDS);
      held.register(1, SchemeWorld.PARTICIPANTS, Optional.empty());
      CertificateScheme scheme = held.scoped(1).orElseThrow();
      Thread caller = Thread.ofPlatform().name("caller").start(
          () -> scheme.verifyAttestation(SchemeWorld.subject(1), VOTE));
      await(inside);
      slots.wish(new SlotWish(SchemeWorld.NAME, "two", SchemeWorld.LIMITS));
      long deadlineNs = System.nanoTime() + LIMIT_NS;
      // A limit of the fence itself may be over first where the machine is slow; it is tried again.
      while (!slots.slots().getFirst().outcome().toString().contains("calls inside have not ended")
          && System.nanoTime() < deadlineNs) {
        LockSupport.parkNanos(1_000_000);
      }
      // The test's own thread is told too, for its class is in the provider's package.
      assertThat(slots.slots().getFirst().outcome().toString())
          .contains("calls inside have not ended within 300 ms: 1 inside, the oldest for at least ")
          .contains(" ms, in ").contains(StuckSchemeTest.class.getName() + ".hangs(");
      end.countDown();
      caller.join();
    }
  }
}
