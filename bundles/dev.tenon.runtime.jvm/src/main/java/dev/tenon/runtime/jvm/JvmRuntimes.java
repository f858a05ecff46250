package dev.tenon.runtime.jvm;

import dev.tenon.codec.ConfigException;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.metrics.Metrics;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Offers one [Runtime] a node. Immediate, because the services it registers are what makes others ask for it.
@Component(name = "dev.tenon.runtime.jvm", immediate = true, service = {})
@Designate(ocd = JvmRuntimeConfig.class)
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"dev.tenon.runtime.Runtime\"")
public final class JvmRuntimes {
  private static final Logger log = LoggerFactory.getLogger(JvmRuntimes.class);

  private final JvmPools pools;
  private final List<JvmRuntime> runtimes = new ArrayList<>();
  private final List<ServiceRegistration<Runtime>> registrations = new ArrayList<>();

  /// @param context where the services are registered
  /// @param config the bundle's configuration
  /// @param metrics of the process
  @Activate
  public JvmRuntimes(BundleContext context, JvmRuntimeConfig config, @Reference(name = "metrics") Metrics metrics) {
    var nodes = nodes(config);
    var folder = folder(config);
    pools = new JvmPools(threads(config, java.lang.Runtime.getRuntime().availableProcessors()));
    try {
      for (String node : nodes) {
        runtimes.add(new JvmRuntime(node, pools, metrics, folder.resolve(node)));
      }
      for (var runtime : runtimes) {
        var properties = FrameworkUtil.asDictionary(Map.of(Runtime.NODE, runtime.node()));
        registrations.add(context.registerService(Runtime.class, runtime, properties));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Takes the services away, which ends whoever uses them; then closes what they stood on.
  @Deactivate
  public void close() {
    for (var registration : registrations.reversed()) {
      try {
        registration.unregister();
      } catch (IllegalStateException gone) { // the framework was faster: fine
        log.atDebug().log("a runtime's service was unregistered before");
      }
    }
    registrations.clear();
    // Side by side: each may wait a second for a task that hangs, all together have two.
    var closing = runtimes.stream().map(runtime -> new Caller.WorkerThread(runtime::close, "tenon-close")).toList();
    closing.forEach(Thread::start);
    Workers.Joining.join(List.copyOf(closing), Workers.Joining.ms(1_300));
    runtimes.clear();
    pools.close();
  }

  static List<String> nodes(JvmRuntimeConfig config) {
    var nodes = new LinkedHashSet<String>();
    for (String node : config.nodes()) {
      if (!node.matches("[A-Za-z0-9_-]{1,64}") || !nodes.add(node)) {
        throw refused("nodes", String.join(",", config.nodes()), "different names of letters, digits, _ and -");
      }
    }
    if (nodes.isEmpty()) {
      throw refused("nodes", "", "at least one name");
    }
    return List.copyOf(nodes);
  }

  static JvmPools.Threads threads(JvmRuntimeConfig config, int cores) {
    var usual = JvmPools.Threads.forCores(cores);
    int actors = within("actorThreads", config.actorThreads(), 0, 1024);
    int compute = within("computeThreads", config.computeThreads(), 0, 1024);
    return new JvmPools.Threads(actors == 0 ? usual.actorThreads() : actors,
        within("ioThreads", config.ioThreads(), 1, 64), within("syncThreads", config.syncThreads(), 1, 64),
        compute == 0 ? usual.computeThreads() : compute);
  }

  private static Path folder(JvmRuntimeConfig config) {
    try {
      if (!config.dataDirectory().isBlank()) {
        return Path.of(config.dataDirectory()).toAbsolutePath();
      }
    } catch (InvalidPathException e) {
      throw refused("dataDirectory", config.dataDirectory(), "a path of this file system");
    }
    throw refused("dataDirectory", config.dataDirectory(), "a path of this file system");
  }

  private static int within(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw refused(key, Integer.toString(value), min + " to " + max);
    }
    return value;
  }

  private static ConfigException refused(String key, String value, String accepted) {
    return new ConfigException("dev.tenon.runtime.jvm." + key, value, accepted);
  }
}
