package dev.tenon.handover;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Who depends on whom among components, slots and services, and so what starts anew where bundles stop. Pure.
///
/// @param parts the components that there are, and the slots
/// @param offers the services that are registered
record UpgradePlan(List<Part> parts, List<Offer> offers) {
  /// Of a service that no part has registered.
  static final long NO_PART = -1;

  /// A component or a slot.
  ///
  /// @param id its number: a component's own, or a slot's as [#slotNumber]
  /// @param name its name
  /// @param bundle its bundle's number
  /// @param needs what it refers to
  record Part(long id, String name, long bundle, List<Need> needs) {
    boolean isSlot() { return id < NO_PART; }

    boolean isLostWith(Set<Long> gone) { return needs.stream().anyMatch(need -> need.isLostWith(gone)); }
  }

  /// A reference.
  ///
  /// @param fixed whether whoever has it starts anew with each service that it loses
  /// @param required whether it cannot be without one
  /// @param bound the numbers of the services that it has
  record Need(boolean fixed, boolean required, Set<Long> bound) {
    boolean isLostWith(Set<Long> gone) {
      return fixed ? bound.stream().anyMatch(gone::contains)
          : required && !bound.isEmpty() && gone.containsAll(bound);
    }
  }

  /// A service.
  ///
  /// @param id its number
  /// @param bundle the number of the bundle that registered it
  /// @param part the part that it is, or [#NO_PART]
  record Offer(long id, long bundle, long part) {}

  /// What an update touches.
  ///
  /// @param restarted what starts anew, that of the bundles that stop included
  /// @param gone the numbers of the services that go, for a while at least
  record Touched(List<Part> restarted, Set<Long> gone) {}

  /// Numbers slots so that none is a component's, which begin with 0.
  static long slotNumber(int index) { return NO_PART - 1 - index; }

  /// Follows what is lost until nothing more is.
  ///
  /// @param bundles the numbers of those that stop
  Touched by(Set<Long> bundles) {
    Set<Long> gone = new HashSet<>();
    offers.stream().filter(offer -> bundles.contains(offer.bundle())).forEach(offer -> gone.add(offer.id()));
    List<Part> left = new ArrayList<>(parts);
    List<Part> restarted = new ArrayList<>();
    Set<Long> down = new HashSet<>();
    List<Part> next = left.stream().filter(part -> bundles.contains(part.bundle()) || part.isLostWith(gone)).toList();
    while (!next.isEmpty()) {
      restarted.addAll(next);
      left.removeAll(next);
      next.forEach(part -> down.add(part.id()));
      offers.stream().filter(offer -> down.contains(offer.part())).forEach(offer -> gone.add(offer.id()));
      next = left.stream().filter(part -> part.isLostWith(gone)).toList();
    }
    return new Touched(restarted, gone);
  }
}
