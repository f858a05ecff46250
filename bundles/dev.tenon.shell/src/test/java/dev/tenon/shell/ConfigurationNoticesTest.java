package dev.tenon.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/// Goal: a key is judged once all that may read it is known, and not again at each look. Method: a container of one
/// bundle with one PID, made of proxies, that counts who asks for its configurations.
class ConfigurationNoticesTest {
  private static final String PID = "dev.tenon.some";

  private final AtomicInteger asked = new AtomicInteger();
  private final List<BundleListener> listeners = new ArrayList<>();
  private final List<ComponentDescriptionDTO> known = new ArrayList<>();
  private int state = Bundle.RESOLVED;
  private final ConfigurationNotices notices = new ConfigurationNotices(context(), admin(), types(), components());

  @Test
  void judgesTheKeysOfABundleOnceItHasStarted() {
    assertThat(notices.notices()).isEmpty();

    start();

    assertThat(notices.notices()).containsExactly(PID + ".nobody.target: nobody reads this key; known: ");
  }

  @Test
  void asksNoMoreThanOnceForEachStart() {
    notices.notices();
    notices.notices();
    assertThat(asked).hasValue(1);

    start();
    notices.notices();
    notices.notices();

    assertThat(asked).hasValue(2);
  }

  @Test
  void hearsNothingOnceItIsClosed() {
    notices.close();

    assertThat(listeners).isEmpty();
  }

  private void start() {
    state = Bundle.ACTIVE;
    ComponentDescriptionDTO component = new ComponentDescriptionDTO();
    component.configurationPid = new String[] {PID};
    component.references = new ReferenceDTO[] {new ReferenceDTO()};
    component.references[0].name = "storage";
    known.add(component);
    BundleEvent event = new BundleEvent(BundleEvent.STARTED, bundle());
    List.copyOf(listeners).forEach(listener -> listener.bundleChanged(event));
  }

  private Bundle bundle() {
    return Fake.of(Bundle.class, (self, method, arguments) -> method.getName().equals("getState") ? state : null);
  }

  private BundleContext context() {
    Bundle bundle = bundle();
    return Fake.of(BundleContext.class, (self, method, arguments) -> switch (method.getName()) {
      case "getBundles" -> new Bundle[] {bundle};
      case "addBundleListener" -> always(listeners.add((BundleListener) arguments[0]));
      case "removeBundleListener" -> always(listeners.remove((BundleListener) arguments[0]));
      default -> throw new UnsupportedOperationException(method.getName());
    });
  }

  private ConfigurationAdmin admin() {
    var values = FrameworkUtil.asDictionary(Map.of("nobody.target", "(a=b)", "storage.target", "(c=d)"));
    Configuration one = Fake.of(Configuration.class, (self, method, arguments) -> switch (method.getName()) {
      case "getPid" -> PID;
      case "getProperties" -> values;
      default -> null;
    });
    return Fake.of(ConfigurationAdmin.class, (self, method, arguments) -> {
      asked.incrementAndGet();
      return new Configuration[] {one};
    });
  }

  private static MetaTypeService types() {
    ObjectClassDefinition keys =
        Fake.of(ObjectClassDefinition.class, (self, method, arguments) -> new AttributeDefinition[0]);
    MetaTypeInformation information = Fake.of(MetaTypeInformation.class, (self, method, arguments) -> switch (method
        .getName()) {
      case "getPids" -> new String[] {PID};
      case "getFactoryPids" -> null;
      default -> keys;
    });
    return Fake.of(MetaTypeService.class, (self, method, arguments) -> information);
  }

  private ServiceComponentRuntime components() {
    return Fake.of(ServiceComponentRuntime.class, (self, method, arguments) -> List.copyOf(known));
  }

  private static @Nullable Object always(boolean done) {
    assertThat(done).isTrue();
    return null;
  }
}
