package dev.tenon.slot.storage;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A provider that keeps what it was given and knows no end: what it opened in former generations writes on, whenever
/// any of its instances is called and in its own close.
final class HostileJournals implements JournalProvider {
  private static final ByteBuffer GARBAGE = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}).asReadOnlyBuffer();

  /// What happens in place of a call of the provider or of an instance.
  interface Deed {
    Object call(String method, Object[] arguments, Supplier<Object> real);
  }

  private final JournalProvider real;
  private final Deed deed;
  private final boolean haunts;
  /// What former generations hold.
  private final List<Storage> kept = new ArrayList<>();
  int refused;
  int written;

  HostileJournals(JournalProvider real, boolean haunts, Deed deed) {
    this.real = real;
    this.haunts = haunts;
    this.deed = deed;
  }

  @Override
  public Description describe() {
    return (Description) deed.call("describe", new Object[0], real::describe);
  }

  @Override
  public JournalInstance open(OpenContext context) {
    haunt();
    OpenContext beneath = new OpenContext(context.slot(), context.location(), context.generation(),
        watched(context.storage()), context.clock(), context.metrics(), context.byteBudget(), context.beneath());
    JournalInstance instance = (JournalInstance) deed.call("open", new Object[] {context}, () -> real.open(beneath));
    return (JournalInstance) Proxy.newProxyInstance(JournalInstance.class.getClassLoader(),
        new Class<?>[] {JournalInstance.class}, (proxy, method, arguments) -> {
          haunt();
          if (method.getName().equals("close")) {
            kept.add(context.storage());
            haunt(); // its time has ended: it was revoked before
          }
          Object[] given = arguments == null ? new Object[0] : arguments;
          return deed.call(method.getName(), given, () -> called(instance, method, given));
        });
  }

  /// What an instance asks of its storage goes by the deed too, where it is of several files at once.
  private Storage watched(Storage storage) {
    return (Storage) Proxy.newProxyInstance(Storage.class.getClassLoader(), new Class<?>[] {Storage.class},
        (proxy, method, arguments) -> {
          Object[] given = arguments == null ? new Object[0] : arguments;
          return method.getName().equals("syncAll")
              ? deed.call("syncAll", given, () -> called(storage, method, given))
              : called(storage, method, given);
        });
  }

  private static Object called(Object of, Method method, Object[] arguments) {
    try {
      Object answer = method.invoke(of, arguments);
      return answer == null ? List.of() : answer; // nobody looks at the answer of a void method
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof RuntimeException failure) {
        throw failure;
      } else if (thrown.getCause() instanceof Error error) {
        throw error; // the end of its node, too
      }
      throw new AssertionError(thrown);
    } catch (IllegalAccessException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /// Every way of writing, with each view that it should not have any more.
  private void haunt() {
    if (!haunts) {
      return;
    }
    byte[] log = {0x6c, 0x6f, 0x67};
    for (Storage storage : kept) {
      List<Runnable> ways = List.of(() -> {
        try (Blob blob = storage.open("data", log)) {
          blob.write(0, GARBAGE.duplicate());
          blob.sync();
        }
      }, () -> storage.replace("data", log, GARBAGE.duplicate()), () -> storage.remove("data", log));
      for (Runnable way : ways) {
        try {
          way.run();
          written++;
        } catch (FencedException fenced) {
          refused++;
        }
      }
    }
  }
}
