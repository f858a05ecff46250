package dev.tenon.itests.broadcast;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import dev.tenon.itests.support.Await;
import dev.tenon.itests.support.Devnet;
import dev.tenon.itests.support.ForkedNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/// Goal: a slot whose record is destroyed, or what it names, serves nothing until an operator says from where, signs
/// nothing until he says so, also after a restart, and goes on with its own chains only once he says that nothing of
/// them is missing. Method: the real launcher in a JVM of its own; the record's file, or an owner file, is filled with
/// zeros between two starts. Who signs shows in how far each chain comes: the three other nodes are enough to certify.
@NullUnmarked
public class RecoverIT {
  private static final String SLOT = "v0/journal/broadcast";
  private static final String LOCATION = "journal/broadcast/1";
  private static final int ALL = 32;
  private static final int OTHERS = 24;
  private static final int MORE = 50;

  @Rule
  public final TemporaryFolder folder = new TemporaryFolder();

  private Path data;

  @Before
  public void freshFolder() {
    data = folder.getRoot().toPath().resolve("d");
  }

  @Test
  public void aSlotWithoutItsRecordIsBroughtBackByTheOperatorAndSignsWhenHeSaysSo() throws Exception {
    try (ForkedNode node = start()) {
      new Devnet(node::ask).awaitCertified(MORE);
      assertEquals(node.output(), 0, node.stop());
    }
    destroyRecord();
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      fails(devnet);
      isRecovered(devnet);
      signsNothing(devnet);
      assertEquals(node.output(), 0, node.stop());
    }
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      awaitSlot(devnet, "ACTIVE");
      signsNothing(devnet);
      String seen = isShown(devnet, "--sign");
      String answer = devnet.ask("slot recover " + SLOT + " --sign --nothing-above --seen " + seen);
      assertTrue(answer, answer.startsWith("error not lifted: it is no longer as it was shown with " + seen));
      answer = devnet.ask("slot recover " + SLOT + " --sign --seen " + seen);
      assertTrue(answer, answer.contains("slot " + SLOT + " is signed on again; what may have been signed before"));
      proposesNothing(devnet);
      assertEquals(node.output(), 0, node.stop());
    }
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      awaitSlot(devnet, "ACTIVE");
      proposesNothing(devnet);
      String seen = isShown(devnet, "--sign --nothing-above");
      proposesNothing(devnet);
      String answer = devnet.ask("slot recover " + SLOT + " --sign --nothing-above --seen " + seen);
      assertEquals("ok\nslot " + SLOT + " is signed on again", answer.strip());
      awaitMoving(devnet, ALL);
      devnet.awaitHealthy();
      assertEquals(node.output(), 0, node.stop());
    }
  }

  @Test
  public void whatWasHandedOverFromIsTakenUpAgainAndSignsNothingAlsoAfterARestart() throws Exception {
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(MORE);
      devnet.ask("swap " + SLOT + " mapdb");
      awaitSlot(devnet, "ACTIVE", "mapdb@");
      devnet.awaitMore(MORE);
      assertEquals(node.output(), 0, node.stop());
    }
    destroy(Devnet.ownerFile(data.resolve("nodes/v0/journal/broadcast/2")));
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      awaitSlot(devnet, "FAILED");
      String found = devnet.ask("slot recover " + SLOT);
      assertTrue(found, found.contains("choice: --from-retained, which is " + LOCATION));
      String answer = devnet.ask("slot recover " + SLOT + " --from-retained");
      assertTrue(answer, answer.contains("begins anew from " + LOCATION + " in generation 3, with signing off"));
      awaitSlot(devnet, "ACTIVE", "mapdb@"); // it was handed over once more, as is wished for
      signsNothing(devnet);
      assertEquals(node.output(), 0, node.stop());
    }
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      awaitSlot(devnet, "ACTIVE", "mapdb@");
      signsNothing(devnet);
      assertEquals(node.output(), 0, node.stop());
    }
  }

  private static void fails(Devnet devnet) {
    awaitSlot(devnet, "FAILED");
    Await.until("health says so", Devnet.SECONDS_MAX, () -> devnet.ask("health").contains(SLOT + " is FAILED: "
        + LOCATION + " is CLOSED in generation 1, the record is absent"));
    awaitMoving(devnet, OTHERS);
    List<String> found = devnet.ask("slot recover " + SLOT).lines().toList();
    assertTrue(found.toString(), found.contains("no valid record") && found.contains("choice: --from " + LOCATION));
    for (String wrong : List.of("--from journal/broadcast/9", "--from-retained")) {
      String answer = devnet.ask("slot recover " + SLOT + " " + wrong);
      assertTrue(answer, answer.startsWith("error not recovered: "));
    }
    awaitSlot(devnet, "FAILED");
  }

  private static void isRecovered(Devnet devnet) {
    String answer = devnet.ask("slot recover " + SLOT + " --from " + LOCATION);
    assertTrue(answer, answer.contains("begins anew from " + LOCATION + " in generation 2, with signing off"));
    awaitSlot(devnet, "ACTIVE");
    answer = devnet.ask("slot recover " + SLOT + " --from " + LOCATION);
    assertTrue(answer, answer.startsWith("error ") && answer.contains("nothing is to recover"));
  }

  /// What it would be signed on from, and that lifts nothing.
  ///
  /// @return what confirms it
  private static String isShown(Devnet devnet, String option) {
    String line = "slot recover " + SLOT + " " + option;
    List<String> lines = devnet.ask(line).lines().toList();
    assertEquals(lines.toString(), "ok", lines.getFirst());
    assertTrue(lines.toString(),
        lines.stream().anyMatch(each -> each.startsWith("chain ") && each.contains(", its own: ")));
    assertTrue(lines.toString(), lines.stream().anyMatch(each -> each.startsWith("journal ")));
    String confirm = "nothing is lifted yet; where that may be signed from: ./tenon " + line + " --seen ";
    assertTrue(lines.toString(), lines.getLast().startsWith(confirm));
    return lines.getLast().substring(confirm.length());
  }

  /// Its own chains stand still, and it follows the others'.
  private static void signsNothing(Devnet devnet) {
    Await.until("health says so", Devnet.SECONDS_MAX, () -> devnet.ask("health").contains(SLOT
        + " was recovered: nothing is signed on it until ./tenon slot recover " + SLOT + " --sign"));
    Await.until("its engines work", Devnet.SECONDS_MAX,
        () -> rows(devnet).anyMatch(row -> row.get(0).equals("v0")) && !devnet.ask("tips").contains("paused: "));
    awaitMoving(devnet, OTHERS);
  }

  private static void proposesNothing(Devnet devnet) {
    Await.until("health says so", Devnet.SECONDS_MAX, () -> devnet.ask("health").contains(
        "it proposes nothing: its journals were recovered and may lack what it has signed"));
    awaitMoving(devnet, OTHERS);
  }

  /// Waits until so many chains go on and no other one does. A chunk that was signed before the last stop and reached
  /// nobody is sent once more as soon as it may be: it moves its chain by one, and never again.
  private static void awaitMoving(Devnet devnet, int chains) {
    Await.until("just " + chains + " chains go on", Devnet.SECONDS_MAX, () -> {
      Map<String, Long> before = tips(devnet);
      Await.until(chains + " chains go on", Devnet.SECONDS_MAX, () -> moving(before, tips(devnet)) >= chains);
      devnet.awaitMore(MORE);
      return moving(before, tips(devnet)) == chains;
    });
  }

  private static long moving(Map<String, Long> before, Map<String, Long> after) {
    return after.entrySet().stream().filter(chain -> !chain.getValue().equals(before.get(chain.getKey()))).count();
  }

  /// By sequencer, as another node sees them.
  private static Map<String, Long> tips(Devnet devnet) {
    return rows(devnet).filter(row -> row.get(0).equals("v1") && row.get(1).equals("validator"))
        .collect(Collectors.toMap(row -> row.get(3), row -> Long.valueOf(row.get(4)), (one, other) -> one,
            TreeMap::new));
  }

  private static Stream<List<String>> rows(Devnet devnet) {
    return devnet.ask("tips").lines().skip(2).map(line -> List.of(line.split("\\s{2,}")));
  }

  private static void awaitSlot(Devnet devnet, String state) {
    awaitSlot(devnet, state, "");
  }

  private static void awaitSlot(Devnet devnet, String state, String provider) {
    try {
      Await.until(SLOT + " is " + state, Devnet.SECONDS_MAX, () -> devnet.isIn(SLOT, state, provider));
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + ": " + devnet.ask("slots"), late);
    }
  }

  private void destroyRecord() throws IOException {
    destroy(data.resolve("nodes/v0/records")
        .resolve(HexFormat.of().formatHex(SLOT.getBytes(StandardCharsets.UTF_8))));
  }

  private static void destroy(Path file) throws IOException {
    byte[] zeros = new byte[(int) Files.size(file)];
    assertFalse("there was one", Arrays.equals(zeros, Files.readAllBytes(file)));
    Files.write(file, zeros);
  }

  private ForkedNode start() throws IOException {
    return new ForkedNode(data, "--rate", "200").awaitUp();
  }
}
