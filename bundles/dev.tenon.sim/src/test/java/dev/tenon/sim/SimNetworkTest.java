package dev.tenon.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.network.Link;
import dev.tenon.runtime.network.PeerId;
import dev.tenon.runtime.network.Urgency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SimNetworkTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /// Three nodes with a link each; what arrives is kept as numbers.
  private static final class World implements AutoCloseable {
    final Simulation sim;
    final List<SimNode> nodes = new ArrayList<>();
    final TreeMap<String, Link> links = new TreeMap<>();
    final TreeMap<String, List<Integer>> arrived = new TreeMap<>();

    World(long seed) {
      sim = Simulation.seeded(seed);
      for (int i = 0; i < 3; i++) {
        PeerId self = peer(i);
        arrived.put("v" + i, new ArrayList<>());
        nodes.add(sim.node("v" + i, node -> links.put(node.name(), node.runtime().network().link(self, "c", frame -> {
          received(node.name()).add((int) frame.bytes().get(0));
          return Offer.OK;
        }))));
      }
    }

    static PeerId peer(int i) {
      return new PeerId(Bytes.of((byte) i));
    }

    List<Integer> received(String node) {
      return arrived.computeIfAbsent(node, name -> new ArrayList<>());
    }

    Offer send(int from, int to, int number, Urgency urgency) {
      Link link = links.get("v" + from);
      assertThat(link).isNotNull();
      return link == null ? Offer.CLOSED : link.send(peer(to), Bytes.of((byte) number), urgency);
    }

    List<Integer> after100(int from, int to) {
      received("v" + to).clear();
      for (int i = 0; i < 100; i++) {
        assertThat(send(from, to, i, Urgency.NORMAL)).isEqualTo(Offer.OK);
      }
      sim.run(SECOND);
      return received("v" + to);
    }

    @Override
    public void close() {
      sim.close();
    }
  }

  @Test
  void keepsOrderAndLosesNothingUnlessTold() {
    try (World world = new World(1)) {
      assertThat(world.after100(0, 1)).hasSize(100).isSorted();
    }
  }

  @Test
  void losesDoublesAndReorders() {
    try (World world = new World(1)) {
      world.sim.network().loss(0.2);
      assertThat(world.after100(0, 1)).hasSizeBetween(60, 95).isSorted();
      world.sim.network().loss(0).duplicate(0.2);
      assertThat(world.after100(0, 1)).hasSizeBetween(105, 145);
      world.sim.network().duplicate(0).reorder(0.2);
      List<Integer> reordered = world.after100(0, 1);
      assertThat(new LinkedHashSet<>(reordered)).hasSize(100);
      assertThat(reordered).isNotEqualTo(reordered.stream().sorted().toList());
    }
  }

  @Test
  void shapesOneDirectionAlone() {
    try (World world = new World(1)) {
      world.sim.network().link(world.nodes.get(0), world.nodes.get(1)).loss(1);
      assertThat(world.after100(0, 1)).isEmpty();
      assertThat(world.after100(1, 0)).hasSize(100);
      assertThat(world.after100(0, 2)).hasSize(100);
    }
  }

  @Test
  void partitionsCutsAndHeals() {
    try (World world = new World(1)) {
      world.sim.network().partition(List.of(world.nodes.get(0)));
      assertThat(world.after100(0, 1)).isEmpty();
      assertThat(world.after100(1, 0)).isEmpty();
      assertThat(world.after100(1, 2)).hasSize(100);
      world.sim.network().heal();
      assertThat(world.after100(0, 1)).hasSize(100);
      world.sim.network().cut(world.nodes.get(0), world.nodes.get(1));
      assertThat(world.after100(0, 1)).isEmpty();
      assertThat(world.after100(1, 0)).hasSize(100);
      assertThat(world.sim.network().lost()).isEqualTo(300);
    }
  }

  @Test
  void boundedQueueRejectsAndUrgentFramesGoFirst() {
    try (World world = new World(1)) {
      world.sim.network().latency(Duration.ofMillis(1), Duration.ZERO).bandwidth(100, 10);
      List<Offer> offers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        offers.add(world.send(0, 1, i, i == 9 ? Urgency.PRIORITY : Urgency.NORMAL));
      }
      assertThat(offers).startsWith(Offer.OK).endsWith(Offer.BACKOFF, Offer.REJECTED, Offer.REJECTED);
      world.sim.run(SECOND);
      assertThat(world.received("v1")).containsExactly(0, 9, 1, 2, 3, 4, 5, 6, 7, 8);
    }
  }

  @Test
  void nobodyLinkedMeansClosedAndFramesOfDeadReceiversAreLost() {
    try (World world = new World(1)) {
      assertThat(world.send(0, 1, 1, Urgency.NORMAL)).isEqualTo(Offer.OK);
      world.nodes.get(1).crash(CrashKind.PROCESS_KILL, Duration.ofNanos(1));
      world.sim.run(SECOND);
      assertThat(world.received("v1")).as("sent to the incarnation before").isEmpty();
      world.nodes.get(1).crash(CrashKind.PROCESS_KILL);
      assertThat(world.send(0, 1, 2, Urgency.NORMAL)).isEqualTo(Offer.CLOSED);
    }
  }

  @Test
  void framesOfADeadSenderArriveUntilItLinksAnew() {
    try (World world = new World(1)) {
      world.send(0, 1, 1, Urgency.NORMAL);
      world.nodes.get(0).crash(CrashKind.PROCESS_KILL);
      world.sim.run(SECOND);
      assertThat(world.received("v1")).containsExactly(1);
      world.nodes.get(0).start();
      world.send(0, 1, 2, Urgency.NORMAL);
      world.nodes.get(0).crash(CrashKind.PROCESS_KILL, Duration.ofNanos(1));
      world.sim.run(SECOND);
      assertThat(world.received("v1")).containsExactly(1);
    }
  }
}
