package dev.tenon.scenarios;

import java.lang.reflect.Proxy;
import java.util.Map;

/// Configurations of components, which are annotation types: their defaults, and what is given beside them.
final class Values {
  private Values() {}

  /// @param type an annotation type
  /// @param given by key
  static <A> A of(Class<A> type, Map<String, Object> given) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, words) -> {
      Object value = given.get(method.getName());
      return value == null ? method.getDefaultValue() : value;
    }));
  }
}
