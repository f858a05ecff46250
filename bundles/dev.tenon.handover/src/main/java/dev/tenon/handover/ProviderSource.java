package dev.tenon.handover;

/// A registered provider that can be taken: a service reference, or a script.
public interface ProviderSource {
  /// Takes the service. On the slot's strand; activating it does no I/O.
  ///
  /// @return the provider
  /// @throws dev.tenon.runtime.UnavailableException if it is gone
  Object take();

  /// Gives it back. On the slot's strand.
  void release();
}
