package dev.tenon.handover;

import dev.tenon.runtime.status.OperatorCommand;
import dev.tenon.slot.SlotControl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/// Says beforehand what the update of a bundle stops, starts anew and seals. It knows the bundle that is there, not the
/// one that comes: an update whose imports differ may be wired to others.
@Component(name = "dev.tenon.handover.upgrade")
public final class UpgradeCommand implements OperatorCommand {
  private static final String PLAN = "--plan";

  private final BundleContext context;
  private final ServiceComponentRuntime components;
  private final SlotControl slots;

  /// Takes its references.
  ///
  /// @param context of this bundle
  /// @param components what refers to what
  /// @param slots who serves
  @Activate
  public UpgradeCommand(BundleContext context,
      @Reference(name = "components") ServiceComponentRuntime components,
      @Reference(name = "slots") SlotControl slots) {
    this.context = context;
    this.components = components;
    this.slots = slots;
  }

  @Override
  public String name() {
    return "upgrade";
  }

  @Override
  public String help() {
    return "says what the update of each bundle, or of some at once, would restart: upgrade --plan [BUNDLE...]";
  }

  @Override
  public List<String> run(List<String> words) {
    if (words.isEmpty() || !words.getFirst().equals(PLAN)) {
      throw new IllegalArgumentException(help());
    }
    List<String> names = words.subList(1, words.size());
    List<Bundle> updated = named(names);
    Reliances reliances = Reliances.read(context, components, slots.slots());
    return names.isEmpty()
        ? installed().sorted(Comparator.comparing(Bundle::getSymbolicName)).map(each -> line(each, reliances)).toList()
        : lines(updated, reliances);
  }

  private String line(Bundle updated, Reliances reliances) {
    Collection<Bundle> stopped = stoppedWith(List.of(updated));
    UpgradePlan.Touched touched = reliances.plan().by(numbers(stopped));
    return label(updated) + ": stops " + counted(stopped.size() - 1, "other bundle") + ", restarts "
        + counted(elsewhere(touched, stopped).size(), "component") + " of others, seals "
        + (reliances.ended(touched).size() + reliances.deserted(touched).size()) + " of "
        + counted(reliances.slots().size(), "slot");
  }

  private List<String> lines(List<Bundle> updated, Reliances reliances) {
    Collection<Bundle> stopped = stoppedWith(updated);
    UpgradePlan.Touched touched = reliances.plan().by(numbers(stopped));
    List<String> others = stopped.stream().filter(bundle -> !updated.contains(bundle)).map(UpgradeCommand::label)
        .sorted().toList();
    List<String> restarted = elsewhere(touched, stopped);
    List<String> ended = reliances.ended(touched);
    List<String> deserted = reliances.deserted(touched);
    List<String> lines = new ArrayList<>();
    updated.forEach(bundle -> lines.add("exchanges " + label(bundle)));
    lines.add("stops and starts " + counted(others.size(), "other bundle") + listed(others));
    lines.add("restarts " + counted(restarted.size(), "component") + " of others" + listed(restarted));
    lines.add("seals " + counted(ended.size() + deserted.size(), "slot"));
    if (!ended.isEmpty()) {
      lines.add("these end, and begin anew with what they stand on" + listed(ended));
    }
    if (!deserted.isEmpty()) {
      lines.add("these wait for somebody who reads what is there; with onGone=migrate they are handed over first"
          + listed(deserted));
    }
    return lines;
  }

  /// @throws IllegalArgumentException if there is none of that name
  private List<Bundle> named(List<String> names) {
    List<Bundle> found = new ArrayList<>();
    for (String name : new TreeSet<>(names)) {
      List<Bundle> same = installed().filter(bundle -> name.equals(bundle.getSymbolicName())).toList();
      if (same.isEmpty()) {
        throw new IllegalArgumentException("there is no bundle '" + name + "'; 'upgrade --plan' lists all");
      }
      found.addAll(same);
    }
    return found;
  }

  /// All but the framework itself.
  private Stream<Bundle> installed() {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getBundleId() != 0 && bundle.getSymbolicName() != null);
  }

  /// Those that are updated, and all that are wired to them.
  private Collection<Bundle> stoppedWith(Collection<Bundle> updated) {
    return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class)
        .getDependencyClosure(updated);
  }

  private static Set<Long> numbers(Collection<Bundle> bundles) {
    return bundles.stream().map(Bundle::getBundleId).collect(Collectors.toSet());
  }

  /// Names of components that no bundle of these has.
  private static List<String> elsewhere(UpgradePlan.Touched touched, Collection<Bundle> stopped) {
    Set<Long> own = numbers(stopped);
    return touched.restarted().stream().filter(part -> !part.isSlot() && !own.contains(part.bundle()))
        .map(UpgradePlan.Part::name).sorted().toList();
  }

  private static String label(Bundle bundle) {
    return bundle.getSymbolicName() + " " + bundle.getVersion();
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /// Goes behind a count: each name once, with how often where it is there several times.
  private static String listed(List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    return names.stream().distinct().map(name -> {
      long times = names.stream().filter(name::equals).count();
      return times == 1 ? name : name + " (" + times + ")";
    }).collect(Collectors.joining(", ", ": ", ""));
  }
}
