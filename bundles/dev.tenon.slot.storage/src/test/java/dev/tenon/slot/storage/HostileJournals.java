package dev.tenon.slot.storage;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.Storage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A provider that may break every rule of its contract, and the ghosts of what it opened.
final class HostileJournals implements JournalProvider {
  /// What happens in place of a call of the provider or of an instance.
  interface Deed {
    Object call(String method, Object[] arguments, Supplier<Object> real);
  }

  private final JournalProvider real;
  private final Deed deed;
  private final @Nullable Ghosts ghosts;

  HostileJournals(JournalProvider real, Deed deed) {
    this(real, deed, null);
  }

  /// @param ghosts are told of what it opens, and appear with each of its calls
  HostileJournals(JournalProvider real, Deed deed, @Nullable Ghosts ghosts) {
    this.real = real;
    this.deed = deed;
    this.ghosts = ghosts;
  }

  @Override
  public Description describe() {
    return (Description) deed.call("describe", new Object[0], real::describe);
  }

  @Override
  public JournalInstance open(OpenContext context) {
    if (ghosts != null) {
      ghosts.opened(context);
    }
    OpenContext beneath = new OpenContext(context.slot(), context.location(), context.generation(),
        watched(context.storage()), context.clock(), context.metrics(), context.byteBudget(), context.beneath());
    JournalInstance instance = (JournalInstance) deed.call("open", new Object[] {context}, () -> real.open(beneath));
    return (JournalInstance) Proxy.newProxyInstance(JournalInstance.class.getClassLoader(),
        new Class<?>[] {JournalInstance.class}, (proxy, method, arguments) -> {
          if (ghosts != null) {
            ghosts.called(context, method.getName());
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
}
