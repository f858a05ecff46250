package dev.tenon.shell;

import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/// Well when each bundle that should run is active and no component waits for anything.
@Component(name = "dev.tenon.shell.components", property = {"hc.name=components", "hc.tags=tenon"})
public final class ComponentsHealth implements HealthCheck {
  private final BundleContext context;
  private final Components components;

  /// @param context this bundle's
  /// @param runtime what knows the components
  @Activate
  public ComponentsHealth(BundleContext context,
      @Reference(name = "componentRuntime") ServiceComponentRuntime runtime) {
    this.context = context;
    this.components = new Components(context, runtime);
  }

  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    for (Bundle bundle : context.getBundles()) {
      if (!StartAgain.isDown(bundle)) continue;
      boolean unresolved = bundle.getState() == Bundle.INSTALLED; // it may have changed since
      log.critical(unresolved ? "bundle {} cannot be resolved" : "bundle {} did not start", bundle);
    }
    log.info("{} bundles", context.getBundles().length); // an empty log would count as a warning
    for (String line : components.waiting()) log.temporarilyUnavailable("{}", line);
    return new Result(log);
  }
}
