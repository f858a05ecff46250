package dev.tenon.itests.broadcast;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.tenon.itests.support.Devnet;
import dev.tenon.itests.support.ForkedNode;
import dev.tenon.itests.support.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/// Goal: no bundle relies on starting before or after another one. Method: copies of the profile whose bundles all have
/// one start level and are installed, and so started, in an order that a seed decides.
@NullUnmarked
public class StartOrderIT {
  private static final int SEEDS = 4;
  private static final Pattern BUNDLE = Pattern.compile("[\\w.-]+;version='[^']*'");

  @Rule
  public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void bundlesMayStartInAnyOrder() throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      Path home = shuffled(seed);
      try (ForkedNode node = new ForkedNode(home, home.resolve("d")).awaitUp()) {
        Devnet devnet = new Devnet(node::ask);
        devnet.awaitCertified(100);
        devnet.awaitHealthy();
        assertTrue(node.ask("why"), node.ask("why").contains("no component waits"));
        assertEquals("seed " + seed + ": " + node.output(), 0, node.stop());
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private Path shuffled(long seed) throws IOException {
    Path home = folder.newFolder("s" + seed).toPath();
    Path features = Files.createDirectories(home.resolve("features/devnet"));
    Path from = Node.home().resolve("features");
    Files.createSymbolicLink(home.resolve("features/target"), from.resolve("target"));
    Files.copy(from.resolve("logback.xml"), home.resolve("features/logback.xml"));
    for (String file : List.of("configuration.json", "options.properties")) {
      Files.copy(from.resolve("devnet").resolve(file), features.resolve(file));
    }
    String common = Files.readString(from.resolve("common.bnd"));
    Files.writeString(home.resolve("features/common.bnd"), common + "\nstart-levels: *=1\n"); // the last one counts
    List<String> bundles = new ArrayList<>();
    Matcher names = BUNDLE.matcher(Files.readString(from.resolve("devnet/devnet.bndrun")));
    while (names.find()) bundles.add(names.group());
    Collections.shuffle(bundles, new Random(seed));
    Files.writeString(features.resolve("devnet.bndrun"),
        bundles.stream().collect(Collectors.joining(",\\\n  ", "-runbundles: \\\n  ", "\n")));
    return home;
  }
}
