package dev.tenon.storage.mapdb;

import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A storage that does not give back one page of one run, however often it is asked: no byte of it differs, and its
/// calls fail.
final class BadSector {
  private static final int PAGE_BYTES = 512;

  private final long run;
  private boolean bad = true;

  BadSector(long run) {
    this.run = run;
  }

  /// From now on, or no more.
  void be(boolean unreadable) {
    bad = unreadable;
  }

  /// @param bytes the budget
  OpenContext under(OpenContext context, long bytes) {
    return new OpenContext(context.slot(), context.location(), context.generation(), storage(context.storage()),
        context.clock(), context.metrics(), bytes);
  }

  private Storage storage(Storage real) {
    return proxy(Storage.class, (method, words) -> {
      Object answer = call(real, method, words);
      return answer instanceof Blob blob && words[0].equals(Names.VIEW)
          && Arrays.equals((byte[]) words[1], Names.numbered(run)) ? blob(blob) : answer;
    });
  }

  private Blob blob(Blob real) {
    return proxy(Blob.class, (method, words) -> {
      if (bad && method.getName().equals("read")) {
        long from = (Long) words[0];
        if (from < 2 * PAGE_BYTES && from + ((ByteBuffer) words[1]).remaining() > PAGE_BYTES) {
          throw new StorageFailedException("run " + run + ": Input/output error");
        }
      }
      return call(real, method, words);
    });
  }

  @FunctionalInterface
  private interface Calls {
    Object call(Method method, Object[] words) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Calls calls) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
        (proxy, method, words) -> calls.call(method, words == null ? new Object[0] : words)));
  }

  private static Object call(Object real, Method method, Object[] words) throws Throwable {
    try {
      return method.invoke(real, words);
    } catch (InvocationTargetException failed) {
      throw failed.getCause();
    }
  }
}
