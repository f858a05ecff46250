package dev.tenon.itests.wiring;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import dev.tenon.itests.support.Await;
import dev.tenon.itests.support.ForkedNode;
import dev.tenon.itests.support.Node;
import dev.tenon.launcher.Profile;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/// Every profile starts whole, with the real launcher, or says what is missing.
@NullUnmarked
public class ProfilesIT {
  private static final int SECONDS_MAX = 30;

  @Rule
  public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void everyProfileStartsWithAllComponentsActive() throws Exception {
    for (String profile : Profile.names(Node.home().resolve("features"))) {
      try (ForkedNode node = new ForkedNode(data(profile), "--profile", profile).awaitUp()) {
        Await.until(profile + ": " + node.ask("why"), SECONDS_MAX,
            () -> node.ask("why").contains("no component waits"));
        Await.until(profile + ": " + node.ask("health"), SECONDS_MAX, () -> node.ask("health").startsWith("ok"));
        assertFalse(node.ask("status"), node.ask("status").contains("  failed"));
        assertEquals(node.output(), 0, node.stop());
      }
    }
  }

  @Test
  public void aProfileThatCannotStartWholeSaysWhy() throws Exception {
    try (ForkedNode node = new ForkedNode(data("bad"), "--set", "dev.tenon.devnet.nodes=99").awaitUp()) {
      Await.until("health sees it", SECONDS_MAX, () -> node.ask("health").startsWith("unwell"));
      assertTrue(node.ask("why"), node.ask("why").contains("99"));
      assertTrue(node.ask("why"), node.ask("why").contains("1 to 64"));
      assertEquals(node.output(), 0, node.stop());
    }
  }

  private Path data(String name) {
    return folder.getRoot().toPath().resolve(name);
  }
}
