package dev.tenon.runtime.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.ConfigException;
import dev.tenon.runtime.Runtime;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class JvmRuntimesTest {
  /// A configuration as the container would make it.
  @SuppressWarnings({"BadAnnotationImplementation", "ImmutableAnnotationChecker"}) // nobody compares two, or keeps one
  private record Config(List<String> names, String dataDirectory, int actorThreads, int ioThreads, int syncThreads,
      int computeThreads) implements JvmRuntimeConfig {
    static Config of(Path folder, String... names) {
      return new Config(List.of(names), folder.toString(), 0, 16, 16, 0);
    }

    Config threads(int actor, int io, int sync, int compute) {
      return new Config(names, dataDirectory, actor, io, sync, compute);
    }

    @Override
    public String[] nodes() {
      return names.toArray(String[]::new);
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return JvmRuntimeConfig.class;
    }
  }

  private final List<String> registered = new ArrayList<>();
  private final AtomicInteger unregistered = new AtomicInteger();

  /// A container's side as far as the component uses it.
  private BundleContext context() {
    return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
        (proxy, method, arguments) -> {
          assertThat(method.getName()).isEqualTo("registerService");
          assertThat(arguments[0]).isEqualTo(Runtime.class);
          registered.add(((Dictionary<?, ?>) arguments[2]).get(Runtime.NODE) + "=" + ((Runtime) arguments[1]).node());
          return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ServiceRegistration.class},
              (registration, call, none) -> {
                unregistered.incrementAndGet();
                return null;
              });
        });
  }

  @Test
  void registersOneRuntimeANodeAndTakesThemBackInTheEnd(@TempDir Path folder) {
    var component = new JvmRuntimes(context(), Config.of(folder, "v0", "v1"), new MemoryMetrics());
    assertThat(registered).containsExactly("v0=v0", "v1=v1");
    assertThat(folder.resolve("v1/~lock")).exists();
    component.close();
    component.close();
    assertThat(unregistered).hasValue(2);
    new JvmRuntimes(context(), Config.of(folder, "v0"), new MemoryMetrics()).close();
  }

  @Test
  void aFolderThatIsNoneLeavesNothingBehind(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("v1"), "a file");
    assertThatThrownBy(() -> new JvmRuntimes(context(), Config.of(folder, "v0", "v1"), new MemoryMetrics()))
        .hasMessageContaining("v1");
    assertThat(registered).isEmpty();
    new JvmRuntimes(context(), Config.of(folder, "v0"), new MemoryMetrics()).close();
  }

  @Test
  void refusesWhatIsOutOfRangeAndClampsNothing(@TempDir Path folder) {
    var good = Config.of(folder, "v0");
    for (var bad : List.of(good.threads(-1, 16, 16, 0), good.threads(1025, 16, 16, 0), good.threads(0, 0, 16, 0),
        good.threads(0, 65, 16, 0), good.threads(0, 16, 0, 0), good.threads(0, 16, 65, 0), good.threads(0, 16, 16, -1),
        Config.of(folder), Config.of(folder, "v0", "v0"), Config.of(folder, "v/0"), Config.of(Path.of(""), "v0"))) {
      assertThatThrownBy(() -> new JvmRuntimes(context(), bad, new MemoryMetrics())).as(bad.toString())
          .isInstanceOf(ConfigException.class);
    }
    assertThat(JvmRuntimes.threads(good, 1)).isEqualTo(new JvmPools.Threads(2, 16, 16, 1));
    assertThat(JvmRuntimes.threads(good.threads(3, 64, 64, 7), 8)).isEqualTo(new JvmPools.Threads(3, 64, 64, 7));
  }
}
