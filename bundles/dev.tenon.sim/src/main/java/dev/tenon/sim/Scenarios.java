package dev.tenon.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/// The scenarios on the class path: the simulator's own first, then what the [ScenarioProvider]s bring.
public final class Scenarios {
  private Scenarios() {}

  /// @return all of them
  public static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>();
    all.add(new DurableAcks(DurableAcks.Bug.NONE));
    ServiceLoader.load(ScenarioProvider.class, ScenarioProvider.class.getClassLoader())
        .forEach(provider -> all.addAll(provider.scenarios()));
    return all;
  }
}
