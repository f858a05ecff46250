package dev.tenon.scenarios;

import java.util.ArrayList;
import java.util.List;

/// Prints scenario, seed and digest, a line each: each scenario once or twice.
final class PrintDigests {
  static final int RUNS = 30;

  private PrintDigests() {}

  /// @param arguments none
  public static void main(String[] arguments) {
    List<BroadcastScenario> all = new ArrayList<>(SwapScenarios.all());
    all.addAll(BroadcastScenarios.all());
    for (int i = 0; i < RUNS; i++) {
      BroadcastScenario scenario = all.get(i % all.size());
      System.out.println(scenario.name() + " " + i + " " + scenario.run(i, null).digest());
    }
  }
}
