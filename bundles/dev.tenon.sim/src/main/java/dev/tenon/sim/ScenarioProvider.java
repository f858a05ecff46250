package dev.tenon.sim;

import java.util.List;

/// Brings scenarios; found by [java.util.ServiceLoader] on the class path of whoever runs them.
public interface ScenarioProvider {
  /// @return always the same names
  List<Scenario> scenarios();
}
