package dev.tenon.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/// What each component waits for, from what Declarative Services knows.
final class Components {
  private static final int DEPTH_MAX = 16;
  private static final String CAUSED_BY = "Caused by: ";
  private static final Pattern PACKAGES = Pattern.compile("^(?:[a-z][A-Za-z0-9_]*\\.)+(?=[A-Z])");
  private final BundleContext context;
  private final ServiceComponentRuntime runtime;

  Components(BundleContext context, ServiceComponentRuntime runtime) {
    this.context = context;
    this.runtime = runtime;
  }

  /// @return one row a component configuration: component, with the instance's name after a tilde; bundle, state
  Answer table() {
    List<List<String>> rows = new ArrayList<>();
    for (ComponentDescriptionDTO component : described()) {
      Collection<ComponentConfigurationDTO> configurations = runtime.getComponentConfigurationDTOs(component);
      if (configurations.isEmpty()) {
        String absent = runtime.isComponentEnabled(component) ? "without configuration" : "disabled";
        rows.add(List.of(component.name, component.bundle.symbolicName, absent));
      }
      for (ComponentConfigurationDTO configuration : configurations) {
        rows.add(List.of(named(component.name, configuration.properties), component.bundle.symbolicName,
            state(configuration.state)));
      }
    }
    return new Answer.Table(List.of("component", "bundle", "state"), rows);
  }

  /// @return a sentence or more for each component that does not run although it should
  List<String> waiting() {
    List<String> lines = new ArrayList<>();
    for (ComponentDescriptionDTO component : described()) lines.addAll(why(component, new LinkedHashSet<>()));
    return lines;
  }

  /// @param words a part of a component's name, or nothing; what follows a tilde, as the table has it, does not count
  /// @return what these components wait for
  Answer why(List<String> words) {
    if (words.isEmpty()) {
      List<String> lines = waiting();
      return new Answer.Lines(lines.isEmpty() ? List.of("no component waits for anything") : lines);
    }
    String wanted = words.getFirst().replaceFirst("~.*", "");
    List<String> lines = new ArrayList<>();
    for (ComponentDescriptionDTO component : described()) {
      if (!component.name.contains(wanted)) continue;
      List<String> reasons = why(component, new LinkedHashSet<>());
      lines.addAll(reasons.isEmpty() ? List.of(component.name + " waits for nothing") : reasons);
    }
    if (lines.isEmpty()) return new Answer.Refused("no component's name contains '" + words.getFirst() + "'");
    return new Answer.Lines(lines);
  }

  private List<ComponentDescriptionDTO> described() {
    return runtime.getComponentDescriptionDTOs().stream()
        .sorted(Comparator.comparing((ComponentDescriptionDTO component) -> component.name)).toList();
  }

  private List<String> why(ComponentDescriptionDTO component, Set<String> path) {
    if (path.size() >= DEPTH_MAX || !path.add(component.name)) {
      return List.of(component.name + " waits, in the end, for itself: " + String.join(" > ", path));
    }
    List<String> lines = new ArrayList<>();
    Collection<ComponentConfigurationDTO> configurations = runtime.getComponentConfigurationDTOs(component);
    if (!runtime.isComponentEnabled(component)) {
      lines.add(component.name + " is disabled");
    } else if (configurations.isEmpty() && path.size() > 1) {
      // Alone this is no fault, since somebody has to want it first; beneath a missing reference it is the reason.
      lines.add(component.name + " has no configuration " + String.join(" or ", component.configurationPid));
    }
    for (ComponentConfigurationDTO configuration : configurations) {
      String name = named(component.name, configuration.properties);
      switch (configuration.state) {
        case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> lines
            .add(name + " waits for configuration " + String.join(" or ", component.configurationPid));
        case ComponentConfigurationDTO.FAILED_ACTIVATION -> lines
            .add(name + " failed to start: " + rootCause(configuration.failure));
        case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> {
          for (UnsatisfiedReferenceDTO missing : configuration.unsatisfiedReferences) {
            lines.add(name + " waits for " + missing(component, missing));
            lines.addAll(beneath(component, missing, path));
          }
        }
        default -> {
          // Satisfied or active: it waits for nothing.
        }
      }
    }
    path.remove(component.name);
    return lines;
  }

  private String missing(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO missing) {
    String type = typeOf(component, missing.name);
    String text = "reference '" + missing.name + "': " + type
        + (missing.target == null ? "" : " with " + missing.target);
    try {
      var any = context.getAllServiceReferences(type, null);
      if (any == null) return text + "; no bundle offers one";
      if (context.getAllServiceReferences(type, missing.target) == null) {
        return text + "; " + any.length + " offered, none with these properties";
      }
      return text + "; one is offered, but of another class of that name (a bundle embeds the contract)";
    } catch (InvalidSyntaxException e) {
      return text + "; the target is no filter: " + e.getMessage();
    }
  }

  private List<String> beneath(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO missing, Set<String> path) {
    String type = typeOf(component, missing.name);
    List<String> lines = new ArrayList<>();
    for (ComponentDescriptionDTO other : described()) {
      if (!Arrays.asList(other.serviceInterfaces).contains(type)) continue;
      for (String reason : why(other, path)) lines.add("  " + reason);
    }
    return lines;
  }

  private static String typeOf(ComponentDescriptionDTO component, String reference) {
    for (ReferenceDTO candidate : component.references) {
      if (candidate.name.equals(reference)) return candidate.interfaceName;
    }
    return reference;
  }

  /// @param component a component's name
  /// @param properties of one of its configurations
  /// @return the name, with a tilde and the configuration's own name where it is one of several
  static String named(String component, Map<String, ?> properties) {
    Stream<?> pids = switch (properties.get(Constants.SERVICE_PID)) {
      case Collection<?> several -> several.stream();
      case Object[] several -> Arrays.stream(several);
      case null -> Stream.empty();
      case Object one -> Stream.of(one);
    };
    return pids.map(String::valueOf).filter(pid -> pid.indexOf('~') >= 0).findFirst()
        .map(pid -> component + pid.substring(pid.indexOf('~'))).orElse(component);
  }

  private static String state(int state) {
    return switch (state) {
      case ComponentConfigurationDTO.ACTIVE -> "active";
      case ComponentConfigurationDTO.SATISFIED -> "satisfied";
      case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> "waits for configuration";
      case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> "waits for a service";
      case ComponentConfigurationDTO.FAILED_ACTIVATION -> "failed";
      default -> "state " + state;
    };
  }

  /// @param trace a stack trace as text, with its causes
  /// @return the line of the innermost cause, without package names
  static String rootCause(@Nullable String trace) {
    if (trace == null) return "";
    String line = trace.lines().filter(each -> each.startsWith(CAUSED_BY)).reduce((outer, inner) -> inner)
        .map(each -> each.substring(CAUSED_BY.length())).or(() -> trace.lines().findFirst()).orElse("");
    return PACKAGES.matcher(line).replaceFirst("");
  }
}
