package dev.tenon.itests.broadcast;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.tenon.itests.plugin.PlainJournals;
import dev.tenon.itests.support.Devnet;
import dev.tenon.itests.support.ForkedNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/// Goal: a provider that knows nothing of Tenon but its contracts takes part like our own: between each ordered pair of
/// providers journals are handed over under load with nothing lost (promise H8). Method: as an operator does it, with
/// the jar in the deploy folder of a real node. The devnet compares each certified payload with what was sent.
@NullUnmarked
public class PluginIT {
  private static final int NODES = 4;
  private static final int MORE = 50;
  /// From `segmented` on, each ordered pair of the three is in it.
  private static final List<String> WALK =
      List.of("mapdb", "segmented", "plain", "mapdb", "plain", "segmented", "plain");

  @Rule
  public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void journalsAreHandedOverBetweenAllPairsOfProvidersWithAForeignOneAmongThem() throws Exception {
    Path data = folder.getRoot().toPath().resolve("d");
    long lowestTip;
    try (ForkedNode node = new ForkedNode(data, "--rate", "100").awaitUp()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(MORE);
      Files.copy(jar(), data.resolve("deploy/plain.jar"));
      for (int i = 0; i < WALK.size(); i++) {
        swap(devnet, WALK.get(i), i + 2);
      }
      lowestTip = devnet.lowestTip();
      assertEquals(node.output(), 0, node.stop());
    }
    try (ForkedNode node = new ForkedNode(data, "--rate", "100").awaitUp()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(MORE);
      devnet.awaitSlots(WALK.size() + 1, "ACTIVE");
      assertTrue(node.ask("slots"), devnet.column("slots", 1).allMatch(label -> label.startsWith("plain@")));
      assertTrue("tips go on from " + lowestTip, devnet.lowestTip() >= lowestTip);
      devnet.awaitHealthy();
      assertEquals(node.output(), 0, node.stop());
    }
  }

  private static void swap(Devnet devnet, String provider, int generation) {
    for (int node = 0; node < NODES; node++) {
      String answer = devnet.ask("swap v" + node + "/journal/broadcast " + provider);
      assertTrue(answer, answer.startsWith("ok"));
    }
    devnet.awaitSlots(generation, "ACTIVE");
    String slots = devnet.ask("slots");
    assertTrue(slots, devnet.column("slots", 1).allMatch(label -> label.startsWith(provider + "@")));
    devnet.awaitMore(MORE);
    devnet.awaitHealthy();
  }

  private static Path jar() throws Exception {
    return Path.of(PlainJournals.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
