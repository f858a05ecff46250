package dev.tenon.slot;

import dev.tenon.runtime.role.Description;
import org.osgi.annotation.versioning.ConsumerType;

/// The strategy of a queued role, beside its contract and without the name of a provider: a service with the property
/// [#ROLE].
@ConsumerType
public interface QueuedRole {
  /// The service property that names a role, of providers and of strategies.
  String ROLE = "tenon.role";
  /// The service property that names a provider.
  String PROVIDER = "tenon.provider";
  /// The service property of a facade.
  String SLOT = "tenon.slot";

  /// The role.
  ///
  /// @return its name, as in a slot's
  String role();

  /// The role's interface on the engines' side, under which a facade is registered.
  ///
  /// @return the class's name
  String facadeType();

  /// Whether a provider that reads and writes the format of what is there opens the location of the one before. If not,
  /// everything is carried over to each new one, whatever its format: for roles that keep nothing in their location.
  ///
  /// @return always the same
  default boolean reopens() { return true; }

  /// Asks a provider what it is. On the slot's strand; no I/O.
  ///
  /// @param provider the service
  /// @return its description
  Description describe(Object provider);

  /// Builds the facade of one slot.
  ///
  /// @param port the slot
  /// @return valid until the node stops
  QueuedFacade facade(SlotPort port);
}
