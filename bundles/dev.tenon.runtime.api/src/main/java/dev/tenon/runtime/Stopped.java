package dev.tenon.runtime;

/// Thrown by every runtime call of an actor, strand or node that has ended. Nobody catches it but the loops of actor
/// and strand.
public final class Stopped extends Error {
  private static final long serialVersionUID = 1L;

  /// @param what has ended
  public Stopped(String what) {
    super(what, null, false, false);
  }
}
