package dev.tenon.handover;

import dev.tenon.runtime.UnavailableException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/// A provider behind its service reference.
final class ServiceSource implements ProviderSource {
  private final BundleContext context;
  private final ServiceReference<?> reference;

  ServiceSource(BundleContext context, ServiceReference<?> reference) {
    this.context = context;
    this.reference = reference;
  }

  @Override
  public Object take() {
    Object service = context.getService(reference);
    if (service == null) {
      throw new UnavailableException("the provider's service is gone");
    }
    return service;
  }

  @Override
  public void release() {
    try {
      context.ungetService(reference);
    } catch (IllegalStateException stopped) {
      // The bundle has stopped meanwhile, and the framework has given the service back by itself.
      return;
    }
  }
}
