package dev.tenon.handover;

import dev.tenon.runtime.Runtime;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotControl;
import dev.tenon.slot.SlotStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.SatisfiedReferenceDTO;

/// Who relies on whom in this container at one moment. A slot is a part as well: without its node's runtime, its role's
/// strategy or what keeps all slots, its facade goes, and with it the components that use it. Its provider may go, and
/// the facade stays.
///
/// @param slots all there are
/// @param plan what follows from what
/// @param servedBy the numbers of the services that serve, by slot
record Reliances(List<SlotStatus> slots, UpgradePlan plan, Map<String, Set<Long>> servedBy) {
  /// A service, and its bundle while that was still known.
  private record Registered(ServiceReference<?> reference, Bundle bundle) {
    long number() { return (Long) reference.getProperty(Constants.SERVICE_ID); }

    @Nullable
    Object property(String key) { return reference.getProperty(key); }

    boolean isA(Class<?> type) {
      return List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)).contains(type.getName());
    }
  }

  static Reliances read(BundleContext context, ServiceComponentRuntime components, List<SlotStatus> slots) {
    List<Registered> services = services(context);
    List<UpgradePlan.Part> parts = new ArrayList<>(parts(components));
    Map<String, Long> numbers = new HashMap<>();
    Map<String, Set<Long>> servedBy = new HashMap<>();
    for (SlotStatus slot : slots) {
      String name = slot.name().toString();
      numbers.put(name, UpgradePlan.slotNumber(numbers.size()));
      parts.add(
          new UpgradePlan.Part(numbers.get(name), name, context.getBundle().getBundleId(), footing(slot, services)));
      servedBy.put(name, those(services, service -> serves(service, slot)));
    }
    return new Reliances(slots, new UpgradePlan(parts, services.stream().map(each -> offer(each, numbers)).toList()),
        servedBy);
  }

  /// The slots that end, and begin anew with what they stand on.
  ///
  /// @return their names
  List<String> ended(UpgradePlan.Touched touched) {
    return touched.restarted().stream().filter(UpgradePlan.Part::isSlot).map(UpgradePlan.Part::name).sorted().toList();
  }

  /// The slots that go on without who serves them.
  ///
  /// @return their names
  List<String> deserted(UpgradePlan.Touched touched) {
    List<String> ended = ended(touched);
    return slots.stream().map(slot -> slot.name().toString()).filter(name -> !ended.contains(name))
        .filter(name -> servedBy.getOrDefault(name, Set.of()).stream().anyMatch(touched.gone()::contains)).toList();
  }

  private static List<UpgradePlan.Need> footing(SlotStatus slot, List<Registered> services) {
    return List.of(
        new UpgradePlan.Need(true, true, those(services, service -> service.isA(SlotControl.class))),
        new UpgradePlan.Need(true, true, those(services, service -> service.isA(Runtime.class)
            && slot.name().node().equals(service.property(Runtime.NODE)))),
        new UpgradePlan.Need(true, true, those(services, service -> service.isA(QueuedRole.class)
            && slot.name().role().equals(service.property(QueuedRole.ROLE)))));
  }

  private static boolean serves(Registered service, SlotStatus slot) {
    Object provider = service.property(QueuedRole.PROVIDER);
    Object node = service.property(Runtime.NODE);
    return provider != null && slot.name().role().equals(service.property(QueuedRole.ROLE))
        && (node == null || slot.name().node().equals(node))
        && slot.provider().equals(Candidate.label(provider.toString(), service.bundle().getVersion().toString()));
  }

  private static List<UpgradePlan.Part> parts(ServiceComponentRuntime components) {
    List<UpgradePlan.Part> parts = new ArrayList<>();
    for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
      Map<String, ReferenceDTO> described = Arrays.stream(component.references)
          .collect(Collectors.toMap(reference -> reference.name, reference -> reference));
      for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(component)) {
        List<UpgradePlan.Need> needs = new ArrayList<>();
        for (SatisfiedReferenceDTO satisfied : configuration.satisfiedReferences) {
          ReferenceDTO reference = described.get(satisfied.name);
          needs.add(new UpgradePlan.Need(reference == null || reference.policy.equals("static"),
              reference == null || reference.cardinality.startsWith("1"),
              Arrays.stream(satisfied.boundServices).map(service -> service.id).collect(Collectors.toSet())));
        }
        parts.add(new UpgradePlan.Part(configuration.id, component.name, component.bundle.id, needs));
      }
    }
    return parts;
  }

  /// Without those whose bundle goes just now.
  private static List<Registered> services(BundleContext context) {
    List<Registered> services = new ArrayList<>();
    try {
      ServiceReference<?>[] all = context.getAllServiceReferences(null, null);
      for (ServiceReference<?> reference : all == null ? new ServiceReference<?>[0] : all) {
        Bundle bundle = reference.getBundle();
        if (bundle != null) {
          services.add(new Registered(reference, bundle));
        }
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // there is no filter
    }
    return services;
  }

  private static UpgradePlan.Offer offer(Registered service, Map<String, Long> slots) {
    Object component = service.property(ComponentConstants.COMPONENT_ID);
    Object slot = service.property(QueuedRole.SLOT);
    long from = component instanceof Long id ? id : slots.getOrDefault(String.valueOf(slot), UpgradePlan.NO_PART);
    return new UpgradePlan.Offer(service.number(), service.bundle().getBundleId(), from);
  }

  private static Set<Long> those(List<Registered> services, Predicate<Registered> wanted) {
    return services.stream().filter(wanted).map(Registered::number).collect(Collectors.toSet());
  }
}
