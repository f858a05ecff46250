package dev.tenon.runtime;

/// One permit for one sleeper: a wake before the sleep is kept.
public interface Waiter {
  /// Leaves the permit. Any thread; never blocks.
  void wake();

  /// Takes the permit, or sleeps until it comes. On a strand, or on a thread that is not the runtime's; never in a
  /// handler.
  ///
  /// @param deadlineNs on [Clock#monotonicNs]
  /// @return false if the time has passed without a permit
  /// @throws UnavailableException at once, if as many strands of the process wait as it allows
  boolean sleepUntil(long deadlineNs);
}
