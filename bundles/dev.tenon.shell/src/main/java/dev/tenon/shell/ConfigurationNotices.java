package dev.tenon.shell;

import dev.tenon.runtime.status.StatusSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/// Tells of configuration that no bundle reads, such as a mistyped key: Configuration Admin itself takes anything.
/// Looks again after each change of a configuration and each start of a bundle, whose references are known then.
@Component(name = "dev.tenon.shell.configurations", service = {StatusSource.class, ConfigurationListener.class})
public final class ConfigurationNotices implements StatusSource, ConfigurationListener {
  private static final int NOTICES_MAX = 16;

  private final BundleContext context;
  private final ConfigurationAdmin admin;
  private final MetaTypeService types;
  private final ServiceComponentRuntime components;
  private final Set<String> notices = Collections.synchronizedSet(new LinkedHashSet<>());
  private final BundleListener starts = event -> {
    if (event.getType() == BundleEvent.STARTED) changed = true;
  };
  private volatile boolean changed = true;

  /// Takes its references.
  ///
  /// @param context this bundle's
  /// @param admin what is configured
  /// @param types what may be
  /// @param components which references may be targeted
  @Activate
  public ConfigurationNotices(BundleContext context, @Reference(name = "admin") ConfigurationAdmin admin,
      @Reference(name = "types") MetaTypeService types,
      @Reference(name = "components") ServiceComponentRuntime components) {
    this.context = context;
    this.admin = admin;
    this.types = types;
    this.components = components;
    context.addBundleListener(starts);
  }

  @Deactivate
  void close() {
    context.removeBundleListener(starts);
  }

  @Override
  public void configurationEvent(ConfigurationEvent event) {
    changed = true;
  }

  @Override
  public int order() {
    return Integer.MAX_VALUE;
  }

  @Override
  public String text() {
    return "";
  }

  @Override
  public List<String> notices() {
    if (changed) {
      changed = false;
      faults().stream().limit(NOTICES_MAX - (long) notices.size()).forEach(notices::add);
    }
    synchronized (notices) {
      return List.copyOf(notices);
    }
  }

  private List<String> faults() {
    Map<String, DescribedKeys> described = described(context, types, components);
    List<String> faults = new ArrayList<>();
    try {
      Configuration[] all = admin.listConfigurations(null);
      for (Configuration configuration : all == null ? new Configuration[0] : all) {
        String owner = configuration.getFactoryPid() == null ? configuration.getPid() : configuration.getFactoryPid();
        DescribedKeys keys = described.get(owner);
        if (keys == null) {
          faults.add(configuration.getPid() + ": no bundle of this node reads this configuration");
        } else {
          faults.addAll(keys.faults(configuration.getPid(), values(configuration)));
        }
      }
    } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
      changed = true; // deleted meanwhile, or the container stops: the next look tells
    }
    return faults;
  }

  private static Map<String, Object> values(Configuration configuration) {
    Map<String, Object> values = new TreeMap<>();
    var properties = configuration.getProperties();
    if (properties != null) {
      properties.keys().asIterator().forEachRemaining(key -> values.put(key, properties.get(key)));
    }
    return values;
  }

  /// @return by PID or factory PID
  static Map<String, DescribedKeys> described(BundleContext context, MetaTypeService types,
      ServiceComponentRuntime components) {
    Map<String, Set<String>> references = new TreeMap<>();
    for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
      for (String pid : component.configurationPid) {
        Set<String> names = references.computeIfAbsent(pid, any -> new TreeSet<>());
        for (ReferenceDTO reference : component.references) {
          names.add(reference.name);
        }
      }
    }
    Map<String, DescribedKeys> described = new TreeMap<>();
    for (Bundle bundle : context.getBundles()) {
      MetaTypeInformation information = types.getMetaTypeInformation(bundle);
      if (information != null) {
        for (String[] pids : List.of(orNone(information.getPids()), orNone(information.getFactoryPids()))) {
          for (String pid : pids) {
            var keys = keys(information.getObjectClassDefinition(pid, null));
            described.put(pid, new DescribedKeys(keys, references.getOrDefault(pid, Set.of()),
                bundle.getState() != Bundle.ACTIVE));
          }
        }
      }
    }
    references.forEach((pid, names) -> described.putIfAbsent(pid, new DescribedKeys(Map.of(), names, false)));
    return described;
  }

  private static Map<String, AttributeDefinition> keys(ObjectClassDefinition definition) {
    Map<String, AttributeDefinition> keys = new TreeMap<>();
    for (AttributeDefinition key : definition.getAttributeDefinitions(ObjectClassDefinition.ALL)) {
      keys.put(key.getID(), key);
    }
    return keys;
  }

  private static String[] orNone(String[] pids) {
    return pids == null ? new String[0] : pids;
  }
}
