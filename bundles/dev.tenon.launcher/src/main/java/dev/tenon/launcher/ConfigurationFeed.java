package dev.tenon.launcher;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;

/// Gives the node's whole configuration to Configuration Admin, each time that one comes: it remembers none.
///
/// Not the OSGi Configurator: that one writes all it knows to disk after each PID, which took half a second of a start
/// with 72 of them (docs/adr/0005-container.md). Calls are by name, because the service's type belongs to the bundles.
final class ConfigurationFeed implements AllServiceListener {
  /// What there is to say at that moment.
  interface Source {
    Settings read() throws UsageException, IOException;
  }

  private static final String ADMIN = "org.osgi.service.cm.ConfigurationAdmin";
  private static final String CONFIGURATION = "org.osgi.service.cm.Configuration";
  /// A configuration for bundles of any location: two versions of a provider have one PID.
  private static final String ANY_LOCATION = "?";

  private final BundleContext context;
  private final Source source;

  private ConfigurationFeed(BundleContext context, Source source) {
    this.context = context;
    this.source = source;
  }

  /// @param context of a framework that has not started yet
  static void to(BundleContext context, Source source) {
    try {
      context.addServiceListener(new ConfigurationFeed(context, source), "(objectClass=" + ADMIN + ")");
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    if (event.getType() != ServiceEvent.REGISTERED) return;
    ServiceReference<?> reference = event.getServiceReference();
    Object admin = context.getService(reference);
    try {
      ClassLoader types = admin.getClass().getClassLoader();
      Class<?> type = Class.forName(ADMIN, false, types);
      Method single = type.getMethod("getConfiguration", String.class, String.class);
      Method named = type.getMethod("getFactoryConfiguration", String.class, String.class, String.class);
      Method update = Class.forName(CONFIGURATION, false, types).getMethod("update", Dictionary.class);
      for (Map.Entry<String, Hashtable<String, Object>> each : source.read().configurations().entrySet()) {
        String pid = each.getKey();
        int name = pid.indexOf('~');
        Object configuration = name < 0
            ? single.invoke(admin, pid, ANY_LOCATION)
            : named.invoke(admin, pid.substring(0, name), pid.substring(name + 1), ANY_LOCATION);
        update.invoke(configuration, each.getValue());
      }
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the configuration is not taken: " + e.getCause(), e);
    } catch (ReflectiveOperationException | UsageException | IOException e) {
      throw new IllegalStateException("the configuration is not taken: " + Sentence.of(e), e);
    } finally {
      context.ungetService(reference);
    }
  }
}
