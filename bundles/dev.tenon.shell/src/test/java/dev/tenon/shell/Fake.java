package dev.tenon.shell;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// What a test needs of a container.
final class Fake {
  private Fake() {}

  /// @param calls answers each call
  static <T> T of(Class<T> type, InvocationHandler calls) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
  }
}
