package dev.tenon.shell;

import dev.tenon.runtime.status.OperatorCommand;
import dev.tenon.runtime.status.StatusTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/// The same commands in the container's shell, as `tenon:NAME`. The command of a table, and what a bundle may be asked
/// to do, is there while its bundle is.
///
/// Immediate: nobody asks for it.
@Component(name = "dev.tenon.shell.gogo", immediate = true, service = {})
public final class GogoCommands {
  private static final List<String> FIXED = List.of("status", "why", "health", "metrics", "config", "help");
  private static final String REFUSED = "error ";
  private final BundleContext context;
  private final Function<String, String> control;
  private final Map<String, ServiceRegistration<?>> registered = new ConcurrentSkipListMap<>();

  /// @param context this bundle's
  /// @param control answers command lines
  @Activate
  public GogoCommands(BundleContext context,
      @Reference(name = "control", target = "(tenon.control=true)") Function<String, String> control) {
    this.context = context;
    this.control = control;
    FIXED.forEach(this::register);
  }

  /// Takes the commands back.
  @Deactivate
  public void close() {
    registered.keySet().forEach(this::unregister);
  }

  /// @param table a new table
  @Reference(name = "tables", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  public void addTable(StatusTable table) {
    register(table.name());
  }

  /// @param table a table that goes
  public void removeTable(StatusTable table) {
    unregister(table.name());
  }

  /// @param order something new that may be asked for
  @Reference(name = "orders", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  public void addOrder(OperatorCommand order) {
    register(order.name());
  }

  /// @param order something that goes
  public void removeOrder(OperatorCommand order) {
    unregister(order.name());
  }

  private void register(String name) {
    registered.computeIfAbsent(name, key -> {
      var properties = FrameworkUtil
          .asDictionary(Map.of("osgi.command.scope", "tenon", "osgi.command.function", key));
      org.apache.felix.service.command.Function function = (session, words) -> run(session, key, words);
      return context.registerService(org.apache.felix.service.command.Function.class, function, properties);
    });
  }

  private void unregister(String name) {
    ServiceRegistration<?> registration = registered.remove(name);
    if (registration != null) registration.unregister();
  }

  /// Prints what the command says. What was refused or is not well is thrown, so that the session's caller sees it.
  private Object run(CommandSession session, String name, List<Object> words) throws NotWellException {
    StringBuilder line = new StringBuilder(name);
    for (Object word : words) line.append(' ').append(word);
    String answer = control.apply(line.toString());
    int end = answer.indexOf('\n');
    String first = answer.substring(0, end);
    if (first.startsWith(REFUSED)) throw new IllegalArgumentException(first.substring(REFUSED.length()));
    session.getConsole().print(answer.substring(end + 1));
    if (!first.equals("ok")) throw new NotWellException(name);
    return "";
  }

  /// A command was done, has printed its answer, and found that something is not well.
  static final class NotWellException extends Exception {
    private static final long serialVersionUID = 1L;

    NotWellException(String command) {
      super(command + " found that something is not well");
    }
  }
}
