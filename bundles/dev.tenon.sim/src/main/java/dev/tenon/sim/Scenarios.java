package dev.tenon.sim;

import java.util.List;

/// The scenarios that test the simulator itself; engines bring theirs.
public final class Scenarios {
  private Scenarios() {}

  /// @return all of them
  public static List<Scenario> all() {
    return List.of(new DurableAcks(DurableAcks.Bug.NONE));
  }
}
