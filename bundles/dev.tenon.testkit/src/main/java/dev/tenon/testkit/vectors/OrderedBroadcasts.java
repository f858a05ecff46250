package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.sim.Simulation;
import java.util.Optional;

/// Chains of ordered broadcast: keys, chunks, nodes, acks, certificates. All of it is made again from the secret keys,
/// by the services of one simulated node a validator, and read, written and verified.
final class OrderedBroadcasts implements VectorKind {
  private final VectorServices services;

  OrderedBroadcasts(VectorServices services) {
    this.services = services;
  }

  @Override
  public boolean recognises(String fileName, JsonNode root) {
    return fileName.equals("ordered-broadcast-ed25519.json");
  }

  @Override
  public void run(JsonNode root, Cases cases) {
    int index = 0;
    for (JsonNode each : root.required("scenarios")) {
      try (Simulation simulation = Simulation.seeded(index)) {
        var chain = new BroadcastChain("scenario " + index++, each, services, simulation, cases);
        chain.keys();
        Optional<JsonNode> below = Optional.empty();
        for (JsonNode node : each.required("nodes")) {
          chain.node(node, below);
          below = Optional.of(node);
        }
      }
    }
  }
}
