package dev.tenon.itests.broadcast;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import dev.tenon.itests.support.Await;
import dev.tenon.itests.support.Devnet;
import dev.tenon.itests.support.ForkedNode;
import dev.tenon.itests.support.Rebuilt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/// Goal: a devnet certifies, keeps on while its journal provider is exchanged under load, and what was done to it live
/// holds after a restart. Method: the real launcher in a JVM of its own, asked over the control socket. The devnet
/// itself compares each certified payload with what was sent; its health check turns critical at the first difference.
@NullUnmarked
public class DevnetIT {
  private static final String REBUILT = "0.1.1";
  private static final byte CLOSED = 3;
  private static final byte SEALED = 4;
  private static final int NODES = 4;
  private static final int BELOW_PROVIDERS = 15;
  /// What is promised for Ctrl-C.
  private static final long STOP_MS_MAX = 3_000;
  private static final Pattern STOPPED = Pattern.compile("stopped in (\\d+) ms");

  @Rule
  public final TemporaryFolder folder = new TemporaryFolder();

  private Path data;

  @Before
  public void freshFolder() {
    data = folder.getRoot().toPath().resolve("d");
  }

  @Test
  public void updatedUnderLoadItLosesNothingAndTheUpdateHoldsAfterARestart() throws Exception {
    Path jar = folder.getRoot().toPath().resolve("rebuilt.jar");
    Rebuilt.copy(Devnet.jar(), REBUILT, jar);
    long lowestTip;
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      node.ask("gogo update " + devnet.bundleId(Devnet.PROVIDER) + " " + jar.toUri());
      devnet.awaitSlots(2, "ACTIVE");
      devnet.awaitMore(100);
      devnet.awaitHealthy();
      lowestTip = devnet.lowestTip();
      stopped(node);
    }
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      devnet.awaitSlots(2, "ACTIVE");
      assertTrue(node.ask("slots"), devnet.column("slots", 1).allMatch(("segmented@" + REBUILT)::equals));
      assertTrue("tips go on from " + lowestTip, devnet.lowestTip() >= lowestTip);
      devnet.awaitHealthy();
      stopped(node);
    }
  }

  @Test
  public void handedOverToAnotherProviderUnderLoadAndBackItLosesNothing() throws Exception {
    long lowestTip;
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      assertTrue(node.ask("swap v0/journal/broadcast Nonsense").startsWith("error "));
      assertTrue(node.ask("swap v9/journal/broadcast mapdb").startsWith("error there is no slot"));
      for (int i = 0; i < NODES; i++) {
        node.ask("swap v" + i + "/journal/broadcast mapdb");
      }
      devnet.awaitSlots(2, "ACTIVE");
      assertTrue(node.ask("slots"), devnet.column("slots", 1).allMatch(label -> label.startsWith("mapdb@")));
      devnet.awaitMore(200);
      devnet.awaitHealthy();
      lowestTip = devnet.lowestTip();
      stopped(node);
    }
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      devnet.awaitSlots(2, "ACTIVE");
      assertTrue(node.ask("slots"), devnet.column("slots", 1).allMatch(label -> label.startsWith("mapdb@")));
      assertTrue("tips go on from " + lowestTip, devnet.lowestTip() >= lowestTip);
      for (int i = 0; i < NODES; i++) {
        node.ask("rollback v" + i + "/journal/broadcast");
      }
      devnet.awaitSlots(3, "ACTIVE");
      assertTrue(node.ask("slots"), devnet.column("slots", 1).allMatch(label -> label.startsWith("segmented@")));
      node.ask("pin v0/journal/broadcast");
      Await.until("it is pinned", Devnet.SECONDS_MAX,
          () -> node.ask("swap v0/journal/broadcast mapdb --dry-run").contains("pinned"));
      node.ask("swap v0/journal/broadcast mapdb");
      node.ask("swap v1/journal/broadcast mapdb");
      Await.until("the slot that is not pinned is handed over", Devnet.SECONDS_MAX,
          () -> devnet.column("slots", 2).toList().equals(List.of("3", "4", "3", "3")));
      node.ask("pin v0/journal/broadcast --off");
      Await.until("so is the one that is free again", Devnet.SECONDS_MAX,
          () -> devnet.column("slots", 2).toList().equals(List.of("4", "4", "3", "3")));
      devnet.awaitMore(200);
      devnet.awaitHealthy();
      stopped(node);
    }
  }

  @Test
  public void itsSchemesAreHandedOverToAnotherArithmeticUnderLoadAndBack() throws Exception {
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      devnet.awaitSchemes(1, "local");
      for (int i = 0; i < NODES; i++) {
        node.ask("swap v" + i + "/scheme/broadcast bouncycastle");
      }
      devnet.awaitSchemes(2, "bouncycastle");
      devnet.awaitMore(200);
      devnet.awaitHealthy();
      stopped(node);
    }
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      devnet.awaitSchemes(2, "bouncycastle");
      for (int i = 0; i < NODES; i++) {
        node.ask("rollback v" + i + "/scheme/broadcast");
      }
      devnet.awaitSchemes(3, "local");
      devnet.awaitMore(200);
      devnet.awaitHealthy();
      stopped(node);
    }
  }

  @Test
  public void ctrlCUnderFullLoadEndsWithEveryJournalSealedAndTheNextStartGoesOn() throws Exception {
    long lowestTip;
    try (ForkedNode node = new ForkedNode(data, "--rate", "0").awaitUp()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(1_000);
      lowestTip = devnet.lowestTip();
      assertEquals(node.output(), 0, node.interrupt());
      Matcher stopped = STOPPED.matcher(node.output());
      assertTrue(node.output(), stopped.find());
      System.out.println("Ctrl-C under full load: " + stopped.group());
      if (Boolean.getBoolean("tenon.nightly")) { // beside other work it says nothing
        assertTrue(stopped.group(), Long.parseLong(stopped.group(1)) < STOP_MS_MAX);
      }
      assertSealed();
    }
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      assertTrue("tips go on from " + lowestTip, devnet.lowestTip() >= lowestTip);
      devnet.awaitSlots(1, "ACTIVE");
      devnet.awaitHealthy();
      stopped(node);
    }
  }

  /// Tables and what may be asked for alike, as over the control socket.
  @Test
  public void theContainersShellHasEveryCommand() throws Exception {
    String slot = "v1/journal/broadcast";
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      devnet.awaitHealthy(); // what is not well fails
      for (Map.Entry<String, String> command : Map.of("slots", slot, "tips", "sequencer-0", "status",
          "dev.tenon.slot~v1-journal-broadcast", "why", "no component waits", "why dev.tenon.slot~v1",
          "waits for nothing", "health",
          "OK components", "metrics", "tenon_broadcast_acks_total", "config get dev.tenon.devnet.rate", "200", "help",
          "rollback SLOT").entrySet()) {
        String answer = node.ask("gogo tenon:" + command.getKey());
        assertTrue(command.getKey() + ": " + answer,
            answer.startsWith("ok\n") && answer.contains(command.getValue()));
      }
      gogo(node, "swap " + slot + " mapdb --dry-run", "possible: copies");
      gogo(node, "pin " + slot, slot + " is pinned");
      gogo(node, "pin " + slot + " --off", slot + " is free");
      gogo(node, "swap " + slot + " mapdb", "asked for mapdb");
      awaitDone(node, slot, "mapdb@");
      gogo(node, "rollback " + slot, "asked for segmented");
      awaitDone(node, slot, "segmented@");
      String refused = node.ask("gogo tenon:swap v9/journal/broadcast mapdb");
      assertTrue(refused, refused.startsWith("error there is no slot"));
      gogo(node, "slot recover " + slot, " known to v");
      plansUpgrades(node);
      gogo(node, "config set dev.tenon.devnet.rate=300", "dev.tenon.devnet.rate = 300, was 200");
      devnet.awaitMore(100);
      assertEquals(node.output(), 0, node.stop());
    }
  }

  /// A provider may be exchanged under those who use it; what they all stand on may not.
  private static void plansUpgrades(ForkedNode node) {
    String all = node.ask("gogo tenon:upgrade --plan");
    String provider = line(all, Devnet.PROVIDER + " ");
    assertTrue(provider, provider.contains(": stops 0 other bundles, restarts 0 components of others, seals "));
    assertFalse(provider, provider.contains("seals 0 of"));
    String contract = line(all, "dev.tenon.runtime.api ");
    assertFalse(contract, contract.contains("stops 0 other"));
    gogo(node, "upgrade --plan " + Devnet.PROVIDER, "v1/journal/broadcast");
    // Its services have no package that anybody imports: what goes with it follows from references.
    String runtime = node.ask("upgrade --plan dev.tenon.runtime.jvm");
    assertTrue(runtime, runtime.contains("dev.tenon.broadcast.ordered") && runtime.contains("v1/scheme/"));
    String unknown = node.ask("upgrade --plan dev.tenon.nobody");
    assertTrue(unknown, unknown.startsWith("error there is no bundle 'dev.tenon.nobody'"));
    assertTrue(node.ask("upgrade").startsWith("error says what the update"));
  }

  private static String line(String answer, String beginning) {
    return answer.lines().filter(line -> line.startsWith(beginning)).findFirst().orElse(answer);
  }

  private static void gogo(ForkedNode node, String line, String part) {
    String answer = node.ask("gogo tenon:" + line);
    assertTrue(line + ": " + answer, answer.startsWith("ok\n") && answer.contains(part));
  }

  private static void awaitDone(ForkedNode node, String slot, String provider) {
    Await.until(slot + " is of " + provider, Devnet.SECONDS_MAX,
        () -> node.ask("gogo tenon:swap " + slot).contains("done: " + provider));
  }

  @Test
  public void withoutAProviderItPausesAlsoAfterARestartAndComesBackWithOne() throws Exception {
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      node.ask("gogo stop " + devnet.bundleId(Devnet.PROVIDER));
      devnet.awaitSlots(1, "EMPTY");
      Await.until("engines say that they pause", Devnet.SECONDS_MAX, () -> node.ask("tips").contains("paused: "));
      Await.until("health says so", Devnet.SECONDS_MAX, () -> node.ask("health").startsWith("unwell"));
      stopped(node);
    }
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitSlots(1, "EMPTY");
      assertEquals(0, devnet.certified());
      node.ask("gogo start " + devnet.bundleId(Devnet.PROVIDER));
      Await.until("slots serve again: " + node.ask("slots"), Devnet.SECONDS_MAX,
          () -> devnet.column("slots", 3).filter("ACTIVE"::equals).count() == NODES);
      devnet.awaitCertified(100);
      devnet.awaitHealthy();
      long generation = devnet.generation();
      node.ask("gogo uninstall " + devnet.bundleId(Devnet.PROVIDER));
      devnet.awaitSlots(generation, "EMPTY");
      Files.copy(Devnet.jar(), data.resolve("deploy/provider.jar"));
      devnet.awaitSlots(generation + 1, "ACTIVE");
      devnet.awaitMore(100);
      stopped(node);
    }
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      assertTrue(node.ask("gogo lb -l"), node.ask("gogo lb -l").contains("/deploy/provider.jar"));
      assertFalse(node.ask("gogo lb -l"), node.ask("gogo lb -l").contains("tenon:" + Devnet.PROVIDER));
      devnet.awaitHealthy();
      stopped(node);
    }
  }

  @Test
  public void movesToAHigherEpochLiveAndStaysThereAfterARestart() throws Exception {
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      for (long epoch : new long[] {3, 1_000}) {
        String answer = node.ask("config set dev.tenon.devnet.epoch=" + epoch);
        assertTrue(answer, answer.startsWith("ok"));
        devnet.awaitEpoch(epoch);
        long everyTip = Collections.max(devnet.column("tips", 4).map(Long::valueOf).toList());
        Await.until("each chain goes on in epoch " + epoch + ": " + node.ask("tips"), Devnet.SECONDS_MAX,
            () -> devnet.lowestTip() > everyTip);
      }
      for (String wrong : List.of("epoch=x", "epoch=-1", "epoch=9223372036854775808", "epoch=1.5", "epoch=999",
          "epok=5",
          "rate=1000001")) {
        String answer = node.ask("config set dev.tenon.devnet." + wrong);
        assertTrue(answer, answer.startsWith("error dev.tenon.devnet."));
        assertEquals("one line: " + answer, 1, answer.lines().count());
      }
      String tooShort = node.ask("config set dev.tenon.slot~v0-journal-broadcast.parkTimeoutMs=5");
      assertTrue(tooShort, tooShort.startsWith("error ") && tooShort.contains("a whole number from 100 to 600000 ("));
      String lowered = node.ask("config set dev.tenon.devnet.epoch=999");
      assertTrue(lowered, lowered.contains("an epoch cannot be lowered, it is 1000 now"));
      devnet.awaitEpoch(1_000);
      node.ask("config set dev.tenon.devnet.rate=300");
      devnet.awaitHealthy();
      stopped(node);
    }
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      devnet.awaitEpoch(1_000);
      assertEquals("the command line wins", List.of("200"), rate(devnet));
      devnet.awaitHealthy();
      stopped(node);
    }
    try (ForkedNode node = new ForkedNode(data, "--set", "dev.tenon.devnet.epoch=1001").awaitUp()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      devnet.awaitEpoch(1_001);
      assertEquals("what was set live holds", List.of("300"), rate(devnet));
      stopped(node);
    }
  }

  /// Who runs the slots goes before their providers: each slot is sealed, and none is handed over because its provider
  /// goes then.
  @Test
  public void aStartLevelThatFallsSealsEachSlotAndTriggersNothing() throws Exception {
    long lowestTip;
    try (ForkedNode node = start(migrating())) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      lowestTip = devnet.lowestTip();
      node.ask("gogo frameworklevel " + BELOW_PROVIDERS);
      Await.until("each journal is sealed", Devnet.SECONDS_MAX,
          () -> ownerStates().equals(Collections.nCopies(NODES, CLOSED)));
      node.stop();
      assertSealed();
      assertEquals("none was handed over", NODES, allOwnerStates().size());
    }
    try (ForkedNode node = start(migrating())) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      assertTrue(node.ask("slots"), devnet.column("slots", 1).allMatch(label -> label.startsWith("segmented@")));
      assertTrue("tips go on from " + lowestTip, devnet.lowestTip() >= lowestTip);
      devnet.awaitHealthy();
      stopped(node);
    }
  }

  /// What a slot serves with is its record's word at a start; what was wished for meanwhile follows by a handover.
  @Test
  public void aWishThatChangedWhileTheNodeWasDownIsFulfilledByAHandover() throws Exception {
    long lowestTip;
    try (ForkedNode node = start()) {
      Devnet devnet = new Devnet(node::ask);
      devnet.awaitCertified(100);
      lowestTip = devnet.lowestTip();
      stopped(node);
    }
    try (ForkedNode node = start("dev.tenon.slot~v0-journal-broadcast.provider=mapdb")) {
      Devnet devnet = new Devnet(node::ask);
      String slot = "v0/journal/broadcast";
      Await.until(slot + " was handed over", Devnet.SECONDS_MAX, () -> devnet.isIn(slot, "ACTIVE", "mapdb@"));
      assertTrue(node.ask("slots"),
          devnet.slot(slot).stream().anyMatch(cell -> cell.contains("handed over to mapdb@")));
      assertEquals(List.of("2", "1", "1", "1"), devnet.column("slots", 2).toList());
      devnet.awaitMore(100);
      assertTrue("tips go on from " + lowestTip, devnet.lowestTip() >= lowestTip);
      devnet.awaitHealthy();
      stopped(node);
    }
  }

  private static String[] migrating() {
    return IntStream.range(0, NODES)
        .mapToObj(i -> "dev.tenon.slot~v" + i + "-journal-broadcast.onGone=migrate").toArray(String[]::new);
  }

  private static List<String> rate(Devnet devnet) {
    return devnet.column("config get dev.tenon.devnet.rate", 2).toList();
  }

  private ForkedNode start(String... settings) throws IOException {
    Stream<String> set = Stream.of(settings).flatMap(each -> Stream.of("--set", each));
    return new ForkedNode(data, Stream.concat(Stream.of("--rate", "200"), set).toArray(String[]::new)).awaitUp();
  }

  /// Ends the node, and looks whether it ended as promised: each slot sealed, no callback longer than 2 s.
  private void stopped(ForkedNode node) throws IOException {
    int code = node.stop();
    assertEquals(node.output(), 0, code);
    assertSealed();
  }

  private void assertSealed() throws IOException {
    assertEquals(Collections.nCopies(NODES, CLOSED), ownerStates());
    String log = Files.readString(data.resolve("logs/node.log"));
    assertFalse(log, log.contains("slots did not let go in time"));
  }

  /// Of those that were not handed over from.
  private List<Byte> ownerStates() {
    return allOwnerStates().stream().filter(state -> state != SEALED).toList();
  }

  /// Of the owner files, `owner` in hex: magic, version, slot, generation, format, then the state.
  private List<Byte> allOwnerStates() {
    List<Byte> states = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      // Beside what a working node makes and deletes.
      try (Stream<Path> locations = Files.list(data.resolve("nodes/v" + i + "/journal/broadcast"))) {
        for (Path owner : locations.map(Devnet::ownerFile).filter(Files::exists).toList()) {
          states.add(state(ByteBuffer.wrap(Files.readAllBytes(owner))));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return states;
  }

  private static byte state(ByteBuffer owner) {
    owner.position(8);
    owner.position(owner.position() + 2 + owner.getShort(owner.position()) + 8);
    return owner.get(owner.position() + 2 + owner.getShort(owner.position()));
  }
}
