package dev.tenon.soak;

import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.Storage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A volume, and all that is opened through it, the same in all but that whatever is made durable passes by
/// [HoldPoint] before and after.
///
/// @param real what does the work
/// @param point where it passes by
record ProbedStorage(Object real, HoldPoint point) implements InvocationHandler {
  /// What is durable on return, by the contracts of volume, view and blob.
  private static final Set<String> FLUSHES = Set.of("sync", "syncAll", "replace", "remove", "rename", "delete");

  static <T> T of(Class<T> contract, T real, HoldPoint point) {
    return contract.cast(Proxy.newProxyInstance(contract.getClassLoader(), new Class<?>[] {contract},
        new ProbedStorage(real, point)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] words) throws Throwable {
    boolean flushes = FLUSHES.contains(method.getName());
    if (flushes) {
      point.flush(HoldPoint.Edge.FLUSH);
    }
    Object answer;
    try {
      answer = method.invoke(real, real(words));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (flushes) {
      point.flush(HoldPoint.Edge.FLUSHED);
    }
    return switch (answer) {
      case Storage view -> of(Storage.class, view, point);
      case Blob blob -> of(Blob.class, blob, point);
      case null, default -> answer;
    };
  }

  /// A volume wants its own views back, and a view its own blobs.
  private static Object @Nullable [] real(Object @Nullable [] words) {
    if (words == null) {
      return null;
    }
    Object[] own = new Object[words.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = words[i] instanceof Collection<?> many ? many.stream().map(ProbedStorage::real).toList()
          : real(words[i]);
    }
    return own;
  }

  private static Object real(Object word) {
    return Proxy.isProxyClass(word.getClass()) && Proxy.getInvocationHandler(word) instanceof ProbedStorage probed
        ? probed.real()
        : word;
  }
}
