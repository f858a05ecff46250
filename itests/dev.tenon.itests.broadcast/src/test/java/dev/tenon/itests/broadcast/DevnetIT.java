package dev.tenon.itests.broadcast;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.tenon.itests.support.Await;
import dev.tenon.itests.support.ForkedNode;
import dev.tenon.itests.support.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/// Goal: a devnet certifies, keeps on while its journal provider is exchanged under load, and after a restart. Method:
/// the real launcher in a JVM of its own, asked over the control socket. The devnet itself compares each certified
/// payload with what was sent; its health check turns critical at the first difference.
@NullUnmarked
public class DevnetIT {
  private static final String PROVIDER = "dev.tenon.journal.segmented";
  private static final int SECONDS_MAX = 60;
  private static final int NODES = 4;
  private static final Pattern CERTIFIED = Pattern.compile("chunks/s, (\\d+) in all");

  @Rule
  public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void losesNothingWhenTheProviderIsUpdatedUnderLoadAndTheNodeRestarts() throws Exception {
    Path data = folder.getRoot().toPath().resolve("d");
    long lowestTip;
    try (ForkedNode node = new ForkedNode(data, "--rate", "200").awaitUp()) {
      awaitCertified(node, 100);
      node.ask("gogo update " + bundleId(node) + " " + jar().toUri());
      awaitSlots(node, 2, "ACTIVE");
      awaitCertified(node, certified(node) + 100);
      awaitHealthy(node);
      lowestTip = lowestTip(node);
      assertEquals(node.output(), 0, node.stop());
    }
    try (ForkedNode node = new ForkedNode(data, "--rate", "200").awaitUp()) {
      awaitCertified(node, 100);
      awaitSlots(node, 2, "ACTIVE");
      assertTrue("tips go on from " + lowestTip, lowestTip(node) >= lowestTip);
      awaitHealthy(node);
      assertEquals(node.output(), 0, node.stop());
    }
  }

  @Test
  public void pausesWithoutAProviderAndComesBackByItself() throws Exception {
    Path data = folder.getRoot().toPath().resolve("d");
    try (ForkedNode node = new ForkedNode(data, "--rate", "200").awaitUp()) {
      awaitCertified(node, 100);
      String provider = bundleId(node);
      node.ask("gogo stop " + provider);
      awaitSlots(node, 1, "EMPTY");
      Await.until("engines say that they pause", SECONDS_MAX, () -> node.ask("tips").contains("paused: "));
      Await.until("health says so", SECONDS_MAX, () -> node.ask("health").startsWith("unwell"));
      long before = certified(node);
      node.ask("gogo start " + provider);
      awaitSlots(node, 2, "ACTIVE");
      awaitCertified(node, before + 100);
      awaitHealthy(node);
      assertEquals(node.output(), 0, node.stop());
    }
  }

  @Test
  public void movesToAHigherEpochLive() throws Exception {
    Path data = folder.getRoot().toPath().resolve("d");
    try (ForkedNode node = new ForkedNode(data, "--rate", "200", "--set", "dev.tenon.devnet.epoch=7").awaitUp()) {
      awaitCertified(node, 100);
      assertTrue(node.ask("tips"), column(node, "tips", 2).allMatch("7"::equals));
      awaitHealthy(node);
      assertEquals(node.output(), 0, node.stop());
    }
  }

  /// Results of health checks are cached for two seconds.
  private static void awaitHealthy(ForkedNode node) {
    Await.until("healthy: " + node.ask("health"), SECONDS_MAX, () -> node.ask("health").startsWith("ok"));
  }

  private static void awaitCertified(ForkedNode node, long count) {
    Await.until(count + " certified chunks: " + node.ask("line"), SECONDS_MAX, () -> certified(node) >= count);
  }

  private static long certified(ForkedNode node) {
    Matcher line = CERTIFIED.matcher(node.ask("line"));
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }

  private static void awaitSlots(ForkedNode node, int generation, String state) {
    Await.until("slots " + state + " at generation " + generation + ": " + node.ask("slots"), SECONDS_MAX,
        () -> rows(node, "slots").filter(row -> row.get(2).equals(Integer.toString(generation))
            && row.get(3).equals(state)).count() == NODES);
  }

  private static long lowestTip(ForkedNode node) {
    return column(node, "tips", 4).mapToLong(Long::parseLong).min().orElseThrow();
  }

  private static Stream<String> column(ForkedNode node, String table, int index) {
    return rows(node, table).map(row -> row.get(index));
  }

  /// A table's rows without its head, cut at two or more spaces.
  private static Stream<List<String>> rows(ForkedNode node, String table) {
    return node.ask(table).lines().skip(2).map(line -> List.of(line.split("\\s{2,}")));
  }

  private static String bundleId(ForkedNode node) {
    String line = node.ask("gogo lb -s " + PROVIDER).lines().filter(row -> row.contains(PROVIDER)).findFirst()
        .orElseThrow();
    return line.substring(0, line.indexOf('|')).strip();
  }

  private static Path jar() throws IOException {
    try (Stream<Path> jars = Files.list(Node.home().resolve("features/target/bundles"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(PROVIDER)).findFirst().orElseThrow();
    }
  }
}
