package dev.tenon.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/// Goal: what a command refuses or finds unwell fails in the container's shell too. Method: the real Gogo, with the
/// commands as they are registered, and a node that has an answer for each.
class GogoCommandsTest {
  private static final Map<String, String> ANSWERS = Map.of("status", "ok\na  ACTIVE\nb  ACTIVE\n", "health",
      "unwell\nWARN slots\n  n/a/b is EMPTY\n", "why x", "error there is no component 'x'\n", "metrics", "ok\n");

  private final CommandProcessorImpl gogo = new CommandProcessorImpl(null);
  private final GogoLines lines = new GogoLines(gogo);
  private final GogoCommands commands = new GogoCommands(context(), line -> ANSWERS.getOrDefault(line, "error no\n"));

  /// Takes what is registered over into Gogo, as its tracker of services does.
  private BundleContext context() {
    return proxy(BundleContext.class, (name, arguments) -> {
      assertThat(name).isEqualTo("registerService");
      var properties = (java.util.Dictionary<?, ?>) arguments[2];
      gogo.addCommand((String) properties.get("osgi.command.scope"), arguments[1],
          (String) properties.get("osgi.command.function"));
      return proxy(ServiceRegistration.class, (method, none) -> null);
    });
  }

  private interface Called {
    @org.jspecify.annotations.Nullable
    Object with(String name, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Called called) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
        (self, method, arguments) -> called.with(method.getName(), arguments)));
  }

  private String said(String line) {
    assertThat(commands).isNotNull();
    return lines.run(List.of(line.split(" "))).encoded(false);
  }

  @Test
  void whatIsDoneIsPrinted() {
    assertThat(said("tenon:status").lines()).startsWith("ok", "a  ACTIVE", "b  ACTIVE");
    assertThat(said("tenon:metrics").strip()).isEqualTo("ok");
  }

  @Test
  void whatIsRefusedFailsInOneLine() {
    assertThat(said("tenon:why x")).isEqualTo("error there is no component 'x'\n");
  }

  @Test
  void whatIsUnwellFailsAndIsPrintedAsAWhole() {
    assertThat(said("tenon:health")).isEqualTo("unwell\nWARN slots\n  n/a/b is EMPTY\n");
  }

  @Test
  void aFailureEndsTheLine() {
    assertThat(said("tenon:why x ; tenon:status")).startsWith("error ").hasLineCount(1);
  }
}
