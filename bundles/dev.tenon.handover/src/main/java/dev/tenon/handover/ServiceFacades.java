package dev.tenon.handover;

import dev.tenon.runtime.Runtime;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotName;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/// Facades as services. Their properties never change.
final class ServiceFacades implements FacadeRegistry {
  private final BundleContext context;
  private final Map<SlotName, ServiceRegistration<?>> registrations = new ConcurrentSkipListMap<>();

  ServiceFacades(BundleContext context) {
    this.context = context;
  }

  @Override
  public void publish(SlotName name, String type, Object facade) {
    Map<String, String> properties = new TreeMap<>();
    properties.put(QueuedRole.SLOT, name.toString());
    properties.put(Runtime.NODE, name.node());
    registrations.put(name, context.registerService(type, facade, FrameworkUtil.asDictionary(properties)));
  }

  @Override
  public void withdraw(SlotName name) {
    ServiceRegistration<?> registration = registrations.remove(name);
    if (registration != null) {
      try {
        registration.unregister();
      } catch (IllegalStateException stopped) {
        // The bundle has stopped meanwhile, and the framework has withdrawn it by itself.
        return;
      }
    }
  }
}
