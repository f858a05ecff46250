package dev.tenon.itests.slot;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;

import dev.tenon.itests.ledger.Counting;
import dev.tenon.itests.ledger.Ledger;
import dev.tenon.itests.support.Await;
import dev.tenon.itests.support.Devnet;
import dev.tenon.itests.support.Node;
import dev.tenon.itests.support.Rebuilt;
import dev.tenon.itests.support.ShowOnFailure;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Runtime;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.SlotControl;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.jspecify.annotations.NullUnmarked;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.ops4j.pax.exam.util.Filter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.cm.ConfigurationAdmin;

/// Goal: what a slot's configuration promises of providers that go, are installed beside each other or hang holds in a
/// real container, and where slots stand on slots: nothing acknowledged is lost, and callers see delay where they are
/// promised no more. Method: one container for all tests, a slot for each, which it leaves served; callers that count
/// and read everything again.
@NullUnmarked // Pax Exam fills the fields
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SlotIT {
  private static final int MORE = 100;

  @Inject
  @Filter("(tenon.control=true)")
  private Function<String, String> control;

  @Inject
  private SlotControl slots;

  @Inject
  private BundleContext context;

  @Inject
  private ConfigurationAdmin admin;

  @Inject
  @Filter("(tenon.node=local)")
  private Runtime runtime;

  @Inject
  @Filter(value = "(tenon.slot=local/journal/gone)", timeout = 30_000)
  private JournalStore gone;

  @Inject
  @Filter(value = "(tenon.slot=local/journal/followed)", timeout = 30_000)
  private JournalStore followed;

  @Inject
  @Filter(value = "(tenon.slot=local/journal/left)", timeout = 30_000)
  private JournalStore left;

  @Inject
  @Filter(value = "(tenon.slot=local/journal/stuck)", timeout = 30_000)
  private JournalStore stuck;

  @Inject
  @Filter(value = "(tenon.slot=local/journal/base)", timeout = 30_000)
  private JournalStore base;

  @Inject
  @Filter(value = "(tenon.slot=local/ledger/top)", timeout = 30_000)
  private Ledger top;

  @Rule
  public final ShowOnFailure show = new ShowOnFailure(() -> control);

  @Rule
  public final TemporaryFolder folder = new TemporaryFolder();

  /// Of this test: none may take over in another one.
  private final List<Bundle> besides = new ArrayList<>();

  @After
  public void uninstallsWhatItHasInstalled() throws Exception {
    for (Bundle each : besides) {
      if (each.getState() != Bundle.UNINSTALLED) {
        each.uninstall();
      }
    }
  }

  @Configuration
  public Option[] container() throws Exception {
    List<String> settings = new ArrayList<>();
    slot(settings, "journal", "gone", "provider=segmented", "onGone=migrate");
    slot(settings, "journal", "followed", "provider=segmented", "follow=patch");
    slot(settings, "journal", "left", "provider=segmented");
    slot(settings, "journal", "stuck", "provider=segmented", "drainDeadlineMs=200", "operationDeadlineMs=600000");
    slot(settings, "journal", "base", "provider=segmented");
    slot(settings, "ledger", "top", "provider=rows", "beneath=[\"journal/base\"]");
    String jar = Ledger.class.getProtectionDomain().getCodeSource().getLocation().toString();
    return new Option[] {Node.profile("minimal", settings.toArray(String[]::new)),
        Node.bundles("dev.tenon.slot.storage", "dev.tenon.storage.mapdb"), bundle(jar).startLevel(20)};
  }

  private static void slot(List<String> settings, String role, String use, String... keys) {
    Stream.concat(Stream.of("node=local", "role=" + role, "use=" + use, "quietMs=10"), Arrays.stream(keys))
        .forEach(key -> settings.add("dev.tenon.slot~" + use + "." + key));
  }

  @Test
  public void aSlotThatMigratesIsHandedOverWhileItsProvidersBundleStops() throws Exception {
    Watched slot = new Watched(slots, "local/journal/gone");
    long first = slot.awaitServedBy("segmented");
    Bundle going = provider();
    try (Callers callers = new Callers(inJournal("gone", gone))) {
      callers.awaitMore(MORE);
      going.stop();
      SlotStatus stopped = slot.now(); // committed: the bundle is let go of, while the next one resumes
      assertTrue("when the bundle has stopped: " + stopped,
          stopped.provider().startsWith("mapdb@") && stopped.generation() == first + 1);
      slot.awaitServedBy("mapdb", first + 1);
      callers.awaitMore(MORE);
      callers.readAgain();
      going.start();
      slot.awaitServedBy("segmented", first + 2); // as it is wished for
      callers.awaitMore(MORE);
      callers.readAgain();
      callers.assertNoFailure();
    } finally {
      going.start(); // the other tests' slots need it
    }
  }

  @Test
  public void aSlotFollowsNewerVersionsBesideItsProviderAsFarAsItIsTold() throws Exception {
    Watched slot = new Watched(slots, "local/journal/followed");
    long first = slot.awaitServedBy("segmented");
    try (Callers callers = new Callers(inJournal("followed", followed))) {
      callers.awaitMore(MORE);
      beside("0.1.1");
      slot.awaitServedBy("segmented@0.1.1", first + 1);
      callers.awaitMore(MORE);

      beside("0.2.0");
      slot.await("another second part is offered only", each -> each.offered().equals("segmented@0.2.0"));
      beside("0.1.2");
      slot.awaitServedBy("segmented@0.1.2", first + 2);
      assertEquals("segmented@0.2.0", slot.now().offered());
      ask("config set dev.tenon.slot~followed.follow=minor");
      slot.awaitServedBy("segmented@0.2.0", first + 3);

      beside("1.0.0");
      slot.await("another first part is offered only", each -> each.offered().equals("segmented@1.0.0"));
      ask("swap local/journal/followed segmented@1.0.0");
      slot.awaitServedBy("segmented@1.0.0", first + 4);
      beside("1.0.1");
      slot.await("a wish that names a version stays", each -> each.offered().equals("segmented@1.0.1"));
      callers.awaitMore(MORE);
      assertTrue(slot.now().toString(), slot.isServedBy("segmented@1.0.0", first + 4));
      ask("swap local/journal/followed segmented@" + provider().getVersion());
      slot.awaitServedBy("segmented@" + provider().getVersion(), first + 5);
      callers.awaitMore(MORE);
      ask("rollback local/journal/followed");
      slot.awaitServedBy("segmented@1.0.0", first + 6); // not the newest of its name
      ask("rollback local/journal/followed");
      slot.awaitServedBy("segmented@" + provider().getVersion(), first + 7);
      callers.awaitMore(MORE);
      callers.readAgain();
      callers.assertNoFailure();
      uninstallsWhatItHasInstalled();
      assertTrue("none of them served: " + slot.now(), slot.isServedBy("segmented", first + 7));
    }
  }

  /// Promise H9, with both versions there until one has handed over; its data may be retained.
  @Test
  public void nothingOfTheClassesStaysOfWhatWasHandedOverFromAndUninstalled() throws Exception {
    Watched slot = new Watched(slots, "local/journal/left");
    long first = slot.awaitServedBy("segmented");
    List<Long> installed = new ArrayList<>();
    try (Callers callers = new Callers(inJournal("left", left))) {
      callers.awaitMore(MORE);
      for (String version : List.of("2.0.1", "2.0.2")) {
        installed.add(beside(version).getBundleId());
      }
      ask("swap local/journal/left segmented@2.0.1");
      slot.awaitServedBy("segmented@2.0.1", first + 1);
      callers.awaitMore(MORE);
      ask("swap local/journal/left segmented@2.0.2");
      slot.awaitServedBy("segmented@2.0.2", first + 2);
      callers.awaitMore(MORE);
      awaitCollected("its location was opened in place", uninstalled(installed.removeFirst()));
      ask("swap local/journal/left mapdb");
      slot.awaitServedBy("mapdb", first + 3);
      callers.awaitMore(MORE);
      awaitCollected("its location was copied", uninstalled(installed.removeFirst()));
      assertTrue(slot.now().toString(), slot.isServedBy("mapdb", first + 3));
      ask("swap local/journal/left segmented");
      slot.awaitServedBy("segmented", first + 4);
      callers.awaitMore(MORE);
      callers.readAgain();
      callers.assertNoFailure();
    }
  }

  /// The bundle's loader, and no other reference to it.
  private WeakReference<ClassLoader> uninstalled(long bundle) throws Exception {
    Bundle gone = context.getBundle(bundle);
    WeakReference<ClassLoader> loader = new WeakReference<>(gone.adapt(BundleWiring.class).getClassLoader());
    assertNotNull("it is there until now", loader.get());
    gone.uninstall();
    return loader;
  }

  private static void awaitCollected(String what, WeakReference<ClassLoader> loader) {
    Await.until("the class loader is collected: " + what, Watched.SECONDS_MAX, () -> {
      System.gc();
      return loader.refersTo(null);
    });
  }

  @Test
  public void aCallThatDoesNotEndIsLeftBehindWhenTheOperatorSaysSo() throws Exception {
    Watched slot = new Watched(slots, "local/journal/stuck");
    long first = slot.awaitServedBy("segmented");
    HangingJournals hanging = new HangingJournals(segmented());
    ServiceRegistration<JournalProvider> registered = context.registerService(JournalProvider.class, hanging,
        FrameworkUtil.asDictionary(Map.of("tenon.role", "journal", "tenon.provider", "hanging")));
    Counting caller = inJournal("stuck", stuck);
    try (Callers callers = new Callers(caller)) {
      ask("swap local/journal/stuck hanging");
      slot.awaitServedBy("hanging", first + 1);
      callers.awaitMore(MORE);
      callers.assertNoFailure();
      hanging.hold();
      Await.until("a call hangs", Watched.SECONDS_MAX, hanging::isHeld);
      ask("swap local/journal/stuck segmented");
      slot.await("the handover gives up", each -> each.outcome().kind() == HandoverOutcome.Kind.OVERDUE);
      assertEquals(0, caller.failures());
      ask("swap local/journal/stuck segmented --evict");
      slot.awaitServedBy("segmented", first + 2);
      callers.awaitMore(MORE);
      assertTrue(String.valueOf(caller.failure()), caller.failure() instanceof OutcomeUnknownException);
      assertEquals(1, slot.now().stuck());
      Await.until("health warns", Watched.SECONDS_MAX, () -> control.apply("health").contains("were left behind"));
      hanging.release();
      slot.await("the call has returned", each -> each.stuck() == 0);
      callers.awaitMore(MORE);
      callers.readAgain();
      Await.until("all is well", Watched.SECONDS_MAX, () -> control.apply("health").startsWith("ok"));
    } finally {
      hanging.release();
      registered.unregister();
    }
  }

  @Test
  public void ofTwoSlotsTheUpperAndTheLowerAreHandedOverUnderWrites() {
    Watched upper = new Watched(slots, "local/ledger/top");
    Watched lower = new Watched(slots, "local/journal/base");
    long above = upper.awaitServedBy("rows");
    long below = lower.awaitServedBy("segmented");
    Counting direct = inJournal("direct", base);
    Counting one = new Counting("a");
    Counting other = new Counting("b");
    one.inLedger(runtime, top);
    other.inLedger(runtime, top);
    try (Callers callers = new Callers(one, other, direct)) {
      callers.awaitMore(MORE);
      ask("swap local/ledger/top pages");
      upper.awaitServedBy("pages", above + 1);
      callers.awaitMore(MORE);
      ask("swap local/journal/base mapdb");
      lower.awaitServedBy("mapdb", below + 1);
      callers.awaitMore(MORE);
      callers.readAgain();
      ask("swap local/ledger/top lines");
      ask("swap local/journal/base segmented");
      upper.awaitServedBy("lines", above + 2);
      lower.awaitServedBy("segmented", below + 2);
      callers.awaitMore(MORE);
      callers.readAgain();
      callers.assertNoFailure();
    }
  }

  @Test
  public void aSlotThatWouldStandOnItselfIsRefusedInOneLine() throws Exception {
    Watched lower = new Watched(slots, "local/journal/base");
    Watched upper = new Watched(slots, "local/ledger/top");
    String live = control.apply("config set dev.tenon.slot~base.beneath=ledger/top");
    assertEquals("error dev.tenon.slot~base.beneath=ledger/top: no cycle: slot local/journal/base stands on "
        + "local/ledger/top stands on local/journal/base", live.strip());
    for (String wrong : List.of("provider=No Name", "beneath=ledger", "beneath=journal/base", "use=No Name")) {
      String refused = control.apply("config set dev.tenon.slot~base." + wrong);
      assertTrue(refused, refused.startsWith("error dev.tenon.slot~base." + wrong + ": "));
      assertEquals("one line: " + refused, 1, refused.lines().count());
    }
    lower.awaitServedBy("segmented");
    upper.await("it is served", slot -> slot.state() == SlotState.ACTIVE);
    ConfiguredSlot first = ConfiguredSlot.add(admin, "loop-a", "ledger/loop-b");
    ConfiguredSlot second = null;
    try {
      Await.until("the first one waits", Watched.SECONDS_MAX, () -> control.apply("slots").contains("ledger/loop-a"));
      second = ConfiguredSlot.add(admin, "loop-b", "ledger/loop-a");
      Await.until("the second one is refused", Watched.SECONDS_MAX, () -> control.apply("why").lines()
          .anyMatch(line -> line.contains("dev.tenon.slot.beneath=[ledger/loop-a] is not accepted: no cycle: slot "
              + "local/ledger/loop-b stands on local/ledger/loop-a stands on local/ledger/loop-b")));
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + ": " + control.apply("why"));
    } finally {
      first.remove();
      if (second != null) {
        second.remove();
      }
    }
    Await.until("both are gone", Watched.SECONDS_MAX, () -> !control.apply("slots").contains("ledger/loop-"));
  }

  private Counting inJournal(String name, JournalStore store) {
    Counting caller = new Counting(name);
    caller.inJournal(runtime, store);
    return caller;
  }

  private void ask(String line) {
    String answer = control.apply(line);
    assertTrue(line + ": " + answer, answer.startsWith("ok"));
  }

  /// The one that was built.
  private Bundle provider() {
    return Stream.of(context.getBundles()).filter(bundle -> Devnet.PROVIDER.equals(bundle.getSymbolicName()))
        .min((one, other) -> one.getVersion().compareTo(other.getVersion())).orElseThrow();
  }

  private JournalProvider segmented() throws Exception {
    return context.getService(
        context.getServiceReferences(JournalProvider.class, "(tenon.provider=segmented)").iterator().next());
  }

  private Bundle beside(String version) throws Exception {
    Path jar = folder.getRoot().toPath().resolve(version + ".jar");
    Rebuilt.copy(Devnet.jar(), version, jar);
    try (var content = Files.newInputStream(jar)) {
      Bundle installed = context.installBundle("beside:" + version, content);
      besides.add(installed);
      installed.start();
      return installed;
    }
  }
}
