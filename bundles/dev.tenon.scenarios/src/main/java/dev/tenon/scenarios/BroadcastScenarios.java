package dev.tenon.scenarios;

import dev.tenon.sim.Scenario;
import dev.tenon.sim.ScenarioProvider;
import java.util.ArrayList;
import java.util.List;

/// Ordered broadcast on real journal slots.
public final class BroadcastScenarios implements ScenarioProvider {
  /// For the service loader.
  public BroadcastScenarios() {}

  @Override
  public List<Scenario> scenarios() {
    List<Scenario> both = new ArrayList<>(all());
    both.addAll(SwapScenarios.all());
    return both;
  }

  static List<BroadcastScenario> all() {
    return List.of(
        new BroadcastScenario("broadcast-calm", "nothing goes wrong but the power at the end", Plan.FOUR,
            Troubles::calm),
        new BroadcastScenario("broadcast-lossy", "links lose, double and reorder messages", Plan.FOUR,
            Troubles::lossyLinks),
        new BroadcastScenario("broadcast-partitions", "nodes lose sight of each other, in one direction or both",
            Plan.FOUR, Troubles::partitions),
        new BroadcastScenario("broadcast-validator-crashes", "validators crash and start again", Plan.FOUR,
            Troubles::crashValidators),
        new BroadcastScenario("broadcast-sequencer-crashes",
            "sequencers crash; their application then proposes another payload", Plan.FOUR, Troubles::crashSequencers),
        new BroadcastScenario("broadcast-blackouts", "all nodes lose their power at once", Plan.FOUR,
            Troubles::blackouts),
        new BroadcastScenario("broadcast-disk-full", "disks fill up and have room again", Plan.FOUR,
            Troubles::diskFull),
        new BroadcastScenario("broadcast-disk-errors", "storage calls of every kind fail", Plan.FOUR,
            Troubles::diskErrors),
        new BroadcastScenario("broadcast-slow-disks", "disks are up to 300 times slower", Plan.FOUR,
            Troubles::slowDisks),
        new BroadcastScenario("broadcast-epochs", "epochs change under load, each with four of five validators",
            Plan.FOUR.rotating(), Troubles::epochs),
        new BroadcastScenario("broadcast-updates", "the journal provider's bundle is updated, stopped and started",
            Plan.FOUR, Troubles::providerUpdates),
        new BroadcastScenario("broadcast-villain",
            "a validator and sequencer equivocates, forges and floods, and others crash", Plan.FOUR.withVillain(),
            Troubles::villain),
        new BroadcastScenario("broadcast-everything", "all of these in one run", Plan.FOUR, Troubles::everything));
  }
}
