package dev.tenon.runtime;

/// A message that puts more than its type into the simulator's trace.
public interface Traced {
  /// @return the same for the same content at every run; no identity hash, no text
  long trace();
}
