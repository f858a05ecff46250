package dev.tenon.sim;

/// Prints scenario, seed and digest, a line each.
final class PrintDigests {
  private PrintDigests() {}

  /// @param arguments none
  public static void main(String[] arguments) {
    for (Scenario scenario : Scenarios.all()) {
      for (long seed = 0; seed < DeterminismTest.SEEDS; seed++) {
        System.out.println(scenario.name() + " " + seed + " " + scenario.run(seed, null).digest());
      }
    }
  }
}
