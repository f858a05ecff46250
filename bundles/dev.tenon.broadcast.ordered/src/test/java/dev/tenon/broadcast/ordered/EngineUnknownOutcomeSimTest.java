package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What becomes of an engine whose scheme does not answer for a while and then says that nothing is known, as a slot
/// does where a provider that hangs was left behind.
class EngineUnknownOutcomeSimTest {
  private static final Duration WHILE = Duration.ofSeconds(8);

  /// The schemes of one node, some calls of which get no answer.
  private static final class Hanging {
    private final String call;
    private final List<Promise<Object>> held = new ArrayList<>();
    private boolean hangs = true;

    Hanging(String call) {
      this.call = call;
    }

    SchemeProvider around(Runtime runtime, SchemeProvider provider) {
      return stub(SchemeProvider.class, provider,
          (name, answer) -> name.equals("scoped") && answer.get() instanceof Optional<?> found
              ? found.map(scheme -> around(runtime, (CertificateScheme) scheme))
              : answer.get());
    }

    private CertificateScheme around(Runtime runtime, CertificateScheme scheme) {
      return stub(CertificateScheme.class, scheme, (name, answer) -> {
        if (hangs && name.startsWith(call)) {
          held.add(runtime.promise());
          return held.getLast().completion();
        }
        return answer.get();
      });
    }

    void evict() {
      hangs = false;
      held.forEach(promise -> promise.failed(new OutcomeUnknownException("generation 1 has ended")));
    }
  }

  private interface Call {
    Object get();
  }

  private interface Answer {
    Object to(String name, Call original);
  }

  private static <T> T stub(Class<T> type, T original, Answer answer) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
        (proxy, method, words) -> answer.to(method.getName(), () -> {
          try {
            return method.invoke(original, words);
          } catch (InvocationTargetException | IllegalAccessException e) {
            throw new LinkageError(e.getMessage(), e);
          }
        })));
  }

  private static World world(Hanging hanging) {
    World world = new World(1, new World.Plan(4, 0, true, 1_000, new NullAlgorithm()));
    world.schemes = (node, provider) -> node.name().equals("v0") ? hanging.around(node.runtime(), provider) : provider;
    return world.boot();
  }

  @Test
  void aSequencerIsHeardAgainAfterTheCheckOfItsParent() {
    Hanging hanging = new Hanging("verify"); // of votes that were checked before, a parent would need no check
    try (World world = world(hanging)) {
      world.sim().run(WHILE);
      assertThat(hanging.held).isNotEmpty();
      long before = world.signatures(0, world.key(1));
      world.sim().run(WHILE);
      assertThat(world.signatures(0, world.key(1))).as("it is in check").isEqualTo(before);
      hanging.evict();
      world.sim().run(WHILE);
      assertThat(world.signatures(0, world.key(1))).isGreaterThan(before + 3);
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void aPeerIsHeardAgainAfterTheCheckOfItsAck() {
    Hanging hanging = new Hanging("verifyAttestation");
    try (World world = world(hanging)) {
      world.sim().run(WHILE);
      assertThat(hanging.held).isNotEmpty();
      long before = world.certifiedHeight(world.key(0));
      world.sim().run(WHILE);
      assertThat(world.certifiedHeight(world.key(0))).as("it knows no certificate").isEqualTo(before);
      hanging.evict();
      world.sim().run(WHILE);
      assertThat(world.certifiedHeight(world.key(0))).isGreaterThan(before + 3);
      assertThat(world.violations()).isEmpty();
    }
  }

  @Test
  void aChunkIsAckedAfterItsSignatureWasLost() {
    Hanging hanging = new Hanging("sign");
    try (World world = world(hanging)) {
      world.sim().run(WHILE);
      assertThat(hanging.held).isNotEmpty();
      hanging.evict();
      long before = world.signatures(0, world.key(1));
      world.sim().run(WHILE);
      assertThat(world.signatures(0, world.key(1))).isGreaterThan(before + 3);
      assertThat(world.violations()).isEmpty();
    }
  }
}
