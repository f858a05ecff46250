package dev.tenon.itests.wiring;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.tenon.itests.support.Await;
import dev.tenon.itests.support.ForkedNode;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/// What of a node survives its restart, with the real launcher.
@NullUnmarked
public class RestartIT {
  private static final String STOPPABLE = "org.apache.felix.eventadmin";
  private static final String COMPONENT = "dev.tenon.shell.gogo";
  private static final int SECONDS_MAX = 30;

  @Rule
  public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void whatAnOperatorStoppedStaysStopped() throws Exception {
    Path data = folder.getRoot().toPath().resolve("d");
    try (ForkedNode node = new ForkedNode(data, "--profile", "minimal").awaitUp()) {
      assertTrue(node.ask("gogo lb -s " + STOPPABLE), node.ask("gogo lb -s " + STOPPABLE).contains("Active"));
      node.ask("gogo stop " + bundleId(node));
      Await.until("stopped", SECONDS_MAX, () -> node.ask("gogo lb -s " + STOPPABLE).contains("Resolved"));
      assertEquals(node.output(), 0, node.stop());
    }
    try (ForkedNode node = new ForkedNode(data, "--profile", "minimal").awaitUp()) {
      assertTrue(node.ask("gogo lb -s " + STOPPABLE), node.ask("gogo lb -s " + STOPPABLE).contains("Resolved"));
      node.ask("gogo start " + bundleId(node));
      Await.until("started", SECONDS_MAX, () -> node.ask("gogo lb -s " + STOPPABLE).contains("Active"));
      assertEquals(node.output(), 0, node.stop());
    }
  }

  /// What holds is what was done to a bundle. A component is disabled in the running container only, as Declarative
  /// Services has it, and the node says so as long as it lasts (docs/adr/0005-container.md).
  @Test
  public void aComponentThatAnOperatorDisabledIsToldAndComesBackWithARestart() throws Exception {
    Path data = folder.getRoot().toPath().resolve("d");
    try (ForkedNode node = new ForkedNode(data, "--profile", "minimal").awaitUp()) {
      Await.until("all is well", SECONDS_MAX, () -> node.ask("health").startsWith("ok"));
      node.ask("gogo scr:disable " + COMPONENT);
      Await.until("disabled", SECONDS_MAX, () -> node.ask("why").contains(COMPONENT + " is disabled"));
      Await.until("health tells", SECONDS_MAX, () -> node.ask("health").contains(COMPONENT + " is disabled"));
      assertEquals(node.output(), 0, node.stop());
    }
    try (ForkedNode node = new ForkedNode(data, "--profile", "minimal").awaitUp()) {
      Await.until("enabled: " + node.ask("why"), SECONDS_MAX, () -> node.ask("why").contains("no component waits"));
      node.ask("gogo scr:disable " + COMPONENT);
      Await.until("disabled", SECONDS_MAX, () -> node.ask("why").contains(COMPONENT + " is disabled"));
      node.ask("gogo scr:enable " + COMPONENT);
      Await.until("enabled again", SECONDS_MAX, () -> node.ask("why").contains("no component waits"));
      assertEquals(node.output(), 0, node.stop());
    }
  }

  @Test
  public void aSecondNodeOnTheSameFolderGetsOneLine() throws Exception {
    Path data = folder.getRoot().toPath().resolve("d");
    try (ForkedNode node = new ForkedNode(data, "--profile", "minimal").awaitUp();
        ForkedNode second = new ForkedNode(data, "--profile", "minimal")) {
      assertEquals(1, second.awaitExit());
      assertEquals("tenon: a node already runs on " + data, second.output().strip());
      assertEquals(node.output(), 0, node.stop());
    }
  }

  @Test
  public void badCallsGetOneLineAndExitCode2() throws Exception {
    Path data = folder.getRoot().toPath().resolve("d");
    try (ForkedNode node = new ForkedNode(data, "--profile", "nonsense")) {
      assertEquals(2, node.awaitExit());
      assertTrue(node.output(), node.output().startsWith("tenon: unknown profile 'nonsense'; known: "));
    }
    try (ForkedNode node = new ForkedNode(data, "--nonsense")) {
      assertEquals(2, node.awaitExit());
      assertEquals(1, node.output().lines().count());
    }
  }

  private static String bundleId(ForkedNode node) {
    String line = node.ask("gogo lb -s " + STOPPABLE).lines().filter(row -> row.contains(STOPPABLE)).findFirst()
        .orElseThrow();
    return line.substring(0, line.indexOf('|')).strip();
  }
}
