package dev.tenon.itests.broadcast;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import dev.tenon.itests.support.Await;
import dev.tenon.itests.support.Devnet;
import dev.tenon.itests.support.Node;
import dev.tenon.itests.support.Rebuilt;
import dev.tenon.itests.support.ShowOnFailure;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.jspecify.annotations.NullUnmarked;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.ops4j.pax.exam.util.Filter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/// Goal: whatever becomes of the provider's bundle while engines work, the four slots take it up side by side, nothing
/// is lost, and nothing of the old classes stays. Method: one devnet for all tests; each finds it working and leaves it
/// so. The devnet itself compares each certified payload with what was sent.
@NullUnmarked // Pax Exam fills the fields
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ProviderIT {
  private static final int MORE = 100;
  private static final int FEW = 1;
  private static final int UPDATES = 20;
  private static final String SCHEMES = "dev.tenon.scheme.ec";
  private static final String LATE = "slots did not let go in time";

  /// So much of the log was looked at by the tests before.
  private static int looked;

  @Inject
  @Filter("(tenon.control=true)")
  private Function<String, String> control;

  @Inject
  private BundleContext context;

  @Rule
  public final ShowOnFailure show = new ShowOnFailure(() -> control);

  private Devnet devnet;

  @Configuration
  public Option[] container() throws Exception {
    return new Option[] {Node.profile("devnet", "dev.tenon.devnet.rate=200")};
  }

  @Before
  public void certifies() {
    devnet = new Devnet(control::apply);
    devnet.awaitMore(MORE);
  }

  @After
  public void isWell() throws Exception {
    devnet.awaitMore(MORE);
    devnet.awaitHealthy();
    String log = Files.readString(log());
    int from = looked;
    looked = log.length();
    assertFalse("no callback waited longer than it may", log.indexOf(LATE, from) >= 0);
  }

  @Test
  public void updateUnderLoadLeavesNothingOfTheOldClasses() throws Exception {
    long generation = devnet.generation();
    WeakReference<ClassLoader> old = loader();
    try (InputStream content = Files.newInputStream(Devnet.jar())) {
      provider().update(content);
    }
    devnet.awaitSlots(generation + 1, "ACTIVE");
    devnet.awaitMore(MORE);
    awaitCollected(old);
  }

  @Test
  public void manyUpdatesOfTheJournalsUnderLoadLeaveNothingOfTheOldClasses() throws Exception {
    updateManyTimes(Devnet.PROVIDER, () -> {
      long generation = devnet.generation();
      return () -> devnet.awaitSlots(generation + 1, "ACTIVE");
    });
  }

  @Test
  public void manyUpdatesOfTheSchemesUnderLoadLeaveNothingOfTheOldClasses() throws Exception {
    updateManyTimes(SCHEMES, () -> {
      long generation = devnet.schemeGeneration();
      return () -> devnet.awaitSchemesAfter(generation);
    });
  }

  /// @param before looks at the slots before each update, and gives what waits for them after it
  private void updateManyTimes(String symbolicName, Supplier<Runnable> before) throws Exception {
    List<WeakReference<ClassLoader>> old = new ArrayList<>();
    for (int i = 0; i < UPDATES; i++) {
      Runnable awaitServed = before.get();
      old.add(loader(symbolicName));
      try (InputStream content = Files.newInputStream(Devnet.jar(symbolicName))) {
        named(symbolicName).findFirst().orElseThrow().update(content);
      }
      awaitServed.run();
      devnet.awaitMore(FEW);
    }
    for (WeakReference<ClassLoader> loader : old) {
      awaitCollected(loader);
    }
  }

  @Test
  public void refreshUnderLoadReopensTheSlots() {
    long generation = devnet.generation();
    WeakReference<ClassLoader> old = loader();
    context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(provider()));
    devnet.awaitSlots(generation + 1, "ACTIVE");
    devnet.awaitMore(MORE);
    awaitCollected(old);
  }

  @Test
  public void stoppedAndStartedUnderLoadEnginesPauseAndGoOn() throws Exception {
    long generation = devnet.generation();
    provider().stop();
    devnet.awaitSlots(generation, "EMPTY");
    Await.until("engines say why they pause: " + devnet.ask("tips"), Devnet.SECONDS_MAX,
        () -> devnet.ask("tips").contains("paused: "));
    provider().start();
    devnet.awaitSlots(generation + 1, "ACTIVE");
    Await.until("no engine pauses: " + devnet.ask("tips"), Devnet.SECONDS_MAX,
        () -> !devnet.ask("tips").contains("paused: "));
    devnet.awaitMore(MORE);
  }

  @Test
  public void uninstalledUnderLoadEnginesPauseAndComeBackWithIt() throws Exception {
    long generation = devnet.generation();
    WeakReference<ClassLoader> old = loader();
    String location = provider().getLocation();
    provider().uninstall();
    devnet.awaitSlots(generation, "EMPTY");
    Await.until("engines say why they pause: " + devnet.ask("tips"), Devnet.SECONDS_MAX,
        () -> devnet.ask("tips").contains("paused: "));
    Await.until("health says so", Devnet.SECONDS_MAX, () -> devnet.ask("health").startsWith("unwell"));
    awaitCollected(old);
    try (InputStream content = Files.newInputStream(Devnet.jar())) {
      context.installBundle(location, content).start();
    }
    devnet.awaitSlots(generation + 1, "ACTIVE");
  }

  @Test
  public void jarInTheDeployFolderReplacesTheProviderWhateverItsVersion() throws Exception {
    Path jar = Path.of(context.getProperty("felix.fileinstall.dir")).resolve("rebuilt.jar");
    long generation = devnet.generation();
    for (int i = 1; i <= 2; i++) {
      WeakReference<ClassLoader> old = loader();
      String version = "0.1." + i;
      Rebuilt.copy(Devnet.jar(), version, jar);
      devnet.awaitSlots(generation + i, "ACTIVE");
      assertTrue(devnet.ask("slots"), devnet.column("slots", 1).allMatch(("segmented@" + version)::equals));
      assertEquals("one bundle of this name", 1, providers().count());
      devnet.awaitMore(MORE);
      awaitCollected(old);
    }
    Files.delete(jar);
    WeakReference<ClassLoader> kept = loader();
    // The next jar is found after the deletion was.
    Path bundle = jar.resolveSibling("other.jar");
    Rebuilt.copyAs(Devnet.jar(), "dev.tenon.itests.other", bundle);
    Await.until("an unknown bundle is installed", Devnet.SECONDS_MAX,
        () -> named("dev.tenon.itests.other").count() == 1);
    Files.delete(bundle);
    Await.until("and removed", Devnet.SECONDS_MAX, () -> named("dev.tenon.itests.other").count() == 0);
    assertTrue("the provider stays", provider().getState() == Bundle.ACTIVE && kept.get() != null);
  }

  @Test
  public void theDevnetOutlivesAnUpdateOfWhatIsBeneathItsEngines() {
    FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
    for (String name : List.of("dev.tenon.broadcast.ordered", "dev.tenon.handover", "dev.tenon.slot.storage",
        "dev.tenon.runtime.jvm")) {
      wiring.refreshBundles(List.of(named(name).findFirst().orElseThrow()));
      Await.until("it restarts: " + name, Devnet.SECONDS_MAX, () -> devnet.ask("line").contains("no tips"));
      devnet.awaitMore(MORE);
      devnet.awaitHealthy();
    }
  }

  private Bundle provider() {
    return providers().findFirst().orElseThrow();
  }

  private Stream<Bundle> providers() {
    return named(Devnet.PROVIDER);
  }

  private Stream<Bundle> named(String symbolicName) {
    return Stream.of(context.getBundles()).filter(bundle -> symbolicName.equals(bundle.getSymbolicName()));
  }

  private WeakReference<ClassLoader> loader() {
    return loader(Devnet.PROVIDER);
  }

  /// The bundle's own, and no other reference to it.
  private WeakReference<ClassLoader> loader(String symbolicName) {
    return new WeakReference<>(
        named(symbolicName).findFirst().orElseThrow().adapt(BundleWiring.class).getClassLoader());
  }

  private static void awaitCollected(WeakReference<ClassLoader> loader) {
    Await.until("the old class loader is collected", Devnet.SECONDS_MAX, () -> {
      System.gc();
      return loader.refersTo(null);
    });
  }

  private static Path log() {
    return Path.of(System.getProperty("tenon.logs"), "node.log");
  }
}
