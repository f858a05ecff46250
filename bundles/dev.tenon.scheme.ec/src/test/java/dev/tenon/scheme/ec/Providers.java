package dev.tenon.scheme.ec;

import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.crypto.jvm.BatchedVerifier;
import dev.tenon.runtime.Runtime;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

/// The component with the arithmetic of a provider, as its configuration names it.
final class Providers {
  /// Verifiers of a node have names of their own.
  private static final AtomicInteger VERIFIERS = new AtomicInteger();

  private Providers() {}

  static SchemeFactory of(String name, Runtime runtime, SignatureAlgorithm arithmetic) {
    var config = (EcSchemeFactory.Config) Proxy.newProxyInstance(EcSchemeFactory.Config.class.getClassLoader(),
        new Class<?>[] {EcSchemeFactory.Config.class},
        (proxy, method, words) -> method.getName().equals("tenon_provider") ? name : method.getDefaultValue());
    String verifier = name + "-" + VERIFIERS.incrementAndGet();
    return new EcSchemeFactory(config, runtime, arithmetic, new BatchedVerifier(runtime, arithmetic, verifier));
  }

  /// A thread each, which begin when all are there.
  static void together(List<Runnable> tasks) {
    var all = new CyclicBarrier(tasks.size());
    List<CompletableFuture<Void>> running = tasks.stream().map(task -> CompletableFuture.runAsync(() -> {
      try {
        all.await();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      task.run();
    }, Thread::startVirtualThread)).toList();
    running.forEach(CompletableFuture::join);
  }
}
