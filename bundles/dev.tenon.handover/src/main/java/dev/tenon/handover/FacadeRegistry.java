package dev.tenon.handover;

import dev.tenon.slot.SlotName;

/// Where facades become services.
public interface FacadeRegistry {
  /// Offers a facade; once a slot. On the slot's desk.
  ///
  /// @param name the slot
  /// @param type the service interface
  /// @param facade the object
  void publish(SlotName name, String type, Object facade);

  /// Takes it back. On the slot's desk.
  ///
  /// @param name the slot
  void withdraw(SlotName name);
}
